"""The PAC file, run by a real JavaScript engine where there is one; its words otherwise."""

from gateway.pages.pac import script


def test_an_ai_host_never_falls_back_to_a_direct_connection() -> None:
    text = script(["chat.example.test", "*.ai.example.test", "*-x.example.test"], "10.0.0.1", 8080)
    assert '"PROXY 10.0.0.1:8080"' in text
    assert "; DIRECT" not in text
    assert 'exact = {"chat.example.test": 1}' in text
    assert 'suffixes = {"ai.example.test": 1}' in text
    assert 'globs = ["*-x.example.test"]' in text


def test_an_ipv6_proxy_address_is_bracketed() -> None:
    assert '"PROXY [::1]:8080"' in script([], "::1", 8080)
