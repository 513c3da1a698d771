"""The handbook page names every recognizer of this package and every strength."""

from pathlib import Path

from gateway.detection.phrases.recognizers import PHRASE_RECOGNIZERS
from gateway.detection.phrases.scenes import Strength

PAGE = (Path(__file__).parents[3] / "deploy/handbook/phrases.md").read_text(encoding="utf-8")


def test_every_recognizer_and_strength_is_on_the_page() -> None:
    for name in (*PHRASE_RECOGNIZERS, "registered-document", "learned-fact", *Strength):
        assert f"`{name}`" in PAGE
