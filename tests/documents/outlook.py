"""Outlook messages to read: the streams of MS-OXMSG in a compound file, with plain, HTML and packed bodies."""

# ruff: noqa: E501 - a message of the corpus is one line

import struct
from collections.abc import Mapping

from tests.documents.build import docx_with
from tests.documents.case import Case
from tests.documents.making import BSN, MAIL, NAME, picture
from tests.documents.structured_storage import Tree, compound


def text(tag: str, words: str, *, wide: bool = True) -> dict[str, bytes]:
    kind, data = ("001F", words.encode("utf-16-le")) if wide else ("001E", words.encode("cp1252"))
    return {f"__substg1.0_{tag}{kind}": data}


def binary(tag: str, data: bytes) -> dict[str, bytes]:
    return {f"__substg1.0_{tag}0102": data}


def tree(*parts: Mapping[str, "bytes | Tree"]) -> dict[str, "bytes | Tree"]:
    """A message with a class, a subject and `parts`."""
    whole: dict[str, bytes | Tree] = {"__properties_version1.0": bytes(32)}
    for part in (text("001A", "IPM.Note"), text("0037", "Vraag"), *parts):
        whole |= part
    return whole


def message(*parts: Mapping[str, "bytes | Tree"]) -> bytes:
    return compound({"__nameid_version1.0": {"__substg1.0_00020102": bytes(16)}} | tree(*parts))


def recipient(name: str, address: str) -> dict[str, Tree]:
    inside = text("3001", name) | text("3003", address) | text("39FE", address) | {"__properties_version1.0": bytes(8)}
    return {"__recip_version1.0_#00000000": inside}


def attachment(name: str, data: bytes) -> dict[str, Tree]:
    inside = text("3707", name) | binary("3701", data) | {"__properties_version1.0": bytes(8)}
    return {"__attach_version1.0_#00000000": inside}


def message_attached(*parts: Mapping[str, "bytes | Tree"]) -> dict[str, Tree]:
    return {
        "__attach_version1.0_#00000000": {"__substg1.0_3701000D": tree(*parts), "__properties_version1.0": bytes(8)}
    }


def packed(rtf: bytes) -> bytes:
    """The body as MS-OXRTFCP packs it, letters only: no reference back, then the sign of the end."""
    head = 207
    out = bytearray()
    for at in range(0, len(rtf), 8):
        piece = rtf[at : at + 8]
        out += (bytes([0]) + piece) if len(piece) == 8 else (bytes([1 << len(piece)]) + piece)
    end = (head + len(rtf)) % 4096
    out += (b"" if len(rtf) % 8 else b"\x01") + struct.pack(">H", end << 4)
    return struct.pack("<II4sI", len(out) + 12, len(rtf), b"LZFu", 0) + bytes(out)


def packed_with_references() -> bytes:
    """The example of MS-OXRTFCP 3.1.1.1, which refers back into the dictionary."""
    return bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0".replace(
            " ", ""
        )
    )


def stored(rtf: bytes) -> bytes:
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


_RTF = b"{\\rtf1\\ansi\\ansicpg1252 Beste " + NAME.encode() + b"\\par}"
_HTML_IN_RTF = b"{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}Beste " + NAME.encode() + b"\\htmlrtf\\par\\htmlrtf0}"
CASES = [
    Case("msg", "plain body", lambda: message(text("1000", f"Beste {NAME}"))),
    Case("msg", "narrow body", lambda: message(text("1000", "Beste Zoë Tjallinga", wide=False)), ("Zoë Tjallinga",)),
    Case("msg", "html body", lambda: message(binary("1013", b"<html><body><b>Wobbe</b> Tjallinga</body></html>"))),
    Case("msg", "packed rtf body", lambda: message(binary("1009", packed(_RTF)))),
    Case("msg", "stored rtf body", lambda: message(binary("1009", stored(_RTF)))),
    Case("msg", "html in a packed rtf body", lambda: message(binary("1009", packed(_HTML_IN_RTF)))),
    Case("msg", "rtf body that refers back", lambda: message(binary("1009", packed_with_references())), ("hello world",)),
    Case("msg", "rtf body beside a plain one", lambda: message(text("1000", "x"), binary("1009", packed(_RTF)))),
    Case("msg", "subject", lambda: message(text("0037", NAME))),
    Case("msg", "sender", lambda: message(text("0C1A", NAME), text("0C1F", MAIL)), (NAME, MAIL)),
    Case("msg", "recipient", lambda: message(recipient(NAME, MAIL)), (NAME, MAIL)),
    Case("msg", "internet headers", lambda: message(text("007D", f"Received: x\r\nFrom: {NAME} <{MAIL}>")), (NAME, MAIL)),
    Case("msg", "property of one's own", lambda: message(text("8001", NAME))),
    Case("msg", "categories", lambda: message({"__substg1.0_8002101F": b"", "__substg1.0_8002101F-00000000": NAME.encode("utf-16-le")})),
    Case("msg", "text attachment", lambda: message(attachment("brief.txt", f"{NAME} {BSN}".encode())), (NAME, BSN)),
    Case("msg", "Word attachment", lambda: message(attachment("brief.docx", docx_with(NAME)))),
    Case("msg", "picture attachment", lambda: message(attachment("foto.png", picture("PNG"))), needs_ocr=True),
    Case("msg", "attachment name", lambda: message(attachment(f"{NAME}.txt", b"x"))),
    Case("msg", "message attached", lambda: message(message_attached(text("1000", f"Beste {NAME}"), recipient("Iemand", MAIL))), (NAME, MAIL)),
    Case("msg", "Word in a message attached", lambda: message(message_attached(attachment("a.docx", docx_with(NAME))))),
    Case("msg", "other object attached", lambda: message({"__attach_version1.0_#00000000": {"__substg1.0_3701000D": {"CONTENTS": NAME.encode()}}})),
    Case("msg", "damaged rtf body", lambda: message(binary("1009", packed(_RTF)[:30]))),
    Case("msg", "harmless", lambda: message(text("1000", "De vergadering is om tien uur."), text("0C1E", "EX"), text("0C1F", "/o=Gemeente/ou=x/cn=y")), ()),
]  # fmt: skip
