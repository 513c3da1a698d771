"""Model A finds names in every case, and any local spaCy folder may take its place."""

from pathlib import Path

import pytest
import spacy

from nl_models import ModelError, load_pipeline


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    return load_pipeline()


def people(nlp: spacy.Language, text: str) -> list[str]:
    return [entity.text for entity in nlp(text).ents if entity.label_ == "PER"]


@pytest.mark.parametrize(
    ("text", "found", "reason"),
    [
        ("Kunt u een brief sturen aan Willemijn van der Horst?", ["Willemijn van der Horst"], "running text"),
        ("kan je willemijn van der horst even bellen", ["willemijn van der horst"], "lower case"),
        ("BEZWAAR VAN WILLEMIJN VAN DER HORST", ["WILLEMIJN VAN DER HORST"], "capitals"),
        ("De heer en mevrouw Yıldız wonen daar al jaren.", ["Yıldız"], "a surname after two titles"),
        ("Naam: Krishnadath Ramautarsing\nDatum: 3 mei", ["Krishnadath Ramautarsing"], "a form"),
        ("Maak een tabel met Naam, Datum en Bedrag.", [], "column heads"),
        ("De melding over de Jan van Galenstraat is afgehandeld.", [], "a street named after somebody"),
    ],
)
def test_people(nlp: spacy.Language, text: str, found: list[str], reason: str) -> None:
    assert people(nlp, text) == found, reason


def test_lemmas_are_filled_for_context_words(nlp: spacy.Language) -> None:
    assert [token.lemma_ for token in nlp("Het BSN is onbekend")] == ["het", "bsn", "is", "onbekend"]


def test_nothing_is_hidden_in_the_shipped_model(nlp: spacy.Language) -> None:
    assert nlp.get_pipe("lexicon_tagger").hide == 0


def test_another_local_pipeline_takes_its_place(tmp_path: Path) -> None:
    spacy.blank("nl").to_disk(tmp_path / "own")
    assert load_pipeline(tmp_path / "own").pipe_names == []


def test_a_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no spaCy pipeline here") as raised:
        load_pipeline(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in str(raised.value)


@pytest.mark.parametrize("damage", [b"", b"[nlp]\nlang = 'nl'\npipeline = ['nothing']\n", b"\xff\xfe\x00"])
def test_a_damaged_folder_is_one_clear_error(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "config.cfg").write_bytes(damage)
    with pytest.raises(ModelError, match="does not load"):
        load_pipeline(tmp_path)
