"""Hand-written texts with facts: what a line may hold, and what becomes of it."""

import pytest

from nl_models.tags import FACTS
from nl_models.training import facts
from nl_models.training.corpus import QUIET
from nl_models.training.names import held_out_words, name_words


@pytest.mark.parametrize(
    ("line", "found", "reason"),
    [
        ("{T1} [health|is ziek] en [finance|heeft {EUR} schuld]", [], "slots in and outside phrases"),
        ("wat is een schuld?", [], "no fact at all"),
        ("[helth|is ziek]", ["unknown label 'helth'"], "a label nobody knows"),
        ("[health| is ziek]", ["phrase ' is ziek' is empty or has space at its ends"], "space inside a mark"),
        ("{Q} is ziek", ["unknown slot 'Q'"], "a slot nobody fills"),
        ("[health|is [ziek]]", ["stray [ ] |"], "marks do not nest"),
    ],
)
def test_problems_of_a_line(line: str, found: list[str], reason: str) -> None:
    assert list(facts.problems(line)) == found, reason


def test_shipped_lines_are_right_and_each_is_there_once() -> None:
    lines = facts.texts()
    assert [problem for line in lines for problem in facts.problems(line)] == []
    assert len(lines) == len(set(lines))


def test_every_label_is_taught_and_as_many_lines_without_any() -> None:
    lines = facts.texts()
    assert {label for line in lines for label in facts.LABEL_OF if f"[{label}|" in line} == set(facts.LABEL_OF)
    assert set(facts.LABEL_OF.values()) == set(FACTS.labels)
    assert sum("|" not in line for line in lines) > len(lines) / 3


def test_a_line_becomes_a_text_with_its_phrases_and_names() -> None:
    (example,) = facts.generate(["{F1} [health|is {AGE} dagen ziek]\\nzegt de GGD"], 1, 5, QUIET)
    assert example.facts is not None
    ((start, end, label),) = example.facts
    assert (label, example.text[start:end].split()[0], example.text[start:end].split()[-1]) == ("HEALTH", "is", "ziek")
    assert [kind for _, _, kind in example.entities] == ["PER", "ORG"]
    assert "\n" in example.text


def test_the_same_seed_gives_the_same_texts_and_held_out_names_stay_out() -> None:
    lines = facts.texts()[:40]
    made = list(facts.generate(lines, 2, 7))
    assert made == list(facts.generate(lines, 2, 7))
    assert len(made) == 80
    names = (entry.text[start:end] for entry in made for start, end, label in entry.entities if label == "PER")
    assert not any(name_words(name) & held_out_words() for name in names)
