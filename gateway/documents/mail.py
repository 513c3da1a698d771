"""E-mail: headers, every text part and every attachment of an .eml or an Outlook .msg."""

import email
import email.policy
from email.message import EmailMessage, MIMEPart
from io import BytesIO

import olefile

from gateway.documents.charset import decode
from gateway.documents.content import Content, Nested, UnreadError
from gateway.model.inspection import GapKind

_SHOWN_HEADERS = (
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "sender",
    "subject",
    "date",
    "organization",
    "x-originating-ip",
)


def read_eml(content: bytes, into: Content, nested: Nested) -> None:
    """Headers and body are one segment, as a person reads them; attachments are files of their own."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise UnreadError(GapKind.UNREADABLE, "mail")
    lines: list[str] = []
    for part in message.walk():
        lines.extend(f"{name}: {value}" for name, value in part.items() if name.lower() in _SHOWN_HEADERS)
        if part.is_multipart():
            continue
        if part.get_content_type() in ("text/plain", "text/calendar") and not part.is_attachment():
            lines.extend(("", _body(part)))
        else:
            _attachment(part, into, nested)
    into.add("mail", "\n".join(lines))


def _bytes(part: MIMEPart | EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _body(part: MIMEPart | EmailMessage) -> str:
    data = _bytes(part)
    charset = part.get_content_charset()
    if charset:
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data) or ""


def _attachment(part: MIMEPart | EmailMessage, into: Content, nested: Nested) -> None:
    name = part.get_filename() or "attachment"
    into.add("attachment name", name)
    data = _bytes(part)
    into.unpack(len(data))
    try:
        nested(data, into.inside(name))
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)


_TEXT_PROPERTIES = {
    "0037": "subject",
    "0C1A": "sender",
    "0C1F": "sender address",
    "0042": "from",
    "0065": "from address",
    "0E02": "bcc",
    "0E03": "cc",
    "0E04": "to",
    "007D": "headers",
    "1000": "body",
    "3001": "name",
    "3003": "address",
    "39FE": "smtp address",
    "3707": "attachment name",
    "3704": "attachment name",
}
"""MAPI properties that people read (MS-OXPROPS), by their hexadecimal tag."""


def read_msg(content: bytes, into: Content, nested: Nested) -> None:
    """Reads an Outlook message (MS-OXMSG): its text properties, HTML body and attachments, also nested messages."""
    try:
        with olefile.OleFileIO(BytesIO(content)) as store:
            _read_storage(store, into, nested)
    except (OSError, ValueError, IndexError) as error:
        raise UnreadError(GapKind.UNREADABLE, "msg") from error


def _read_storage(store: olefile.OleFileIO, into: Content, nested: Nested) -> None:
    lines = []
    for path in store.listdir(streams=True, storages=False):
        leaf = path[-1].upper()
        if not leaf.startswith("__SUBSTG1.0_"):
            continue
        tag, kind = leaf[12:16], leaf[16:20]
        data = store.openstream(path).read()
        into.unpack(len(data))
        if kind in ("001F", "001E") and tag in _TEXT_PROPERTIES:
            text = data.decode("utf-16-le", "replace") if kind == "001F" else decode(data) or ""
            lines.append(f"{_TEXT_PROPERTIES[tag]}: {text}")
        elif (tag in ("1013", "3701") and kind == "0102") or (tag == "1013" and kind == "001F"):
            try:
                nested(data, into.inside("html body" if tag == "1013" else "attachment"))
            except UnreadError as unread:
                into.miss(unread.kind, unread.detail)
        elif tag == "1009" and kind == "0102" and not _has_plain_body(store):
            into.miss(GapKind.UNREADABLE, "msg-rtf-body")
    into.add("mail", "\n".join(lines))


def _has_plain_body(store: olefile.OleFileIO) -> bool:
    return any(path[-1].upper().startswith(("__SUBSTG1.0_1000", "__SUBSTG1.0_1013")) for path in store.listdir())
