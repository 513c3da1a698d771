"""Pictures and scans: their metadata, and their words through Tesseract (Dutch and English) where it is installed."""

import io
import shutil
import subprocess

import pi_heif
from PIL import Image, ImageSequence, UnidentifiedImageError
from PIL.ExifTags import TAGS

from gateway.documents.content import Content, Nested, UnreadError
from gateway.model.inspection import GapKind

_MIN_SIDE = 60
"""Pixels: anything smaller (icons, rules, bullets) holds no readable word."""
_MAX_SIDE = 4000
_SPOKEN_TAGS = frozenset(
    "ImageDescription Artist Copyright UserComment XPTitle XPComment XPAuthor XPKeywords XPSubject".split()  # noqa: SIM905
)

pi_heif.register_heif_opener()


def read_picture(content: bytes, into: Content, _nested: Nested) -> None:
    """Adds EXIF words and recognised text of every frame; a picture that gives no word is a gap.

    Raises `UnreadError` for damaged pictures and for more pixels than the limit (bombs end before decoding).
    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            _read_metadata(picture, into)
            if picture.width * picture.height > into.limits.pixels:
                raise UnreadError(GapKind.TOO_LARGE, "pixels")
            for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
                if number > into.limits.ocr_pages:
                    raise UnreadError(GapKind.TOO_LARGE, "frames")
                recognise(frame, f"picture {number}", into)
    except Image.DecompressionBombError as error:
        raise UnreadError(GapKind.TOO_LARGE, "pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadError(GapKind.UNREADABLE, "picture") from error


def _read_metadata(picture: Image.Image, into: Content) -> None:
    for tag, value in picture.getexif().items():
        if TAGS.get(tag) in _SPOKEN_TAGS:
            into.add("exif", value.decode("utf-16-le", "replace") if isinstance(value, bytes) else str(value))
    for key in ("Title", "Author", "Description", "Comment", "comment"):
        if key in picture.info:
            note = picture.info[key]
            into.add("picture note", note.decode("utf-8", "replace") if isinstance(note, bytes) else str(note))


def recognise(picture: Image.Image, where: str, into: Content) -> None:
    """Adds the words in one picture. No Tesseract, no word found or too many pictures: a gap. Icons are skipped."""
    if min(picture.size) < _MIN_SIDE or _is_one_colour(picture):
        return
    into.spent.ocr_pages += 1
    if into.spent.ocr_pages > into.limits.ocr_pages:
        into.miss(GapKind.TOO_LARGE, "ocr-pages")
        return
    words = _words(picture, into.limits.ocr_seconds)
    if words is None:
        into.miss(GapKind.IMAGE_WITHOUT_TEXT, "no-ocr")
    elif any(len(word) > 2 for word in words.split()):
        into.add(where, words)
    elif into.depth == 0 or _looks_like_paper(picture):
        into.miss(GapKind.IMAGE_WITHOUT_TEXT, "no-words")


def _is_one_colour(picture: Image.Image) -> bool:
    extrema = picture.convert("L").resize((64, 64)).getextrema()
    return isinstance(extrema[0], int | float) and extrema[1] - extrema[0] < 8


def _looks_like_paper(picture: Image.Image) -> bool:
    """A bright, even background with marks on it: a scan or handwriting rather than a photograph."""
    histogram = picture.convert("L").resize((256, 256)).histogram()
    brightest = max(range(256), key=histogram.__getitem__)
    near = sum(histogram[max(0, brightest - 12) : brightest + 13])
    return brightest > 170 and near > 0.55 * 256 * 256


def _words(picture: Image.Image, seconds: int) -> str | None:
    program = shutil.which("tesseract")
    if program is None:
        return None
    if max(picture.size) > _MAX_SIDE:
        picture.thumbnail((_MAX_SIDE, _MAX_SIDE))
    elif max(picture.size) < 1200:
        picture = picture.resize((picture.width * 2, picture.height * 2))
    encoded = io.BytesIO()
    picture.convert("L").save(encoded, "PNG")
    try:
        done = subprocess.run(  # noqa: S603
            [program, "stdin", "stdout", "-l", "nld+eng", "--psm", "3"],
            input=encoded.getvalue(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
