"""Before anything starts: no listener of any mode is open to other machines without anybody having said so."""

from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.proxy import checks
from gateway.proxy.engine import Listener, listeners
from gateway.settings import Settings

REVERSE = "reverse:https://api.openai.com"


@pytest.mark.parametrize(
    ("mode", "listen", "identity"),
    [
        ("regular", "0.0.0.0:8080", "none"),
        ("regular@0.0.0.0:8090", "127.0.0.1:8080", "none"),
        (f"{REVERSE}@0.0.0.0:9000", "127.0.0.1:8080", "none"),
        (f"{REVERSE}@0.0.0.0:9000", "127.0.0.1:8080", "basic"),
        (REVERSE, "0.0.0.0:8080", "basic"),
        ("transparent", "0.0.0.0:8080", "basic"),
        ("socks5@[::]:1080", "127.0.0.1:8080", "basic"),
    ],
)
def test_an_open_listener_of_any_mode_must_be_allowed(tmp_path: Path, mode: str, listen: str, identity: str) -> None:
    """Only `listen` was looked at, and a login counted in modes where nobody is ever asked for one."""
    given = {"data": tmp_path, "mode": (mode,), "listen": listen, "identity": identity}
    with pytest.raises(SettingsError, match="open_listener"):
        checks.before_start(Settings(**given))
    checks.before_start(Settings(**given, open_listener=True))


@pytest.mark.parametrize(
    ("modes", "listen", "identity"),
    [
        (("regular",), "127.0.0.1:8080", "none"),
        (("regular", f"{REVERSE}@127.0.0.1:9000"), "localhost:8080", "none"),
        (("regular",), "0.0.0.0:8080", "basic"),
        (("regular@127.0.0.1:8090",), "0.0.0.0:8080", "none"),
        (("regular@0.0.0.0:8090", f"{REVERSE}@[::1]:9000"), "127.0.0.1:8080", "basic"),
    ],
)
def test_what_nobody_else_reaches_or_asks_for_a_login_needs_no_leave(
    tmp_path: Path, modes: tuple[str, ...], listen: str, identity: str
) -> None:
    checks.before_start(Settings(data=tmp_path, mode=modes, listen=listen, identity=identity))


def test_a_port_alone_keeps_the_address_of_the_setting() -> None:
    assert listeners((f"{REVERSE}@9000",), ("127.0.0.1", 8080)) == (
        Listener("127.0.0.1", 9000, asks=False, is_tcp=True),
    )
