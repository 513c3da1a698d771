"""E-mail addresses of people. A mailbox named with ordinary words is a team's: `nieuwkomers@`, `open.data@`.

The rule's list of functional mailboxes stays the first answer; this is the general case behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import RulePatternRecognizer

if TYPE_CHECKING:
    from gateway.rulebook.documents.detection import DetectionRule
    from nl_models import Lexicon

_WORD = re.compile(r"[^\W\d_]+")
_WRAP = re.compile(r"[=-]\r?\n[ \t]*")
"""Where a mail program or a typist broke a line inside an address."""
_SHORTEST = 4
"""Letters of a word that says what a mailbox is for; shorter pieces are as often initials."""
_ORDINARY = 1


class MailboxRecognizer(RulePatternRecognizer):
    """The rule's patterns, without mailboxes whose every word is an ordinary one and no name."""

    def __init__(self, rule: DetectionRule, lexicon: Lexicon | None) -> None:
        super().__init__(rule)
        self._lexicon = lexicon

    def find(self, look: Look) -> Iterator[Hit]:
        for hit in super().find(look):
            if not self._is_functional(look.reading.text[hit.start : hit.end].partition("@")[0]):
                yield hit

    def _is_functional(self, mailbox: str) -> bool:
        words = _WORD.findall(_WRAP.sub("", mailbox))
        return bool(words) and self._lexicon is not None and all(map(self._says_what_for, words))

    def _says_what_for(self, word: str) -> bool:
        lexicon = self._lexicon
        return (
            lexicon is not None
            and len(word) >= _SHORTEST
            and lexicon.commonness(word) >= _ORDINARY
            and not lexicon.first_name(word)
            and not lexicon.surname(word)
        )
