"""Which strings are names of files."""

import pytest

from gateway.wire.file_names import is_document_in_path, is_file_name


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("dossier", "originalFileName", True),  # the key is certain
        ("dossier", "file_name", True),
        ("dossier", "name", False),  # no extension
        ("dossier.pdf", "name", True),
        ("dossier.pdf", "SOURCE_NAME", True),
        ("dossier Vos.docx", "x", True),  # a space and an extension
        ("dossier.docx", "x", False),
        ("docs/readme.md", "path", False),  # a path of a program
        ("Lees bijlage.pdf\nen antwoord", "name", False),
        ("", "filename", False),
    ],
)
def test_strings(text: str, key: str, expected: bool) -> None:
    assert is_file_name(text, key) is expected


def test_path_segments() -> None:
    assert is_document_in_path("Vos.pdf")
    assert is_document_in_path("verslag Vos.txt")
    assert not is_document_in_path("index.html")
    assert not is_document_in_path("createUploadSession")
