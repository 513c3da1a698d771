"""The handbook page lists every check and every recognizer of this room, and nothing else."""

import re
from pathlib import Path

from gateway.detection.checksums import CHECKSUMS
from gateway.detection.phrases.recognizers import PHRASE_RECOGNIZERS
from gateway.detection.registry import RECOGNIZERS

PAGE = (Path(__file__).parents[2] / "deploy" / "handbook" / "detection.md").read_text(encoding="utf-8")


def listed(head: str) -> set[str]:
    table = PAGE.split(f"| `{head}` |", 1)[1].split("\n\n", 1)[0]
    return set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))


def test_every_check_is_listed() -> None:
    assert listed("validate_with") == set(CHECKSUMS)


def test_every_recognizer_is_listed() -> None:
    assert listed("recognizer") == set(RECOGNIZERS) - set(PHRASE_RECOGNIZERS) - {"registered-document", "learned-fact"}
