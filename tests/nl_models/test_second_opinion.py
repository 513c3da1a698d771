"""Model B reads the sentences it is asked to read, long ones in windows, and fails with one clear error."""

from pathlib import Path

import numpy as np
import pytest

from nl_models import ModelError, SecondOpinion, load_second_opinion
from nl_models.second_opinion import ARTEFACT, LONGEST_WORDS, MODEL_FILE, VOCABULARY_FILE, Answer, Span, _tidy
from nl_models.tags import ENTITIES, FACTS, TagSet
from nl_models.word_pieces import WordPieces

NAME_PIECE, OTHER_PIECE, ILL_PIECE = 5, 6, 7


class EchoSession:
    """Stands in for onnxruntime: `NAME_PIECE` is the begin of a person, `ILL_PIECE` is inside a health fact."""

    def run(self, outputs: list[str], feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        assert outputs == ["scores", "facts"]
        ids = feed["ids"]
        assert ids.shape == feed["mask"].shape
        return [
            self._scores(ids == NAME_PIECE, ENTITIES, "B-PER"),
            self._scores(ids == ILL_PIECE, FACTS, "I-HEALTH"),
        ]

    def _scores(self, is_inside: np.ndarray, tag_set: TagSet, tag: str) -> np.ndarray:
        scores = np.zeros((*is_inside.shape, len(tag_set.tags)), np.float32)
        scores[is_inside, tag_set.tags.index(tag)] = 9
        scores[~is_inside, 0] = 9
        return scores


@pytest.fixture
def reader() -> SecondOpinion:
    pieces = {"▁Jan": (NAME_PIECE, -1.0), "▁belt": (OTHER_PIECE, -1.0), "▁ziek": (ILL_PIECE, -1.0)}
    return SecondOpinion(EchoSession(), WordPieces(pieces, 5, bos=0, eos=2, pad=1, unknown=3))


def test_offsets_are_those_of_the_whole_text(reader: SecondOpinion) -> None:
    text = "belt Jan. Jan belt"
    (span,) = reader.read(text, [(10, 18)]).names
    assert (span.start, span.end, span.label) == (10, 13, "PER")
    assert span.score > 0.99


def test_every_name_of_a_long_sentence_is_found_once(reader: SecondOpinion) -> None:
    text = "Jan belt " * LONGEST_WORDS * 2
    starts = [span.start for span in reader.read(text, [(0, len(text))]).names]
    assert starts == list(range(0, len(text), 9))


def test_order_follows_the_sentences_not_their_length(reader: SecondOpinion) -> None:
    text = "Jan belt belt belt\nJan\nbelt Jan belt"
    spans = reader.read(text, [(0, 18), (19, 22), (23, 36)]).names
    assert [span.start for span in spans] == [0, 19, 28]


def test_a_fact_is_a_run_of_words_more_likely_in_than_out(reader: SecondOpinion) -> None:
    text = "Jan belt ziek ziek Jan ziek"
    answer = reader.read(text, [(0, len(text))])
    assert [(fact.start, fact.end, fact.label) for fact in answer.facts] == [(9, 18, "HEALTH"), (23, 27, "HEALTH")]
    assert len(answer.names) == 2


def test_every_fact_of_a_long_text_is_found_once(reader: SecondOpinion) -> None:
    text = "ziek belt " * LONGEST_WORDS * 2
    starts = [fact.start for fact in reader.read(text, [(0, len(text))]).facts]
    assert starts == list(range(0, len(text), 10))


@pytest.mark.parametrize(
    ("text", "parts", "reason"),
    [
        ("Jan,", ["Jan"], "a comma after a name"),
        ("(Jan de Wit)", ["Jan de Wit"], "brackets"),
        ("Wit, J.W.", ["Wit, J.W."], "the full stop of an initial belongs to the name"),
        ("Jan.", ["Jan"], "the full stop of the sentence does not"),
        ("'t Hof", ["'t Hof"], "an apostrophe in front"),
        ("CHEN, LIWEI\nVAN DER LAAN, P.", ["CHEN, LIWEI", "VAN DER LAAN, P."], "two lines are two people"),
        ("...", [], "no letter at all"),
    ],
)
def test_spans_are_tidied(text: str, parts: list[str], reason: str) -> None:
    spans = _tidy(f"x {text} x", Span(2, 2 + len(text), "PER", 0.9))
    assert [f"x {text} x"[span.start : span.end] for span in spans] == parts, reason


@pytest.mark.parametrize("sentences", [[], [(0, 0)], [(0, 3)]])
def test_nothing_to_read_is_nothing_found(reader: SecondOpinion, sentences: list[tuple[int, int]]) -> None:
    assert reader.read("   ", sentences) == Answer()


def test_a_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not load"):
        load_second_opinion(tmp_path / "nowhere")


def test_a_damaged_model_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_bytes(b"no model")
    (tmp_path / VOCABULARY_FILE).write_bytes(b"no vocabulary")
    with pytest.raises(ModelError, match="turn the second opinion off"):
        load_second_opinion(tmp_path)


def test_a_model_that_answers_one_question_only_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a model B of before it knew facts: it must not fail at each prompt instead."""
    onnxruntime = pytest.importorskip("onnxruntime")
    whole = onnxruntime.InferenceSession

    class NamesOnly(whole):
        def get_outputs(self) -> list[object]:
            return [output for output in super().get_outputs() if output.name == "scores"]

    monkeypatch.setattr(onnxruntime, "InferenceSession", NamesOnly)
    for name in (MODEL_FILE, VOCABULARY_FILE):
        (tmp_path / name).symlink_to(ARTEFACT / name)
    with pytest.raises(ModelError, match="no output facts"):
        load_second_opinion(tmp_path)
