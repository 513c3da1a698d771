"""What the gateway knows of one flow between its first header and its end."""

from dataclasses import dataclass

from mitmproxy import http

from gateway.enforcement.answers import AnswerText
from gateway.enforcement.hiding import Hide
from gateway.enforcement.sockets import SocketRestorer
from gateway.enforcement.tokens import NoPlaceholders
from gateway.enforcement.vault import Conversation
from gateway.model.policy import Action, ReasonCode
from gateway.model.traffic import Exchange, ToolMatch
from gateway.proxy.rooms import Judgement
from gateway.proxy.streams import AnswerStream

_KEY = "gateway.passage"


@dataclass(slots=True)
class Passage:
    """One AI exchange on its way. `judgement` is None until the verdict; `is_answered`: we answer it ourselves.

    `trouble` names the failure that made it so. On a socket, `frame` is the message being judged.
    """

    exchange: Exchange
    match: ToolMatch
    judgement: Judgement | None = None
    is_answered: bool = False
    is_finished: bool = False
    held_bytes: int = 0
    trouble: ReasonCode | None = None
    answer: AnswerStream | None = None
    words: AnswerText | None = None
    frame: Exchange | None = None
    conversation: Conversation | None = None
    socket: SocketRestorer | None = None

    def restore_with(self, conversation: Conversation | None, hide: Hide | None = None) -> None:
        """Restore the socket's messages with this conversation from now on, unless the one in use knows all of it."""
        if conversation is None:
            if hide is not None and self.socket is None:
                self.socket = SocketRestorer(self.match.endpoint.answer, NoPlaceholders(), hide=hide)
            return
        current = self.conversation
        if current is None or any(not current.restores(stored.token) for stored in conversation.fresh):
            self.conversation = conversation
            self.socket = SocketRestorer(self.match.endpoint.answer, conversation, hide=hide)

    @property
    def action(self) -> Action:
        return Action.ANSWERED if self.is_answered or self.judgement is None else self.judgement.action


def attach(flow: http.HTTPFlow, passage: Passage) -> None:
    """Remember the passage on its flow."""
    flow.metadata[_KEY] = passage


def passage_of(flow: http.HTTPFlow) -> Passage | None:
    """The passage of a flow; None when the flow is none of our business, or was refused before it got one."""
    passage: Passage | None = flow.metadata.get(_KEY)
    return passage
