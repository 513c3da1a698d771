"""OpenDocument files: tracked changes, hidden parts, fields, forms, and the flat form in one XML file."""

# ruff: noqa: E501 - a file of the corpus is one expression, and its XML one line

import io
import zipfile

from odf import meta, text
from odf.opendocument import OpenDocumentText

from tests.documents.build import docx_with
from tests.documents.case import Case
from tests.documents.making import NAME, odt, zip_again

_NAMES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for prefix, space in [
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
            ("form", "form"),
            ("meta", "meta"),
            ("svg", "svg-compatible"),
            ("presentation", "presentation"),
            ("style", "style"),
        ]
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
_KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation", "odg": "graphics"}


def flat(body: str, kind: str = "odt") -> str:
    mime = f"application/vnd.oasis.opendocument.{_KINDS[kind]}"
    tag = {"odt": "text", "ods": "spreadsheet", "odp": "presentation", "odg": "drawing"}[kind]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMES} office:mimetype="{mime}">'
        f"<office:body><office:{tag}>{body}</office:{tag}></office:body></office:document>"
    )


def document(body: str, kind: str = "odt", template: bool = False) -> bytes:
    """An OpenDocument package with `body` in its content."""
    written = io.BytesIO()
    xml = (
        flat(body, kind)
        .replace("office:document ", "office:document-content ")
        .replace("</office:document>", "</office:document-content>")
    )
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        declared = f"application/vnd.oasis.opendocument.{_KINDS[kind]}{'-template' if template else ''}"
        package.writestr(zipfile.ZipInfo("mimetype"), declared)
        package.writestr("content.xml", xml)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return written.getvalue()


def property_of(document: OpenDocumentText) -> None:
    document.meta.addElement(meta.UserDefined(name="zaak", valuetype="string", text=NAME))


def property_name(document: OpenDocumentText) -> None:
    document.meta.addElement(meta.UserDefined(name=NAME, valuetype="string", text="x"))


def user_field(document: OpenDocumentText) -> None:
    fields = text.UserFieldDecls()
    fields.addElement(text.UserFieldDecl(name="x", valuetype="string", stringvalue=NAME))
    document.text.addElement(fields)


_CHANGE = f"<text:tracked-changes><text:changed-region><text:deletion><text:p>{NAME}</text:p></text:deletion></text:changed-region></text:tracked-changes>"

CASES = [
    Case("odt", "tracked deletion", lambda: document(_CHANGE)),
    Case(
        "odt",
        "hidden section",
        lambda: document(f'<text:section text:name="s" text:display="none"><text:p>{NAME}</text:p></text:section>'),
    ),
    Case(
        "odt", "section name", lambda: document(f'<text:section text:name="{NAME}"><text:p>x</text:p></text:section>')
    ),
    Case(
        "odt", "hidden paragraph", lambda: document(f'<text:p><text:hidden-text text:string-value="{NAME}"/></text:p>')
    ),
    Case(
        "odt",
        "conditional text",
        lambda: document(f'<text:p><text:conditional-text text:string-value-if-false="{NAME}"/></text:p>'),
    ),
    Case("odt", "user field", lambda: odt(user_field)),
    Case("odt", "property", lambda: odt(property_of)),
    Case("odt", "property name", lambda: odt(property_name)),
    Case(
        "odt",
        "footnote",
        lambda: document(
            f"<text:p>x<text:note><text:note-body><text:p>{NAME}</text:p></text:note-body></text:note></text:p>"
        ),
    ),
    Case(
        "odt",
        "bookmark",
        lambda: document('<text:p><text:bookmark text:name="Wobbe_Tjallinga"/></text:p>'),
        ("Wobbe_Tjallinga",),
    ),
    Case(
        "odt",
        "link",
        lambda: document('<text:p><text:a xlink:href="mailto:wobbe.tjallinga@voorbeeld.example">x</text:a></text:p>'),
        ("wobbe.tjallinga@voorbeeld.example",),
    ),
    Case(
        "odt",
        "link title",
        lambda: document(f'<text:p><text:a office:title="{NAME}" xlink:href="x">x</text:a></text:p>'),
    ),
    Case(
        "odt",
        "alternative text",
        lambda: document(f"<text:p><draw:frame><svg:desc>{NAME}</svg:desc></draw:frame></text:p>"),
    ),
    Case(
        "odt",
        "text box",
        lambda: document(
            f"<text:p><draw:frame><draw:text-box><text:p>{NAME}</text:p></draw:text-box></draw:frame></text:p>"
        ),
    ),
    Case(
        "odt",
        "form value",
        lambda: document(
            f'<office:forms><form:form><form:text form:current-value="{NAME}"/></form:form></office:forms>'
        ),
    ),
    Case(
        "odt",
        "form default",
        lambda: document(f'<office:forms><form:form><form:text form:value="{NAME}"/></form:form></office:forms>'),
    ),
    Case(
        "odt",
        "form choice",
        lambda: document(
            f'<office:forms><form:form><form:listbox><form:option form:label="{NAME}"/></form:listbox></form:form></office:forms>'
        ),
    ),
    Case("odt", "script", lambda: document(f'<text:script>var x="{NAME}"</text:script>')),
    Case(
        "odt",
        "index entry",
        lambda: document(f'<text:p><text:alphabetical-index-mark text:string-value="{NAME}"/></text:p>'),
    ),
    Case(
        "odt",
        "placeholder hint",
        lambda: document(f'<text:p><text:placeholder text:description="{NAME}">x</text:placeholder></text:p>'),
    ),
    Case("odt", "Word inside", lambda: zip_again(document("<text:p>x</text:p>"), {"Object 1.docx": docx_with(NAME)})),
    Case(
        "odt",
        "object inside",
        lambda: zip_again(
            document("<text:p>x</text:p>"), {"Object 1/content.xml": flat(f"<text:p>{NAME}</text:p>").encode()}
        ),
    ),
    Case(
        "odt",
        "template",
        lambda: document(
            "<text:p>Wobbe <text:span>Tjal</text:span><text:span>linga</text:span></text:p>", template=True
        ),
    ),
    Case("odt", "number of spaces", lambda: document('<text:p>Wobbe<text:s text:c="1"/>Tjallinga</text:p>')),
    Case(
        "odt",
        "change information",
        lambda: document(f"<text:p><office:change-info><dc:creator>{NAME}</dc:creator></office:change-info></text:p>"),
    ),
    Case(
        "ods",
        "cell note",
        lambda: document(
            f"<table:table><table:table-row><table:table-cell><office:annotation><text:p>{NAME}</text:p></office:annotation></table:table-cell></table:table-row></table:table>",
            "ods",
        ),
    ),
    Case(
        "ods",
        "validation",
        lambda: document(
            f'<table:content-validations><table:content-validation table:condition="cell-content-is-in-list(&quot;{NAME}&quot;)"/></table:content-validations>',
            "ods",
        ),
    ),
    Case(
        "ods",
        "named range",
        lambda: document(
            '<table:named-expressions><table:named-range table:name="Wobbe_Tjallinga"/></table:named-expressions>',
            "ods",
        ),
        ("Wobbe_Tjallinga",),
    ),
    Case(
        "ods",
        "formula",
        lambda: document(
            f'<table:table table:name="b"><table:table-row><table:table-cell table:formula="of:=&quot;{NAME}&quot;" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>',
            "ods",
        ),
    ),
    Case(
        "ods",
        "string value",
        lambda: document(
            f'<table:table table:name="b"><table:table-row><table:table-cell office:value-type="string" office:string-value="{NAME}"><text:p>x</text:p></table:table-cell></table:table-row></table:table>',
            "ods",
        ),
    ),
    Case(
        "ods",
        "sheet name",
        lambda: document(
            f'<table:table table:name="{NAME}"><table:table-row><table:table-cell/></table:table-row></table:table>',
            "ods",
        ),
    ),
    Case(
        "ods",
        "hidden row",
        lambda: document(
            f'<table:table table:name="b"><table:table-row table:visibility="collapse"><table:table-cell office:value-type="string"><text:p>{NAME}</text:p></table:table-cell></table:table-row></table:table>',
            "ods",
        ),
    ),
    Case(
        "ods",
        "database query",
        lambda: document(
            f'<table:database-ranges><table:database-range><table:database-source-sql table:sql-statement="x {NAME}"/></table:database-range></table:database-ranges>',
            "ods",
        ),
    ),
    Case(
        "odp",
        "notes",
        lambda: document(
            f"<draw:page><presentation:notes><draw:frame><draw:text-box><text:p>{NAME}</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>",
            "odp",
        ),
    ),
    Case("odp", "page name", lambda: document(f'<draw:page draw:name="{NAME}"/>', "odp")),
    Case("odp", "footer", lambda: document(f"<presentation:footer-decl>{NAME}</presentation:footer-decl>", "odp")),
    Case(
        "odp",
        "drawing",
        lambda: document(
            "<draw:page><draw:frame><draw:text-box><text:p>Wobbe <text:span>Tjallinga</text:span></text:p></draw:text-box></draw:frame></draw:page>",
            "odg",
        ),
    ),
    Case(
        "xml",
        "flat OpenDocument",
        lambda: flat("<text:p>Wobbe <text:span>Tjal</text:span><text:span>linga</text:span></text:p>").encode(),
    ),
    Case("xml", "mixed content", lambda: b'<?xml version="1.0"?><a><p>Beste Wobbe <b>Tjallinga</b>, dag</p></a>'),
    Case(
        "xml",
        "SVG, a letter each",
        lambda: (
            f'<svg xmlns="http://www.w3.org/2000/svg"><text>{"".join(f"<tspan>{one}</tspan>" for one in NAME)}</text></svg>'.encode()
        ),
    ),
    Case(
        "xml",
        "character references",
        lambda: f"<root><naam>{''.join(f'&#{ord(one)};' for one in NAME)}</naam></root>".encode(),
    ),
    Case(
        "xml",
        "default in the DTD",
        lambda: f'<?xml version="1.0"?><!DOCTYPE a [<!ELEMENT a ANY><!ATTLIST a naam CDATA "{NAME}">]><a/>'.encode(),
    ),
    Case("xml", "comment before the root", lambda: f'<?xml version="1.0"?><!-- {NAME} --><a/>'.encode()),
    Case("xml", "comment after the root", lambda: f'<?xml version="1.0"?><a/><!-- {NAME} -->'.encode()),
    Case("xml", "UTF-16", lambda: f'<?xml version="1.0" encoding="UTF-16"?><a>{NAME}</a>'.encode("utf-16")),
    Case(
        "odt", "harmless, fields", lambda: document("<text:p>Plan <text:page-number>1</text:page-number></text:p>"), ()
    ),
]
