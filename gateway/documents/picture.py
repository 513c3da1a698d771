"""Pictures and scans: their metadata, and their words through Tesseract (Dutch and English) where it is installed."""

import io
import shutil
import struct
import subprocess
from dataclasses import dataclass

import pi_heif
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.picture_notes import read_notes
from gateway.model.inspection import GapKind

_MIN_SIDE = 40
"""Pixels of the longest side, and of the height: anything smaller (icons, rules, bullets) holds no readable word."""
_MAX_SIDE = 4000
_MIN_HEIGHT = 8
_UNSURE = 50
"""Mean certainty in percent below which Tesseract is guessing: handwriting, noise, a page on its side."""
_PAPER_SIDE = 400
"""Pixels: a smaller picture on a bright background is a logo or an icon, not a page."""

pi_heif.register_heif_opener()


def read_picture(content: bytes, into: Content, nested: Nested) -> None:
    """Adds the words of the metadata and recognised text of every frame; a picture that gives no word is a gap.

    Raises `UnreadError` for damaged pictures and for more pixels than the limit (bombs end before decoding).
    """
    try:
        with Image.open(io.BytesIO(content)) as picture:
            read_notes(content, picture, into, nested)
            if picture.width * picture.height > into.limits.pixels:
                raise UnreadError(GapKind.TOO_LARGE, "pixels")
            for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
                if number > into.limits.ocr_pages:
                    raise UnreadError(GapKind.TOO_LARGE, "frames")
                recognise(frame, f"picture {number}", into)
    except Image.DecompressionBombError as error:
        raise UnreadError(GapKind.TOO_LARGE, "pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, IndexError) as error:
        raise UnreadError(GapKind.UNREADABLE, "picture") from error


def recognise(picture: Image.Image, where: str, into: Content, *, strict: bool | None = None) -> None:
    """Adds the words in one picture. No Tesseract, unsure words or too many pictures: a gap. Icons are skipped.

    No word at all is a gap when `strict`; unless told, for a file that is a picture and for what looks like paper.
    """
    if max(picture.size) < _MIN_SIDE or min(picture.size) < _MIN_HEIGHT:
        return
    grey = _on_white(picture)
    if _spread(grey) < _ONE_COLOUR:
        return
    into.spent.ocr_pages += 1
    if into.spent.ocr_pages > into.limits.ocr_pages:
        into.miss(GapKind.TOO_LARGE, "ocr-pages")
        return
    words = _surest(grey, into.limits.ocr_seconds)
    if words is None:
        into.miss(GapKind.IMAGE_WITHOUT_TEXT, "no-ocr")
        return
    must = strict if strict is not None else into.depth == 0 or _looks_like_paper(grey)
    if words.readable:
        into.add(where, words.text)
        if words.certainty < _UNSURE and must:
            into.miss(GapKind.IMAGE_WITHOUT_TEXT, "unsure-words")
    elif must and _spread(grey.resize((64, 64))) >= _ONE_COLOUR:
        into.miss(GapKind.IMAGE_WITHOUT_TEXT, "no-words")


_ONE_COLOUR = 8
"""Shades between the darkest and the brightest spot of an empty page."""


def _on_white(picture: Image.Image) -> Image.Image:
    """Grey, with what is transparent filled with white or, for light letters, with black."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("L")
    whole = picture.convert("RGBA")
    for background in ("white", "black"):
        page = Image.new("RGBA", whole.size, background)
        page.alpha_composite(whole)
        grey = page.convert("L")
        if _spread(grey) >= _ONE_COLOUR:
            return grey
    return grey


def _spread(grey: Image.Image) -> int:
    darkest, brightest = grey.getextrema()
    return int(brightest) - int(darkest)  # type: ignore[arg-type]


def _looks_like_paper(grey: Image.Image) -> bool:
    """A bright, even background with marks on it, of some size: a scan or handwriting rather than a photograph."""
    if min(grey.size) < _PAPER_SIDE:
        return False
    histogram = grey.resize((256, 256)).histogram()
    brightest = max(range(256), key=histogram.__getitem__)
    near = sum(histogram[max(0, brightest - 12) : brightest + 13])
    return brightest > 170 and near > 0.55 * 256 * 256


@dataclass(frozen=True, slots=True)
class _Words:
    """What Tesseract read and how sure it was, in percent over all letters."""

    text: str
    certainty: float

    @property
    def readable(self) -> bool:
        return any(len(word) > 2 and word.isalnum() for word in self.text.split())

    @property
    def weight(self) -> float:
        return self.certainty * min(sum(letter.isalnum() for letter in self.text), 40)


def _surest(grey: Image.Image, seconds: int) -> _Words | None:
    """The surest reading of the picture as it is, on its sides and upside down; None when there is none at all."""
    if max(grey.size) > _MAX_SIDE:
        grey.thumbnail((_MAX_SIDE, _MAX_SIDE))
    elif max(grey.size) < 1200:
        times = 3 if min(grey.size) < 100 else 2
        grey = grey.resize((grey.width * times, grey.height * times), Image.Resampling.LANCZOS)
    grey = ImageOps.expand(ImageOps.autocontrast(grey), 20, fill=int(grey.resize((1, 1)).getpixel((0, 0)) > 127) * 255)  # type: ignore[operator]
    best = _words(grey, seconds)
    if best is None:
        return None
    for turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180):
        if best.readable and best.certainty >= _SURE:
            break
        turned = _words(grey.transpose(turn), seconds)
        best = max(best, turned or best, key=lambda words: words.weight)
    return best


_SURE = 70


def _words(picture: Image.Image, seconds: int) -> _Words | None:
    program = shutil.which("tesseract")
    if program is None:
        return None
    encoded = io.BytesIO()
    picture.save(encoded, "PNG", compress_level=1)
    try:
        done = subprocess.run(  # noqa: S603
            [program, "stdin", "stdout", "-l", "nld+eng", "--psm", "3", "tsv"],
            input=encoded.getvalue(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return _from_table(done.stdout.decode("utf-8", "replace")) if done.returncode == 0 else None


def _from_table(table: str) -> _Words:
    """Tesseract's table (level to word: six numbers, four of place, certainty, text) as lines of words."""
    lines: dict[tuple[str, ...], list[str]] = {}
    letters = certainty = 0.0
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[11].strip():
            lines.setdefault(tuple(cells[1:5]), []).append(cells[11])
            letters += len(cells[11])
            certainty += len(cells[11]) * max(0.0, float(cells[10]))
    return _Words("\n".join(" ".join(words) for words in lines.values()), certainty / letters if letters else 0.0)
