"""One message read into parts, files and gaps, and written back with only the edited strings changed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.errors import WireError
from gateway.model.inspection import Gap, GapKind
from gateway.model.traffic import (
    EndpointFormat,
    EndpointKind,
    Extraction,
    Message,
    PartRole,
    PromptPart,
    Rewrite,
    Transport,
    Upload,
)
from gateway.wire import digests, media, pieces
from gateway.wire.claims import Claim, Claims, fragments_by_join
from gateway.wire.headers import applied_encodings, header, is_credential
from gateway.wire.joining import carry, distribute
from gateway.wire.limits import DEFAULT_LIMITS, Limits
from gateway.wire.locators import compile_selector, nearest_key, spell
from gateway.wire.reading import Reader
from gateway.wire.references import mention_reference, mentions, upload_reference
from gateway.wire.tree import Node, Path, SlotKind, Value, as_bytes, as_text

_FEW_NUMBERS = 4
_SURROGATE = re.compile("[\ud800-\udfff]")


def extract(message: Message, form: EndpointFormat, limits: Limits = DEFAULT_LIMITS) -> "Decoded":
    """Reads a message the way its endpoint's format says. Never raises for bad bytes: what is unreadable is a gap.

    Endpoints for sign-in, static files and telemetry are not read at all. Of a WebSocket message only the body is
    read; its URL and headers belong to the upgrade request.
    """
    if not form.kind.is_read:
        return Decoded(message, form, (), Found())
    reader = Reader(limits)
    roots: list[Node] = []
    if message.transport != Transport.WEBSOCKET:
        roots.append(reader.read_url(message.url))
        roots.extend(reader.read_header(name, value) for name, value in message.headers)
    if message.body:
        media_type = header(message, "content-type")
        roots.append(reader.read_body(message.body, media_type, applied_encodings(message), _is_raw(message, form)))
    if pieces.is_piece(message):
        reader.gaps.append((("body",), Gap(GapKind.INCOMPLETE, detail="piece")))
    selectors = Claims(form)
    claims = tuple(selectors.judge(roots, sends=message.method not in ("GET", "HEAD", "OPTIONS")))
    nodes = (node for root in roots for node in root.walk() if node.kind == SlotKind.FILE and not node.children)
    files = tuple(node for node in nodes if _is_file(node) and not selectors.ignores(node))
    return Decoded(message, form, tuple(roots), Found(claims, files, tuple(reader.gaps)))


def _is_raw(message: Message, form: EndpointFormat) -> bool:
    """Whether the body is a file by itself: a piece of an upload, or one for which no selector expects a structure."""
    if message.method == "GET" or header(message, "x-goog-upload-command").startswith("start"):
        return False
    if any(header(message, name) for name in ("content-range", "x-goog-upload-offset")):
        return True
    return form.kind == EndpointKind.UPLOAD and not form.texts and not form.file_names


def _is_file(node: Node) -> bool:
    """Whether bytes are a file of a person; in headers and queries opaque base64 is a token."""
    return node.path[0] not in ("header", "query") or media.sniff_file(as_bytes(node.value)) != ""


@dataclass(frozen=True, slots=True)
class Found:
    """What reading gave: the claims on strings, the files, and the gaps with the path they were met at."""

    claims: tuple[Claim, ...] = ()
    files: tuple[Node, ...] = ()
    gaps: tuple[tuple[Path, Gap], ...] = ()


class Decoded:
    """A message with what was found in it: `extraction` for the other rooms, whose ids are good for `rewrite`."""

    def __init__(
        self,
        message: Message,
        form: EndpointFormat,
        roots: tuple[Node, ...],
        found: Found,
    ) -> None:
        self.message = message
        self.roots = roots
        self._form = form
        self._claims = found.claims
        self._groups: dict[str, tuple[Claim, ...]] = {}
        self._files: dict[str, Node] = {}
        self.extraction = Extraction(
            tuple(self._parts()), tuple(self._uploads(found.files)), tuple(dict.fromkeys(self._gaps(found.gaps)))
        )

    # --- reading ------------------------------------------------------------------------------------------------

    def _parts(self) -> Iterable[PromptPart]:
        joins = fragments_by_join(self._claims)
        for claim in self._claims:
            fragments = joins.get(claim.join, ())
            if len(fragments) > 1:
                if claim is fragments[0]:
                    yield self._part(f"j{claim.node.index}", fragments)
            elif claim.role is not None and not _is_token(claim):
                yield self._part(f"t{claim.node.index}", (claim,))

    def _part(self, part_id: str, claims: tuple[Claim, ...]) -> PromptPart:
        self._groups[part_id] = claims
        role = next((claim.role for claim in claims if claim.role is not None), PartRole.UNKNOWN)
        return PromptPart(part_id, role, _shown("".join(map(_text, claims))), claims[0].locator)

    def _uploads(self, contents: Sequence[Node]) -> Iterable[Upload]:
        """Files with their content, files known by name only; a name beside a content belongs to it."""
        names = [claim for claim in self._claims if claim.role == PartRole.FILE_NAME]
        named: dict[int, str] = {}
        for node in contents:
            beside = next((claim for claim in names if _belongs(claim.node.path, node.path)), None)
            if beside is not None:
                names = [claim for claim in names if claim is not beside and claim.node.path[:-1] != node.path]
                named[node.index] = _text(beside)
        for node in contents:
            upload_id = f"f{node.index}"
            self._files[upload_id] = node
            reference = upload_reference(self.message.url, self._named_leaves())
            content = as_bytes(node.value)
            yield Upload(
                upload_id, _shown(named.get(node.index, "")), node.media_type, content, spell(node.path), reference
            )
        seen = set(named.values())
        for claim in names:
            if _text(claim) in seen:
                continue
            seen.add(_text(claim))
            leaves = ((other.node.path, _text(other)) for other in self._claims)
            reference = mention_reference(claim.node.path, leaves)
            yield Upload(f"f{claim.node.index}", _shown(_text(claim)), "", None, claim.locator, reference)

    def _named_leaves(self) -> Iterable[tuple[str, str]]:
        return ((nearest_key(claim.node.path), _text(claim)) for claim in self._claims)

    def _gaps(self, gaps: Iterable[tuple[Path, Gap]]) -> Iterable[Gap]:
        by_path = {node.path: upload_id for upload_id, node in self._files.items()}
        yield from (replace(gap, part_id=by_path.get(path, "")) for path, gap in gaps)
        if sum(map(_is_token, self._claims)) >= _FEW_NUMBERS:
            yield Gap(GapKind.UNKNOWN_FORMAT, detail="token_numbers")

    def skipped(self) -> tuple[str, ...]:
        """The places of the strings nobody inspects, in order; for `dissect`."""
        taken = {claim.node.index for claims in self._groups.values() for claim in claims}
        return tuple(claim.locator for claim in self._claims if claim.node.index not in taken and _text(claim).strip())

    def value_at(self, selector: str) -> str:
        """The first value at a place, "" when there is none or no place is meant; also from a WebSocket's own URL."""
        if not selector:
            return ""
        roots = self.roots
        if self.message.transport == Transport.WEBSOCKET and selector.startswith(("path", "query")):
            roots = (Reader(DEFAULT_LIMITS).read_url(self.message.url),)
        pattern = compile_selector(selector)
        nodes = (node for root in roots for node in root.walk() if isinstance(node.value, str) and node.value)
        return next((as_text(node.value) for node in nodes if pattern.fullmatch(spell(node.path))), "")

    @property
    def mentions(self) -> tuple[str, ...]:
        """The ids of files this message speaks of, in the form in which answers hand them out."""
        nodes = (node for root in self.roots for node in root.walk() if node.path[:1] in (("body",), ("query",)))
        return mentions((node.path, as_text(node.value)) for node in nodes if isinstance(node.value, str))

    @property
    def conversation(self) -> str:
        """The conversation this message belongs to, as the endpoint's format locates it; "" when it has none yet."""
        return self.value_at(self._form.conversation)

    def repeats(self, values: Iterable[str]) -> tuple[PromptPart, ...]:
        """Every string that is no part yet and holds one of the values: ids, options, names of keys, URL, headers.

        Redact these as well, with the same placeholders, and give them to `rewrite`: then no value is left anywhere.
        Values are compared as whole words and to the letter; sign-in headers are left out, they are never edited.
        """
        wanted = sorted({value for value in values if value.strip()}, key=len, reverse=True)
        if not wanted:
            return ()
        pattern = re.compile("|".join(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])" for value in wanted))
        taken = {claim.node.index for claims in self._groups.values() for claim in claims}
        return tuple(
            self._part(f"t{claim.node.index}", (claim,))
            for claim in self._claims
            if claim.node.index not in taken and _is_editable(claim) and pattern.search(_text(claim))
        )

    # --- writing ------------------------------------------------------------------------------------------------

    def rewrite(self, texts: Mapping[str, str], files: Mapping[str, bytes] | None = None) -> Message:
        """The message with the parts in `texts` and the files in `files` (by id) replaced.

        Nothing changed gives the same message, byte for byte. Lengths, digests and compression around an edit are
        made again. Raises `WireError` for an unknown id and where the service would notice any change.
        """
        edits: dict[int, Value] = {}
        for part_id, new in texts.items():
            if part_id not in self._groups:
                raise WireError("rewrite: unknown part")
            edits.update(_edits(self._groups[part_id], new))
        for upload_id, content in (files or {}).items():
            if upload_id not in self._files:
                raise WireError("rewrite: unknown file")
            if content != self._files[upload_id].value:
                edits[self._files[upload_id].index] = content
        if not edits:
            return self.message
        if self._form.rewrite in (Rewrite.FORBIDDEN, Rewrite.CHECKSUM):
            raise WireError("rewrite: the service signs its content")
        return self._rebuilt(edits)

    def _rebuilt(self, edits: Mapping[int, Value]) -> Message:
        message = self.message
        headers: list[tuple[str, str]] = []
        for root in self.roots:
            value = root.rebuild(edits)
            if root.path == ():
                message = replace(message, url=as_text(value))
            elif root.path[0] == "header":
                headers.append((str(root.path[1]), as_text(value)))
            else:
                message = replace(message, body=as_bytes(value))
        if headers:
            message = replace(message, headers=tuple(headers))
        if message.body is not self.message.body:
            adjusted = digests.for_body(message.headers, self.message.body, message.body)
            message = replace(message, headers=adjusted)
        return message


def _is_token(claim: Claim) -> bool:
    """Whether this is one number of a row where a text was expected: words as the numbers of a model's vocabulary."""
    node = claim.node
    return (
        node.kind == SlotKind.LITERAL and claim.role not in (None, PartRole.UNKNOWN) and isinstance(node.path[-1], int)
    )


def _text(claim: Claim) -> str:
    return as_text(claim.node.value)


def _shown(text: str) -> str:
    """The text as others can use it: lone surrogates, which no encoding takes, become U+FFFD, sign for sign."""
    return _SURROGATE.sub("\ufffd", text)


def _edits(claims: Sequence[Claim], new: str) -> dict[int, Value]:
    originals = [_text(claim) for claim in claims]
    whole = "".join(originals)
    target = carry(whole, _shown(whole), new)
    pieces = [target] if len(claims) == 1 else distribute(originals, target)
    changed = zip(claims, originals, pieces, strict=True)
    return {claim.node.index: piece for claim, original, piece in changed if piece != original}


def _belongs(name: Path, content: Path) -> bool:
    """Whether a file name stands beside a content: as its attribute, in the same object, one level up, in the URL."""
    if content == ("body",):
        return name[0] in ("header", "path", "query")
    return name[:-1] in (content, content[:-1], content[:-2] or content[:-1])


def _is_editable(claim: Claim) -> bool:
    path = claim.node.path
    return not (path[:1] == ("header",) and is_credential(str(path[1])))
