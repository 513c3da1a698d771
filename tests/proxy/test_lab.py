"""`--connect-to`: what it accepts, and that only chosen hosts are looked up elsewhere."""

import asyncio

import pytest

from gateway.errors import SettingsError
from gateway.proxy.lab import LabLoop, parse_connect_to


def test_addresses_of_both_families() -> None:
    table = parse_connect_to(["Chat.example.test:443:127.0.0.1:9", "b.example.test:80:[::1]:8"])
    assert table == {("chat.example.test", 443): ("127.0.0.1", 9), ("b.example.test", 80): ("::1", 8)}


@pytest.mark.parametrize("spec", ["", "a", "a:443", "a:443:b", "a:x:b:1", "a:443:b:x"])
def test_anything_else_is_one_line(spec: str) -> None:
    with pytest.raises(SettingsError, match="HOST:PORT:ADDR:PORT"):
        parse_connect_to([spec])


def test_only_the_chosen_host_and_port_go_elsewhere() -> None:
    async def look_up(host: str, port: int) -> tuple[str, int]:
        found = await asyncio.get_running_loop().getaddrinfo(host, port)
        return found[0][4][0], found[0][4][1]  # type: ignore[return-value]

    with asyncio.Runner(loop_factory=lambda: LabLoop({("chat.example.test", 443): ("127.0.0.7", 99)})) as runner:
        assert runner.run(look_up("chat.example.test", 443)) == ("127.0.0.7", 99)
        assert runner.run(look_up("127.0.0.1", 443)) == ("127.0.0.1", 443)
