"""Which traffic is opened: AI hosts by any of their names; everything else keeps its own certificate."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.harness import BLOCKED, CHAT, Lab, Upstream

MARK = "Merkwoord-Kanarie"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(Path(tmp_path_factory.mktemp("lab")), changes={"tenants": {"lab": "gemeente-voorbeeld"}}) as lab:
        yield lab


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upstream]:
    """A site that is no AI service, with a certificate of its own."""
    upstream = Upstream(Path(tmp_path_factory.mktemp("other")), ("localhost",))
    yield upstream
    upstream.close()


@pytest.fixture(autouse=True)
def _forget(lab: Lab) -> None:
    lab.upstream.forget()


class Tunnel:
    """A CONNECT tunnel with a ClientHello and a request of the test's own choosing."""

    def __init__(self, lab: Lab, target: str, sni: str | None) -> None:
        host, port = lab.program.addresses[0]
        plain = socket.create_connection((host, port), 10)
        plain.sendall(f"CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n".encode())
        assert b"200" in plain.recv(4096)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._socket = context.wrap_socket(plain, server_hostname=sni)

    def get(self, host: str) -> bytes:
        self._socket.sendall(f"GET /?q={MARK} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode())
        answer = b""
        while chunk := self._socket.recv(65536):
            answer += chunk
        return answer


def test_a_site_outside_the_lists_keeps_its_own_certificate(lab: Lab, other: Upstream) -> None:
    trust = ssl.create_default_context(cafile=str(other.ca))
    with httpx.Client(proxy=lab.proxy, verify=trust, trust_env=False) as client:
        answer = client.post(f"https://localhost:{other.port}/v1/anything", content=MARK)
    assert answer.status_code == 200
    assert other.holds(MARK)
    assert lab.metric("gateway_connections_total", handling="passed") >= 1


@pytest.mark.parametrize(
    ("target", "sni", "host", "why"),
    [
        (f"{CHAT}:443", CHAT, BLOCKED, "Host inside the tunnel differs"),
        (f"{CHAT}:443", CHAT, "news.example", "Host inside the tunnel is another site"),
        ("news.example:443", CHAT, CHAT, "the tunnel was asked for another site"),
    ],
)
def test_names_that_disagree_are_refused(lab: Lab, target: str, sni: str, host: str, why: str) -> None:
    """Design §5: decide on all names known; refuse when they disagree and one is catalogued."""
    answer = Tunnel(lab, target, sni).get(host)
    assert b" 403 " in answer.splitlines()[0], why
    assert not lab.upstream.holds(MARK)
    assert lab.metric("gateway_refusals_total", reason="names-disagree") >= 1


def test_a_missing_sni_does_not_pass_an_ai_host(lab: Lab) -> None:
    """Design §5: an SNI-only test is passed by a missing SNI."""
    answer = Tunnel(lab, f"{BLOCKED}:443", None).get(BLOCKED)
    assert b" 403 " in answer.splitlines()[0]


def test_a_foreign_sni_on_an_ai_tunnel_gets_no_certificate(lab: Lab) -> None:
    with pytest.raises((ssl.SSLError, OSError)):
        Tunnel(lab, f"{CHAT}:443", "news.example")


def test_bytes_that_are_no_http_do_not_pass_to_an_ai_host(lab: Lab) -> None:
    host, port = lab.program.addresses[0]
    with socket.create_connection((host, port), 10) as plain:
        plain.sendall(f"CONNECT {CHAT}:443 HTTP/1.1\r\nhost: {CHAT}:443\r\n\r\n".encode())
        assert b"200" in plain.recv(4096)
        plain.sendall(b"SSH-2.0-" + MARK.encode() + b"\r\n\r\n")
        plain.settimeout(5)
        assert b" 400 " in plain.recv(4096)
    assert not lab.upstream.holds(MARK)


def test_a_blocked_host_is_never_connected(lab: Lab) -> None:
    before = lab.upstream.connections
    with lab.client() as client:
        assert client.get(f"https://{BLOCKED}/", headers={"sec-fetch-mode": "navigate"}).status_code == 403
    assert lab.upstream.connections == before


def test_a_preflight_of_a_blocked_host_is_answered_so_that_the_page_can_read_the_refusal(lab: Lab) -> None:
    headers = {"origin": "https://app.example", "access-control-request-method": "POST"}
    with lab.client() as client:
        answer = client.options(f"https://{BLOCKED}/v1/chat", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert answer.headers["access-control-allow-credentials"] == "true"


def test_the_pac_file_is_answered_on_the_proxy_port(lab: Lab) -> None:
    answer = httpx.get(f"{lab.proxy}/proxy.pac", trust_env=False)
    assert answer.headers["content-type"] == "application/x-ns-proxy-autoconfig"
    assert CHAT in answer.text
    assert f'"PROXY {lab.proxy.removeprefix("http://")}"' in answer.text


def test_what_goes_upstream_carries_tenant_headers_and_no_credentials_of_ours(lab: Lab) -> None:
    with lab.client() as client:
        client.post(
            f"https://{CHAT}/v1/chat/completions",
            json={"messages": [{"role": "user", "content": "Hallo"}]},
            headers={"proxy-authorization": "Basic c2VjcmV0", "x-authenticated-user": "jansen", "x-lab-tenant": "own"},
        )
    (received,) = lab.upstream.service.received
    assert received.headers["x-lab-tenant"] == "gemeente-voorbeeld"
    assert received.headers["accept-encoding"] == "identity"
    assert "proxy-authorization" not in received.headers
    assert "x-authenticated-user" not in received.headers


@pytest.mark.parametrize("target", [f"{CHAT.title()}:443", f"{CHAT}.:443"], ids=["capitals", "root"])
def test_no_spelling_of_a_host_goes_without_its_tenant_header(lab: Lab, target: str) -> None:
    """The tool was found by the name in one spelling, its tenant headers by the name as it was written."""
    answer = Tunnel(lab, target, CHAT).get(CHAT)
    assert b" 200 " in answer.splitlines()[0]
    (received,) = lab.upstream.service.received
    assert received.headers["x-lab-tenant"] == "gemeente-voorbeeld"


def test_plain_http_to_an_ai_host_is_judged_as_well(lab: Lab) -> None:
    with lab.client() as client:
        answer = client.post(f"http://{BLOCKED}/v1/chat", json={"q": MARK})
    assert answer.status_code == 403
    assert not lab.upstream.holds(MARK)


def test_the_journal_holds_nothing_of_other_sites(lab: Lab, other: Upstream) -> None:
    journal = lab.settings.journal_path.read_bytes()
    assert b"localhost" not in journal
    assert str(other.port).encode() not in journal
