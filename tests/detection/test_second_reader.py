"""Model B is asked once for the start of a text, and again only for later sentences that hold a candidate."""

from collections.abc import Sequence

from gateway.detection.reading import Reading
from gateway.detection.second_reader import START_WORDS, SecondReader
from nl_models.second_opinion import Answer, Span


class FakeModel:
    """Names every "Jan" and takes every "moe" for a health fact; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> Answer:
        self.asked += [text[start:end] for start, end in sentences]
        return Answer(self._all(text, sentences, "Jan", "PER"), self._all(text, sentences, "moe", "HEALTH"))

    def _all(self, text: str, sentences: Sequence[tuple[int, int]], word: str, label: str) -> tuple[Span, ...]:
        starts = [at for at in range(len(text)) if text.startswith(word, at)]
        return tuple(
            Span(at, at + len(word), label, 0.9) for at in starts if any(start <= at < end for start, end in sentences)
        )


def test_a_text_is_read_once_for_everybody() -> None:
    model = FakeModel()
    reader, reading = SecondReader(model), Reading("Jan is moe. Piet belt.")
    assert reader.start(reading) is reader.start(reading)
    assert [name.start for name in reader.names(reading, [(0, 3)]).names] == [0]
    assert model.asked == ["Jan is moe. Piet belt."]


def test_names_count_only_in_sentences_with_a_candidate() -> None:
    reading = Reading("Jan is moe. Dat zei Jan.")
    look = SecondReader(FakeModel()).names(reading, [(0, 3)])
    assert [name.start for name in look.names] == [0]
    assert look.denies(4, 6)


def test_beyond_the_start_only_sentences_with_a_candidate_are_read() -> None:
    model = FakeModel()
    start = "woord " * START_WORDS
    text = f"{start}Vier vijf. Jan zes. Zeven acht."
    jan = text.index("Jan")
    look = SecondReader(model).names(Reading(text), [(jan, jan + 3)])
    assert model.asked == [start.rstrip(), "Jan zes. "]
    assert [name.start for name in look.names] == [jan]
    assert not look.denies(text.index("Zeven"), len(text)), "what B did not read it cannot deny"


def test_after_the_start_no_more_is_read_than_was_allowed() -> None:
    model = FakeModel()
    text = "Woord. " * START_WORDS + "Jan een twee. Jan drie vier."
    first, second = text.index("Jan"), text.rindex("Jan")
    SecondReader(model).names(Reading(text), [(first, first + 3), (second, second + 3)], most_words=4)
    assert model.asked[1:] == ["Jan een twee. "]


def test_without_anything_to_ask_there_is_no_opinion() -> None:
    reading, model = Reading("Jan is moe."), FakeModel()
    assert SecondReader(None).start(reading).facts == ()
    assert SecondReader(None).names(reading, [(0, 3)]).names == ()
    assert SecondReader(model).names(reading, [(0, 3)], most_words=0).names == ()
    assert model.asked == []
