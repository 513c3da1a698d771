"""Which header values are read: what a client says of itself is not, a person's words in the same header are."""

import pytest

from gateway.wire.headers import is_inspected


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("accept-encoding", "gzip, deflate, br, zstd", False),
        ("accept-encoding", "gzip, mevrouw Jansen belt morgen terug", True),
        ("accept-encoding", "gzip, 111222333", True),
        ("accept", "text/html, application/xhtml+xml, */*;q=0.8", False),
        ("user-agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/154.0.0.0", False),
        ("user-agent", "schrijf een brief aan mevrouw Jansen", True),
        ("x-file-name", "Jansen.docx", True),
        ("cookie", "session=een twee drie vier vijf", False),
    ],
    ids=[
        "codings",
        "words behind a coding",
        "a number behind a coding",
        "media types",
        "a browser",
        "a prompt as a browser",
        "a file's name",
        "credentials are never read",
    ],
)
def test_what_is_read(name: str, value: str, read: bool) -> None:
    assert is_inspected(name, value) is read
