"""Sentences become running text with their entities; test sentences stay out of training."""

import pytest

from nl_models.training import facts
from nl_models.training.corpus import SMOKE, _pieces, build, is_test, sentences, training_mix
from nl_models.training.examples import pieces_of, read, render, write


@pytest.mark.parametrize(
    ("tokens", "text", "entities"),
    [
        (["De", "heer", "Bakker", "(", "40", ")", "."], "De heer Bakker (40).", [("Bakker", "PER")]),
        (["van", "Jan", "Bakker", ",", "Utrecht"], "van Jan Bakker, Utrecht", [("Jan Bakker", "PER")]),
    ],
)
def test_tokens_become_text(tokens: list[str], text: str, entities: list[tuple[str, str]]) -> None:
    tags = {"Jan": "B-PER", "Bakker": "I-PER" if "Jan" in tokens else "B-PER"}
    example = render(_pieces([(token, tags.get(token, "O")) for token in tokens]))
    assert example.text == text
    assert [(example.text[start:end], label) for start, end, label in example.entities] == entities
    assert render(pieces_of(example)) == example


def test_no_test_sentence_is_trained_on(tmp_path) -> None:
    mix = training_mix(SMOKE)
    held = {entry.text for entry in sentences("ner/newspapers_1870_1940_nl.bio.gz") if is_test(entry.text)}
    assert len(held) > 100
    assert not held & {entry.text for entry in mix}
    assert write(tmp_path / "mix.jsonl", mix) == len(mix)
    assert list(read(tmp_path / "mix.jsonl")) == mix


def test_lines_kept_for_the_evaluation_of_facts_are_not_taught(tmp_path) -> None:
    counts = build(tmp_path, SMOKE)
    taught = [entry.text for entry in read(tmp_path / "facts.jsonl") if entry.facts]
    kept = [line for line in facts.texts() if is_test(line)]
    assert len(kept) == counts["facts_test"] > 20
    assert len(taught) > 100
    plain = [line for line in kept if "{" not in line and "[" not in line and "\\" not in line]
    assert not {line.lower() for line in plain} & {text.lower() for text in taught}
    assert all(entry.facts is not None for entry in read(tmp_path / "facts_test.jsonl"))
