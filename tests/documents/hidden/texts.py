"""Texts in other clothes: escapes, encodings, cards, calendars, notebooks, and the corners of HTML and RTF."""

# ruff: noqa: E501 - a file of the corpus is one expression, and its XML one line

import base64
import binascii
import json
import quopri
import sqlite3
import tempfile
from pathlib import Path

from tests.documents.build import docx_with
from tests.documents.case import Case
from tests.documents.making import MAIL, NAME, picture

_ACCENTED = "Zoë Yıldız-Gonçalves"
_HEX = NAME.encode().hex()


def html(inside: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{inside}</body></html>".encode()


def rtf(inside: str) -> bytes:
    return ("{\\rtf1\\ansi\\ansicpg1252 " + inside + "}").encode("cp1252")


def database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE p (naam TEXT)")
            connection.execute("INSERT INTO p VALUES (?)", (NAME,))
        connection.close()
        return path.read_bytes()


def notebook(output: dict[str, object]) -> bytes:
    cell = {"cell_type": "code", "source": ["x"], "outputs": [output], "metadata": {}, "execution_count": 1}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def uuencoded(data: bytes) -> str:
    lines = [binascii.b2a_uu(data[at : at + 45]).decode() for at in range(0, len(data), 45)]
    return f"begin 644 a.docx\n{''.join(lines)}`\nend\n"


def card_with_photo() -> bytes:
    letters = base64.b64encode(picture("PNG")).decode()
    folded = "\r\n ".join(letters[at : at + 70] for at in range(0, len(letters), 70))
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nPHOTO;ENCODING=b;TYPE=PNG:{folded}\r\nEND:VCARD\r\n".encode()


_PICTURE = "data:image/png;base64," + base64.b64encode(picture("PNG")).decode()
_ICS = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTENDEE;CN=Wobbe Tjal\r\n linga:mailto:x@voorbeeld.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
_QP = quopri.encodestring(NAME.replace("W", "\x57").encode(), quotetabs=True).decode().replace("W", "=57")

CASES = [
    Case(
        "json", "escaped letters", lambda: ('{"naam":"' + "".join(f"\\u{ord(one):04x}" for one in NAME) + '"}').encode()
    ),
    Case("json", "escaped accents", lambda: json.dumps({"naam": _ACCENTED}).encode(), (_ACCENTED,)),
    Case("json", "key", lambda: json.dumps({NAME: 1}).encode()),
    Case(
        "json",
        "escaped lines",
        lambda: (json.dumps({"a": _ACCENTED}) + "\n" + json.dumps({"a": 1}) + "\n").encode(),
        (_ACCENTED,),
    ),
    Case("json", "picture in a string", lambda: json.dumps({"foto": _PICTURE}).encode(), needs_ocr=True),
    Case("json", "Word in base64", lambda: json.dumps({"data": base64.b64encode(docx_with(NAME)).decode()}).encode()),
    Case("json", "notebook output", lambda: notebook({"output_type": "stream", "text": [f"{NAME}\n"]})),
    Case(
        "json",
        "notebook picture",
        lambda: notebook(
            {"output_type": "display_data", "data": {"image/png": base64.b64encode(picture("PNG")).decode()}}
        ),
        needs_ocr=True,
    ),
    Case("json", "broken at the end", lambda: b'{"naam": "Zo\\u00eb", "x": ', ("Zoë",)),
    Case("text", "calendar, folded", _ICS.encode),
    Case(
        "text",
        "card in quoted-printable",
        lambda: f"BEGIN:VCARD\r\nVERSION:2.1\r\nN;ENCODING=QUOTED-PRINTABLE:{_QP}\r\nEND:VCARD\r\n".encode(),
    ),
    Case("text", "card with a photo", lambda: card_with_photo(), needs_ocr=True),
    Case("text", "utf-16 with Turkish", lambda: f"Beste {_ACCENTED}, tot ziens".encode("utf-16-le"), (_ACCENTED,)),
    Case(
        "text",
        "windows-1254",
        lambda: f"Beste {_ACCENTED}, görüşmek üzere, tot maandag en een goed weekend".encode("cp1254"),
        (_ACCENTED,),
    ),
    Case(
        "csv",
        "mac-roman",
        lambda: "naam;plaats\nZoë Müller-Gonçalves;Één\nRenée;Curaçao\n".encode("mac_roman"),
        ("Zoë Müller-Gonçalves",),
    ),
    Case(
        "csv",
        "code page 850",
        lambda: "naam;plaats\nZoë Müller-Gonçalves;Één\nRenée;Curaçao\n".encode("cp850"),
        ("Zoë Müller-Gonçalves",),
    ),
    Case("binary", "archive after a text", lambda: b"Een gewone regel.\n" * 5000 + docx_with(NAME)),
    Case("text", "utf-16, then letters of one byte", lambda: f"{'bomen ' * 9}".encode("utf-16") + NAME.encode() + b" "),
    Case("text", "one-byte letters under a mark of utf-16", lambda: b"\xff\xfe" + NAME.encode() + b" "),
    Case("text", "harmless, Chinese in utf-16", lambda: "这是一个测试文件。".encode("utf-16"), ()),
    Case("text", "markdown picture", lambda: f"# Plan\n![foto]({_PICTURE})\n".encode(), needs_ocr=True),
    Case("xml", "no declaration", lambda: b"<naam>Wobbe &#84;jallinga</naam>"),
    Case("text", "uuencoded", lambda: uuencoded(docx_with(NAME)).encode()),
    Case("html", "tooltip", lambda: html(f'<p title="{NAME}">x</p>')),
    Case("html", "data attribute", lambda: html(f'<p data-client="{NAME}">x</p>')),
    Case("html", "identifier", lambda: html('<p id="Wobbe-Tjallinga">x</p>'), ("Wobbe-Tjallinga",)),
    Case("html", "event handler", lambda: html(f"""<p onclick="toon('{NAME}')">x</p>""")),
    Case("html", "inline frame", lambda: html(f'<iframe srcdoc="&lt;p&gt;{NAME}&lt;/p&gt;"></iframe>')),
    Case("html", "style content", lambda: html("", f'<style>p::after{{content:"{NAME}"}}</style>')),
    Case("html", "style attribute", lambda: html(f"""<p style="--n:'{NAME}'">x</p>""")),
    Case("html", "template", lambda: html(f"<template><p>{NAME}</p></template>")),
    Case("html", "hidden element", lambda: html(f"<p hidden>{NAME}</p>")),
    Case("html", "bold in a word", lambda: html("<p>Wob<b>be</b> Tjal<i>linga</i></p>")),
    Case("html", "picture in the page", lambda: html(f'<img src="{_PICTURE}">'), needs_ocr=True),
    Case("html", "option value", lambda: html(f'<select><option value="{NAME}">x</option></select>')),
    Case("html", "conditional comment", lambda: html(f"<!--[if mso]><p>{NAME}</p><![endif]-->")),
    Case("html", "declaration", lambda: f"<!doctype html><!ELEMENT {NAME}><p>x</p></html>".encode()),
    Case("html", "processing instruction", lambda: html(f"<?naam {NAME}?>")),
    Case("html", "unfinished comment", lambda: f"<!doctype html><p>x</p><!-- {NAME}".encode()),
    Case("html", "unfinished tag", lambda: f'<!doctype html><p>x</p><p title="{NAME}"'.encode()),
    Case("html", "form action", lambda: html(f'<form action="mailto:{MAIL}"></form>'), (MAIL,)),
    Case("html", "fragment", lambda: b"<div><p>Wobbe <b>Tjallinga</b></p></div>"),
    Case("rtf", "hexadecimal letters", lambda: rtf("".join(f"\\'{ord(one):02x}" for one in NAME))),
    Case("rtf", "unicode letters", lambda: rtf("".join(f"\\u{ord(one)}?" for one in NAME))),
    Case("rtf", "accents", lambda: rtf("Zo\\'eb M\\'fcller"), ("Zoë Müller",)),
    Case("rtf", "hidden text", lambda: rtf(f"x {{\\v {NAME}}}\\par")),
    Case("rtf", "header", lambda: rtf(f"{{\\header {NAME}}}x\\par")),
    Case("rtf", "left header", lambda: rtf(f"{{\\headerl {NAME}}}x\\par")),
    Case("rtf", "footer, first page", lambda: rtf(f"{{\\footerf {NAME}}}x\\par")),
    Case("rtf", "footnote", lambda: rtf(f"x{{\\footnote {NAME}}}\\par")),
    Case("rtf", "note", lambda: rtf(f"x{{\\*\\annotation {NAME}}}\\par")),
    Case("rtf", "note author", lambda: rtf(f"x{{\\*\\atnauthor {NAME}}}\\par")),
    Case("rtf", "tracked author", lambda: rtf(f"{{\\*\\revtbl {{Unknown;}}{{{NAME};}}}}x\\par")),
    Case("rtf", "deleted text", lambda: rtf(f"x{{\\deleted {NAME}}}\\par")),
    Case(
        "rtf",
        "link",
        lambda: rtf(f'{{\\field{{\\*\\fldinst HYPERLINK "mailto:{MAIL}"}}{{\\fldrslt x}}}}\\par'),
        (MAIL,),
    ),
    Case("rtf", "bookmark", lambda: rtf("{\\*\\bkmkstart Wobbe_Tjallinga}x\\par"), ("Wobbe_Tjallinga",)),
    Case("rtf", "text box", lambda: rtf(f"{{\\shp{{\\*\\shpinst{{\\shptxt {NAME}\\par}}}}}}x\\par")),
    Case(
        "rtf",
        "shape property",
        lambda: rtf(f"{{\\shp{{\\*\\shpinst{{\\sp{{\\sn wzDescription}}{{\\sv {NAME}}}}}}}}}x\\par"),
    ),
    Case(
        "rtf",
        "user property",
        lambda: rtf(f"{{\\*\\userprops {{\\propname a}}\\proptype30{{\\staticval {NAME}}}}}x\\par"),
    ),
    Case("rtf", "document variable", lambda: rtf(f"{{\\*\\docvar {{a}}{{{NAME}}}}}x\\par")),
    Case("rtf", "index entry", lambda: rtf(f"{{\\xe {NAME}}}x\\par")),
    Case("rtf", "title", lambda: rtf(f"{{\\info{{\\title {NAME}}}}}x\\par")),
    Case("rtf", "unknown destination", lambda: rtf(f"{{\\*\\nieuws {NAME}}}x\\par")),
    Case("rtf", "table", lambda: rtf(f"\\trowd\\cellx100 {NAME}\\cell\\row")),
    Case("rtf", "picture", lambda: rtf("{\\pict\\pngblip " + picture("PNG").hex() + "}x\\par"), needs_ocr=True),
    Case("rtf", "object", lambda: rtf("{\\object\\objemb{\\*\\objdata " + _HEX + "}}x\\par")),
    Case("rtf", "binary", lambda: b"{\\rtf1 {\\pict\\bin15 " + NAME.encode() + b"}x}"),
    Case("rtf", "after the end", lambda: rtf("x\\par") + NAME.encode()),
    Case("rtf", "theme file", lambda: rtf("{\\*\\themedata 504b0304}x\\par"), ()),
    Case(
        "rtf",
        "harmless, fonts and styles",
        lambda: rtf(
            "{\\fonttbl{\\f0 Times New Roman;}}{\\stylesheet{\\s0 Normal;}}{\\*\\generator Riched20}\\pard Plan\\par"
        ),
        (),
    ),
    Case("binary", "sqlite", database),
]
