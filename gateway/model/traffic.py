"""What crosses the wire: the exchange, the tool it belongs to, and the human texts and files in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from gateway.model.inspection import Gap


class Transport(StrEnum):
    HTTP = "http"
    WEBSOCKET = "websocket"


class EndpointKind(StrEnum):
    """What an endpoint of a tool is for. `static`, `sign_in` and `telemetry` are never read (data minimisation)."""

    PROMPT = "prompt"
    DRAFT = "draft"
    UPLOAD = "upload"
    UPLOAD_META = "upload_meta"
    SIDE_CHANNEL = "side_channel"
    ANSWER = "answer"
    SIGN_IN = "sign_in"
    STATIC = "static"
    TELEMETRY = "telemetry"
    UNKNOWN = "unknown"

    @property
    def is_read(self) -> bool:
        return self not in (EndpointKind.SIGN_IN, EndpointKind.STATIC, EndpointKind.TELEMETRY)


class Standing(StrEnum):
    """Where a tool stands today: the register's screening state, computed for a date."""

    SCREENED = "screened"
    PENDING = "pending"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Rewrite(StrEnum):
    """What changing a request body of an endpoint takes; `forbidden`: the service signs it, so allow or refuse."""

    PLAIN = "plain"
    RECOMPRESS = "recompress"
    REFRAME = "reframe"
    CHECKSUM = "checksum"
    FORBIDDEN = "forbidden"


class Pieces(StrEnum):
    """How an upload endpoint takes a large file in several requests. `none`: not at all, so a piece cannot be read;
    `parts`: in parts that a later call puts in order, so only an upload of one part can be judged whole."""

    NONE = "none"
    PARTS = "parts"
    MICROSOFT = "microsoft"
    GOOGLE = "google"


class PartRole(StrEnum):
    USER = "user"
    SYSTEM = "system"
    HISTORY = "history"
    TOOL = "tool"
    FILE = "file"
    FILE_NAME = "file_name"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking. `identity` is the input of the pseudonym and is written nowhere; "" is an unknown person."""

    identity: str = field(default="", repr=False)
    department: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a request goes. `path` is without the query string."""

    scheme: str
    host: str
    port: int
    method: str
    path: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer, or one WebSocket message. `at` is seconds since the epoch, UTC."""

    id: str
    at: float
    person: Person
    destination: Destination
    transport: Transport = Transport.HTTP
    media_type: str = ""
    bytes_in: int = 0


@dataclass(frozen=True, slots=True)
class Selector:
    """One place in a message where words (or a file's name) stand, as a tool file writes it.

    `at` is a path over the decoded message, starting with `body`, `query`, `header` or `path`; `[*]` is every
    item, `.*` every key, `..` any depth; a string that holds JSON is entered as if it were an object.
    `roles_from` is a path beside the match (for example `^.role`) whose value `roles` maps to a `PartRole`.
    """

    at: str
    role: PartRole = PartRole.USER
    roles_from: str = ""
    roles: Mapping[str, PartRole] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """Where an answer stream carries text in pieces. `appends` are selectors over one decoded event whose strings
    are glued to the earlier ones of the same stream; every other string of an event is a text of its own.

    `patches` says that events are JSON-patch-like operations (`p`, `o`, `v`) with inherited path and operation.
    """

    appends: tuple[str, ...] = ()
    patches: bool = False


@dataclass(frozen=True, slots=True)
class EndpointFormat:
    """How the words stand in the messages of one endpoint. Empty: everything is walked, role `unknown`."""

    endpoint_id: str
    kind: EndpointKind
    texts: tuple[Selector, ...] = ()
    file_names: tuple[Selector, ...] = ()
    ignore: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    rewrite: Rewrite = Rewrite.PLAIN
    answer: AnswerFormat = AnswerFormat()
    refusal: str = ""
    conversation: str = ""
    pieces: Pieces = Pieces.NONE


@dataclass(frozen=True, slots=True)
class ToolMatch:
    """The registered tool a request belongs to; `tool_id` is "" for a known AI host nobody registered."""

    tool_id: str
    name: str
    standing: Standing
    endpoint: EndpointFormat


@dataclass(frozen=True, slots=True)
class Message:
    """One request (or one WebSocket message) as wire reads it; header names are lower case, order is kept."""

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    is_text_frame: bool = False
    transport: Transport = Transport.HTTP


@dataclass(frozen=True, slots=True)
class PromptPart:
    """One human text of a message. `locator` is wire's address of it, as `dissect` prints it."""

    id: str
    role: PartRole
    text: str = field(repr=False)
    locator: str = ""
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file in a message. `content` is None when only its name is here; `reference` links announce and bytes."""

    id: str
    name: str = field(repr=False)
    declared_type: str = ""
    content: bytes | None = field(default=None, repr=False)
    locator: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What wire found in a message: texts, files, and what it could not decode."""

    parts: tuple[PromptPart, ...] = ()
    uploads: tuple[Upload, ...] = ()
    gaps: tuple[Gap, ...] = ()
