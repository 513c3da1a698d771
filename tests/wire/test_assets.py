"""What a request for a page asset may carry unread."""

import pytest

from gateway.model.traffic import Message
from gateway.wire.assets import says_something


@pytest.mark.parametrize(
    ("target", "expected", "why"),
    [
        ("/assets/index-4f3a2b1c.js", False, "a name with a hash"),
        ("/assets/chunk-12345678.js?v=1.2.3", False, "numbers of a build"),
        ("/assets/app.js?t=1764061200", False, "a time"),
        ("/assets/app.js?q=Het%20BSN%20van%20Jan", True, "words in the query"),
        ("/assets/app.js?q=111222333", True, "a citizen service number"),
        ("/assets/111222333", True, "the same in the path"),
        ("/assets/app.js#q=111222333", True, "the same behind a number sign"),
    ],
)
def test_urls(target: str, expected: bool, why: str) -> None:
    assert says_something(Message("GET", f"https://chat.example{target}", (), b"")) is expected, why


def test_a_body() -> None:
    assert says_something(Message("POST", "https://chat.example/assets/app.js", (), b"x"))
