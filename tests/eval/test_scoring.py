"""The scorer agrees with the method of the shared script, and floors only rise."""

import importlib.util
import json
from pathlib import Path

import pytest

from gateway.model.inspection import Entity
from tests.eval import corpora, floors
from tests.eval.corpora import Example, Span
from tests.eval.scoring import Find, Prediction, score

TEXT = "Mevrouw Bakker (bsn 999991954) heeft diabetes."
EXAMPLE = Example(
    "a", TEXT, "redact", (Span(8, 14, "PERSON", "nl"), Span(20, 29, "BSN"), Span(37, 45, "HEALTH")), (Span(0, 7),)
)
SHARED = corpora.DEV_SET.with_name("score.py")


def test_marks_become_spans() -> None:
    text, spans = corpora.parse("Mevrouw {PERSON|Bakker} is {HEALTH|ziek}.")
    assert text == "Mevrouw Bakker is ziek."
    assert [(text[span.start : span.end], span.label) for span in spans] == [("Bakker", "PERSON"), ("ziek", "HEALTH")]


@pytest.mark.parametrize(
    ("find", "label", "is_hit", "reason"),
    [
        (Find(Entity.PERSON, 8, 14), "PERSON", True, "exact"),
        (Find(Entity.PERSON, 0, 14), "PERSON", True, "wider, but it covers all of it"),
        (Find(Entity.NL_BSN, 20, 25), "BSN", True, "half of it"),
        (Find(Entity.NL_BSN, 20, 24), "BSN", False, "less than half"),
        (Find(Entity.HEALTH, 44, 46), "HEALTH", True, "any overlap with a phrase"),
        (Find(Entity.CRIMINAL, 37, 45), "HEALTH", False, "another entity"),
    ],
)
def test_what_is_a_hit(find: Find, label: str, is_hit: bool, reason: str) -> None:
    result = score([EXAMPLE], {"a": Prediction("redact", (find,))})
    assert (result.recall([label]) == 1.0) is is_hit, reason


def test_a_find_on_ignored_text_is_neither_right_nor_false() -> None:
    result = score([EXAMPLE], {"a": Prediction("redact", (Find(Entity.PERSON, 0, 7),))})
    assert result.right.total() == result.false.total() == 0


@pytest.mark.skipif(not SHARED.exists(), reason="the shared script is not there")
def test_our_figures_are_those_of_the_shared_script() -> None:
    """On our own corpora with made-up predictions of every kind."""
    spec = importlib.util.spec_from_file_location("shared_score", SHARED)
    assert spec is not None
    assert spec.loader is not None
    shared = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shared)
    examples = corpora.own()
    said = {
        example.id: Prediction(
            ["allow", "redact", "refuse"][at % 3],
            tuple(
                Find(entity, s.start + at % 3, s.end)
                for s in example.spans
                for entity in (Entity.PERSON, Entity.HEALTH)
            )
            + (Find(Entity.NL_KVK, 0, 3),) * (at % 2),
        )
        for at, example in enumerate(examples)
    }
    gold = {
        example.id: {
            "verdict": example.verdict,
            "text": example.text,
            "entities": [{"start": s.start, "end": s.end, "label": s.label} for s in example.spans],
            "ignored": [],
        }
        for example in examples
    }
    rows = {
        id_: {
            "verdict": one.verdict,
            "findings": [{"entity": f.entity.value, "start": f.start, "end": f.end} for f in one.finds],
        }
        for id_, one in said.items()
    }
    theirs = json.loads(json.dumps(shared.score(gold, rows)))
    ours = score(examples, said)
    for label, row in theirs["labels"].items():
        assert ours.recall([label]) == row["recall"], label
        assert ours.cover([label]) == row["covered"], label
    assert ours.precision == pytest.approx(theirs["precision"])
    assert list(ours.harmless_bothered) == theirs["harmless_bothered"]
    assert list(ours.sensitive_let_through) == theirs["sensitive_let_through"]
    assert list(ours.refusals_missed) == theirs["refusals_missed"]
    assert ours.verdict_accuracy == pytest.approx(theirs["verdict_accuracy"])


def test_floors_only_rise(tmp_path: Path) -> None:
    stored = {"recall.BSN": 0.9, "harmless_bothered": 0.02}
    worse, better = {"recall.BSN": 0.8, "harmless_bothered": 0.04}, {"recall.BSN": 0.95, "harmless_bothered": 0.0}
    assert len(floors.lost(stored, worse)) == 2
    assert floors.lost(stored, better) == []
    assert floors.raised(stored, worse) == stored
    assert floors.raised(stored, better) == better
    path = tmp_path / "floors.yaml"
    floors.write({"own": better}, path)
    assert floors.read(path) == {"own": better}


def test_our_corpora_are_large_and_parse() -> None:
    examples = corpora.own()
    assert len({example.id for example in examples}) == len(examples)
    assert sum(example.verdict == "allow" for example in examples) >= 200
    assert sum(example.verdict != "allow" for example in examples) >= 200
    assert all(bool(example.spans) for example in examples if example.verdict == "redact")
