"""What the house rules take out of answers, made ready for the restoration engine once per rulebook."""

from collections.abc import Callable, Sequence

from gateway.detection.inspector import Inspector
from gateway.enforcement.hiding import Hide
from gateway.errors import EnforcementError
from gateway.model.inspection import Finding
from gateway.rulebook.book import RuleBook
from gateway.rulebook.documents.common import RuleStatus


class Hiding:
    """Knows what to hide under the rulebook in force. Only rules run here, no language model: it is quick."""

    def __init__(self, book: Callable[[], RuleBook]) -> None:
        self._book = book
        self._revision: str | None = None
        self._hide: Hide | None = None

    def now(self) -> Hide | None:
        """What to take out of an answer that begins now; None when the house rules name nothing."""
        book = self._book()
        if book.revision != self._revision:
            self._revision, self._hide = book.revision, _made(book)
        return self._hide


def _made(book: RuleBook) -> Hide | None:
    entities = frozenset(book.house.answers.hide)
    if not entities:
        return None
    rules = [rule for rule in book.detection if rule.entity in entities and rule.status is RuleStatus.ENFORCED]
    inspector = Inspector(rules, book.lists)

    def find(text: str) -> Sequence[Finding]:
        seen = inspector.inspect_text(text)
        if seen.gaps:
            raise EnforcementError("an answer could not be searched")
        return seen.findings

    return Hide(find, entities)
