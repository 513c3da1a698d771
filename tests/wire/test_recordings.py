"""Samples and HAR files as messages; fragments put together."""

import base64
import json

import pytest

from gateway.errors import WireError
from gateway.model.traffic import Transport
from gateway.wire.recordings import read

REQUEST = {"method": "GET", "url": "https://a.example/ws", "headers": [["Upgrade", "websocket"]]}


def test_websocket_fragments_become_one_message() -> None:
    sample = {
        "format": "traffic-sample/1",
        "id": "a/b",
        "request": REQUEST,
        "websocket": {
            "messages": [
                {"dir": "server", "opcode": "text", "encoding": "utf-8", "data": "hoi"},
                {
                    "dir": "client",
                    "opcode": "text",
                    "encoding": "base64",
                    "data": base64.b64encode(b"caf\xc3").decode(),
                    "fin": False,
                },
                {
                    "dir": "client",
                    "opcode": "continuation",
                    "encoding": "base64",
                    "data": base64.b64encode(b"\xa9").decode(),
                },
                {"dir": "client", "opcode": "binary", "encoding": "base64", "data": "AQI="},
            ]
        },
    }
    (recording,) = read(json.dumps(sample).encode())
    assert [(message.transport, message.body, message.is_text_frame) for message in recording.messages] == [
        (Transport.HTTP, b"", False),
        (Transport.WEBSOCKET, "café".encode(), True),
        (Transport.WEBSOCKET, b"\x01\x02", False),
    ]
    assert recording.messages[0].headers == (("upgrade", "websocket"),)


def test_har_bodies_as_text_base64_and_pairs() -> None:
    def entry(data: dict[str, object] | None) -> dict[str, object]:
        return {"request": {"method": "POST", "url": "https://a.example/", "headers": [], "postData": data}}

    har = {
        "log": {
            "entries": [
                entry({"text": "{}"}),
                entry({"text": "AQI=", "encoding": "base64"}),
                entry({"params": [{"name": "a", "value": "1"}, {"name": "b"}]}),
                entry(None),
            ]
        }
    }
    assert [recording.messages[0].body for recording in read(json.dumps(har).encode())] == [
        b"{}",
        b"\x01\x02",
        b"a=1&b=",
        b"",
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"log":3}', b'{"format":"traffic-sample/1","id":"x"}'])
def test_other_files_are_one_clear_error(content: bytes) -> None:
    with pytest.raises(WireError, match=r"^[^\n]+$"):
        read(content)
