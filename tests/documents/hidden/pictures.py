"""Pictures: words in metadata of every kind, behind the end of the picture, and pictures that are hard to read."""

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, PngImagePlugin

from tests.documents.case import Case
from tests.documents.making import MAIL, NAME, photo, picture, scan


def png(add: Callable[[PngImagePlugin.PngInfo], None]) -> bytes:
    notes = PngImagePlugin.PngInfo()
    add(notes)
    return saved("PNG", pnginfo=notes)


def saved(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    written = io.BytesIO()
    (image or scan("Een gewone regel")).save(written, kind, **options)
    return written.getvalue()


def exif(tag: int, value: object, inside: int = 0) -> Image.Exif:
    tags = Image.Exif()
    if inside:
        tags.get_ifd(inside)[tag] = value
    else:
        tags[tag] = value
    return tags


def iptc() -> bytes:
    """IPTC caption (2:120) in a Photoshop block, as press and museum photographs have it."""
    caption = b"\x1c\x02\x78" + struct.pack(">H", len(NAME)) + NAME.encode()
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(caption)) + caption + b"\x00" * (len(caption) % 2)
    segment = b"Photoshop 3.0\x00" + block
    plain = saved("JPEG")
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


def odd_segment() -> bytes:
    plain = saved("JPEG")
    return plain[:2] + b"\xff\xe9" + struct.pack(">H", len(NAME) + 2) + NAME.encode() + plain[2:]


def private_chunk() -> bytes:
    plain = saved("PNG")
    chunk = b"woBb" + NAME.encode()
    made = struct.pack(">I", len(NAME)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return plain[:-12] + made + plain[-12:]


def late_text() -> bytes:
    plain = saved("PNG")
    chunk = b"tEXtComment\x00" + NAME.encode()
    made = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return plain[:-12] + made + plain[-12:]


def frames(kind: str) -> bytes:
    pages = [scan("Geachte lezer,"), scan("Geachte mevrouw,", f"Naam: {NAME}")]
    return saved(kind, pages[0], save_all=True, append_images=pages[1:])


def thin() -> bytes:
    return saved("PNG", scan(f"Naam: {NAME}").crop((60, 55, 700, 105)))


def faint() -> bytes:
    image = scan("Geachte mevrouw,", f"Naam: {NAME}").convert("L").point(lambda value: 225 + value * 30 // 255)
    return saved("PNG", image)


def see_through() -> bytes:
    """Black letters on a background that is black too, but transparent: white on a screen."""
    image = scan("Geachte mevrouw,", f"Naam: {NAME}").convert("L")
    whole = Image.new("RGBA", image.size, (0, 0, 0, 0))
    whole.paste((0, 0, 0, 255), mask=image.point(lambda value: 255 - value))
    return saved("PNG", whole)


XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><creator>{NAME}</creator></x:xmpmeta>".encode()
CASES = [
    Case("image", "png text", lambda: png(lambda notes: notes.add_text("Author", NAME)), needs_ocr=True),
    Case("image", "png text, own key", lambda: png(lambda notes: notes.add_text("Zaak", NAME)), needs_ocr=True),
    Case("image", "png key", lambda: png(lambda notes: notes.add_text(NAME, "x")), needs_ocr=True),
    Case(
        "image",
        "png compressed text",
        lambda: png(lambda notes: notes.add_text("Zaak", NAME, zip=True)),
        needs_ocr=True,
    ),
    Case("image", "png international text", lambda: png(lambda notes: notes.add_itxt("Zaak", NAME)), needs_ocr=True),
    Case("image", "png text at the end", late_text, needs_ocr=True),
    Case("image", "png private chunk", private_chunk, needs_ocr=True),
    Case(
        "image", "png xmp", lambda: png(lambda notes: notes.add_itxt("XML:com.adobe.xmp", XMP.decode())), needs_ocr=True
    ),
    Case("image", "png exif", lambda: saved("PNG", exif=exif(0x013B, NAME)), needs_ocr=True),
    Case("image", "jpeg artist", lambda: saved("JPEG", exif=exif(0x013B, NAME)), needs_ocr=True),
    Case(
        "image",
        "jpeg user comment",
        lambda: saved("JPEG", exif=exif(0x9286, b"ASCII\x00\x00\x00" + NAME.encode(), 0x8769)),
        needs_ocr=True,
    ),
    Case(
        "image",
        "jpeg user comment, wide",
        lambda: saved("JPEG", exif=exif(0x9286, b"UNICODE\x00" + NAME.encode("utf-16-le"), 0x8769)),
        needs_ocr=True,
    ),
    Case("image", "jpeg camera owner", lambda: saved("JPEG", exif=exif(0xA430, NAME, 0x8769)), needs_ocr=True),
    Case(
        "image",
        "jpeg Windows author",
        lambda: saved("JPEG", exif=exif(0x9C9D, NAME.encode("utf-16-le"))),
        needs_ocr=True,
    ),
    Case("image", "jpeg document name", lambda: saved("JPEG", exif=exif(0x010D, NAME)), needs_ocr=True),
    Case(
        "image",
        "jpeg place",
        lambda: saved("JPEG", exif=exif(0x001C, b"ASCII\x00\x00\x00" + NAME.encode(), 0x8825)),
        needs_ocr=True,
    ),
    Case("image", "jpeg software", lambda: saved("JPEG", exif=exif(0x0131, NAME)), needs_ocr=True),
    Case("image", "jpeg camera model", lambda: saved("JPEG", exif=exif(0x0110, NAME)), needs_ocr=True),
    Case("image", "jpeg time", lambda: saved("JPEG", exif=exif(0x9003, NAME, 0x8769)), needs_ocr=True),
    Case("image", "jpeg xmp tool", lambda: saved("JPEG", xmp=XMP.replace(b"creator", b"CreatorTool")), needs_ocr=True),
    Case("image", "jpeg comment", lambda: saved("JPEG", comment=NAME), needs_ocr=True),
    Case("image", "jpeg xmp", lambda: saved("JPEG", xmp=XMP), needs_ocr=True),
    Case("image", "jpeg caption (IPTC)", iptc, needs_ocr=True),
    Case("image", "jpeg odd segment", odd_segment, needs_ocr=True),
    Case("image", "jpeg, text behind the end", lambda: saved("JPEG") + NAME.encode() * 3, needs_ocr=True),
    Case(
        "image",
        "jpeg, archive behind the end",
        lambda: saved("JPEG") + b"PK\x03\x04" + NAME.encode() * 3,
        needs_ocr=True,
    ),
    Case("image", "png, text behind the end", lambda: saved("PNG") + NAME.encode() * 3, needs_ocr=True),
    Case("image", "gif comment", lambda: saved("GIF", comment=NAME), needs_ocr=True),
    Case("image", "gif, text behind the end", lambda: saved("GIF") + NAME.encode() * 3, needs_ocr=True),
    Case("image", "gif, second frame", lambda: frames("GIF"), needs_ocr=True),
    Case("image", "tiff, second page", lambda: frames("TIFF"), needs_ocr=True),
    Case("image", "tiff host", lambda: saved("TIFF", tiffinfo={316: NAME}), needs_ocr=True),
    Case("image", "tiff own tag", lambda: saved("TIFF", tiffinfo={65000: NAME}), needs_ocr=True),
    Case("image", "webp exif", lambda: saved("WEBP", exif=exif(0x013B, NAME)), needs_ocr=True),
    Case("image", "webp xmp", lambda: saved("WEBP", xmp=XMP), needs_ocr=True),
    Case("image", "heic exif", lambda: saved("HEIF", exif=exif(0x013B, NAME).tobytes()), needs_ocr=True),
    Case("image", "bmp", lambda: picture("BMP"), needs_ocr=True),
    Case("image", "low strip", thin, needs_ocr=True),
    Case("image", "faint", faint, needs_ocr=True),
    Case(
        "image",
        "white on black",
        lambda: saved("PNG", scan("Geachte mevrouw,", f"Naam: {NAME}").convert("L").point(lambda value: 255 - value)),
        needs_ocr=True,
    ),
    Case(
        "image",
        "upside down",
        lambda: saved("PNG", scan("Geachte mevrouw,", f"Naam: {NAME}", "Met vriendelijke groet").rotate(180)),
        needs_ocr=True,
    ),
    Case(
        "image",
        "on its side",
        lambda: saved(
            "PNG", scan("Geachte mevrouw,", f"Naam: {NAME}", "Met vriendelijke groet").rotate(90, expand=True)
        ),
        needs_ocr=True,
    ),
    Case("image", "see-through", see_through, needs_ocr=True),
    Case("image", "only a photo", photo, (MAIL,), needs_ocr=True),
]
