"""Restoration as a law: whatever the text, however it is cut, the client reads the text with the values in it."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gateway.enforcement.restoration import Restorer
from gateway.enforcement.sockets import SocketRestorer
from gateway.model.traffic import AnswerFormat
from tests.enforcement import shapes
from tests.enforcement.conftest import FixedConversation

VALUES = {
    "[PERSOON-1]": "Fatima El Amrani",
    "[PERSOON-12]": "Zoë 😀 van 't Hof",
    "[BSN-1]": "111222333",
    "[ADRES-1]": 'Hof "De Zon" 1\\a',
}
CONVERSATION = FixedConversation(VALUES)
FRAGMENTS = st.sampled_from(
    [*VALUES, "[PERSOON-2]", "[", "]", "[PERS", "OON-1]", "-1]", "[[", "[x]", "[BSN-1", "[persoon-1]", "[1]"]
)
WORDS = st.text(alphabet='aé😀 .,]-1\n"\\', max_size=8)
TEXTS = st.lists(FRAGMENTS | WORDS, min_size=1, max_size=8).map("".join)


def restored(text: str) -> str:
    """What the client should read: the reference, on the whole text."""
    return re.sub(r"\[[A-Z]+-\d+\]", lambda match: VALUES.get(match[0], match[0]), text)


def cut(text: str, places: Sequence[int]) -> list[str]:
    edges = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[a:b] for a, b in pairwise(edges)] or [""]


NOT_DECLARED = frozenset({"meta", "unknown", "vercel", "bare strings", "multipart"})
"""Shapes for which no tool file says whether a text is added to or replaced: told from the texts themselves."""


def looks_cumulative(pieces: Sequence[str]) -> bool:
    """Whether nothing in the texts tells adding from replacing: a piece that starts with all of the one before."""
    return any(after.startswith(before) or set(before) == {"["} for before, after in pairwise(pieces))


def run(content_type: str, data: bytes, sizes: Sequence[int], appends: tuple[str, ...] = ()) -> bytes:
    restorer = Restorer(content_type, AnswerFormat(appends), CONVERSATION)
    out, at = b"", 0
    for size in sizes:
        out += restorer.feed(data[at : at + size])
        at += size
    out += restorer.feed(data[at:]) + restorer.close()
    assert restorer.unrestored == 0
    return out


@pytest.mark.parametrize("shape", shapes.HTTP)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(text=TEXTS, places=st.lists(st.integers(0, 60), max_size=12), sizes=st.lists(st.integers(1, 200), max_size=12))
def test_the_client_reads_the_values(shape: str, text: str, places: list[int], sizes: list[int]) -> None:
    content_type, build, read, appends = shapes.HTTP[shape]
    pieces = cut(text, places)
    assume(shape not in NOT_DECLARED or not looks_cumulative(pieces))
    assume(shape != "plain text" or not text.lstrip().startswith("["))  # words that begin like JSON are read as JSON
    data = build(pieces).encode()
    whole = run(content_type, data, [], appends)
    assert read(whole.decode()) == restored(text)
    assert run(content_type, data, sizes, appends) == whole


@pytest.mark.parametrize("shape", shapes.HTTP)
def test_every_split_of_a_token(shape: str) -> None:
    """All two-cut splits of one token, byte by byte: nothing else could be between the cuts."""
    content_type, build, read, _ = shapes.HTTP[shape]
    text = "Aan [PERSOON-1], over."
    for first in range(4, 16):
        for second in range(first, 16):
            data = build(cut(text, [first, second])).encode()
            assert read(run(content_type, data, []).decode()) == "Aan Fatima El Amrani, over."


@pytest.mark.parametrize("shape", shapes.WEBSOCKET)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(text=TEXTS, places=st.lists(st.integers(0, 60), max_size=12))
def test_the_socket_client_reads_the_values(shape: str, text: str, places: list[int]) -> None:
    build, read, appends = shapes.WEBSOCKET[shape]
    restorer = SocketRestorer(AnswerFormat(appends), CONVERSATION)
    messages = [piece for message in build(cut(text, places)) for piece in restorer.restore(message.encode())]
    messages += restorer.close()
    assert restorer.unrestored == 0
    assert read([message.decode() for message in messages]) == restored(text)
