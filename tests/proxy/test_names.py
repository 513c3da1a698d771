"""The interception decision over every combination of names (design §5: a foreign SNI passes an SNI-only test)."""

import pytest

from gateway.proxy.names import Names, disagree, is_ours, normalise


def is_intercepted(host: str) -> bool:
    return host == "ai.example.test" or host.endswith(".ai.example.test") or host == "192.0.2.7"


@pytest.mark.parametrize(
    ("names", "ours", "contradict", "why"),
    [
        (Names(target="ai.example.test"), True, False, "CONNECT to an AI host without SNI"),
        (Names(target="ai.example.test", sni="news.example.test"), True, True, "foreign SNI on an AI tunnel"),
        (Names(target="news.example.test", sni="ai.example.test"), True, True, "AI SNI on a foreign tunnel"),
        (Names(target="192.0.2.1", sni="ai.example.test"), True, False, "transparent: address and AI SNI"),
        (Names(target="192.0.2.7"), True, False, "address of a catalogued host, no SNI"),
        (Names(target="192.0.2.1"), False, False, "address, no SNI"),
        (Names(target="news.example.test", sni="news.example.test"), False, False, "ordinary web"),
        (Names(target="news.example.test", sni="mail.example.test"), False, False, "not ours to judge"),
        (Names(target="news.example.test", host_header="AI.example.test:443"), True, True, "Host differs inside"),
        (Names(target="ai.example.test", sni="AI.EXAMPLE.TEST.", host_header="ai.example.test:443"), True, False,
         "one host in three spellings"),
        (Names(target="a.ai.example.test", host_header="b.ai.example.test"), True, True, "two AI hosts"),
    ],
)  # fmt: skip
def test_decision(names: Names, ours: bool, contradict: bool, why: str) -> None:
    assert is_ours(names, is_intercepted) is ours, why
    assert disagree(names, is_intercepted) is contradict, why


def test_tls_to_the_proxy_itself_has_no_destination() -> None:
    assert not Names(sni="gateway.example.test").has_destination


@pytest.mark.parametrize(
    ("name", "expected"),
    [("EXAMPLE.test:8443", "example.test"), ("[::1]:443", "::1"), ("::1", "::1"), ("example.test.", "example.test")],
)
def test_one_spelling(name: str, expected: str) -> None:
    assert normalise(name) == expected
