"""Every recorded exchange through the shipped tool files: what is found, and what is left after redaction."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gateway.errors import WireError
from gateway.model.traffic import EndpointFormat, EndpointKind, Message, PartRole, Rewrite, ToolMatch
from gateway.rulebook.book import RuleBook
from gateway.rulebook.load import default_root, load
from gateway.wire import recordings
from gateway.wire.locators import check, spell
from gateway.wire.message import Decoded, extract

HERE = Path(__file__).parent
UNKNOWN = EndpointFormat("", EndpointKind.UNKNOWN)


def all_recordings() -> list[recordings.Recording]:
    paths = sorted((HERE / "samples").glob("*/*.json")) + sorted((HERE / "variants").glob("*/*.json"))
    return [recording for path in paths for recording in recordings.read(path.read_bytes())]


@cache
def book() -> RuleBook:
    return load(default_root())


def match_of(message: Message) -> ToolMatch | None:
    url = urlsplit(message.url)
    return book().match(
        host=url.hostname or "",
        method=message.method,
        path=url.path,
        media_type=dict(message.headers).get("content-type", ""),
        transport=message.transport,
        today=date(2026, 11, 25),
    )


def decode(message: Message, form: EndpointFormat | None = None) -> tuple[Decoded, EndpointFormat]:
    match = match_of(message)
    form = form or (match.endpoint if match else UNKNOWN)
    return extract(message, form), form


def found(
    recording: recordings.Recording, form: EndpointFormat | None = None
) -> tuple[list[str], list[str], list[str]]:
    """Texts, file names and gap kinds of all messages of a recording."""
    texts, names, gaps = [], [], []
    for message in recording.messages:
        extraction = decode(message, form)[0].extraction
        texts += [part.text for part in extraction.parts if part.role != PartRole.FILE_NAME]
        names += [upload.name for upload in extraction.uploads]
        gaps += [gap.kind.value for gap in extraction.gaps]
    return texts, names, gaps


IN_FRAGMENTS = {"notion-ai/runs"}
RECORDINGS = all_recordings()
IDS = [recording.id for recording in RECORDINGS]


def test_every_selector_of_the_shipped_tool_files_is_of_the_grammar() -> None:
    selectors = [
        selector
        for tool in book().tools
        for endpoint in tool.endpoints
        for selector in (
            *(text.at for text in endpoint.texts),
            *(name.at for name in endpoint.file_names),
            *endpoint.ignore,
            *endpoint.joins,
            *filter(None, [endpoint.conversation]),
        )
    ]
    assert len(selectors) > 1000
    assert [fault for selector in selectors if (fault := check(selector))] == []


def test_the_samples_are_here() -> None:
    assert len(RECORDINGS) >= 93
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("recording", RECORDINGS, ids=IDS)
def test_every_service_is_registered(recording: recordings.Recording) -> None:
    """All but the invented services belong to a tool, and what carries a prompt to an endpoint that knows it."""
    if recording.id.startswith("unknown-service/") or recording.id == "openai-compatible/local-llm-form":
        return
    matches = [match_of(message) for message in recording.messages]
    assert all(matches)
    kinds = {match.endpoint.kind for match in matches if match}
    if recording.id != "midjourney/unknown-path":
        assert kinds != {EndpointKind.UNKNOWN}


@pytest.mark.parametrize("recording", RECORDINGS, ids=IDS)
def test_every_text_and_name_is_found(recording: recordings.Recording) -> None:
    texts, names, gaps = found(recording)
    expected = recording.expected
    wanted = [*expected["prompt_texts"], *expected.get("context_texts", ())]
    assert [text for text in wanted if not any(text in seen for seen in texts)] == []
    assert [name for name in expected["upload_names"] if name not in names] == []
    assert gaps == []
    if expected["operation"] == "none":
        assert (texts, names) == ([], [])


WHOLE = [recording for recording in RECORDINGS if recording.id not in IN_FRAGMENTS]
"""A name cut in two is only joined where a tool file says so."""


@pytest.mark.parametrize("recording", WHOLE, ids=[recording.id for recording in WHOLE])
def test_texts_are_found_without_a_tool_file_too(recording: recordings.Recording) -> None:
    """The fallback for unknown services: only blank-ish fragments may be missed, nothing with a sensitive value."""
    texts, names, _ = found(recording, UNKNOWN)
    values = [entry["value"] for entry in recording.expected.get("sensitive_values", ())]
    seen = "\n".join([*texts, *names])
    files = "\n".join(file["text"] for file in recording.expected.get("file_texts", ()))
    assert [value for value in values if value not in seen and value not in files] == []


@pytest.mark.parametrize("recording", RECORDINGS, ids=IDS)
def test_no_edit_is_the_same_message(recording: recordings.Recording) -> None:
    for message in recording.messages:
        decoded, _ = decode(message)
        same = {part.id: part.text for part in decoded.extraction.parts}
        assert decoded.rewrite(same) is message


def leaves(decoded: Decoded) -> list[tuple[str, str]]:
    """Every decoded string of a message with its place, parts or not."""
    return [
        (spell(node.path), node.value)
        for root in decoded.roots
        for node in root.walk()
        if isinstance(node.value, str) and not node.children
    ]


def places(decoded: Decoded, form: EndpointFormat) -> list[tuple[str, str]]:
    """The leaves to compare; where fragments are joined, those of one list count as one text."""
    found = [(place, text) for place, text in leaves(decoded) if place != "header.content-length"]
    if not form.joins:
        return found
    together: dict[str, str] = {}
    for place, text in found:
        unnumbered = re.sub(r"\[\d+\]", "[]", place)
        together[unnumbered] = together.get(unnumbered, "") + text
    return list(together.items())


def redacted(text: str, tokens: Mapping[str, str]) -> str:
    for value in sorted(tokens, key=len, reverse=True):
        text = re.sub(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])", tokens[value], text)
    return text


@pytest.mark.parametrize("recording", RECORDINGS, ids=IDS)
def test_after_redaction_nothing_is_left_and_the_rest_is_equal(recording: recordings.Recording) -> None:
    values = [entry["value"] for entry in recording.expected.get("sensitive_values", ())]
    tokens = {value: f"[WAARDE-{number}]" for number, value in enumerate(values, 1)}
    for message in recording.messages:
        decoded, form = decode(message)
        parts = [*decoded.extraction.parts, *decoded.repeats(values)]
        texts = {part.id: redacted(part.text, tokens) for part in parts}
        changed = {part.id for part in parts if texts[part.id] != part.text}
        if changed and form.rewrite in (Rewrite.FORBIDDEN, Rewrite.CHECKSUM):
            with pytest.raises(WireError):
                decoded.rewrite(texts)
            continue
        files = {
            upload.id: redacted(upload.content.decode(), tokens).encode()
            for upload in decoded.extraction.uploads
            if upload.content is not None and _is_text(upload.content)
        }
        after, _ = decode(decoded.rewrite(texts, files))
        assert [value for value in values for _, text in leaves(after) if value in text] == []
        assert places(after, form) == [
            (redacted(place, tokens), redacted(text, tokens)) for place, text in places(decoded, form)
        ]
        for upload in after.extraction.uploads:
            if upload.content is not None and _is_text(upload.content):
                assert [value for value in values if value in upload.content.decode()] == []


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode() and not content.startswith(b"%PDF")
    except UnicodeDecodeError:
        return False
