"""Tenant headers: for the right hosts, only with a value, and asked for at start when one is missing."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from gateway.proxy.tenants import missing_values, tenant_headers
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.tool import TenantHeader, Tool

HEADER = TenantHeader(
    hosts=("chat.example.test", "*.login.example.test"), name="x-tenant", value_from_setting="tenants.one"
)
TOOL = cast(Tool, SimpleNamespace(tenant_headers=(HEADER,)))


@pytest.mark.parametrize(
    ("host", "values", "expected"),
    [
        ("chat.example.test", {"one": "t-1"}, [("x-tenant", "t-1")]),
        ("a.login.example.test", {"one": "t-1"}, [("x-tenant", "t-1")]),
        ("other.example.test", {"one": "t-1"}, []),
        ("chat.example.test", {"two": "t-2"}, []),
        ("chat.example.test", {"one": ""}, []),
    ],
)
def test_headers(host: str, values: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert list(tenant_headers(TOOL, host, values)) == expected


def test_an_unregistered_tool_has_none() -> None:
    assert list(tenant_headers(None, "chat.example.test", {"one": "t-1"})) == []


def test_missing_values_are_named() -> None:
    book = cast(RuleBook, cast(Any, SimpleNamespace(tools=(TOOL,))))
    assert missing_values(book, {}) == ("one",)
    assert missing_values(book, {"one": "t-1"}) == ()
