"""A look at a large file: lines from all over it, at the places they have in the whole; nothing for small ones."""

from gateway.documents.sample import LARGE, sample
from gateway.model.traffic import PartRole, PromptPart


def file(text: str, number: int = 1, role: PartRole = PartRole.FILE) -> PromptPart:
    return PromptPart(f"u.{number}", role, text, "rows")


def test_little_text_needs_no_look() -> None:
    assert sample([file("naam;bsn\n" * 10)]) == ()


def test_a_large_prompt_is_no_file() -> None:
    assert sample([file("x" * LARGE, role=PartRole.USER)]) == ()


def test_lines_are_whole_and_begin_where_the_part_begins() -> None:
    whole = file("naam;bsn;adres\n" * 60_000)
    (looked,) = sample([whole])
    assert whole.text.startswith(looked.text)
    assert looked.text.endswith("\n")
    assert looked.id == whole.id
    assert len(looked.text) < 12_000


def test_pieces_from_all_over_the_file() -> None:
    parts = [file("regel\n" * 5_000, number) for number in range(20)]
    assert [part.id for part in sample(parts)] == ["u.0", "u.5", "u.10", "u.15"]


def test_one_endless_line_is_cut() -> None:
    (looked,) = sample([file("x" * LARGE)])
    assert 0 < len(looked.text) <= 12_000
