"""The login at the door: no road round it. (A module of its own: the engine's context is one per process.)"""

import socket
from pathlib import Path

from gateway.audit.query import Filter, events, reading
from gateway.proxy.identity import hash_password
from tests.e2e.harness import CHAT, Lab
from tests.e2e.test_attacks import CHAT_PATH, HARMLESS, answer, request


def test_a_request_without_a_tunnel_does_not_get_past_the_login(tmp_path: Path) -> None:
    """Logging in happened at CONNECT only, so an absolute target went round it, as nobody in particular."""
    people = tmp_path / "people.toml"
    people.write_text(f"[jansen]\npassword = '{hash_password('geheim')}'\ndepartment = 'Burgerzaken'\n")
    people.chmod(0o600)
    with Lab(tmp_path, changes={"identity": "basic", "identity_file": people}) as lab:
        assert lab.thread.run(lab.program.sentinel.try_once())
        asked = request("POST", f"https://{CHAT}{CHAT_PATH}", HARMLESS)
        wrong = request(
            "POST", f"https://{CHAT}{CHAT_PATH}", HARMLESS, "proxy-authorization: Basic amFuc2VuOmFuZGVycw=="
        )
        for data in (asked, wrong):
            assert b" 407 " in answer(socket.create_connection(lab.program.addresses[0], 10), data).splitlines()[0]
        assert lab.upstream.raw == b""


def test_a_front_that_sends_no_name_is_refused_and_told_so(tmp_path: Path) -> None:
    with Lab(tmp_path, changes={"identity": "header", "identity_fronts": ("127.0.0.0/8",)}) as lab:
        assert lab.thread.run(lab.program.sentinel.try_once())
        refused = lab.ask("Hallo")
        assert refused.status_code == 403
        assert "niet wie u bent" in refused.json()["error"]["message"]
        assert lab.upstream.raw == b""
        assert lab.metric("gateway_refusals_total", reason="identity-missing") == 1
        with lab.client() as client:
            body = {"messages": [{"role": "user", "content": "Hallo"}]}
            named = {"x-authenticated-user": "jansen"}
            assert client.post(f"https://{CHAT}{CHAT_PATH}", json=body, headers=named).status_code == 200
        with reading(lab.settings.journal_path) as database:
            assert [["identity-missing", ""]] in [event.get("reasons") for event in events(database, Filter(), 9)]
