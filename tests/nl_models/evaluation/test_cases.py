"""The evaluation is apart from the training: its names, its patterns, its texts."""

import os
import re
import subprocess
import sys

from nl_models.evaluation import cases
from nl_models.training import grammar, sources
from nl_models.training.names import EVALUATED, held_out_words, name_words


def test_every_origin_case_and_form_is_there_with_the_right_span() -> None:
    found = list(cases.held_out_names())
    assert {case.origin for case in found} == EVALUATED
    assert {case.case for case in found} == set(cases.CASES)
    assert {case.form for case in found} == {"full", "given", "surname", "couple"}
    for case in found:
        ((start, end, label),) = case.example.entities
        name = case.example.text[start:end]
        assert label == "PER"
        assert name_words(name) <= held_out_words()
        assert case.case != "lower" or case.example.text == case.example.text.lower()
        assert case.case != "capitals" or name == name.upper()


def test_no_pattern_is_a_rule_of_the_training_grammar() -> None:
    rules = grammar.load("grammar/municipal.txt").rules
    trained = {alternative for alternatives in rules.values() for alternative in alternatives}
    patterns = [pattern for found in cases.patterns().values() for pattern in found]
    assert len(patterns) == len(set(patterns)) >= 30
    slots = {"N": "{P}", "G": "{F}", "S": "{S}"}
    as_rules = {re.sub(r"\b[NGS]\b", lambda slot: slots[slot[0]], pattern) for pattern in patterns}
    assert not {rule.lower().rstrip(".") for rule in as_rules} & {rule.lower().rstrip(".") for rule in trained}


def test_there_are_enough_texts_without_names() -> None:
    assert len(cases.without_names()) >= 30


def test_no_paragraph_of_law_is_trained_on() -> None:
    assert not set(cases.law()) & set(sources.lines("text/law_without_names.txt.gz"))


def test_every_process_measures_the_same_texts() -> None:
    """The order of a set changes with the hash seed of the process; a figure may not."""
    program = (
        "import hashlib; from nl_models.evaluation import cases;"
        "print(hashlib.sha256(repr(list(cases.held_out_names())).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
