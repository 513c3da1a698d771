"""`dissect`: the fixed JSON shape, the tree, HAR files, and clear refusals of other files."""

import json
from pathlib import Path

import pytest
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow, tutils
from typer.testing import CliRunner

from gateway.cli.main import app

SAMPLES = Path(__file__).parents[1] / "flows" / "samples"
RUNNER = CliRunner()


def dissect(*arguments: str) -> str:
    result = RUNNER.invoke(app, ["dissect", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_json_has_the_fixed_shape() -> None:
    found = json.loads(dissect(str(SAMPLES / "openai-api" / "audio-transcription.json"), "--json"))
    assert {key: found[key] for key in ("tool", "endpoint", "kind", "gaps")} == {
        "tool": "openai-api",
        "endpoint": "transcriptions",
        "kind": "upload",
        "gaps": [],
    }
    assert found["parts"][0] == {
        "role": "user",
        "text": "Gesprek met mevrouw Jansen-Okafor over de Wmo-melding in Westermeer.",
        "path": "body.prompt",
    }
    assert found["uploads"][0]["name"] == "intake_20261117.wav"


def test_a_websocket_session_is_one_object() -> None:
    found = json.loads(dissect(str(SAMPLES / "m365-copilot" / "chathub-send.json"), "--json"))
    assert (found["tool"], found["endpoint"], found["kind"]) == ("m365-copilot", "send", "prompt")
    assert found["parts"][0]["path"] == "body[0].arguments[0].message.text"


def test_the_tree_shows_what_is_and_is_not_inspected() -> None:
    tree = dissect(str(SAMPLES / "chatgpt-web" / "send-text.json"))
    assert "inspected: 1 texts, 0 files" in tree
    assert "not inspected" in tree
    assert "body.messages[0].id" in tree
    assert "not read" in dissect(str(SAMPLES / "chatgpt-web" / "no-prompt-sentinel.json"))


def test_a_har_file_gives_one_line_per_entry(tmp_path: Path) -> None:
    entry = {
        "request": {
            "method": "POST",
            "url": "https://api.openai.com/v1/completions",
            "headers": [{"name": ":method", "value": "POST"}, {"name": "Content-Type", "value": "application/json"}],
            "postData": {"mimeType": "application/json", "text": '{"prompt":"Brief aan Jan"}'},
        }
    }
    socket = {
        "request": {"method": "GET", "url": "wss://example.com/chat", "headers": []},
        "_webSocketMessages": [
            {"type": "send", "opcode": 1, "data": '{"text":"Dag Jan"}'},
            {"type": "receive", "opcode": 1, "data": '{"text":"Dag"}'},
        ],
    }
    file = tmp_path / "session.har"
    file.write_text(json.dumps({"log": {"entries": [entry, socket]}}))
    first, second = map(json.loads, dissect(str(file), "--json").splitlines())
    assert first["parts"] == [{"role": "user", "text": "Brief aan Jan", "path": "body.prompt"}]
    assert second["parts"] == [{"role": "unknown", "text": "Dag Jan", "path": "body.text"}]


def test_a_flow_file_of_mitmproxy(tmp_path: Path) -> None:
    flow = tflow.tflow(
        req=tutils.treq(
            method=b"POST", scheme=b"https", host="api.openai.com", port=443, authority=b"", path=b"/v1/completions",
            headers=((b"content-type", b"application/json"),), content=b'{"prompt":"Brief aan Jan"}',
        )
    )  # fmt: skip
    file = tmp_path / "session.flow"
    with file.open("wb") as stream:
        FlowWriter(stream).add(flow)
    found = json.loads(dissect(str(file), "--json"))
    assert (found["tool"], found["parts"]) == (
        "openai-api",
        [{"role": "user", "text": "Brief aan Jan", "path": "body.prompt"}],
    )
    file.write_bytes(file.read_bytes()[:200])
    assert RUNNER.invoke(app, ["dissect", str(file)]).exit_code == 3


def test_the_outline_holds_no_content() -> None:
    outline = dissect(str(SAMPLES / "chatgpt-web" / "send-text.json"), "--outline")
    assert "body.messages[].content.parts[]: text 100-999" in outline
    assert "Idrissi" not in outline


@pytest.mark.parametrize("content", ["", "{}", '{"format":"traffic-sample/1"}', "[]", '{"log":{"entries":[1]}}'])
def test_another_file_is_refused_in_one_line(content: str, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_text(content)
    result = RUNNER.invoke(app, ["dissect", str(file)])
    assert result.exit_code == 3
    assert result.stderr.count("\n") == 1


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["dissect", str(tmp_path / "none.json")])
    assert result.exit_code == 3
    assert "No such file" in result.stderr
