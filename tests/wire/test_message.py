"""extract and rewrite: what is found in a message, and that an edit touches its own bytes only."""

import gzip
import json

import pytest

from gateway.errors import WireError
from gateway.model.inspection import Gap, GapKind
from gateway.model.traffic import EndpointFormat, EndpointKind, Message, PartRole, Rewrite, Selector, Transport
from gateway.wire.message import Decoded, extract

URL = "https://ai.example.nl/v1/chat"
GENERIC = EndpointFormat("", EndpointKind.UNKNOWN)
CHAT = EndpointFormat(
    "chat",
    EndpointKind.PROMPT,
    texts=(
        Selector("body.messages[*].content", roles_from="body.messages[*].role"),
        Selector("body.messages[*].content[*].text", roles_from="body.messages[*].role"),
    ),
)


def post(body: bytes, media_type: str = "application/json", *headers: tuple[str, str], url: str = URL) -> Message:
    return Message("POST", url, (("content-type", media_type), ("content-length", str(len(body))), *headers), body)


def read(body: bytes | str, form: EndpointFormat = GENERIC, media_type: str = "application/json") -> Decoded:
    return extract(post(body.encode() if isinstance(body, str) else body, media_type), form)


def part_ids(decoded: Decoded) -> dict[str, str]:
    return {part.text: part.id for part in decoded.extraction.parts}


def test_roles_come_from_the_place_beside_the_text() -> None:
    body = {
        "messages": [
            {"role": "system", "content": "Je bent een hulp."},
            {"role": "assistant", "content": [{"type": "text", "text": "Waarmee?"}]},
            {"role": "user", "content": "Met een brief."},
        ]
    }
    parts = read(json.dumps(body), CHAT).extraction.parts
    assert [(part.role, part.text, part.locator) for part in parts] == [
        (PartRole.SYSTEM, "Je bent een hulp.", "body.messages[0].content"),
        (PartRole.HISTORY, "Waarmee?", "body.messages[1].content[0].text"),
        (PartRole.USER, "Met een brief.", "body.messages[2].content"),
    ]


def test_no_edit_is_the_same_message() -> None:
    message = post(b'{ "b":1.0e5,\r\n"a" : "Jan \\u00e9\\/ \\ud800", "a":"Jan Twee" }')
    decoded = extract(message, GENERIC)
    assert decoded.rewrite({}) is message
    assert decoded.rewrite({part.id: part.text for part in decoded.extraction.parts}) is message


def test_one_edit_changes_one_literal() -> None:
    """Number forms, duplicate keys, key order, white space and other escapes stay as they were."""
    raw = '\ufeff{ "n":1.0e5,"big":123456789012345678901234567890,\n "x":"Jan \\u00e9 Vos", "x":"tweede tekst \\/" }'
    decoded = read(raw)
    ids = part_ids(decoded)
    changed = decoded.rewrite({ids["Jan é Vos"]: "Jan é [PERSOON-1]"})
    assert changed.body.decode() == raw.replace("Vos", "[PERSOON-1]")
    assert dict(changed.headers)["content-length"] == str(len(changed.body))


def test_a_lone_surrogate_is_shown_readable_and_kept() -> None:
    decoded = read(b'{"text":"kapot \\ud83d teken van Vos"}')
    (part,) = decoded.extraction.parts
    assert part.text == "kapot \ufffd teken van Vos"
    changed = decoded.rewrite({part.id: part.text.replace("Vos", "[P]")})
    assert changed.body == b'{"text":"kapot \\ud83d teken van [P]"}'


def test_json_in_form_in_json_is_entered_and_written_back_at_its_level() -> None:
    inner = json.dumps([["Brief aan Wim Schouten"], None])
    body = "f.req=" + "%5Bnull%2C%22" + inner.replace('"', "%5C%22").replace(" ", "+") + "%22%5D&at=x%3A1"
    decoded = read(body, media_type="application/x-www-form-urlencoded;charset=UTF-8")
    (part,) = decoded.extraction.parts
    assert (part.text, part.locator) == ("Brief aan Wim Schouten", 'body["f.req"][1][0][0]')
    changed = decoded.rewrite({part.id: 'Brief aan "[P]"'}).body.decode()
    again = read(changed, media_type="application/x-www-form-urlencoded").extraction.parts
    assert again[0].text == 'Brief aan "[P]"'
    assert changed.endswith("&at=x%3A1")


def test_a_compressed_body_is_packed_again() -> None:
    body = gzip.compress(b'{"prompt":"Brief voor Jan Vos"}')
    message = post(body, "application/json", ("content-encoding", "gzip"))
    decoded = extract(message, GENERIC)
    (part,) = decoded.extraction.parts
    changed = decoded.rewrite({part.id: "Brief voor [P]"})
    assert gzip.decompress(changed.body) == b'{"prompt":"Brief voor [P]"}'


def test_gzip_without_a_label_is_read() -> None:
    assert read(gzip.compress(b'{"prompt":"Brief voor Jan Vos"}')).extraction.parts[0].text == "Brief voor Jan Vos"


@pytest.mark.parametrize(
    ("body", "headers", "kind"),
    [
        (b'{"prompt":"half', (), GapKind.INCOMPLETE),
        (gzip.compress(b'{"prompt":"Jan Vos"}')[:-4], (("content-encoding", "gzip"),), GapKind.INCOMPLETE),
        (b"niet samengeperst", (("content-encoding", "br"),), GapKind.UNREADABLE),
        (b"{}", (("content-encoding", "snappy"),), GapKind.UNKNOWN_FORMAT),
        (b"[" * 5000 + b"]" * 5000, (), GapKind.TOO_DEEP),
        (bytes(range(256)) * 4, (), GapKind.UNKNOWN_FORMAT),
    ],
    ids=["truncated json", "truncated gzip", "not brotli", "unknown encoding", "nested too deep", "opaque bytes"],
)
def test_what_cannot_be_read_is_a_gap(body: bytes, headers: tuple[tuple[str, str], ...], kind: GapKind) -> None:
    decoded = extract(post(body, "application/json", *headers), GENERIC)
    assert [gap.kind for gap in decoded.extraction.gaps] == [kind]
    assert decoded.rewrite({}) is decoded.message


def test_query_path_and_referer_are_read_and_rewritten() -> None:
    url = "https://you.example/api/search?page=1&q=woont+Melanie+Brink+hier%3F&chat=%5B%5D"
    referer = "https://you.example/search?q=woont+Melanie+Brink+hier%3F"
    message = Message("GET", url, (("referer", referer), ("accept", "*/*")), b"")
    decoded = extract(message, GENERIC)
    changed = decoded.rewrite({part.id: "woont [P] hier?" for part in decoded.extraction.parts})
    assert changed.url == "https://you.example/api/search?page=1&q=woont+%5BP%5D+hier%3F&chat=%5B%5D"
    assert "Melanie" not in changed.headers[0][1]


def test_repeats_finds_the_value_where_nobody_looked() -> None:
    decoded = read('{"prompt":"Brief aan Vos","tags":["Vos"],"Vos en co":1,"other":"Vossenlaan"}')
    found = decoded.repeats(["Vos"])
    assert {part.text for part in found} == {"Vos", "Vos en co"} - set(part_ids(decoded))
    changed = decoded.rewrite({part.id: part.text.replace("Vos", "[P]") for part in found})
    assert b'"tags":["[P]"]' in changed.body
    assert b"Vossenlaan" in changed.body


def test_fragments_are_joined_and_edits_go_back_to_them() -> None:
    form = EndpointFormat("note", EndpointKind.PROMPT, texts=(Selector("body.runs[*][0]"),), joins=("body.runs[*][0]",))
    decoded = read('{"runs":[["Mevrouw Fat",["b"]],["ima El Amrani"],[" belt"]]}', form)
    (part,) = decoded.extraction.parts
    assert part.text == "Mevrouw Fatima El Amrani belt"
    changed = decoded.rewrite({part.id: "Mevrouw [P] belt"})
    assert json.loads(changed.body) == {"runs": [["Mevrouw [P]", ["b"]], [""], [" belt"]]}


def test_a_signed_service_is_never_rewritten() -> None:
    form = EndpointFormat("signed", EndpointKind.PROMPT, rewrite=Rewrite.FORBIDDEN)
    decoded = read('{"prompt":"Brief aan Jan Vos"}', form)
    with pytest.raises(WireError):
        decoded.rewrite({decoded.extraction.parts[0].id: "x"})


def test_unknown_ids_are_errors() -> None:
    with pytest.raises(WireError):
        read("{}").rewrite({"t1": "x"})
    with pytest.raises(WireError):
        read("{}").rewrite({}, {"f1": b"x"})


@pytest.mark.parametrize("kind", [EndpointKind.STATIC, EndpointKind.SIGN_IN, EndpointKind.TELEMETRY])
def test_what_is_not_to_be_read_is_not_read(kind: EndpointKind) -> None:
    assert not read('{"prompt":"Brief aan Jan Vos"}', EndpointFormat("x", kind)).extraction.parts


def test_a_websocket_message_is_its_body_only() -> None:
    message = Message("GET", URL + "?q=Jan+de+Vos", (), b'{"text":"Dag Jan"}', True, Transport.WEBSOCKET)
    assert [part.text for part in extract(message, GENERIC).extraction.parts] == ["Dag Jan"]


def test_a_number_that_could_be_a_bsn_is_inspected_and_replaced_by_a_string() -> None:
    decoded = read('{"client":{"bsn":111222333,"created":1795355321}}')
    (part,) = decoded.extraction.parts
    assert part.text == "111222333"
    changed = decoded.rewrite({part.id: "[BSN-1]"})
    assert changed.body == b'{"client":{"bsn":"[BSN-1]","created":1795355321}}'


@pytest.mark.parametrize(
    ("header", "value", "name"),
    [
        ("content-disposition", 'attachment; filename="Dossier Vos.pdf"', "Dossier Vos.pdf"),
        ("content-disposition", "attachment; filename*=UTF-8''Dossier%20V%C3%B4s.pdf", "Dossier Vôs.pdf"),
        ("content-disposition", 'attachment; filename="Dossier Vôs – 2.pdf"', "Dossier Vôs – 2.pdf"),
        ("x-goog-upload-file-name", "Dossier%20Vos.pdf", "Dossier Vos.pdf"),
        ("slug", "Dossier Vos.pdf", "Dossier Vos.pdf"),
    ],
)
def test_file_names_in_headers(header: str, value: str, name: str) -> None:
    message = Message("PUT", URL, ((header, value),), b"%PDF-1.4 x")
    decoded = extract(message, GENERIC)
    (upload,) = decoded.extraction.uploads
    assert (upload.name, upload.content) == (name, b"%PDF-1.4 x")
    (part,) = decoded.extraction.parts
    changed = decoded.rewrite({part.id: "Dossier [P].pdf"})
    assert extract(changed, GENERIC).extraction.uploads[0].name == "Dossier [P].pdf"


_BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.51"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("cookie", "Brief aan Jan de Vos in Den Haag"),
        ("authorization", "Brief aan Jan de Vos in Den Haag"),
        ("x-goog-api-client", "gl-python/3.11.2 grpc/1.62.1 gax/2.17.1 gapic/0.5.0 gccl/0.5.0"),
        ("sec-ch-ua", '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"'),
        ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"),
        ("accept-language", "nl-NL,nl;q=0.9,en-US;q=0.8,en;q=0.7"),
        ("user-agent", _BROWSER),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("if-modified-since", "Wed, 21 Oct 2026 07:28:00 GMT"),
    ],
)
def test_plumbing_and_credentials_are_no_words(header: str, value: str) -> None:
    decoded = extract(Message("GET", URL, ((header, value),), b""), GENERIC)
    assert decoded.extraction.parts == ()


@pytest.mark.parametrize("header", ["accept", "user-agent", "x-goog-api-client", "sec-fetch-site", "origin", "pragma"])
@pytest.mark.parametrize("value", ["Brief aan Jan de Vos in Den Haag", f"{_BROWSER} 111222333"])
def test_words_and_identifiers_do_not_hide_in_plumbing(header: str, value: str) -> None:
    decoded = extract(Message("GET", URL, ((header, value),), b""), GENERIC)
    assert [part.text for part in decoded.extraction.parts] == [value]


def test_credentials_are_never_edited() -> None:
    message = Message("GET", URL, (("cookie", "naam=Vos"), ("x-tag", "Vos")), b"")
    assert [part.locator for part in extract(message, GENERIC).repeats(["Vos"])] == ["header.x-tag"]


def test_words_as_vocabulary_numbers_are_a_gap() -> None:
    form = EndpointFormat("embed", EndpointKind.PROMPT, texts=(Selector("body.input[*]"), Selector("body.input[*][*]")))
    assert [gap.detail for gap in read('{"input":[15496,11,314,1101]}', form).extraction.gaps] == ["token_numbers"]
    assert [gap.detail for gap in read('{"input":[[1,2,3],[4]]}', form).extraction.gaps] == ["token_numbers"]
    assert not read('{"input":["Brief aan Jan"]}', form).extraction.gaps


def test_a_deep_selector_takes_what_could_be_words() -> None:
    form = EndpointFormat("tool", EndpointKind.PROMPT, texts=(Selector("body.args..", PartRole.TOOL),))
    parts = read(
        '{"args":"{\\"naam\\":\\"Jansen\\",\\"id\\":\\"a1b2c3\\",\\"bsn\\":111222333}"}', form
    ).extraction.parts
    assert [(part.role, part.text, part.locator) for part in parts] == [
        (PartRole.TOOL, "Jansen", "body.args.naam"),
        (PartRole.TOOL, "111222333", "body.args.bsn"),
    ]


def test_a_claimed_text_is_taken_whole() -> None:
    """A person may paste JSON or a URL; it is one text all the same."""
    form = EndpointFormat("chat", EndpointKind.PROMPT, texts=(Selector("body.prompt"),))
    pasted = json.dumps({"prompt": '{"naam": "Jan Vos"}'})
    assert [part.text for part in read(pasted, form).extraction.parts] == ['{"naam": "Jan Vos"}']


def test_conversations_are_located_also_on_a_socket() -> None:
    form = EndpointFormat("chat", EndpointKind.PROMPT, conversation="query.conversation")
    message = Message("GET", URL + "?conversation=c1", (), b'{"text":"Dag Jan"}', True, Transport.WEBSOCKET)
    assert extract(message, form).conversation == "c1"
    assert extract(Message("GET", URL, (), b""), form).conversation == ""


def test_many_small_bombs_share_one_budget() -> None:
    import base64

    bomb = base64.b64encode(gzip.compress(bytes(9_000_000))).decode()
    gaps = read(json.dumps([bomb] * 30)).extraction.gaps
    assert GapKind.TOO_LARGE in {gap.kind for gap in gaps}


def test_runs_nobody_claimed_are_joined_when_a_word_is_cut() -> None:
    decoded = read('{"doc":{"runs":[{"text":"Vraag over Fat","b":1},{"text":"ima El Amrani"},{"text":" nu"}]}}')
    (part,) = decoded.extraction.parts
    assert part.text == "Vraag over Fatima El Amrani nu"
    changed = decoded.rewrite({part.id: "Vraag over [P] nu"})
    assert json.loads(changed.body)["doc"]["runs"] == [
        {"text": "Vraag over [P]", "b": 1},
        {"text": ""},
        {"text": " nu"},
    ]


def test_blocks_nobody_claimed_stay_apart() -> None:
    decoded = read('{"blocks":[{"text":"Brief aan Jan Vos"},{"text":"geboren in Breda"}]}')
    assert [part.text for part in decoded.extraction.parts] == ["Brief aan Jan Vos", "geboren in Breda"]


def test_media_without_a_name_is_a_file_and_tokens_are_none() -> None:
    import base64

    sound = base64.b64encode(bytes(range(128, 255)) * 2).decode()
    assert [upload.locator for upload in read(json.dumps({"audio": sound, "proof": sound})).extraction.uploads] == [
        "body.audio"
    ]
    long = base64.b64encode(bytes(range(128, 255)) * 20).decode()
    assert [upload.locator for upload in read(json.dumps({"x": long, "signature": long})).extraction.uploads] == [
        "body.x"
    ]
    form = EndpointFormat("chat", EndpointKind.PROMPT, ignore=("body.x",))
    assert read(json.dumps({"x": long}), form).extraction.uploads == ()
    assert extract(Message("GET", URL, (("x-proof", long),), b""), GENERIC).extraction.uploads == ()


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/upload/Dossier%20Vos.txt", "Dossier Vos.txt"),
        ("PUT", "/store/Vos.pdf", "Vos.pdf"),
        ("POST", "/2/grok/add_response.json", None),
        ("GET", "/images/Vos.png", None),
    ],
    ids=["a name with a space", "a document", "a resource of a program", "a picture that is fetched"],
)
def test_file_names_in_paths(method: str, path: str, name: str | None) -> None:
    uploads = extract(Message(method, "https://ai.example.nl" + path, (), b""), GENERIC).extraction.uploads
    assert [upload.name for upload in uploads] == ([name] if name else [])


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"[" + b"1," * 150_000 + b"1]", "application/json"),
        (b"a=1&" * 150_000, "application/x-www-form-urlencoded"),
        (b"{}\x1e" * 150_000, "application/json"),
        (b"data: x\n" * 150_000, "text/event-stream"),
        (b"<p>" * 150_000, "text/html"),
        (bytes(5 * 150_000), "application/grpc-web+proto"),
        (b"\x0a\x00" * 150_000, "application/x-protobuf"),
        (b"\r\n--B" * 150_000, "multipart/form-data; boundary=B"),
    ],
    ids=["json", "form", "records", "events", "html", "grpc frames", "protobuf", "multipart"],
)
def test_too_many_values_are_a_gap_before_they_are_made(body: bytes, media_type: str) -> None:
    assert GapKind.TOO_LARGE in {gap.kind for gap in read_bytes(body, media_type)}


def read_bytes(body: bytes, media_type: str) -> tuple[Gap, ...]:
    return extract(post(body, media_type), GENERIC).extraction.gaps
