"""Page assets: scripts, styles and images are never read, so what is asked as one may not carry anything else."""

from dataclasses import replace

from gateway.model.traffic import EndpointFormat, EndpointKind, Message
from gateway.wire import significance
from gateway.wire.message import extract

_AS_ANYTHING = EndpointFormat("asset", EndpointKind.UNKNOWN)
_FEW_WORDS = 2


def says_something(message: Message) -> bool:
    """Whether a request for a page asset holds more than a name: a body, or words or an identifier in its URL."""
    if message.body:
        return True
    parts = extract(replace(message, headers=()), _AS_ANYTHING).extraction.parts
    return any(
        significance.words(part.text) >= _FEW_WORDS or significance.holds_identifier(part.text, strict=True)
        for part in parts
    )
