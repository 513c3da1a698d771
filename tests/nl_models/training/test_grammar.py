"""Grammars expand into labelled pieces, and name only rules they have."""

import random
from collections.abc import Sequence

import pytest

from nl_models.training import grammar
from nl_models.training.examples import Piece, render
from nl_models.training.names import held_out_words, name_words
from nl_models.training.noise import Noise
from nl_models.training.synthetic import generate


def terminal(name: str, number: str) -> Sequence[Piece]:
    return [Piece(f"jan{number}", "PER")] if name == "P" else [Piece("7")]


def expand(alternative: str) -> str:
    rules = grammar.Grammar({"text": (alternative,), "word": ("brief",)}, "text")
    return render(rules.expand(random.Random(1), terminal)).text


@pytest.mark.parametrize(
    ("alternative", "text"),
    [
        ("{^word} aan {P1}", "Brief aan jan1"),
        ("{^P}", "Jan"),
        ('{{"naam": "{P}"}}', '{"naam": "jan"}'),
        ("{NR}\n{word}", "7\nbrief"),
    ],
)
def test_expansion(alternative: str, text: str) -> None:
    assert expand(alternative) == text


@pytest.mark.parametrize("path", ["grammar/municipal.txt", "grammar/without_names.txt"])
def test_shipped_grammars_name_only_rules_they_have(path: str) -> None:
    assert grammar.load(path).start == "text"


def test_texts_have_exact_entities_and_the_same_seed_gives_the_same_texts() -> None:
    texts = list(generate(300, seed=3))
    assert texts == list(generate(300, seed=3))
    for example in texts:
        end = 0
        for start, stop, label in example.entities:
            assert end <= start < stop <= len(example.text)
            assert label in {"PER", "LOC", "ORG"}
            assert example.text[start:stop] == example.text[start:stop].strip()
            end = stop


def test_negatives_hold_no_person() -> None:
    assert not any(label == "PER" for example in generate(300, 4, negative_share=1.0) for *_, label in example.entities)


def test_no_held_out_name_is_in_a_training_text() -> None:
    held = held_out_words()
    assert len(held) > 500
    texts = generate(2000, 6, noise=Noise(slips=0))  # a slip may turn one name into another
    names = [example.text[start:end] for example in texts for start, end, label in example.entities if label == "PER"]
    assert len(names) > 1000
    assert [name for name in names if name_words(name) & held] == []
