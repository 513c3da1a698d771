"""A candidate rulebook is tried in a process of its own; what fails there never comes into force."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from gateway.detection.models import ModelPaths
from gateway.errors import RuleError
from gateway.rehearsal.apart import _models, load_rehearsed, rehearse
from gateway.rulebook.load import load
from tests.rulebook.conftest import FILES

RULE = """kind: usage/v1
id: regel
title: {nl: t, en: t}
status: enforced
owner: fg
when: {}
then: {verdict: warn, message: file.warned}
"""
TEST = "kind: test/v1\nfor: regel\ncases: [{id: a, question: {}, verdict: VERDICT}]\n"


def rules_with(folder: Path, verdict: str) -> Path:
    files = {**FILES, "usage/regel.yaml": RULE, "usage/regel.test.yaml": TEST.replace("VERDICT", verdict)}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


NONE = ModelPaths(use_lexicon=False, use_pipeline=False, use_second_opinion=False)
"""These cases hold no text, so nothing needs the models."""


def test_model_paths_reach_the_other_process_as_they_are() -> None:
    paths = ModelPaths(pipeline=Path("own/pipeline"), use_second_opinion=False)
    assert _models(json.loads(json.dumps(asdict(paths), default=str))) == paths


def test_good_rules_give_their_revision(tmp_path: Path) -> None:
    said = rehearse(rules_with(tmp_path, "warn"), None, NONE)
    assert said == {"revision": load(tmp_path).revision, "problems": []}


def test_a_failing_case_is_a_problem(tmp_path: Path) -> None:
    (problem,) = rehearse(rules_with(tmp_path, "allow"), None, NONE)["problems"]
    assert problem["code"] == "case-failed"
    assert "regel/a failed: warn, not allow" in problem["message"]


def test_rules_that_do_not_load_give_their_errors(tmp_path: Path) -> None:
    root = rules_with(tmp_path, "warn")
    (root / "usage/b.yaml").write_text("kind: x\n")
    (problem,) = rehearse(root, None, NONE)["problems"]
    assert (problem["code"], problem["file"]) == ("kind", "usage/b.yaml")


@pytest.mark.slow
def test_another_process_says_the_same(tmp_path: Path) -> None:
    good = rules_with(tmp_path / "good", "warn")
    assert load_rehearsed(good, models=NONE).revision == load(good).revision
    with pytest.raises(RuleError, match="case-failed"):
        load_rehearsed(rules_with(tmp_path / "bad", "allow"), models=NONE)


@pytest.mark.slow
def test_a_model_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    missing = ModelPaths(tmp_path / "none", use_pipeline=False, use_second_opinion=False)
    with pytest.raises(RuleError, match="case-failed"):
        load_rehearsed(rules_with(tmp_path / "good", "warn"), models=missing)


def test_a_rehearsal_that_does_not_end_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="did not finish"):
        load_rehearsed(rules_with(tmp_path, "warn"), timeout_s=0.01)
