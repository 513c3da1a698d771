"""Lengths and digests of an edited body."""

import base64
import hashlib

from gateway.wire.digests import for_body

OLD, NEW = b"oud", b"nieuwer"


def encoded(name: str, body: bytes) -> str:
    return base64.b64encode(hashlib.new(name, body).digest()).decode()


def test_lengths_and_known_digests_follow_the_body() -> None:
    headers = (
        ("content-length", "3"),
        ("content-md5", encoded("md5", OLD)),
        ("digest", f"SHA-256={encoded('sha256', OLD)}"),
        ("content-digest", f"sha-512=:{encoded('sha512', OLD)}:"),
        ("x-amz-content-sha256", hashlib.sha256(OLD).hexdigest()),
    )
    assert for_body(headers, OLD, NEW) == (
        ("content-length", "7"),
        ("content-md5", encoded("md5", NEW)),
        ("digest", f"SHA-256={encoded('sha256', NEW)}"),
        ("content-digest", f"sha-512=:{encoded('sha512', NEW)}:"),
        ("x-amz-content-sha256", hashlib.sha256(NEW).hexdigest()),
    )


def test_what_is_not_ours_to_count_stays() -> None:
    headers = (
        ("digest", "unixsum=30637"),
        ("digest", "SHA-256=bm90IHRoZSBkaWdlc3Q="),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        ("etag", '"abc"'),
    )
    assert for_body(headers, OLD, NEW) == headers
