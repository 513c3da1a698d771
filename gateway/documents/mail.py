"""E-mail: every header a person wrote or is named in, every part and every attachment of an .eml or a mailbox."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart

from cryptography.hazmat.primitives.serialization import pkcs7

from gateway.documents.charset import decode
from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.embedded import read_embedded
from gateway.documents.kinds import FileKind, kind_of
from gateway.model.inspection import GapKind

_MACHINE_HEADERS = re.compile(
    r"^(?:mime-version|content-(?!description|disposition|type|location)[a-z-]+|message-id|in-reply-to|references|resent-message-id"
    r"|dkim-.*|domainkey-.*|arc-.*|authentication-results.*|received-spf|x-ms-.*|x-microsoft-.*|x-exchange-.*|x-forefront.*"
    r"|x-eop.*|x-spam.*|x-virus.*|x-mailer|x-mimeole|user-agent|x-priority|importance|priority|precedence|auto-submitted"
    r"|x-received|x-google-.*|x-gm-.*|x-originatororg|x-tmn|x-iris.*|x-proofpoint.*|x-barracuda.*|x-mimecast.*|thread-index"
    r"|list-unsubscribe.*|feedback-id|x-auto-response-suppress|x-hascalled.*|date|x-source.*|x-antiabuse|x-scanned.*)$",
    re.IGNORECASE,
)
"""Headers servers and programs write about themselves."""
_FOR = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+)")
_START_OF_MESSAGE = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\r\n]+\r?\n(?=[A-Za-z-]+:)")
_PLAIN = ("text/plain", "message/delivery-status", "text/rfc822-headers")
_SHOWN_AS_TEXT = frozenset(
    {FileKind.TEXT, FileKind.JSON, FileKind.MAIL, FileKind.EMPTY, FileKind.XML, FileKind.HTML, FileKind.RTF}
)
"""A part that says it is text may be a file all the same; these are read as the text they say they are."""
_MOST_PARTS = 2_000


def read_eml(content: bytes, into: Content, nested: Nested) -> None:
    """One message, or each of a mailbox; raises `UnreadError` for what cannot be taken apart."""
    starts = [match.end() for match in _START_OF_MESSAGE.finditer(content)] if content[:5].lower() == b"from " else []
    if not starts:
        _read_message(content, into, nested)
    for number, start in enumerate(starts):
        into.unpack(0)
        end = starts[number + 1] if number + 1 < len(starts) else len(content)
        _read_message(content[start:end], into, nested)


def _read_message(content: bytes, into: Content, nested: Nested) -> None:
    """Headers and body are one segment, as a person reads them; attachments are files of their own."""
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        lines = list(_lines(message, into, nested))
    except (RecursionError, LookupError, ValueError, AttributeError, IndexError, TypeError) as error:
        raise UnreadError(GapKind.UNREADABLE, "mail") from error
    whole = "\n".join(lines)
    into.add("mail", whole)
    read_embedded(whole, into, nested)


def _lines(message: EmailMessage, into: Content, nested: Nested) -> Iterator[str]:
    for number, part in enumerate(message.walk()):
        if number > _MOST_PARTS:
            raise UnreadError(GapKind.TOO_LARGE, "mail-parts")
        yield from _headers(part)
        if part.is_multipart():
            yield from (text for text in (part.preamble, part.epilogue) if text and text.strip())
            continue
        data = _bytes(part)
        if part.get_content_type() in _PLAIN and not part.is_attachment() and kind_of(data) in _SHOWN_AS_TEXT:
            yield ""
            yield _body(part, data)
        else:
            _attachment(part, data, into, nested)


def _headers(part: MIMEPart | EmailMessage) -> Iterator[str]:
    for name, value in part.items():
        lowered = name.lower()
        text = str(value)
        if lowered == "received":
            yield from (f"for: {address}" for address in _FOR.findall(text))
        elif lowered in ("content-type", "content-disposition"):
            params = getattr(value, "params", {})
            yield from (f"name: {params[key]}" for key in ("name", "filename") if key in params)
        elif not _MACHINE_HEADERS.match(lowered):
            yield f"{name}: {text}"


def _bytes(part: MIMEPart | EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    return str(part.get_payload()).encode("utf-8", "surrogateescape") if payload is None else b""


def _body(part: MIMEPart | EmailMessage, data: bytes) -> str:
    charset = part.get_content_charset()
    if charset:
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data) or ""


def _attachment(part: MIMEPart | EmailMessage, data: bytes, into: Content, nested: Nested) -> None:
    name = part.get_filename() or "attachment"
    into.add("attachment name", name)
    into.unpack(len(data))
    if part.defects:
        into.miss(GapKind.UNREADABLE, "mail-part")
    if part.get_content_type() in ("application/pkcs7-signature", "application/x-pkcs7-signature"):
        _signature(data, into)
        return
    try:
        nested(data, into.inside(name))
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)


def _signature(data: bytes, into: Content) -> None:
    """An S/MIME signature holds no text of the message, but certificates that name the signer."""
    try:
        certificates = pkcs7.load_der_pkcs7_certificates(data)
    except ValueError:
        into.miss(GapKind.UNREADABLE, "signature")
        return
    into.add("signer", "\n".join(one.subject.rfc4514_string() for one in certificates))
