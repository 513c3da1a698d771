"""Our own answers: a refusal in the tool's own shape, and one made of constants for when all else fails."""

import json
from collections.abc import Callable
from dataclasses import replace

from mitmproxy import http

from gateway.enforcement.refusals import GENERIC, plain_text, render, render_messages
from gateway.enforcement.request_facts import RequestFacts
from gateway.model.inspection import Entity
from gateway.model.notice import Notice, RefusalTemplate
from gateway.model.policy import ReasonCode
from gateway.model.traffic import Message
from gateway.proxy.rooms import Judgement
from gateway.rulebook.book import RuleBook
from gateway.wire.pieces import Reply

_LAST_WORDS = (
    "De AI-poort van de organisatie kon deze vraag niet controleren. Er is niets verstuurd. Probeer het later opnieuw. "
    "The organisation's AI gateway could not check this request. Nothing was sent. Please try again later."
)
_LAST_RESORT = {
    reason: json.dumps({"error": {"message": _LAST_WORDS, "type": "blocked_by_organization", "code": reason.value}})
    .encode()
    for reason in ReasonCode
}  # fmt: skip


def _in_protocol(reply: Reply, origin: str) -> http.Response:
    """An answer of an upload protocol; a page of another origin can read it and its headers."""
    headers = dict(reply.headers) | {"cache-control": "no-store", "content-length": str(len(reply.body))}
    if origin:
        headers |= {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": ", ".join(name for name, _ in reply.headers),
            "vary": "Origin",
        }
    return http.Response.make(reply.status, reply.body, headers)


class Answers:
    """Makes answers from judgements. `book` gives the rulebook in force."""

    def __init__(self, book: Callable[[], RuleBook]) -> None:
        self._book = book

    def to_request(self, message: Message, judgement: Judgement) -> http.Response:
        """The answer to an HTTP request: a page for a navigation, else what the tool's client can show."""
        if judgement.reply is not None:
            return _in_protocol(judgement.reply, RequestFacts.of(replace(message, body=b"")).origin)
        answer = render(self._template(judgement), self._notice(judgement), RequestFacts.of(message))
        headers = http.Headers([(name.encode(), value.encode()) for name, value in answer.headers])
        return http.Response.make(answer.status, answer.body, headers)

    def to_frame(self, message: Message, judgement: Judgement) -> tuple[bytes, ...]:
        """The messages to send on a socket instead of the service's own answer."""
        return render_messages(self._template(judgement), self._notice(judgement), RequestFacts.of(message))

    def words(self, judgement: Judgement) -> str:
        """The notice of a refusal as plain words."""
        return plain_text(self._notice(judgement))

    @staticmethod
    def last_resort(reason: ReasonCode) -> http.Response:
        """A readable refusal that cannot fail: nothing in it is looked up."""
        headers = {"content-type": "application/json", "cache-control": "no-store", "x-should-retry": "false"}
        return http.Response.make(403, _LAST_RESORT[reason], headers)

    def _template(self, judgement: Judgement) -> RefusalTemplate:
        return self._book().refusals.get(judgement.match.endpoint.refusal, GENERIC)

    def _notice(self, judgement: Judgement) -> Notice:
        return self._book().notice(
            judgement.message_id,
            reference=judgement.record.decision_id,
            counts={Entity(name): count for name, count in judgement.record.entities.items()},
            tool_name=judgement.match.name,
        )
