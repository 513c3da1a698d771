"""Model B: a small transformer that reads the sentences where a second opinion pays, for names and for facts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nl_models.errors import ModelError
from nl_models.tags import ENTITIES, FACTS
from nl_models.word_pieces import Word, WordPieces, load_word_pieces

ARTEFACT = Path(__file__).parent / "artefacts" / "model_b"
MODEL_FILE = "model.onnx"
VOCABULARY_FILE = "vocab.json.gz"
LONGEST_WORDS, LONGEST_PIECES = 110, 200
OVERLAP_WORDS = 12
NAMES_OUTPUT, FACTS_OUTPUT = "scores", "facts"
BATCH_PIECES = 1_600
_LINE = re.compile(r"[^\n\r]+")
# From the first letter or digit, or an apostrophe before one, to the last; "J.W." keeps its last full stop.
_NAME = re.compile(r"['’]?\w(?:.*\w)?(?:(?<=\b\w)\.)?", re.DOTALL)
ADVICE = (
    "Reinstall the gateway, set the path to a folder with model.onnx and vocab.json.gz, or turn the second opinion off"
)


@dataclass(frozen=True, slots=True)
class Span:
    """An entity or a fact in the text: code point offsets, a label of `nl_models.tags`, how sure the model is."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What model B reads: `names` (PER, LOC, ORG) and `facts` (said of somebody, sealed, or asked to decide)."""

    names: tuple[Span, ...] = ()
    facts: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Window:
    """Words that go through the network together; those before `fresh` were in the window before."""

    words: tuple[Word, ...]
    fresh: int

    @property
    def length(self) -> int:
        return 2 + sum(len(word.pieces) for word in self.words)


class SecondOpinion:
    """Model B on onnxruntime with one thread; safe to share between threads. Open one with `load_second_opinion`."""

    __slots__ = ("_pieces", "_session")

    def __init__(self, session: Any, pieces: WordPieces) -> None:  # noqa: ANN401 - onnxruntime has no types
        self._session = session
        self._pieces = pieces

    def read(self, text: str, sentences: Sequence[tuple[int, int]]) -> Answer:
        """What is in these `sentences` (start, end) of `text`, in order of the sentences.

        A sentence may be a line or a paragraph: longer ones are read in overlapping windows. Time is linear in length.
        """
        windows = [window for start, end in sentences for window in _windows(self._pieces.split(text, start, end))]
        order = sorted(range(len(windows)), key=lambda index: windows[index].length)
        answers = [Answer()] * len(windows)
        batch: list[int] = []
        for index in order:
            if batch and (len(batch) + 1) * windows[index].length > BATCH_PIECES:
                self._read(windows, batch, answers)
                batch = []
            batch.append(index)
        if batch:
            self._read(windows, batch, answers)
        return Answer(
            tuple(part for answer in answers for span in answer.names for part in _tidy(text, span)),
            tuple(span for answer in answers for span in answer.facts),
        )

    def _read(self, windows: Sequence[_Window], batch: Sequence[int], answers: list[Answer]) -> None:
        longest = max(windows[index].length for index in batch)
        ids = np.full((len(batch), longest), self._pieces.pad, dtype=np.int64)
        for row, index in enumerate(batch):
            line = [
                self._pieces.bos,
                *(piece for word in windows[index].words for piece in word.pieces),
                self._pieces.eos,
            ]
            ids[row, : len(line)] = line
        mask = (ids != self._pieces.pad).astype(np.int32)
        names, facts = self._session.run([NAMES_OUTPUT, FACTS_OUTPUT], {"ids": ids, "mask": mask})
        for row, index in enumerate(batch):
            window = windows[index]
            answers[index] = Answer(tuple(_names(window, names[row])), tuple(_facts(window, facts[row])))


def _windows(words: Sequence[Word]) -> Iterator[_Window]:
    start = 0
    fresh = 0
    while start < len(words):
        stop, pieces = start, 0
        while stop < len(words) and stop - start < LONGEST_WORDS and pieces + len(words[stop].pieces) <= LONGEST_PIECES:
            pieces += len(words[stop].pieces)
            stop += 1
        stop = max(stop, start + 1)
        yield _Window(tuple(words[start:stop]), fresh - start)
        if stop == len(words):
            return
        fresh, start = stop, max(start + 1, stop - OVERLAP_WORDS)


def _chances(window: _Window, scores: np.ndarray) -> np.ndarray:
    """The chance of each tag for each word, by its first piece."""
    firsts = np.cumsum([1, *(len(word.pieces) for word in window.words[:-1])])
    rows = scores[firsts].astype(np.float64)
    chances = np.exp(rows - rows.max(axis=1, keepdims=True))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def _names(window: _Window, scores: np.ndarray) -> Iterator[Span]:
    chances = _chances(window, scores)
    for first, last, label in ENTITIES.decode(chances.argmax(axis=1).tolist()):
        if last > window.fresh:
            score = float(chances[first:last, ENTITIES.columns(label)].sum(axis=1).min())
            yield Span(window.words[first].start, window.words[last - 1].end, label, round(score, 4))


def _facts(window: _Window, scores: np.ndarray) -> Iterator[Span]:
    """Runs of words more likely inside a fact than outside; the score is the mean of its words."""
    chances = _chances(window, scores)
    masses = np.stack([chances[:, FACTS.columns(label)].sum(axis=1) for label in FACTS.labels], axis=1)
    best, inside = masses.argmax(axis=1), chances[:, 0] < 0.5
    first = 0
    while first < len(inside):
        last = first + 1
        while inside[first] and last < len(inside) and inside[last] and best[last] == best[first]:
            last += 1
        if inside[first] and last > window.fresh:
            score = float(masses[first:last, best[first]].mean())
            label = FACTS.labels[int(best[first])]
            yield Span(window.words[first].start, window.words[last - 1].end, label, round(score, 4))
        first = last


def _tidy(text: str, span: Span) -> Iterator[Span]:
    """The span line by line, without marks at its ends; the full stop of an initial stays."""
    for line in _LINE.finditer(text, span.start, span.end):
        if inner := _NAME.search(text, line.start(), line.end()):
            yield replace(span, start=inner.start(), end=inner.end())


def load_second_opinion(path: Path | None = None) -> SecondOpinion | None:
    """Model B from the folder `path`, or the shipped one.

    None when no path is given and the package was installed without it. Raises `ModelError` when a folder is missing or
    damaged.
    """
    import onnxruntime  # noqa: PLC0415 - only who asks for model B pays for it

    folder = path or ARTEFACT
    if path is None and not (folder / MODEL_FILE).is_file():
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch it ever saw
    options.log_severity_level = 4
    try:
        pieces = load_word_pieces(folder / VOCABULARY_FILE)
        session = onnxruntime.InferenceSession(str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(folder, f"model B does not load ({type(error).__name__})", ADVICE) from error
    if missing := {NAMES_OUTPUT, FACTS_OUTPUT} - {output.name for output in session.get_outputs()}:
        raise ModelError(folder, f"model B has no output {', '.join(sorted(missing))}", ADVICE)
    return SecondOpinion(session, pieces)
