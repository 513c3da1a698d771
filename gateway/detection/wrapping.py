"""What editors and forms put against a value, read as space: emphasis, lines to write on, tags, names of files.

`__P. Sijtsma__`, `tel _0318-552140_`, `.....17-09-1983`, `**Bewoner:** Dijkstra`, `Mevrouw <strong>Vos</strong>`,
`verslag_Vos_20240501.docx`: to a pattern that wants a value to stand free, none of these does.
"""

import re

_MARKS = re.compile(
    r"(?P<line>(?<!\w)_++(?=\w)|(?<=[^\s_])_++(?![\w@]))"
    r"|(?P<dots>(?<!\.)\.{3,}+(?=\w))"
    r"|(?P<strong>(?<![\w*])\*{2,3}(?=[^\s*])|(?<=[^\s*])\*{2,3}(?![\w*]))"
    r"|(?P<star>(?<![\w*])\*(?=[^\W\d_][^*\n]{0,60}\*(?![\w*])))"
    r"|(?P<tag></?(?:b|i|u|s|em|strong|span|mark|font|small|a|p|br)\s?/?>)"
    r"|(?P<label>(?<![^\W])[a-z]{2,6}_(?=\d{6,12}(?!\w)))"
)
_EXTENSION = re.compile(
    r"(?<=\w)\.(?:docx?|pdf|xlsx?|csv|txt|msg|eml|pptx?|od[tsp]|zip|jpe?g|png|tiff?|json|xml)(?!\w)", re.IGNORECASE
)
_LONGEST_NAME = 120
_NO_NAME = re.compile(r"[\n\"'<>|:;,/\\()\[\]]")
_JOINT = re.compile(r"_|(?<=[a-z])-(?=[A-Z])")
_BREAKS = ("</p", "<br")
_SIGNS = ("_", "...", "*", "<")


def unwrapped(text: str) -> str:
    """`text` with such marks as spaces, ends of lines in HTML as line ends; of the same length.

    A tag with attributes stays: they may hold data.
    """
    if not any(sign in text for sign in _SIGNS) and "." not in text:
        return text
    if "_" in text or "-" in text:
        text = _spaced_names(text)
    return _MARKS.sub(_space, text) if any(sign in text for sign in _SIGNS) else text


def _spaced_names(text: str) -> str:
    """The words of the names of files apart."""
    pieces: list[str] = []
    done = 0
    for extension in _EXTENSION.finditer(text):
        head = text[max(done, extension.start() - _LONGEST_NAME) : extension.start()]
        name = _NO_NAME.split(head)[-1]
        start = extension.start() - len(name)
        pieces += (text[done:start], _JOINT.sub(" ", name))
        done = extension.start()
    return "".join((*pieces, text[done:]))


def _space(mark: "re.Match[str]") -> str:
    whole = mark[0]
    if mark["label"]:
        return f"{whole[:-1]} "
    if mark["tag"] and whole.lower().startswith(_BREAKS):
        return "\n".ljust(len(whole))
    return " " * len(whole)
