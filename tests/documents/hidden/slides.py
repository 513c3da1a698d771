"""Presentations: comments, masters, tags, sections, charts and what hangs on shapes."""

import io

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from tests.documents.build import docx_with, pptx_with
from tests.documents.case import Case
from tests.documents.making import NAME, saved, show, zip_again

_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def part(name: str, root: str, inside: str, attributes: str = "") -> bytes:
    return zip_again(pptx_with("Plan"), {name: f"<p:{root} {_P} {attributes}>{inside}</p:{root}>".encode()})


def chart(deck: object, slide: object) -> None:
    data = CategoryChartData()
    data.categories = [NAME, "b"]
    data.add_series("reeks", (1, 2))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, Inches(1), Inches(1), Inches(4), Inches(3), data)


def off_slide(deck: object, slide: object) -> None:
    slide.shapes.add_textbox(Inches(40), Inches(40), Inches(4), Inches(1)).text_frame.text = NAME


def split_runs(deck: object, slide: object) -> None:
    paragraph = slide.shapes.add_textbox(0, 0, Inches(4), Inches(1)).text_frame.paragraphs[0]
    for letter in NAME:
        paragraph.add_run().text = letter


def grouped(deck: object, slide: object) -> None:
    slide.shapes.add_group_shape().shapes.add_textbox(0, 0, Inches(4), Inches(1)).text_frame.text = NAME


def linked(deck: object, slide: object) -> None:
    run = slide.shapes.add_textbox(0, 0, Inches(4), Inches(1)).text_frame.paragraphs[0].add_run()
    run.text = "x"
    run.hyperlink.address = "mailto:wobbe.tjallinga@voorbeeld.example"


def on_master() -> bytes:
    deck = Presentation()
    deck.slide_master.shapes[0].text_frame.text = NAME
    return saved(deck)


def master_description() -> bytes:
    deck = Presentation()
    deck.slide_master.shapes[0]._element.nvSpPr.cNvPr.set("descr", NAME)
    return saved(deck)


def on_layout() -> bytes:
    deck = Presentation()
    deck.slide_layouts[0].shapes[0].text_frame.text = NAME
    return saved(deck)


def keywords() -> bytes:
    deck = Presentation(io.BytesIO(pptx_with("Plan")))
    deck.core_properties.keywords = NAME
    return saved(deck)


CASES = [
    Case("pptx", "chart category", lambda: show(chart)),
    Case("pptx", "outside the slide", lambda: show(off_slide)),
    Case("pptx", "a run per letter", lambda: show(split_runs)),
    Case("pptx", "group", lambda: show(grouped)),
    Case("pptx", "hyperlink", lambda: show(linked), ("wobbe.tjallinga@voorbeeld.example",)),
    Case("pptx", "master", on_master),
    Case("pptx", "description on the master", master_description),
    Case("pptx", "layout", on_layout),
    Case("pptx", "keywords", keywords),
    Case(
        "pptx",
        "comment author",
        lambda: part("ppt/commentAuthors.xml", "cmAuthorLst", f'<p:cmAuthor id="0" name="{NAME}" initials="W"/>'),
    ),
    Case(
        "pptx", "comment", lambda: part("ppt/comments/comment1.xml", "cmLst", f"<p:cm><p:text>{NAME}</p:text></p:cm>")
    ),
    Case("pptx", "tag", lambda: part("ppt/tags/tag1.xml", "tagLst", f'<p:tag name="X" val="{NAME}"/>')),
    Case(
        "pptx",
        "section name",
        lambda: part(
            "ppt/presentation9.xml", "presentation", f'<p:sectionLst><p:section name="{NAME}"/></p:sectionLst>'
        ),
    ),
    Case("pptx", "custom show", lambda: part("ppt/presentation9.xml", "presentation", f'<p:custShow name="{NAME}"/>')),
    Case(
        "pptx",
        "link tooltip",
        lambda: part(
            "ppt/slides/slide9.xml", "sld", f'<p:cNvPr id="3" name="Vorm 3"><a:hlinkClick tooltip="{NAME}"/></p:cNvPr>'
        ),
    ),
    Case(
        "pptx", "Word inside", lambda: zip_again(pptx_with("Plan"), {"ppt/embeddings/Document.docx": docx_with(NAME)})
    ),
    Case("pptx", "sound", lambda: zip_again(pptx_with("Plan"), {"ppt/media/media1.mp3": b"ID3" + bytes(99)})),
    Case(
        "pptx",
        "handout master",
        lambda: part(
            "ppt/handoutMasters/handoutMaster1.xml", "handoutMaster", f"<a:p><a:r><a:t>{NAME}</a:t></a:r></a:p>"
        ),
    ),
    Case("pptx", "harmless, with a chart", lambda: show(lambda deck, slide: _harmless_chart(slide)), ()),
]


def _harmless_chart(slide: object) -> None:
    data = CategoryChartData()
    data.categories = ["linde", "eik"]
    data.add_series("bomen", (1, 2))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, Inches(1), Inches(1), Inches(4), Inches(3), data)
