"""What an unclaimed string must look like to be inspected: a table with a reason per row."""

import pytest

from gateway.wire import significance


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("Bel mevrouw De Vries terug", "x9", True),  # a sentence under any key
        ("Fatima El Idrissi", "id", True),  # two words under a key for ids
        ("page view", "event", False),  # an option of two words
        ("Jansen", "query", True),  # one word under a key for human text
        ("Jansen", "mode", False),  # one word that is an option
        ("web_search", "name", False),
        ("smart", "mode", False),
        ("f.yilmaz@example.nl", "user_id", True),  # an address under any key
        ("@", "text", False),
        ("111222333", "value", True),
        ("111222333", "user_id", True),  # passes the 11-proof
        ("111222334", "user_id", False),  # an id that does not
        ("NL91ABNA0417164300", "id", True),
        ("06-12345678", "id", True),
        ("+31 6 12345678", "id", True),
        ("1795355321", "x", False),  # seconds since the epoch
        ("1795355321412", "x", False),  # milliseconds
        ("1994-05-12", "x", True),  # could be a birth date
        ("2026-11-22", "x", False),  # this year's date
        ("2026-11-22T10:01:00Z", "x", False),
        ("14.1200.0", "version", False),
        ("0f0e0d0c-1111-4222-8333-444455556666", "x", False),
        ("cbffab827f0c5e68acf0bbdd", "x", False),
        ("boq_assistant-bard-web-server_20261118.05_p0", "bl", False),
        ("claude-sonnet-4-20250514", "model", False),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko", "ua", False),
        ("Europe/Amsterdam", "timezone", False),
        ("application/json", "type", False),
        ("  \n", "text", False),
        ("[]", "text", False),
        ("a" * 5000, "token", False),
        ("woord " * 1000, "token", True),
    ],
)
def test_strings(text: str, key: str, expected: bool) -> None:
    assert significance.is_significant(text, key) is expected


@pytest.mark.parametrize(
    ("literal", "key", "expected"),
    [
        ("111222333", "bsn", True),
        ("111222333", "user_id", True),
        ("111222334", "user_id", False),
        ("31612345678", "telefoon", True),
        ("1795355321", "created", False),
        ("104857600", "file_size", False),
        ("42", "n", False),
        ("1.5", "n", False),
        ("true", "n", False),
    ],
)
def test_numbers(literal: str, key: str, expected: bool) -> None:
    assert significance.is_significant_number(literal, key) is expected


@pytest.mark.parametrize(
    ("digits", "expected"), [("111222333", True), ("11122233", False), ("999999999", False), ("012345672", True)]
)
def test_the_eleven_proof(digits: str, expected: bool) -> None:
    assert significance.passes_eleven(digits) is expected


def test_the_other_proofs() -> None:
    assert significance.passes_luhn("4111111111111111")
    assert not significance.passes_luhn("4111111111111112")
    assert significance.passes_mod97("NL91 ABNA 0417 1643 00")
    assert not significance.passes_mod97("NL91 ABNA 0417 1643 01")


def test_keys() -> None:
    assert significance.is_technical("conversationId")
    assert significance.is_technical("file_id")
    assert not significance.is_technical("idee")
    assert not significance.is_technical("valid")
    assert significance.is_secret_holder("thoughtSignature")
