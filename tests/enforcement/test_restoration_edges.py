"""Restoration at its edges: exact bytes, escaping levels, bounds, broken input, other people's tokens."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.enforcement import restoration, streams
from gateway.enforcement.ledger import Ledger
from gateway.enforcement.restoration import Restorer
from gateway.enforcement.sockets import SocketRestorer
from gateway.enforcement.vault import Cipher, Conversation, VaultKeys
from gateway.model.inspection import Entity
from gateway.model.traffic import AnswerFormat
from tests.enforcement.conftest import FixedConversation

VALUES = {"[PERSOON-1]": 'Zoë "Z"\nde Wit', "[BSN-1]": "111222333", "[ADRES-1]": "Kade 5 <b> & hof"}


def run(content_type: str, data: bytes, *, appends: tuple[str, ...] = (), cut: int = 0) -> bytes:
    restorer = Restorer(content_type, AnswerFormat(appends), FixedConversation(VALUES))
    size = cut or len(data) or 1
    out = b"".join(restorer.feed(data[at : at + size]) for at in range(0, len(data), size))
    return out + restorer.close()


@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        (
            "text/event-stream",
            ': comment\n\nid: 7\nretry: 10\nevent: x\ndata: {"a" : "b\\u00e9" , "c":[ ]}\n\ndata: [DONE]\n\n',
        ),
        ("text/event-stream", '\ufeffdata: {"v":"[x]"}\r\n\r\n:keep-alive\r\n\r\n'),
        ("text/event-stream", "data: {broken [PERSOON-2]\n\ndata\n\n\n\nfoo: bar\n\n"),
        ("application/json", '{ "a": 1.0e5, "b": "[PERSOON-2] [1] [doc1]", "a": "\\/" }\n'),
        ("application/json", '[1,2,"[PERSOON"]'),
        ("application/json", '{"not closed": "[PERSOON-'),
        ("application/json", ""),
        ("application/x-ndjson", '{"a":"[2]"}\n\n{"a":"b"}'),
        ("text/html", "<p>[PERSOON-1]</p>"),
        ("image/png", "\x89PNG [PERSOON-1]"),
        ("application/json", ')]}\'\n\n12\n[["e",4]]\n'),
    ],
)
@pytest.mark.parametrize("cut", [0, 1])
def test_what_holds_no_token_keeps_its_bytes(content_type: str, data: str, cut: int) -> None:
    raw = data.encode("utf-8")
    assert run(content_type, raw, cut=cut) == raw


def test_only_the_value_changes_in_an_event() -> None:
    before = '{"k" : "caf\\u00e9 [BSN-1] \\ud83d\\ude00 \\/x", "n": 1.0, "z":["\\u005bBSN-1]"]}'
    after = '{"k" : "caf\\u00e9 111222333 \\ud83d\\ude00 \\/x", "n": 1.0, "z":["111222333"]}'
    assert run("application/json", before.encode()) == after.encode()


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_json_in_json_is_escaped_for_its_level(levels: int) -> None:
    data: object = {"text": "Aan [PERSOON-1]"}
    for _ in range(levels - 1):
        data = {"inner": json.dumps(data)}
    node = json.loads(run("application/json", json.dumps(data).encode()))
    for _ in range(levels - 1):
        node = json.loads(node["inner"])
    assert node == {"text": f"Aan {VALUES['[PERSOON-1]']}"}


def test_arguments_of_a_tool_call_stay_json() -> None:
    """The pieces are fragments of JSON in a string: put together, they must still parse."""
    arguments = json.dumps({"naam": "[PERSOON-1]", "bsn": "[BSN-1]"})
    pieces = [arguments[at : at + 5] for at in range(0, len(arguments), 5)]
    rows = [
        {"choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, "function": {"arguments": p}}]}}]}
        for p in pieces
    ]
    data = "".join(f"data: {json.dumps(row)}\n\n" for row in rows).encode()
    out = run("text/event-stream", data, appends=("body.choices[*].delta.tool_calls[*].function.arguments",)).decode()
    found = [json.loads(line[6:]) for line in out.splitlines() if line]
    joined = "".join(row["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"] for row in found)
    assert json.loads(joined) == {"naam": VALUES["[PERSOON-1]"], "bsn": "111222333"}


def test_anthropic_tool_input_stays_json() -> None:
    rows = [
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": p}}
        for p in ('{"n": "[PERS', 'OON-1]"}')
    ]
    data = "".join(f"event: content_block_delta\ndata: {json.dumps(row)}\n\n" for row in rows).encode()
    out = run("text/event-stream", data, appends=("body.delta.partial_json",)).decode()
    joined = "".join(
        json.loads(line[6:])["delta"]["partial_json"] for line in out.splitlines() if line.startswith("data")
    )
    assert json.loads(joined) == {"n": VALUES["[PERSOON-1]"]}


def test_a_line_break_in_a_value_keeps_plain_events_whole() -> None:
    assert run("text/event-stream", b"data: Aan [PERSOON-1]!\n\n") == 'data: Aan Zoë "Z"\ndata: de Wit!\n\n'.encode()


def test_html_is_escaped_and_attributes_keep_their_tokens() -> None:
    """What the page sends back with the next prompt must come back as a token."""
    content = '<p data-state="[ADRES-1]">[ADRES-1]</p>'
    frame = f'<template data-web-mobile-dpu-frame="{len(content)}">{content}</template>'
    new = '<p data-state="[ADRES-1]">Kade 5 &lt;b&gt; &amp; hof</p>'
    expected = f'<template data-web-mobile-dpu-frame="{len(new)}">{new}</template>'
    assert run("text/html", frame.encode()).decode() == expected


def test_text_before_a_start_is_not_held() -> None:
    """Only the ambiguous end waits; the reader sees the rest at once."""
    restorer = Restorer("text/event-stream", AnswerFormat(), FixedConversation(VALUES))
    first = restorer.feed(b'data: {"choices":[{"index":0,"delta":{"content":"Beste [PERS"}}]}\n\n')
    assert first == b'data: {"choices":[{"index":0,"delta":{"content":"Beste "}}]}\n\n'
    ping = restorer.feed(b": keep-alive\n\n")
    assert ping == b": keep-alive\n\n"


def test_two_answers_in_one_stream_do_not_mix() -> None:
    """Two choices, cut at the same place: each gets its own end back."""

    def chunk(index: int, text: str) -> bytes:
        return b"data: " + json.dumps({"choices": [{"index": index, "delta": {"content": text}}]}).encode() + b"\n\n"

    data = chunk(0, "a [BSN") + chunk(1, "b [PERS") + chunk(0, "-1] c") + chunk(1, "x] d")
    out = run("text/event-stream", data, appends=("body.choices[*].delta.content",)).decode()
    texts = ["", ""]
    for line in out.splitlines():
        if line:
            choice = json.loads(line[6:])["choices"][0]
            texts[choice["index"]] += choice["delta"]["content"]
    assert texts == ["a 111222333 c", "b [PERSx] d"]


def test_a_held_end_is_sent_before_the_text_closes() -> None:
    data = (
        b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
        b'"delta":{"type":"text_delta","text":"x [PERS"}}\n\n'
        b'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n'
    )
    out = run("text/event-stream", data).decode()
    assert out.index('"text":"[PERS"') < out.index("content_block_stop")
    assert out.count("content_block_delta\n") == 2


def test_somebody_elses_token_is_not_restored() -> None:
    keys = VaultKeys.random()
    mine, other = Conversation(Ledger(), Cipher(keys, b"p"), "a"), Conversation(Ledger(), Cipher(keys, b"q"), "a")
    token = other.token_for(Entity.PERSON, "Jan Jansen")
    mine.token_for(Entity.NL_BSN, "111222333")
    restorer = Restorer("application/json", AnswerFormat(), mine)
    data = json.dumps({"text": f"{token} [BSN-1]"}).encode()
    assert restorer.feed(data) + restorer.close() == json.dumps({"text": f"{token} 111222333"}).encode()


@pytest.mark.parametrize(
    ("content_type", "start", "middle", "end"),
    [
        ("text/event-stream", b'data: {"a":"', b"x", b'[BSN-1]"}\n\n'),
        ("application/x-ndjson", b'{"a":"', b"x", b'[BSN-1]"}\n'),
        ("application/json", b'{"a":"', b"x", b'[BSN-1]"}\n'),
    ],
)
def test_an_endless_unit_passes_within_bounds(
    content_type: str, start: bytes, middle: bytes, end: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on unrestored once it is too large; the next one is restored again."""
    monkeypatch.setattr(restoration, "MAX_UNIT", 1000)
    restorer = Restorer(content_type, AnswerFormat(), FixedConversation(VALUES))
    sent = start + middle * 5000 + end
    out, largest = b"", 0
    for at in range(0, len(sent), 100):
        out += restorer.feed(sent[at : at + 100])
        largest = max(largest, len(restorer._buffer))
    out += restorer.feed(start + end) + restorer.close()
    assert out == sent + start + b'111222333"}' + end.partition(b"}")[2]
    assert largest <= 1200
    assert restorer.unrestored == 1


def test_the_bound_does_not_depend_on_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoration, "MAX_UNIT", 300)
    data = b"".join(b'data: {"a":"' + b"x" * size + b' [BSN-1]"}\n\n' for size in (10, 600, 20, 290, 30))
    results = {run("text/event-stream", data, cut=cut) for cut in (0, 1, 7, 100, 311)}
    assert len(results) == 1


def test_ends_held_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that starts ever new texts with half a token cannot make us keep them all."""
    restorer = Restorer("text/event-stream", AnswerFormat(), FixedConversation(VALUES))
    for index in range(500):
        row = {"choices": [{"index": index, "delta": {"content": "[PERS"}}]}
        restorer.feed(b"data: " + json.dumps(row).encode() + b"\n\n")
    assert len(restorer._streams._held) <= streams.MAX_HELD


@given(st.binary(max_size=300), st.lists(st.integers(1, 50), max_size=6))
@pytest.mark.parametrize(
    "content_type", ["text/event-stream", "application/json", "application/x-ndjson", "text/plain", ""]
)
def test_any_bytes_pass_without_an_error(content_type: str, data: bytes, sizes: list[int]) -> None:
    """Whatever arrives: no exception, the same result in any chunks, and nothing changes that holds no token."""
    whole = run(content_type, data)
    restorer = Restorer(content_type, AnswerFormat(), FixedConversation(VALUES))
    out, at = b"", 0
    for size in sizes:
        out += restorer.feed(data[at : at + size])
        at += size
    assert out + restorer.feed(data[at:]) + restorer.close() == whole == data


BROKEN = [
    b"[PERSOON-1]", b"[PERS", b"OON-1]", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\n\n", b"\r\n", b"data: ",
    b'{"v":"', b'"}', b"event: delta\n", b"\xff", b"\xf0\x9f", b"\x1e", b"7\n", b")]}'\n", b"\\u005b", b" x ",
]  # fmt: skip
PIECES = st.lists(st.sampled_from(BROKEN), max_size=25).map(b"".join)


@given(PIECES, st.lists(st.integers(1, 20), max_size=10))
@pytest.mark.parametrize(
    "content_type", ["text/event-stream", "application/json", "application/x-ndjson", "text/plain"]
)
def test_broken_streams_do_not_depend_on_the_chunks(content_type: str, data: bytes, sizes: list[int]) -> None:
    restorer = Restorer(content_type, AnswerFormat(), FixedConversation(VALUES))
    out, at = b"", 0
    for size in sizes:
        out += restorer.feed(data[at : at + size])
        at += size
    assert out + restorer.feed(data[at:]) + restorer.close() == run(content_type, data)


def test_a_fault_of_ours_passes_the_unit_unrestored(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[str]:
        raise RecursionError

    restorer = Restorer("text/event-stream", AnswerFormat(), FixedConversation(VALUES))
    monkeypatch.setattr(restorer._streams, "restore", broken)
    data = b'data: {"v":"[BSN-1]"}\n\n'
    assert restorer.feed(data) + restorer.close() == data
    assert restorer.unrestored == 1


def test_a_conversation_without_tokens_costs_nothing() -> None:
    restorer = Restorer("text/event-stream", AnswerFormat(), FixedConversation({}))
    assert restorer.feed(b"data: half") == b"data: half"
    assert restorer.close() == b""


@pytest.fixture
def socket() -> Callable[[], SocketRestorer]:
    return lambda: SocketRestorer(AnswerFormat(), FixedConversation(VALUES))


def test_a_record_may_span_messages(socket: Callable[[], SocketRestorer]) -> None:
    restorer = socket()
    first = restorer.restore(b'{"type":1}\x1e{"type":1,"text":"x [BS')
    assert b"".join(first) == b'{"type":1}'
    second = restorer.restore(b'N-1]"}\x1e')
    assert b"".join(second) == b'\x1e{"type":1,"text":"x 111222333"}\x1e'


@pytest.mark.parametrize("message", [b"\x00\x01[BSN-1]", b"ping", b"", b"2probe", b"\xff[BSN-1]"])
def test_other_messages_pass(socket: Callable[[], SocketRestorer], message: bytes) -> None:
    assert socket().restore(message) == (message,)


def test_plain_words_are_restored(socket: Callable[[], SocketRestorer]) -> None:
    assert socket().restore(b"BSN: [BSN-1]") == (b"BSN: 111222333",)


def test_socket_io_packets(socket: Callable[[], SocketRestorer]) -> None:
    assert socket().restore(b'42["chat",{"text":"[BSN-1]"}]') == (b'42["chat",{"text":"111222333"}]',)


def test_an_unfinished_message_is_bounded(
    socket: Callable[[], SocketRestorer], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.enforcement import sockets

    monkeypatch.setattr(sockets, "MAX_UNIT", 1000)
    restorer = socket()
    sent = [b'{"text":"[BSN-1]', *[b"x" * 100] * 50]
    out = [piece for message in sent for piece in restorer.restore(message)]
    assert b"".join([*out, *restorer.close()]) == b"".join(sent)
    assert restorer.unrestored >= 1


def test_tokens_learned_while_the_socket_lives() -> None:
    conversation = Conversation(Ledger(), Cipher(VaultKeys.random(), b"p"), "")
    restorer = SocketRestorer(AnswerFormat(), conversation)
    assert restorer.restore(b'{"t":"[BSN-1]"}') == (b'{"t":"[BSN-1]"}',)
    conversation.token_for(Entity.NL_BSN, "111222333")
    assert restorer.restore(b'{"t":"[BSN-1]"}') == (b'{"t":"111222333"}',)


def test_a_socket_flushes_in_a_message_of_its_own(socket: Callable[[], SocketRestorer]) -> None:
    restorer = socket()
    piece = {"event": "appendText", "messageId": "m", "partId": "p", "text": "a [PERS"}
    done = b'{"event":"partCompleted","messageId":"m","partId":"p"}'
    assert json.loads(restorer.restore(json.dumps(piece).encode())[0])["text"] == "a "
    held, closed = restorer.restore(done)
    assert json.loads(held)["text"] == "[PERS"
    assert closed == done


LARGE = {"rows": [{"id": number, "text": f"regel {number} van [BSN-1] en [1] [PERSOON-2]"} for number in range(2000)]}


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("[BSN-1] [x]", "111222333 [x]"),
        ("[PERSOON-1]", VALUES["[PERSOON-1]"]),
        (json.dumps({"a": "[PERSOON-1]"}), json.dumps({"a": VALUES["[PERSOON-1]"]}, ensure_ascii=False)),
        (["a [BS", "N-1]"], ["a ", "111222333"]),
        ("los [", "los ["),
    ],
)
def test_a_large_document(last: object, expected: object) -> None:
    """With or without the short cut, the same: each token whole or cut, each value plain or in need of escaping."""
    document = {**LARGE, "last": last}
    out = run("application/json", json.dumps(document).encode(), cut=10_000)
    result = json.loads(out)
    assert result["last"] == expected
    assert result["rows"][1999]["text"] == "regel 1999 van 111222333 en [1] [PERSOON-2]"
    data = json.dumps(document).replace("[BSN-1] en", "\\u005bBSN-1] en").encode()
    assert json.loads(run("application/json", data)) == result


def test_thoughts_and_answer_do_not_mix() -> None:
    """Grok tells them apart by a flag beside the token: true or false, no word."""
    rows = [("a [BS", True), ("b [PERS", False), ("N-1] c", True), ("OON-2] d", False)]
    lines = [json.dumps({"result": {"response": {"token": t, "isThinking": flag}}}) for t, flag in rows]
    out = run("application/x-ndjson", "\n".join(lines).encode(), appends=("body.result.response.token",)).decode()
    texts = {True: "", False: ""}
    for line in out.splitlines():
        response = json.loads(line)["result"]["response"]
        texts[response["isThinking"]] += response["token"]
    assert texts == {True: "a 111222333 c", False: "b [PERSOON-2] d"}


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "text/event-stream"])
def test_a_vault_entry_that_cannot_be_opened_breaks_nothing(content_type: str) -> None:
    conversation = Conversation(Ledger(), Cipher(VaultKeys.random(), b"p"), "")
    token = conversation.token_for(Entity.NL_BSN, "111222333")
    stored = conversation.ledger.find(token)
    assert stored is not None
    conversation.ledger.enter(replace(stored, sealed=b"x" * 40))
    data = {"text/plain": f"uw {token} ", "application/json": f'{{"a":"{token}"}}'}.get(
        content_type, f"data: {token}\n\n"
    )
    restorer = Restorer(content_type, AnswerFormat(), conversation)
    assert restorer.feed(data.encode()) + restorer.close() == data.encode()
    assert restorer.unrestored == 1
