"""What can be a secret, and what only stands where one could: placeholders, variables, look-ups, ordinary words."""

import regex

from nl_models import Lexicon

_PLACEHOLDER = regex.compile(
    r"[<{\[(].*|\$[\w{(].*|%[\w(].*|#\{.*|[*•·.…_-]{3,}|x{3,}|\?{2,}|#{3,}|"
    r".*(?:your|jouw|uw[_-]|example|voorbeeld|placeholder|changeme|change_me|todo|dummy|redacted|geheim123|xxxx|hunter2).*|(?:os|process|env|config|settings|self|request|this|args|secrets|vault|"
    r"System|Environment|getenv|os\.environ|process\.env|params|ctx|app|options|credentials)[.\[(].*|.*\(.*\)?;?|@\w+|"
    r"(?:[\w.-]{1,40}/){1,10}[\w-]{1,40}\.[a-z]{1,4}|"
    r"(?:null|none|nil|true|false|undefined|string|str|text|varchar.*|char|int|required|optional|empty|enabled|disabled|"
    r"(?:[a-z]{1,20}[_.]){0,4}(?:password|passwd|pwd|pw|wachtwoord|secret|token|pass|user|username|key))[,;:.)]*|"
    r"https?://.*|/[\w/.-]*|[\w.-]+\.(?:nl|com|py|js|md|txt|json|yaml|yml|env|html)",
    regex.IGNORECASE,
)
_DIGIT = regex.compile(r"\d")
_SIGN = regex.compile(r"[^\w\s.,:;?!/'()-]|[!?](?=\w)|_")
_STRONG = regex.compile(
    r"(?=.{0,80}\d)(?=.{0,80}\p{L})(?:.{0,80}[^\w\s.,:;/'()-].{0,80}|(?=.{0,80}\p{Lu})(?=.{0,80}\p{Ll}).{7,80})"
)
_MIXED = regex.compile(r"\p{Ll}\p{Lu}")
_STATE = regex.compile(
    r"\p{L}{0,8}ge\p{L}{2,20}[dtn]|(?:her|ver|be|ont)\p{L}{2,20}[dtn]|"
    r"(?:na|uit|in|af|aan|op|door|toe|over|mede)(?:be|ver|ont|her)\p{L}{2,20}[dtn]|engels|frans|duits|"
    r"\p{L}{2,20}(?:baar|lijke?|ige?|loos|isch|eel|zaam|achtig|end|eerd|zet|entieel|ief)",
    regex.IGNORECASE,
)
"""The shape of what is said of a password: "verlopen", "ingesteld", "hoofdlettergevoelig"."""
_SHORTEST = 5
_SHORTEST_WORD = 6
_SHORTEST_NUMBER = 6
_SHORTEST_CODE = 4


def is_placeholder(value: str) -> bool:
    """Whether `value` stands for a secret that is elsewhere."""
    return _PLACEHOLDER.fullmatch(value) is not None


def has_digit(value: str) -> bool:
    return _DIGIT.search(value) is not None


def looks_secret(value: str) -> bool:
    """Letters with digits or signs, or capitals inside: what people and systems make passwords of."""
    if len(value) < _SHORTEST:
        return False
    if not any(char.isalpha() for char in value):
        return has_digit(value) and len(value) >= _SHORTEST_NUMBER
    return has_digit(value) or bool(_SIGN.search(value)) or bool(_MIXED.search(value))


def looks_strong(value: str) -> bool:
    """Letters with a digit, and a sign or both cases: no name, number or product is often written so."""
    return _STRONG.fullmatch(value) is not None


class Words:
    """What the lexicon says of a value that is written as a word."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        self._lexicon = lexicon

    def is_unknown(self, value: str) -> bool:
        """Whether nobody uses this word in a sentence, or it is words tied together."""
        if value.count("-") > 1 and len(value) >= 2 * _SHORTEST_WORD:
            return True
        word = value.strip(".,;:!?")
        return (
            len(word) >= _SHORTEST_WORD and word.isalpha() and (not self._lexicon or not self._lexicon.commonness(word))
        )

    def is_thing(self, value: str) -> bool:
        """Whether the word is unknown and says nothing of the password itself."""
        return self.is_unknown(value) and _STATE.fullmatch(value.strip(".,;:!?")) is None

    def is_set(self, value: str) -> bool:
        """Whether somebody would set `value` as a secret: what follows a name that says so."""
        return (
            not is_placeholder(value)
            and " " not in value
            and (looks_secret(value) or self.is_unknown(value) or (value.isdigit() and len(value) >= _SHORTEST_CODE))
        )


def value_span(match: "regex.Match[str]") -> tuple[int, int]:
    """The value of a match without the punctuation of the sentence around it."""
    if "quoted" in match.re.groupindex and match["quoted"] is not None:
        return int(match.start("quoted")), int(match.end("quoted"))
    start, end = match.span("bare")
    value = match.string[start:end]
    while value and value[0] in "([":
        start, value = start + 1, value[1:]
    while value and (value[-1] in ".,;:)]}" or (value[-1] == "?" and not has_digit(value))):
        end, value = end - 1, value[:-1]
    return start, end
