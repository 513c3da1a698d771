"""Passwords and codes in prose and in code: a word that announces one, and a value that can be one.

`wachtwoord is …`, `pw: …`, `"password": "…"`, `--password …`, `user / pass`, and codes of doors, alarms and safes.
Placeholders, variables, look-ups in code and talk about passwords are no secrets.
"""

from collections.abc import Callable, Iterator

import regex

from gateway.detection.credentials import access_codes, assigned, keys, logins, notations
from gateway.detection.credentials.values import Words, is_placeholder, looks_secret
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk
from gateway.rulebook.documents.detection import DetectionRule
from nl_models import Lexicon

_HEAD = regex.compile(
    r"(?:.{0,20}[ _-])?(?:wachtwoord|password|passwd|pwd|ww|pw|pin(?:code)?|puk|toegangscode|inlogcode|secret|"
    r"api[ _-]?key|token|sleutel)(?:[ _-].{0,20})?",
    regex.IGNORECASE,
)
"""The head of a column of secrets."""
_LONGEST = 400

Finder = Callable[["regex.Match[str]"], Iterator[assigned.Find]]


class CredentialRecognizer(CodeRecognizer):
    """Passwords and codes, each by the module that knows its way of writing."""

    triggers: tuple[str, ...] = (*keys.TRIGGERS, *notations.TRIGGERS, *logins.TRIGGERS, *access_codes.TRIGGERS)
    lead = 32

    def __init__(self, rule: DetectionRule, lexicon: Lexicon | None) -> None:
        super().__init__(rule)
        words = Words(lexicon)
        self._passwords: tuple[tuple[regex.Pattern[str], Finder], ...] = (
            (assigned.ASSIGNED, lambda match: assigned.assigned(match, words)),
            (assigned.HEADED, lambda match: assigned.assigned(match, words)),
            (assigned.BELOW, lambda match: assigned.below(match, words)),
            (assigned.PHRASE, assigned.phrase),
            *((pattern, lambda match: notations.named(match, words)) for pattern in notations.NAMED),
            *((pattern, notations.option) for pattern in notations.OPTIONS),
            *((pattern, lambda match: logins.login(match, is_firm=True)) for pattern in logins.FIRM),
            *((pattern, lambda match: logins.login(match, is_firm=False)) for pattern in logins.LOOSE),
        )

    def find(self, look: Look) -> Iterator[Hit]:
        for pattern, finder in self._passwords:
            for match in self._walk(look, pattern, overlapped=pattern is assigned.ASSIGNED):
                for start, end, score in finder(match):
                    yield self.hit(start, end, score)
        yield from self._codes(look)
        yield from self._in_columns(look)

    def _walk(
        self, look: Look, pattern: "regex.Pattern[str]", *, overlapped: bool = False
    ) -> Iterator["regex.Match[str]"]:
        text = look.reading.text
        return Walk(pattern, text, _LONGEST, 1 + len(text) / 100_000).over(look.windows, overlapped=overlapped)

    def _codes(self, look: Look) -> Iterator[Hit]:
        for is_certain, patterns in ((False, access_codes.CODES), (True, access_codes.CERTAIN_CODES)):
            for pattern in patterns:
                for match in self._walk(look, pattern):
                    for start, end, score in access_codes.codes(match, is_certain=is_certain):
                        weighed = score if is_certain else self.context_window.score(look.reading, start, end, score)
                        yield self.hit(start, end, weighed)

    def _in_columns(self, look: Look) -> Iterator[Hit]:
        """The cells below a head that says that they are secrets."""
        text = look.reading.text
        for head, (start, end) in look.reading.tables.cells():
            if _HEAD.fullmatch(text[slice(*head)].strip("\"'` ")):
                value = text[start:end].strip("\"'`")
                at = text.index(value, start)
                if looks_secret(value) and not is_placeholder(value):
                    yield self.hit(at, at + len(value), 0.85)
