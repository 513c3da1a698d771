"""Word files: settings, controls, drawings and packages inside."""

# ruff: noqa: E501 - a file of the corpus is one expression, and its XML one line

import struct

from tests.documents.build import W, docx_with, word_part, xlsx_with
from tests.documents.case import Case
from tests.documents.making import NAME, zip_again
from tests.documents.structured_storage import compound

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def part(name: str, xml: str) -> bytes:
    """A Word file with one more part; `xml` may use the prefixes w, a, v, wp, o, c and dgm."""
    names = (
        f'xmlns:w="{W}" xmlns:a="{_A}" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    )
    head, _, tail = xml.partition(">")
    start, slash = (head[:-1], "/") if head.endswith("/") else (head, "")
    return zip_again(docx_with(), {name: f"{start} {names}{slash}>{tail}".encode()})


def header(inside: str) -> bytes:
    return part("word/header9.xml", f"<w:hdr>{inside}</w:hdr>")


def ole_package(data: bytes, label: str = "brief.txt") -> bytes:
    """What Word stores for a file dropped into a document: an OLE storage with an Ole10Native stream."""
    name = label.encode("cp1252") + b"\x00"
    body = b"\x02\x00" + name + b"C:\\" + name + b"\x00\x00\x03\x00" + struct.pack("<I", len(name) + 3) + b"C:\\" + name
    body += struct.pack("<I", len(data)) + data
    return compound({"\x01Ole10Native": struct.pack("<I", len(body)) + body})


CASES = [
    Case("docx", "tracked insertion", lambda: header(f"<w:p><w:ins><w:r><w:t>{NAME}</w:t></w:r></w:ins></w:p>")),
    Case(
        "docx",
        "tracked author",
        lambda: header(f'<w:p><w:ins w:author="{NAME}"><w:r><w:t>x</w:t></w:r></w:ins></w:p>'),
    ),
    Case("docx", "hidden text", lambda: header(f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{NAME}</w:t></w:r></w:p>")),
    Case("docx", "moved text", lambda: header(f"<w:p><w:moveFrom><w:r><w:t>{NAME}</w:t></w:r></w:moveFrom></w:p>")),
    Case(
        "docx",
        "WordArt",
        lambda: header(f'<w:p><w:r><w:pict><v:shape><v:textpath string="{NAME}"/></v:shape></w:pict></w:r></w:p>'),
    ),
    Case(
        "docx",
        "picture description",
        lambda: header(f'<w:p><w:r><wp:docPr id="1" name="Foto 1" descr="{NAME}"/></w:r></w:p>'),
    ),
    Case("docx", "picture name", lambda: header(f'<w:p><w:r><wp:docPr id="1" name="{NAME} 2"/></w:r></w:p>')),
    Case(
        "docx",
        "VML alternative text",
        lambda: header(f'<w:p><w:r><w:pict><v:shape alt="{NAME}"/></w:pict></w:r></w:p>'),
    ),
    Case(
        "docx",
        "hyperlink tooltip",
        lambda: header(f'<w:p><w:hyperlink w:tooltip="{NAME}"><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p>'),
    ),
    Case(
        "docx",
        "hyperlink target",
        lambda: zip_again(
            docx_with(),
            {
                "word/_rels/header9.xml.rels": (
                    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="h" '
                    b'Target="mailto:wobbe.tjallinga@voorbeeld.example" TargetMode="External"/></Relationships>'
                )
            },
        ),
        ("wobbe.tjallinga@voorbeeld.example",),
    ),
    Case(
        "docx",
        "bookmark name",
        lambda: header('<w:p><w:bookmarkStart w:id="1" w:name="Wobbe_Tjallinga"/></w:p>'),
        ("Wobbe_Tjallinga",),
    ),
    Case(
        "docx", "content control title", lambda: header(f'<w:sdt><w:sdtPr><w:alias w:val="{NAME}"/></w:sdtPr></w:sdt>')
    ),
    Case("docx", "content control tag", lambda: header(f'<w:sdt><w:sdtPr><w:tag w:val="{NAME}"/></w:sdtPr></w:sdt>')),
    Case(
        "docx",
        "drop-down choice",
        lambda: header(
            f'<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="{NAME}" w:value="1"/></w:dropDownList></w:sdtPr></w:sdt>'
        ),
    ),
    Case(
        "docx",
        "old drop-down field",
        lambda: header(
            f'<w:p><w:fldChar><w:ffData><w:ddList><w:listEntry w:val="{NAME}"/></w:ddList></w:ffData></w:fldChar></w:p>'
        ),
    ),
    Case(
        "docx",
        "old form field default",
        lambda: header(
            f'<w:p><w:fldChar><w:ffData><w:textInput><w:default w:val="{NAME}"/></w:textInput></w:ffData></w:fldChar></w:p>'
        ),
    ),
    Case(
        "docx",
        "form field help",
        lambda: header(
            f'<w:p><w:fldChar><w:ffData><w:statusText w:type="text" w:val="{NAME}"/></w:ffData></w:fldChar></w:p>'
        ),
    ),
    Case("docx", "simple field", lambda: header(f'<w:p><w:fldSimple w:instr=" AUTHOR {NAME} "/></w:p>')),
    Case(
        "docx",
        "document variable",
        lambda: part(
            "word/settings9.xml",
            f'<w:settings><w:docVars><w:docVar w:name="x" w:val="{NAME}"/></w:docVars></w:settings>',
        ),
    ),
    Case(
        "docx",
        "mail merge query",
        lambda: part(
            "word/settings9.xml",
            f'<w:settings><w:mailMerge><w:query w:val="SELECT {NAME}"/></w:mailMerge></w:settings>',
        ),
    ),
    Case(
        "docx",
        "chart title",
        lambda: part(
            "word/charts/chart1.xml",
            f"<c:chartSpace><c:title><a:p><a:r><a:t>{NAME}</a:t></a:r></a:p></c:title></c:chartSpace>",
        ),
    ),
    Case(
        "docx",
        "chart cache",
        lambda: part(
            "word/charts/chart1.xml",
            f'<c:chartSpace><c:strCache><c:pt idx="0"><c:v>{NAME}</c:v></c:pt></c:strCache></c:chartSpace>',
        ),
    ),
    Case(
        "docx",
        "SmartArt",
        lambda: part(
            "word/diagrams/data1.xml",
            "<dgm:dataModel><dgm:pt><dgm:t><a:p><a:r><a:t>Wobbe </a:t></a:r><a:r><a:t>Tjallinga</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>",
        ),
    ),
    Case(
        "docx",
        "glossary",
        lambda: zip_again(docx_with(), {"word/glossary/document.xml": word_part("glossaryDocument", NAME).encode()}),
    ),
    Case("docx", "reviewer", lambda: part("word/people.xml", f'<w:people><w:person w:author="{NAME}"/></w:people>')),
    Case(
        "docx",
        "company property",
        lambda: zip_again(
            docx_with(), {"docProps/app9.xml": f"<Properties><Company>{NAME}</Company></Properties>".encode()}
        ),
    ),
    Case(
        "docx",
        "custom XML attribute",
        lambda: zip_again(docx_with(), {"customXml/item1.xml": f'<a cliënt="{NAME}"/>'.encode()}),
    ),
    Case(
        "docx",
        "XML comment in a part",
        lambda: zip_again(docx_with(), {"word/header9.xml": f'<w:hdr xmlns:w="{W}"><!-- {NAME} --></w:hdr>'.encode()}),
    ),
    Case(
        "docx",
        "processing instruction",
        lambda: zip_again(docx_with(), {"word/header9.xml": f'<w:hdr xmlns:w="{W}"><?naam {NAME}?></w:hdr>'.encode()}),
    ),
    Case("docx", "part without a suffix", lambda: zip_again(docx_with(), {"word/bijlage": NAME.encode()})),
    Case("docx", "part name", lambda: zip_again(docx_with(), {f"word/embeddings/{NAME}.xlsx": xlsx_with("x")})),
    Case("docx", "Word inside Word", lambda: zip_again(docx_with(), {"word/embeddings/brief.docx": docx_with(NAME)})),
    Case(
        "docx",
        "file dropped in",
        lambda: zip_again(docx_with(), {"word/embeddings/oleObject1.bin": ole_package(NAME.encode())}),
    ),
    Case(
        "docx",
        "name of a file dropped in",
        lambda: zip_again(docx_with(), {"word/embeddings/oleObject1.bin": ole_package(b"x", f"{NAME}.txt")}),
    ),
    Case(
        "docx",
        "drawing as SVG",
        lambda: zip_again(
            docx_with(),
            {"word/media/image9.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><text>{NAME}</text></svg>'.encode()},
        ),
    ),
    Case("docx", "zip comment", lambda: docx_with()[:-2] + struct.pack("<H", len(NAME)) + NAME.encode()),
    Case(
        "docx",
        "equation",
        lambda: zip_again(
            docx_with(),
            {
                "word/header9.xml": (
                    f'<w:hdr xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><w:p><m:oMath><m:r><m:t>{NAME}</m:t></m:r></m:oMath></w:p></w:hdr>'
                ).encode()
            },
        ),
    ),
    Case(
        "docx",
        "harmless, fields and controls",
        lambda: header(
            '<w:p><w:bookmarkStart w:id="1" w:name="_Toc123456"/><w:fldSimple w:instr=" PAGE "/></w:p><w:sdt><w:sdtPr><w:alias w:val="Datum"/></w:sdtPr></w:sdt>'
        ),
        (),
    ),
]
