"""Both models can be trained from the repository: a smoke run of a minute at most."""

import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from nl_models import load_pipeline, load_second_opinion
from nl_models.training.corpus import SMOKE, build
from nl_models.training.model_a import Recipe, blank


def run(step: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", f"nl_models.training.{step}", *arguments], check=True, timeout=240)


@pytest.mark.slow
def test_model_a_can_be_trained(tmp_path: Path) -> None:
    build(tmp_path, SMOKE)
    run("model_a", "--smoke", "--data", str(tmp_path), "--out", str(tmp_path / "a"))
    assert load_pipeline(tmp_path / "a").pipe_names == ["lexicon_tagger", "ner"]


@pytest.mark.slow
def test_model_b_can_be_trained(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs nl_models/training/requirements.txt, the product does not")
    from nl_models.training.encoder import random_encoder

    build(tmp_path, SMOKE)
    random_encoder(tmp_path)
    for stage in ("names", "facts"):
        run("model_b", "--smoke", "--data", str(tmp_path), "--encoder", str(tmp_path), "--stage", stage)
    run("model_b_export", "--data", str(tmp_path), "--encoder", str(tmp_path), "--out", str(tmp_path / "b"))
    reader = load_second_opinion(tmp_path / "b")
    assert reader is not None
    reader.read("Jan belt", [(0, 8)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("naam;Jansen|Utrecht", ["naam", ";", "Jansen", "|", "Utrecht"]),
        ("Fatima's moeder", ["Fatima", "'s", "moeder"]),
        ("@Jan Bezwaar_Jansen", ["@", "Jan", "Bezwaar", "_", "Jansen"]),
        ("Naam:Jan,Piet", ["Naam", ":", "Jan", ",", "Piet"]),
        ("j.jansen@voorbeeldstad.nl", ["j.jansen@voorbeeldstad.nl"]),
        ("Bakker-Smit 10:30 1,5", ["Bakker-Smit", "10:30", "1,5"]),
    ],
)
def test_tokens_of_tables_and_chat(text: str, words: list[str]) -> None:
    nlp: spacy.Language = blank(Recipe().seed)
    assert [token.text for token in nlp.make_doc(text)] == words
