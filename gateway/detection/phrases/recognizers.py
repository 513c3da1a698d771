"""The recognizers of this package: what a detection rule may name in `recognizer`, and its options."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator

from gateway.detection.phrases.confidential import MarkingFinder, Needs, SealedFactFinder
from gateway.detection.phrases.facts import FactFinder
from gateway.detection.phrases.labelled import LabelledFactFinder
from gateway.detection.phrases.phrasebook import Phrasebook
from gateway.detection.phrases.registered import RegisteredDocuments
from gateway.detection.phrases.requests import DecisionRequestFinder
from gateway.detection.phrases.scenes import Strength
from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.model.inspection import Entity
from gateway.rulebook.documents.detection import DetectionRule

Spans = Iterable[tuple[int, int, float]]
"""(start, end, score) of each find, in code points of the text."""


class PhraseRecognizer(CodeRecognizer):
    """A recognizer of terms in their sentences, over what the recognizers of the rulebook share."""

    stage = 2

    def __init__(self, rule: DetectionRule, book: Phrasebook) -> None:
        super().__init__(rule)
        self._book = book

    def find(self, look: Look) -> Iterator[Hit]:
        """The hits in the text, given what stage 1 found."""
        for start, end, score in self.spans(look):
            yield self.hit(start, end, score)

    @abstractmethod
    def spans(self, look: Look) -> Spans:
        """Where the rule's terms say what the recognizer looks for."""


class PersonalFactRecognizer(PhraseRecognizer):
    """`personal-fact`: terms that are said of an identifiable person. Option `strength`: see `Strength`."""

    def __init__(self, rule: DetectionRule, terms: tuple[str, ...], book: Phrasebook) -> None:
        super().__init__(rule, book)
        self._finder = FactFinder(book.matcher(terms), Strength(rule.options.get("strength", "named")))

    def spans(self, look: Look) -> Spans:
        """The facts in the text."""
        return self._finder.find(self._book.words(look.reading), self._book.scene(look))


class LabelledFactRecognizer(PhraseRecognizer):
    """`labelled-fact`: the rule's terms are labels and column heads; what stands after or under them is the fact."""

    def __init__(self, rule: DetectionRule, terms: tuple[str, ...], book: Phrasebook) -> None:
        super().__init__(rule, book)
        self._finder = LabelledFactFinder(book.matcher(terms))

    def spans(self, look: Look) -> Spans:
        """The labelled values in the text."""
        return self._finder.find(self._book.words(look.reading), self._book.scene(look), look.reading.tables)


class MarkingRecognizer(PhraseRecognizer):
    """`confidentiality-mark`: marks that apply to the text itself. Option `form`: mark or claim."""

    stage = 1

    def __init__(self, rule: DetectionRule, terms: tuple[str, ...], book: Phrasebook) -> None:
        super().__init__(rule, book)
        matcher = book.matcher(terms, book.terms("confidentiality-aboutness"))
        self._finder = MarkingFinder(matcher, is_claim=rule.options.get("form") == "claim")

    def spans(self, look: Look) -> Spans:
        """The marks in the text."""
        return self._finder.find(self._book.words(look.reading))


class SealedFactRecognizer(PhraseRecognizer):
    """`sealed-fact`: bids, ceilings, weaknesses, plans. Option `needs`: see `Needs`.

    In a text that carries a confidentiality mark, every sum of money is sealed.
    """

    def __init__(self, rule: DetectionRule, terms: tuple[str, ...], book: Phrasebook) -> None:
        super().__init__(rule, book)
        matcher = book.matcher(terms, book.terms("sealed-owners"), book.terms("sealed-aboutness"))
        self._finder = SealedFactFinder(matcher, Needs(rule.options.get("needs", "amount")))

    def spans(self, look: Look) -> Spans:
        """The sealed facts in the text."""
        is_marked = any(hit.entity is Entity.CONFIDENTIAL_MARKING for hit in look.earlier)
        return self._finder.find(self._book.words(look.reading), is_marked=is_marked)


class DecisionRequestRecognizer(PhraseRecognizer):
    """`decision-request`: the AI is asked to decide about somebody; the rule's terms are the effects.

    Option `askings`: the list of words by which the decision is asked; `none` when a term is a request in itself.
    Option `form: question`: these words ask only in a question, with its sign or with its verb first.
    """

    def __init__(self, rule: DetectionRule, terms: tuple[str, ...], book: Phrasebook) -> None:
        super().__init__(rule, book)
        askings = book.terms(rule.options.get("askings", "decision-askings"))
        matcher = book.matcher(terms, askings, book.terms("decision-made"), book.terms("decision-general"))
        is_question = rule.options.get("form") == "question"
        self._finder = DecisionRequestFinder(matcher, needs_asking=bool(askings), is_question=is_question)

    def spans(self, look: Look) -> Spans:
        """The requests in the text."""
        return self._finder.find(self._book.words(look.reading), self._book.scene(look))


class RegisteredDocumentRecognizer(CodeRecognizer):
    """`registered-document`: passages of documents somebody registered as confidential."""

    def __init__(self, rule: DetectionRule, documents: RegisteredDocuments, book: Phrasebook) -> None:
        super().__init__(rule)
        self._documents = documents
        self._book = book

    def find(self, look: Look) -> Iterator[Hit]:
        """The passages in the text."""
        if self._documents.documents:
            for start, end in self._documents.find(self._book.words(look.reading)):
                yield self.hit(start, end, 1.0, validated=True)


PHRASE_RECOGNIZERS: dict[str, Callable[[DetectionRule, tuple[str, ...], Phrasebook], CodeRecognizer]] = {
    "personal-fact": PersonalFactRecognizer,
    "labelled-fact": LabelledFactRecognizer,
    "confidentiality-mark": MarkingRecognizer,
    "sealed-fact": SealedFactRecognizer,
    "decision-request": DecisionRequestRecognizer,
}
"""Names for `recognizer`; each is made from a rule, its terms, and what the rulebook's recognizers share."""
