"""Registered documents: a passage is recognised however it is laid out, and nothing of the text is kept."""

from pathlib import Path

import pytest

from gateway.detection.phrases.registered import Register, RegisteredDocuments, hashes_of, winnowed
from gateway.detection.phrases.words import read
from gateway.errors import SettingsError

SECRET = """Het college overweegt het voormalige schoolgebouw aan de Parallelweg te verkopen aan een zorgaanbieder.
De opbrengst wordt gebruikt voor de nieuwbouw van de sporthal. Omwonenden weten dit nog niet. De ontwikkelaar heeft
toegezegd om ten minste veertig sociale huurwoningen te bouwen als de bestemming voor de zomer wordt gewijzigd.
Wethouder en ambtenaren spreken hierover alleen in kleine kring totdat de koopovereenkomst is getekend."""
PUBLIC = """De gemeente onderhoudt wegen en groen in alle wijken. In het voorjaar worden de bermen gemaaid en worden
boomspiegels opgeschoond. Inwoners kunnen meldingen doen via de website of telefonisch. De planning staat online."""


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(tmp_path / "documents")


def passages(documents: RegisteredDocuments, text: str) -> list[str]:
    return [text[start:end] for start, end in documents.find(read(text))]


def test_a_quoted_passage_is_found_and_bounded(register: Register) -> None:
    register.add([SECRET], "")
    quote = (
        "De opbrengst wordt gebruikt voor de nieuwbouw van de sporthal. Omwonenden weten dit nog niet. De ontwikkelaar"
    )
    found = passages(register.load(), f"Kun je dit korter schrijven? {quote} bedankt alvast voor de hulp hierbij.")
    assert len(found) == 1
    assert "nieuwbouw van de sporthal" in found[0]
    assert "bedankt" not in found[0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (str.upper, "capitals"),
        (lambda text: text.replace(" ", "\n"), "every word on its own line"),
        (lambda text: text.replace(".", " -").replace(",", ""), "other punctuation"),
        (lambda text: "> " + text.replace("\n", "\n> "), "quoted in a mail"),
        (lambda text: text.replace("overweegt", "denkt erover om").replace("veertig", "dertig"), "two words changed"),
        (lambda text: text[200:460], "a part of it"),
    ],
)
def test_layout_and_small_edits_do_not_hide_a_passage(register: Register, change: object, reason: str) -> None:
    register.add([SECRET], "")
    assert callable(change)
    assert passages(register.load(), change(SECRET)), reason


def test_other_text_is_left_alone(register: Register) -> None:
    register.add([SECRET], "")
    documents = register.load()
    assert not passages(documents, PUBLIC)
    assert not passages(documents, "Omwonenden weten dit nog niet. Het college overweegt een nieuwe sporthal.")
    assert not passages(documents, "")


def test_boilerplate_can_be_left_out(register: Register) -> None:
    register.add([f"{PUBLIC}\n{SECRET}"], "", without=[PUBLIC])
    assert not passages(register.load(), PUBLIC)
    assert passages(register.load(), SECRET)


def test_nothing_of_the_text_is_kept_and_the_key_is_private(register: Register, tmp_path: Path) -> None:
    register.add([SECRET], "nota 12")
    folder = tmp_path / "documents"
    stored = (folder / "registered.json").read_text()
    assert not any(word in stored.casefold() for word in ("parallelweg", "sporthal", "college"))
    assert (folder / "registered.key").stat().st_mode & 0o077 == 0


def test_the_key_matters() -> None:
    words = read(SECRET)
    assert not winnowed(hashes_of(words, b"a" * 32)) & winnowed(hashes_of(words, b"b" * 32))


def test_removing_forgets(register: Register) -> None:
    document = register.add([SECRET], "")
    assert register.remove(document.id)
    assert not register.remove(document.id)
    assert not passages(register.load(), SECRET)


def test_too_short_a_document_is_refused(register: Register) -> None:
    with pytest.raises(SettingsError, match="too few words"):
        register.add(["Zes woorden zijn echt te weinig"], "")


@pytest.mark.parametrize(
    "damage",
    ["{", "[]", '{"version": 1}', '{"version": 9, "documents": []}', '{"version": 1, "documents": [{"id": "a"}]}'],
)
def test_a_damaged_register_is_told(register: Register, tmp_path: Path, damage: str) -> None:
    register.add([SECRET], "")
    (tmp_path / "documents" / "registered.json").write_text(damage)
    with pytest.raises(SettingsError, match="register"):
        register.load()


def test_no_register_is_an_empty_one(register: Register) -> None:
    assert register.load().documents == ()
