"""Passwords and codes in prose and in code: a word that announces one, and a value that can be one.

`wachtwoord is …`, `pw: …`, `"password": "…"`, `--password …`, `user / pass`, and codes of doors, alarms and safes.
Placeholders, variables, look-ups in code and talk about passwords are no secrets.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

import regex

from gateway.detection.credentials import access_codes, assigned, keys, logins, notations
from gateway.detection.credentials.values import Words, is_placeholder, looks_secret
from gateway.detection.prefilter import union
from gateway.detection.reading import Hit, Look, Spans
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

_TRIGGERS = (
    keys.TRIGGERS,
    notations.TURNED_TRIGGERS,
    notations.OPTION_TRIGGERS,
    logins.TRIGGERS,
    access_codes.TRIGGERS,
)
_KEYS, _TURNED, _OPTIONS, _LOGINS, _CODES = range(len(_TRIGGERS))

Finder = Callable[["regex.Match[str]"], Iterator[assigned.Find]]
Search = tuple[int, "regex.Pattern[str]", Finder]
"""Near which triggers, what to look for there, and the values in it."""


class CredentialRecognizer(CodeRecognizer):
    """Passwords and codes, each by the module that knows its way of writing."""

    triggers: tuple[str, ...] = tuple(chain.from_iterable(_TRIGGERS))
    lead = 32

    def __init__(self, rule: DetectionRule, lexicon: Lexicon | None) -> None:
        super().__init__(rule)
        words = Words(lexicon)
        by_key = partial(assigned.assigned, words=words)
        named = partial(notations.named, words=words)
        self._certain: tuple[Search, ...] = (
            (_KEYS, assigned.ASSIGNED, by_key),
            (_KEYS, assigned.HEADED, by_key),
            (_KEYS, assigned.BELOW, partial(assigned.below, words=words)),
            (_KEYS, assigned.PHRASE, assigned.phrase),
            *((_KEYS, pattern, named) for pattern in notations.NAMED),
            (_TURNED, notations.TURNED, named),
            *((_OPTIONS, pattern, notations.option) for pattern in notations.OPTIONS),
            *((_LOGINS, pattern, partial(logins.login, is_firm=True)) for pattern in logins.FIRM),
            *((_LOGINS, pattern, partial(logins.login, is_firm=False)) for pattern in logins.LOOSE),
            *(
                (_CODES, pattern, partial(access_codes.codes, is_certain=True))
                for pattern in access_codes.CERTAIN_CODES
            ),
        )
        self._weighed: tuple[Search, ...] = tuple(
            (_CODES, pattern, partial(access_codes.codes, is_certain=False)) for pattern in access_codes.CODES
        )

    def find(self, look: Look) -> Iterator[Hit]:
        windows = _windows(look)
        for start, end, score in self._found(look, windows, self._certain):
            yield self.hit(start, end, score)
        for start, end, score in self._found(look, windows, self._weighed):
            yield self.hit(start, end, self.context_window.score(look.reading, start, end, score))
        yield from self._in_columns(look)

    def _found(self, look: Look, windows: Sequence[Spans], searches: Sequence[Search]) -> Iterator[assigned.Find]:
        text = look.reading.text
        for group, pattern, finder in searches:
            walk = Walk(pattern, text, _LONGEST, 1 + len(text) / 100_000)
            for match in walk.over(windows[group], overlapped=pattern is assigned.ASSIGNED):
                yield from finder(match)

    def _in_columns(self, look: Look) -> Iterator[Hit]:
        """The cells below a head that says that they are secrets."""
        text = look.reading.text
        for head, (start, end) in look.reading.tables.cells():
            if _HEAD.fullmatch(text[slice(*head)].strip("\"'` ")):
                value = text[start:end].strip("\"'`")
                at = text.index(value, start)
                if looks_secret(value) and not is_placeholder(value):
                    yield self.hit(at, at + len(value), 0.85)


def _windows(look: Look) -> tuple[Spans, ...]:
    """Where the triggers of each group are near; everywhere when nobody told the triggers apart."""
    if not look.by_trigger:
        return (look.windows,) * len(_TRIGGERS)
    numbers = iter(range(len(CredentialRecognizer.triggers)))
    groups = [{number: look.by_trigger.get(number, ()) for number in islice(numbers, len(one))} for one in _TRIGGERS]
    return tuple(union(group) for group in groups)
