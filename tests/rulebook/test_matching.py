"""Which endpoint a request belongs to."""

import pytest

from gateway.model.traffic import EndpointKind, Transport
from gateway.rulebook.documents.tool import Tool
from gateway.rulebook.matching import RoutingTable, path_expression

TOOL = Tool.model_validate(
    {
        "kind": "tool/v1",
        "id": "t",
        "name": "T",
        "supplier": "S",
        "purpose": {"nl": "a", "en": "b"},
        "screening": {"status": "pending"},
        "endpoints": [
            {"id": "chat", "hosts": ["t.example"], "paths": ["/api/chat/*"], "methods": ["POST"], "kind": "prompt"},
            {"id": "new", "hosts": ["t.example"], "paths": ["/api/chat/new"], "kind": "draft"},
            {"id": "static", "hosts": ["t.example"], "paths": ["/static/**", "/**/*.js"], "kind": "static"},
            {
                "id": "json",
                "hosts": ["t.example"],
                "paths": ["/up"],
                "media_types": ["application/json"],
                "kind": "upload",
            },
            {"id": "socket", "hosts": ["t.example"], "paths": ["/ws"], "transport": "websocket", "kind": "prompt"},
            {"id": "rest", "hosts": ["*.t.example"], "kind": "telemetry"},
            {"id": "own", "hosts": ["api.t.example"], "paths": ["/v1/**"], "kind": "prompt"},
        ],
    }
)
ROUTES = RoutingTable.of([TOOL])


@pytest.mark.parametrize(
    ("host", "method", "path", "media_type", "transport", "endpoint"),
    [
        pytest.param("t.example", "POST", "/api/chat/1", "", "http", "chat", id="one segment"),
        pytest.param("t.example", "GET", "/api/chat/1", "", "http", "unknown", id="the method counts"),
        pytest.param("t.example", "POST", "/api/chat/1/2", "", "http", "unknown", id="a star is one segment"),
        pytest.param("t.example", "post", "/api/chat/new", "", "http", "new", id="a literal beats a star"),
        pytest.param("t.example", "GET", "/static/a/b.css", "", "http", "static", id="two stars: any depth"),
        pytest.param("t.example", "GET", "/static", "", "http", "static", id="two stars: also none"),
        pytest.param("t.example", "GET", "/x/y.js", "", "http", "static", id="by extension"),
        pytest.param("t.example", "POST", "/up", "application/json; charset=utf-8", "http", "json", id="media type"),
        pytest.param("t.example", "POST", "/up", "text/plain", "http", "unknown", id="another media type"),
        pytest.param("t.example", "GET", "/ws", "", "websocket", "socket", id="transport"),
        pytest.param("t.example", "GET", "/ws", "", "http", "unknown", id="another transport"),
        pytest.param("x.t.example", "POST", "/anything", "", "http", "rest", id="suffix"),
        pytest.param("api.t.example", "POST", "/v2/chat", "", "http", "unknown", id="a named host hides the suffix"),
        pytest.param("t.example", "POST", "/static/../api/chat/1", "", "http", "chat", id="dot segments"),
        pytest.param("t.example", "POST", "/static/%2e%2e/api/chat/1", "", "http", "chat", id="encoded dots"),
        pytest.param("t.example", "POST", "/static/%252e%252e%255capi/chat/1", "", "http", "chat", id="encoded twice"),
        pytest.param("t.example", "POST", "/static/../elsewhere", "", "http", "unknown", id="never unread when odd"),
        pytest.param("t.example", "POST", "/static//x", "", "http", "unknown", id="double slash"),
        pytest.param("t.example", "POST", "/static/x;/../y", "", "http", "unknown", id="path parameter"),
    ],
)
def test_most_specific_endpoint(  # noqa: PLR0917 one row of the table
    host: str, method: str, path: str, media_type: str, transport: str, endpoint: str
) -> None:
    found = ROUTES.find(host=host, method=method, path=path, media_type=media_type, transport=Transport(transport))
    assert found is not None
    assert found[0] == "t"
    assert found[1].endpoint_id == endpoint
    assert (found[1].kind is EndpointKind.UNKNOWN) is (endpoint == "unknown")


def test_another_host_is_not_ours() -> None:
    assert ROUTES.find(host="e.example", method="GET", path="/", media_type="", transport=Transport.HTTP) is None


@pytest.mark.parametrize(("pattern", "path"), [("/**", "/"), ("/**", "/a/b"), ("/a", "/a/"), ("/", "/")])
def test_paths_that_fit(pattern: str, path: str) -> None:
    assert path_expression(pattern).fullmatch(path)
