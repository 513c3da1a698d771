"""Rich text (RTF 1.9.1): every group that can hold words, also those a screen never shows; pictures are looked into."""

import re
from dataclasses import dataclass, field

from gateway.documents.content import Content, Nested, UnreadError
from gateway.documents.kinds import FileKind, kind_of
from gateway.model.inspection import GapKind

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.IGNORECASE
)
_SILENT = frozenset(
    b"""fonttbl colortbl stylesheet listtable listoverridetable rsidtbl themedata colorschememapping
    latentstyles datastore
    generator xmlnstbl filetbl pgptbl mmathPr panose falt blipuid bliptag pntext pnseclvl picprop wgrffmtfilter
    operator creatim revtim printim buptim defchp defpap""".split()
)
"""Destinations with settings of the program only."""
_BREAKS = {b"par": "\n", b"line": "\n", b"row": "\n", b"cell": "\t", b"tab": "\t", b"page": "\n", b"sect": "\n"}
_SIGNS = {
    b"emdash": "\u2014", b"endash": "\u2013", b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c",
    b"rdblquote": "\u201d", b"bullet": "\u2022", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_HIDING = frozenset(
    b"""info annotation atnauthor atnid footnote header headerl headerr headerf footer footerl footerr footerf fldinst
    bkmkstart bkmkend shpinst shptxt sn sv sp userprops propname staticval docvar xe tc revtbl title author subject
    comment doccomm keywords company manager category hlinkbase object objname objclass result""".split()
)
"""Destinations whose words stand apart from the running text."""


@dataclass(slots=True)
class _Group:
    """A level of braces: where its words go, how many characters stand in for a `\\u` letter, and its destination."""

    out: list[str]
    skip: int = 1
    silent: bool = False
    starred: bool = False
    data: list[bytes] | None = None
    kind: bytes = b""


@dataclass(slots=True)
class _State:
    code_page: str
    groups: list[_Group]
    hidden: list[list[str]] = field(default_factory=list)
    pictures: list[tuple[bytes, bytes]] = field(default_factory=list)
    standing_in: int = 0


def read_rtf(content: bytes, into: Content, nested: Nested) -> None:
    """Adds the running text and every hidden group; pictures and objects are files of their own or gaps."""
    found = _CODE_PAGE.search(content)
    state = _State(f"cp{found[1].decode()}" if found else "cp1252", [_Group([])])
    body = state.groups[0].out
    position = 0
    while position < len(content):
        token = _TOKEN.match(content, position)
        if token is None:
            position += 1
            continue
        position = token.end()
        if token[1] == b"bin":
            size = max(0, int(token[2] or 0))
            state.pictures.append((b"bin", content[position : position + size]))
            position += size
        else:
            _take(token, state)
    into.add("text", "".join(body))
    for words in state.hidden:
        into.add("hidden", "".join(words))
    for kind, data in state.pictures:
        _read_inside(kind, data, into, nested)


def _take(token: re.Match[bytes], state: _State) -> None:
    group = state.groups[-1]
    if token[5] == b"{":
        inside = _Group(group.out, group.skip, group.silent, kind=group.kind)
        if group.data is not None:  # properties of a picture, between its digits
            inside.out = []
            state.hidden.append(inside.out)
        state.groups.append(inside)
    elif token[5] == b"}":
        if len(state.groups) > 1:
            state.groups.pop()
            if group.data is not None:
                state.pictures.append((group.kind, b"".join(group.data)))
    elif token[1]:
        _word(token[1], int(token[2]) if token[2] else None, group, state)
    elif token[3]:
        _letters(bytes([int(token[3], 16)]), group, state)
    elif token[4]:
        group.starred = token[4] == b"*" or group.starred
        _put({b"~": " ", b"_": "-", b"\n": "\n", b"\r": "\n"}.get(token[4], ""), group)
        if token[4] in b"\\{}":
            _put(token[4].decode(), group)
    elif token[6]:
        _letters(token[6], group, state)


def _word(word: bytes, number: int | None, group: _Group, state: _State) -> None:
    if word == b"u" and number is not None:
        _put(chr(number % 65536), group)
        state.standing_in = group.skip
    elif word == b"uc" and number is not None:
        group.skip = number
    elif word == b"nonshppict":
        group.kind = word
    elif word in (b"pict", b"objdata"):
        group.data, group.kind = [], group.kind or word
    elif word in _SILENT:
        group.silent = True
    elif word in _HIDING or group.starred:
        group.out = []
        state.hidden.append(group.out)
        group.starred = False
    elif word in _BREAKS or word in _SIGNS:
        _put(_BREAKS.get(word) or _SIGNS[word], group)


def _letters(data: bytes, group: _Group, state: _State) -> None:
    if state.standing_in:
        gone = min(state.standing_in, len(data))
        state.standing_in -= gone
        data = data[gone:]
    if group.data is not None:
        group.data.append(data)
    else:
        try:
            _put(data.decode(state.code_page, "replace"), group)
        except LookupError:
            _put(data.decode("cp1252", "replace"), group)


def _put(text: str, group: _Group) -> None:
    if text and not group.silent and group.data is None:
        group.out.append(text)


def _read_inside(kind: bytes, data: bytes, into: Content, nested: Nested) -> None:
    if kind == b"objdata":
        into.miss(GapKind.UNREADABLE, "rtf-object")
        return
    if kind in (b"pict", b"nonshppict"):
        digits = re.sub(rb"[^0-9a-fA-F]", b"", data)
        data = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
    if not data or (kind == b"nonshppict" and kind_of(data) is FileKind.BINARY):
        return  # the same picture again, for programs of before 1997
    into.unpack(len(data))
    try:
        nested(data, into.inside("picture"))
    except UnreadError as unread:
        into.miss(unread.kind, unread.detail)
