"""The file corpus: over 120 files of every format, each with what hides where. Everybody in it is fictional.

`CASES` is the manifest; files are made when a test asks for them, so none is stored.
"""

import bz2
import gzip
import json
import lzma

from odf import meta, text

from tests.documents import making, office97
from tests.documents.build import (
    docx_with,
    eml_with,
    pdf_with,
    pptx_with,
    with_parts,
    word_part,
    xlsx_with,
    zip_with,
)
from tests.documents.case import Case
from tests.documents.hidden import archives, excel, mail, open_document, pdf, pictures, slides, texts, word
from tests.documents.making import BORN, BSN, MAIL, NAME

LINE = f"Beste {NAME}, tot maandag."
PLAIN = LINE.encode()
_SVG = f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>{NAME}</text></svg>'

TEXTS = [
    Case("text", "utf-8", lambda: PLAIN),
    Case("text", "utf-8 with a mark", lambda: LINE.encode("utf-8-sig")),
    Case("text", "utf-16 with a mark", lambda: LINE.encode("utf-16")),
    Case("text", "utf-16 little endian", lambda: LINE.encode("utf-16-le")),
    Case("text", "utf-16 big endian", lambda: LINE.encode("utf-16-be")),
    Case("text", "utf-32", lambda: LINE.encode("utf-32")),
    Case("text", "windows-1252", lambda: f"{LINE} Één café, € 5".encode("cp1252")),
    Case("text", "latin-1", lambda: f"{LINE} Één café".encode("latin-1")),
    Case("text", "markdown", lambda: f"# Verslag\n\n- **{NAME}** was er".encode()),
    Case("text", "python code", lambda: f'naam = "{NAME}"\nprint(naam)\n'.encode()),
    Case("text", "sql", lambda: f"INSERT INTO p VALUES ('{NAME}', {BSN});".encode(), (NAME, BSN)),
    Case("text", "yaml", lambda: f"persoon:\n  naam: {NAME}\n".encode()),
    Case("text", "log file", lambda: f"2026-11-01 10:00 INFO aanmelding {MAIL}\n".encode(), (MAIL,)),
    Case("csv", "semicolons", lambda: f"naam;bsn\n{NAME};{BSN}\n".encode(), (NAME, BSN)),
    Case("csv", "commas and quotes", lambda: f'naam,bsn\n"{NAME}",{BSN}\n'.encode(), (NAME, BSN)),
    Case("csv", "tabs", lambda: f"naam\tbsn\n{NAME}\t{BSN}\n".encode(), (NAME, BSN)),
    Case("csv", "windows-1252 from Excel", lambda: f"naam;plaats\n{NAME};Één\n".encode("cp1252")),
    Case("json", "object", lambda: json.dumps({"naam": NAME, "bsn": BSN}).encode(), (NAME, BSN)),
    Case("json", "array, indented", lambda: json.dumps([{"naam": NAME}], indent=2).encode()),
    Case("json", "lines", lambda: f'{{"naam":"{NAME}"}}\n{{"naam":"x"}}\n'.encode()),
    Case("xml", "element", lambda: f'<?xml version="1.0"?><a><naam>{NAME}</naam></a>'.encode()),
    Case("xml", "attribute", lambda: f'<?xml version="1.0"?><a naam="{NAME}"/>'.encode()),
    Case("xml", "comment", lambda: f'<?xml version="1.0"?><a><!--{NAME}--></a>'.encode()),
    Case("xml", "cdata", lambda: f'<?xml version="1.0"?><a><![CDATA[{NAME}]]></a>'.encode()),
    Case("xml", "svg drawing", _SVG.encode),
    Case("html", "paragraph", lambda: f"<!doctype html><p>{LINE}</p>".encode()),
    Case("html", "comment", lambda: f"<html><body><!--{NAME}--></body></html>".encode()),
    Case("html", "title", lambda: f"<html><head><title>{NAME}</title></head></html>".encode()),
    Case("html", "meta", lambda: f'<html><head><meta name="author" content="{NAME}"></head></html>'.encode()),
    Case("html", "form value", lambda: f'<html><body><input value="{NAME}"></body></html>'.encode()),
    Case("html", "script", lambda: f'<html><body><script>var n="{NAME}"</script></body></html>'.encode()),
    Case("html", "entities", lambda: b"<html><body>Wobbe&nbsp;Tjallinga &euml;</body></html>", ("Wobbe\xa0Tjallinga",)),
    Case("rtf", "body", lambda: b"{\\rtf1\\ansi Beste " + NAME.encode() + b"\\par}"),
    Case("rtf", "bold in the middle", lambda: b"{\\rtf1\\ansi Wobbe {\\b Tjallinga}\\par}"),
    Case("rtf", "author", lambda: b"{\\rtf1\\ansi{\\info{\\author " + NAME.encode() + b"}}Tekst\\par}"),
]


OFFICE = [
    Case("docx", "body", lambda: docx_with(LINE)),
    Case("docx", "table cell", lambda: making.word(making.cell)),
    Case("docx", "author property", lambda: making.word(making.core)),
    Case("docx", "header", lambda: docx_with(word__header9=word_part("hdr", NAME))),
    Case("docx", "footer", lambda: docx_with(word__footer9=word_part("ftr", NAME))),
    Case("docx", "footnote", lambda: docx_with(word__footnotes=word_part("footnotes", NAME))),
    Case("docx", "endnote", lambda: docx_with(word__endnotes=word_part("endnotes", NAME))),
    Case("docx", "comment text", lambda: docx_with(word__comments=word_part("comments", NAME))),
    Case("docx", "comment author", lambda: docx_with(word__comments=making.comment_part())),
    Case("docx", "tracked deletion", lambda: docx_with(word__header8=word_part("hdr", NAME, "delText"))),
    Case("docx", "field code", lambda: docx_with(word__header8=word_part("hdr", NAME, "instrText"))),
    Case("docx", "text box", lambda: docx_with(word__header7=making.text_box())),
    Case("docx", "custom XML", lambda: docx_with(customXml__item7=f"<a><naam>{NAME}</naam></a>")),
    Case("docx", "custom property", lambda: docx_with(docProps__custom=f"<p><lpwstr>{NAME}</lpwstr></p>")),
    Case("docx", "embedded workbook", making.embedded_book),
    Case(
        "docx",
        "alternative format chunk",
        lambda: making.zip_again(docx_with(), {"word/afchunk.html": f"<html>{NAME}</html>".encode()}),
    ),
    Case("docx", "picture of a page", making.word_picture, needs_ocr=True),
    Case("xlsx", "cell", lambda: xlsx_with(NAME)),
    Case("xlsx", "number", lambda: xlsx_with(int(BSN)), (BSN,)),
    Case("xlsx", "date", lambda: making.book(making.dated), ("23-04-1971",)),
    Case("xlsx", "hidden sheet", lambda: xlsx_with(NAME, hidden="hidden")),
    Case("xlsx", "very hidden sheet", lambda: xlsx_with(NAME, hidden="veryHidden")),
    Case("xlsx", "comment", lambda: xlsx_with("x", comment=NAME)),
    Case("xlsx", "page header", lambda: xlsx_with("x", header=NAME)),
    Case("xlsx", "formula", lambda: xlsx_with(f'="{NAME}"&"!"')),
    Case("xlsx", "defined name", lambda: making.book(making.named)),
    Case("xlsx", "data validation", lambda: making.book(making.validated)),
    Case("xlsx", "merged cells", lambda: making.book(making.merged)),
    Case("xlsx", "sheet name", lambda: making.book(lambda book: book.create_sheet(NAME))),
    Case("xlsx", "document property", lambda: making.book(lambda book: setattr(book.properties, "creator", NAME))),
    Case("xls", "cell", lambda: making.xls(NAME)),
    Case("xls", "number", lambda: making.xls(int(BSN)), (BSN,)),
    Case("pptx", "title", lambda: pptx_with(NAME)),
    Case("pptx", "speaker notes", lambda: pptx_with("Fietsplan", NAME)),
    Case("pptx", "text box", lambda: making.show(making.box)),
    Case("pptx", "table", lambda: making.show(making.grid)),
    Case("pptx", "hidden slide", lambda: making.show(making.hidden)),
    Case("pptx", "alternative text", lambda: making.show(making.alternative)),
    Case(
        "pptx", "comment part", lambda: with_parts(pptx_with("x"), {"ppt__comments__comment1": f"<c><t>{NAME}</t></c>"})
    ),
    Case("odt", "body", lambda: making.odt(lambda document: document.text.addElement(text.P(text=LINE)))),
    Case("odt", "annotation", lambda: making.odt(making.odt_note)),
    Case("odt", "page header", lambda: making.odt(making.odt_header)),
    Case("odt", "spans", lambda: making.odt(making.odt_split)),
    Case("odt", "meta", lambda: making.odt(lambda document: document.meta.addElement(meta.InitialCreator(text=NAME)))),
    Case("ods", "text cell", lambda: making.ods(NAME, NAME)),
    Case("ods", "number cell", lambda: making.ods(int(BSN), BSN), (BSN,)),
    Case("ods", "date cell", lambda: making.ods(BORN, "23-04-71"), ("23-04-1971",)),
    Case("odp", "meta", making.odp),
]

OTHERS = [
    Case("pdf", "text", lambda: pdf_with(LINE)),
    Case("pdf", "two lines", lambda: pdf_with("Betreft:", LINE)),
    Case("pdf", "form value", making.pdf_form),
    Case("pdf", "annotation", lambda: making.pdf_changed(making.pdf_note)),
    Case("pdf", "attachment", lambda: making.pdf_changed(lambda writer: writer.add_attachment("brief.txt", PLAIN))),
    Case("pdf", "metadata", lambda: making.pdf_changed(lambda writer: writer.add_metadata({"/Author": NAME}))),
    Case("pdf", "scan", making.pdf_scan, needs_ocr=True),
    Case("pdf", "text and a scan", making.pdf_mixed, needs_ocr=True),
    Case("eml", "body", lambda: eml_with(LINE)),
    Case("eml", "html alternative", making.html_mail),
    Case("eml", "sender", making.header_mail, (NAME, MAIL)),
    Case("eml", "text attachment", lambda: eml_with("Zie bijlage", PLAIN)),
    Case("eml", "Word attachment", lambda: eml_with("Zie bijlage", docx_with(LINE), "brief.docx")),
    Case("eml", "attachment name", lambda: eml_with("Zie bijlage", b"x", f"{NAME}.txt")),
    Case("eml", "forwarded message", making.nested_mail, (NAME, MAIL)),
    Case("eml", "zipped Word attachment", lambda: eml_with("Zie", zip_with(a__docx=docx_with(LINE)), "a.zip")),
    Case("zip", "text", lambda: zip_with(brief__txt=PLAIN)),
    Case("zip", "member name", lambda: zip_with(**{f"{NAME}__txt": b"x"})),
    Case("zip", "Word", lambda: zip_with(brief__docx=docx_with(LINE))),
    Case("zip", "zip in zip", lambda: zip_with(a__zip=zip_with(b__txt=PLAIN))),
    Case("zip", "workbook, hidden sheet", lambda: zip_with(a__xlsx=xlsx_with(NAME, hidden="veryHidden"))),
    Case("7z", "text", lambda: making.seven_zip(PLAIN)),
    Case("tar", "text", lambda: making.tar(PLAIN)),
    Case("gzip", "tar", lambda: making.tar(PLAIN, "w:gz")),
    Case("bzip2", "tar", lambda: making.tar(PLAIN, "w:bz2")),
    Case("gzip", "text", lambda: gzip.compress(PLAIN)),
    Case("bzip2", "text", lambda: bz2.compress(PLAIN)),
    Case("xz", "text", lambda: lzma.compress(PLAIN)),
    Case("image", "png", lambda: making.picture("PNG"), needs_ocr=True),
    Case("image", "jpeg", lambda: making.picture("JPEG"), needs_ocr=True),
    Case("image", "tiff", lambda: making.picture("TIFF"), needs_ocr=True),
    Case("image", "webp", lambda: making.picture("WEBP"), needs_ocr=True),
    Case("image", "heic", lambda: making.picture("HEIF"), needs_ocr=True),
    Case("image", "jpeg description", lambda: making.picture("JPEG", exif=MAIL), (MAIL,), needs_ocr=True),
    Case("eml", "picture attached", lambda: eml_with("Zie foto", making.picture("PNG"), "foto.png"), needs_ocr=True),
]

_PARK = "Het plan voor de Lindelaan vraagt twaalf nieuwe bomen en een breder fietspad."

HARMLESS = [
    Case("text", "harmless", _PARK.encode, ()),
    Case("csv", "harmless", lambda: b"boom;aantal\nlinde;12\neik;4\n", ()),
    Case("json", "harmless", lambda: b'{"bomen": 12, "soort": "linde"}', ()),
    Case("xml", "harmless", lambda: b'<?xml version="1.0"?><bomen><linde>12</linde></bomen>', ()),
    Case("html", "harmless", lambda: f"<!doctype html><h1>Plan</h1><p>{_PARK}</p>".encode(), ()),
    Case("docx", "harmless", lambda: docx_with(_PARK), ()),
    Case(
        "docx",
        "harmless, with a photo",
        making.word_with_photo,
        (),
    ),
    Case("xls", "harmless", lambda: making.xls("linde"), ()),
    Case("xlsx", "harmless", lambda: making.book(lambda book: None), ()),
    Case("pptx", "harmless", lambda: pptx_with("Fietsplan", "Denk aan de planning"), ()),
    Case("odt", "harmless", lambda: making.odt(lambda document: None), ()),
    Case("pdf", "harmless", lambda: pdf_with(_PARK), ()),
    Case("eml", "harmless", lambda: eml_with("De vergadering is om tien uur."), ()),
    Case("zip", "harmless", lambda: zip_with(plan__txt=_PARK.encode()), ()),
]

_HIDDEN = (texts, word, excel, slides, open_document, pdf, mail, archives, pictures, office97)

CASES = (*TEXTS, *OFFICE, *OTHERS, *HARMLESS, *(case for family in _HIDDEN for case in family.CASES))
