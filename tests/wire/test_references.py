"""The ids that link announce, bytes and process."""

import json

import pytest

from gateway.model.traffic import EndpointFormat, EndpointKind, Message, Selector
from gateway.wire.message import extract
from gateway.wire.references import answer_references, url_reference


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://sdmntpr.oaiusercontent.com/files/file_5c733854a40758de/raw?sig=x", "file_5c733854a40758de"),
        ("https://content-push.googleapis.com/upload?upload_id=ABC&upload_protocol=resumable", "ABC"),
        ("https://x-my.sharepoint.com/personal/a/uploadSession?guid=f958&overwrite=False", "f958"),
        (
            "https://bucket.s3.amazonaws.com/web/attachments/1/CV.pdf?X-Amz-Signature=y",
            "bucket.s3.amazonaws.com/web/attachments/1/CV.pdf",
        ),
        ("https://[kapot", ""),
    ],
)
def test_urls(url: str, expected: str) -> None:
    assert url_reference(url) == expected


def test_an_announcing_answer_names_what_the_bytes_use() -> None:
    answer = json.dumps(
        {"file_id": "file_5c733854a40758de", "upload_url": "https://a.example/files/file_5c733854a40758de/raw?sig=x"}
    )
    handed_out = answer_references((), answer.encode())
    message = Message("PUT", "https://a.example/files/file_5c733854a40758de/raw?sig=x", (), b"naam;bsn\n")
    (upload,) = extract(message, EndpointFormat("bytes", EndpointKind.UPLOAD)).extraction.uploads
    assert upload.reference in handed_out
    assert upload.content == b"naam;bsn\n"


def test_an_upload_url_in_a_header() -> None:
    headers = (("x-goog-upload-url", "https://content-push.googleapis.com/upload?upload_id=ABC"),)
    assert answer_references(headers, b"") == ("ABC",)


def test_a_processing_call_names_the_id() -> None:
    message = Message(
        "POST",
        "https://a.example/process",
        (("content-type", "application/json"),),
        b'{"file_id":"f1","file_name":"a b.csv"}',
    )
    form = EndpointFormat("process", EndpointKind.UPLOAD_META, file_names=(Selector("body.file_name"),))
    (upload,) = extract(message, form).extraction.uploads
    assert (upload.name, upload.content, upload.reference) == ("a b.csv", None, "f1")


@pytest.mark.parametrize(
    ("body", "expected", "why"),
    [
        ({"ref_file_ids": ["file-1"], "prompt": "x"}, ["file-1"], "ids in a list, without a name"),
        (
            {"params": {"attachments": ["https://b.example/web/1/CV.pdf"]}},
            ["b.example/web/1/CV.pdf"],
            "an object's URL",
        ),
        ({"parts": [{"asset_pointer": "sediment://file_0764fa4e"}]}, ["file_0764fa4e"], "a pointer of ChatGPT"),
        ({"content": [{"type": "input_file", "file_id": "file-2"}]}, ["file-2"], "an id of the OpenAI API"),
        ({"files": ["b99e9a62-9a0c"], "fileAttachments": ["164d"]}, ["b99e9a62-9a0c", "164d"], "Claude and Grok"),
        ({"text": "file-1", "id": "x", "profile": "y"}, [], "no key of files"),
        ({"file_data": "a" * 301, "document": "a" * 301}, [], "a content, no id"),
    ],
)
def test_what_a_message_speaks_of(body: object, expected: list[str], why: str) -> None:
    headers = (("content-type", "application/json"),)
    message = Message("POST", "https://a.example/chat", headers, json.dumps(body).encode())
    assert sorted(extract(message, EndpointFormat("send", EndpointKind.PROMPT)).mentions) == sorted(expected), why


@pytest.mark.parametrize("body", [b"", b"[", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_no_json_gives_nothing(body: bytes) -> None:
    assert answer_references((), body) == ()
