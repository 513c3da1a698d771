"""Mail: names in every coding, parts in odd clothes, headers nobody shows, mailboxes; and Outlook messages."""

# ruff: noqa: E501 - a file of the corpus is one expression, and its XML one line

import base64
from email.message import EmailMessage

from tests.documents.build import docx_with, eml_with, pdf_with
from tests.documents.case import Case
from tests.documents.hidden.texts import uuencoded
from tests.documents.making import MAIL, NAME
from tests.documents.outlook import CASES as OUTLOOK

_ACCENTED = "Zoë Yıldız-Gonçalves"


def raw(headers: str, body: str = "x") -> bytes:
    start = "From: balie@voorbeeld.example\r\nTo: team@voorbeeld.example\r\nSubject: Vraag\r\nMIME-Version: 1.0\r\n"
    return f"{start}{headers}\r\n\r\n{body}".encode()


def part(kind: str, body: str, extra: str = "") -> bytes:
    inside = (
        f"--B\r\nContent-Type: text/plain\r\n\r\nZie.\r\n--B\r\nContent-Type: {kind}\r\n{extra}\r\n{body}\r\n--B--\r\n"
    )
    return raw('Content-Type: multipart/mixed; boundary="B"', inside)


def _encoded(data: bytes) -> str:
    return base64.encodebytes(data).decode().replace("\n", "\r\n")


def other_subject(text: str) -> bytes:
    message = EmailMessage()
    message["From"] = "balie@voorbeeld.example"
    message["To"] = "team@voorbeeld.example"
    message["Subject"] = text
    message.set_content("x")
    return message.as_bytes()


_WORD = _encoded(docx_with(NAME))
_BASE64 = "Content-Transfer-Encoding: base64\r\n"
CASES = [
    *OUTLOOK,
    Case("eml", "encoded subject", lambda: other_subject(_ACCENTED), (_ACCENTED,)),
    Case("eml", "raw utf-8 subject", lambda: raw("").replace(b"Vraag", _ACCENTED.encode()), (_ACCENTED,)),
    Case(
        "eml",
        "encoded name of a sender",
        lambda: raw("Cc: =?utf-8?b?" + base64.b64encode(_ACCENTED.encode()).decode() + "?= <a@b.example>"),
        (_ACCENTED,),
    ),
    Case(
        "eml",
        "name in pieces (RFC 2231)",
        lambda: part(
            "application/octet-stream",
            "x",
            'Content-Disposition: attachment; filename*0="Wobbe Tjal"; filename*1="linga.txt"\r\n',
        ),
    ),
    Case(
        "eml",
        "other name in the type",
        lambda: part(
            f'application/octet-stream; name="{NAME}.txt"', "x", 'Content-Disposition: attachment; filename="a.txt"\r\n'
        ),
    ),
    Case("eml", "description of a part", lambda: part("text/plain", "x", f"Content-Description: {NAME}\r\n")),
    Case("eml", "header of one's own", lambda: raw(f"X-Behandelaar: {NAME}")),
    Case("eml", "keywords", lambda: raw(f"Keywords: {NAME}")),
    Case("eml", "thread topic", lambda: raw(f"Thread-Topic: {NAME}")),
    Case("eml", "delivered to", lambda: raw(f"Delivered-To: {MAIL}"), (MAIL,)),
    Case(
        "eml",
        "received for",
        lambda: raw(f"Received: from mx by mx2 for <{MAIL}>; Mon, 2 Nov 2026 10:00:00 +0100"),
        (MAIL,),
    ),
    Case(
        "eml",
        "before the first part",
        lambda: raw('Content-Type: multipart/mixed; boundary="B"', f"{NAME}\r\n--B\r\n\r\nx\r\n--B--\r\n"),
    ),
    Case(
        "eml",
        "after the last part",
        lambda: raw('Content-Type: multipart/mixed; boundary="B"', f"--B\r\n\r\nx\r\n--B--\r\n{NAME}\r\n"),
    ),
    Case(
        "eml",
        "quoted-printable",
        lambda: raw(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
            "Beste Wobbe Tjal=\r\nlinga",
        ),
    ),
    Case(
        "eml",
        "base64 body",
        lambda: raw(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", _encoded(NAME.encode())
        ),
    ),
    Case(
        "eml",
        "utf-16 body",
        lambda: raw(
            "Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64",
            _encoded(NAME.encode("utf-16")),
        ),
    ),
    Case(
        "eml",
        "utf-7 body",
        lambda: raw("Content-Type: text/plain; charset=utf-7", "+AFcAbwBiAGIAZQAgAFQAagBhAGwAbABpAG4AZwBh-"),
    ),
    Case("eml", "wrong charset", lambda: raw("Content-Type: text/plain; charset=bestaat-niet", NAME)),
    Case(
        "eml",
        "body that is no text",
        lambda: raw("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64", _WORD),
    ),
    Case(
        "eml",
        "only HTML",
        lambda: raw("Content-Type: text/html; charset=utf-8", f"<html><body><b>{NAME}</b></body></html>"),
    ),
    Case("eml", "Word called text", lambda: part("text/plain", _WORD, _BASE64)),
    Case(
        "eml",
        "Word in the page",
        lambda: part("application/octet-stream", _WORD, _BASE64 + "Content-Disposition: inline\r\n"),
    ),
    Case("eml", "message in base64", lambda: part("application/octet-stream", _encoded(eml_with(NAME)), _BASE64)),
    Case("eml", "message as message", lambda: part("message/rfc822", eml_with(NAME).decode())),
    Case(
        "eml",
        "delivery report",
        lambda: part("message/delivery-status", f"Final-Recipient: rfc822; {MAIL}\r\n"),
        (MAIL,),
    ),
    Case("eml", "uuencoded in the text", lambda: raw("", uuencoded(docx_with(NAME)))),
    Case(
        "eml",
        "winmail.dat",
        lambda: part("application/ms-tnef", _encoded(b"\x78\x9f\x3e\x22\x01\x00" + bytes(40) + NAME.encode()), _BASE64),
    ),
    Case("eml", "encrypted part", lambda: part("application/pkcs7-mime", _encoded(bytes(range(256)) * 3), _BASE64)),
    Case(
        "eml",
        "gzip attached",
        lambda: part("application/gzip", _encoded(__import__("gzip").compress(NAME.encode())), _BASE64),
    ),
    Case(
        "eml",
        "calendar",
        lambda: part(
            "text/calendar", "BEGIN:VCALENDAR\r\nATTENDEE;CN=Wobbe Tjal\r\n linga:mailto:a@b.example\r\nEND:VCALENDAR"
        ),
    ),
    Case(
        "eml",
        "damaged base64",
        lambda: part("application/octet-stream", _encoded(pdf_with(NAME))[:900] + "!!!\r\n", _BASE64),
    ),
    Case(
        "eml",
        "mailbox of two",
        lambda: (
            b"From a@b.example Mon Nov  2 10:00:00 2026\n"
            + eml_with("x")
            + b"\n\nFrom a@b.example Mon Nov  2 10:00:00 2026\n"
            + raw("Content-Transfer-Encoding: base64", _encoded(NAME.encode()))
        ),
    ),
    Case(
        "eml",
        "harmless, with the lines of servers",
        lambda: raw(
            "Message-ID: <abc@voorbeeld.example>\r\nDKIM-Signature: v=1; a=rsa-sha256; d=voorbeeld.example; b=abc\r\nX-Mailer: Microsoft Outlook 16.0\r\nContent-Language: nl-NL",
            "Het plan is klaar.",
        ),
        (),
    ),
]
