"""The partial-page frames of ChatGPT without an account: HTML in templates whose attribute is the content's length."""

import html
import re
from collections.abc import Iterator

from gateway.enforcement.tokens import TokenSet
from gateway.wire.codecs.google_frames import utf16_end, utf16_length

MARK = b"<template data-web-mobile-dpu-frame="
_START = re.compile(rb'<template data-web-mobile-dpu-frame="(\d{1,9})">')
_END = b"</template>"
_TEXT_OR_TAG = re.compile(r"(<[^>]*>)")
_STILL_GROWING = "<?marker"


def recount(unit: str, content: str) -> str:
    """The frame with other content and the length that belongs to it, in UTF-16 units."""
    return f'<template data-web-mobile-dpu-frame="{utf16_length(content)}">{content}</template>{_after(unit)}'


def _after(unit: str) -> str:
    return unit[unit.rindex("</template>") + len("</template>") :]


class HtmlFrames:
    """Cuts frames by their own length and restores tokens in their text, never inside a tag.

    An attribute of such a frame holds state that the page sends back with the next prompt: tokens stay there, so
    they come back as tokens. A start of a token before the growing end of a snapshot is left out; the next snapshot
    holds it whole.
    """

    is_readable = True

    def cut(self, buffer: bytearray, start: int) -> int:
        """Where the last complete frame ends; 0 when there is none."""
        del start
        end = 0
        while (found := _START.search(buffer, end)) and (closed := _content_end(buffer, found)):
            end = closed
        return end

    def units(self, data: bytes) -> Iterator[bytes]:
        at = 0
        while found := _START.search(data, at):
            end = _content_end(bytearray(data), found) or len(data)
            yield data[at:end]
            at = end
        if at < len(data):
            yield data[at:]

    def forget(self, size: int) -> None:
        """Nothing to keep."""

    @staticmethod
    def words(text: str) -> tuple[str, ...]:
        """The text of the last frame that has any: a snapshot holds all that came before."""
        frames = (_TEXT_OR_TAG.sub("", frame) for frame in reversed(text.split(MARK.decode())))
        return tuple(html.unescape(frame[frame.find(">") + 1 :]) for frame in frames if frame.strip())[:1]

    @staticmethod
    def restore(unit: str, tokens: TokenSet) -> str:
        """The frame with values in its texts and the right length; identical when it holds no token."""
        found = re.search(_START.pattern.decode(), unit)
        if found is None:
            return unit
        content = unit[found.end() : unit.rindex("</template>")]
        pieces = _TEXT_OR_TAG.split(content)
        for number in range(0, len(pieces), 2):
            text = pieces[number]
            if number + 1 < len(pieces) and pieces[number + 1].startswith(_STILL_GROWING):
                text = tokens.split_tail(text)[0]
            pieces[number] = tokens.restore(tokens.hidden(text), lambda value: html.escape(value, quote=False))
        new = "".join(pieces)
        return unit if new == content else unit[: found.start()] + recount(unit, new)


def _content_end(buffer: bytearray, found: re.Match[bytes]) -> int:
    """Where the frame ends whose start tag was found; 0 when it has not all arrived or its length is wrong."""
    units, start = int(found[1]), found.end()
    plain = buffer[start : start + units]
    if len(plain) == units and plain.isascii():
        end = start + units
    else:
        text = bytes(buffer[start : start + 3 * units]).decode("utf-8", "ignore")
        taken = utf16_end(text, 0, units)
        if taken is None:
            return 0
        end = start + len(text[:taken].encode())
    return end + len(_END) if buffer[end : end + len(_END)] == _END else 0
