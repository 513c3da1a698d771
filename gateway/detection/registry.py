"""From detection rules to recognizers: patterns, terms, or the code a rule names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from gateway.detection.address import AddressRecognizer
from gateway.detection.address_fields import AddressFieldsRecognizer
from gateway.detection.birth import DateOfBirthRecognizer
from gateway.detection.credentials.recognizer import CredentialRecognizer
from gateway.detection.iban import IbanRecognizer
from gateway.detection.mailbox import MailboxRecognizer
from gateway.detection.models import Models
from gateway.detection.persons.recognizer import PersonRecognizer
from gateway.detection.phone import PhoneRecognizer
from gateway.detection.phrases.learned import LearnedFactRecognizer
from gateway.detection.phrases.phrasebook import Phrasebook
from gateway.detection.phrases.recognizers import PHRASE_RECOGNIZERS, RegisteredDocumentRecognizer
from gateway.detection.recognizer import Recognizer, RulePatternRecognizer, TermRecognizer
from gateway.detection.second_reader import SecondReader
from gateway.detection.spelled import SpelledNumberRecognizer
from gateway.errors import Problem, RuleError
from gateway.rulebook.documents.common import RuleStatus
from gateway.rulebook.documents.detection import DetectionRule


@dataclass(frozen=True)
class Resources:
    """What code recognizers are built from: the rulebook's lists by id, and the loaded models."""

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    models: Models = field(default_factory=Models)

    def terms(self, rule: DetectionRule) -> tuple[str, ...]:
        """The rule's own terms and those of the lists it names."""
        return rule.terms + tuple(term for name in rule.terms_from for term in self.lists.get(name, ()))

    @cached_property
    def reader(self) -> SecondReader:
        """Model B for all recognizers built from these resources: it reads a text once."""
        return SecondReader(self.models.second_opinion)

    @cached_property
    def phrasebook(self) -> Phrasebook:
        """What all phrase recognizers built from these resources share."""
        lexicon = self.models.lexicon
        return Phrasebook(self.lists, lexicon.first_name if lexicon else None)


RECOGNIZERS: dict[str, Callable[[DetectionRule, Resources], Recognizer]] = {
    "address": lambda rule, resources: AddressRecognizer(rule, resources.models.lexicon, resources.lists),
    "address-fields": lambda rule, resources: AddressFieldsRecognizer(rule, resources.lists),
    "credentials": lambda rule, resources: CredentialRecognizer(rule, resources.models.lexicon),
    "date-of-birth": lambda rule, _: DateOfBirthRecognizer(rule),
    "iban": lambda rule, _: IbanRecognizer(rule),
    "mailbox": lambda rule, resources: MailboxRecognizer(rule, resources.models.lexicon),
    "person": lambda rule, resources: PersonRecognizer(rule, resources.models, resources.reader, resources.lists),
    "phone": lambda rule, resources: PhoneRecognizer(rule, resources.lists),
    "spelled-number": lambda rule, _: SpelledNumberRecognizer(rule),
}
"""The code a rule may name in `recognizer`."""


def _phrases(name: str) -> Callable[[DetectionRule, Resources], Recognizer]:
    def make(rule: DetectionRule, resources: Resources) -> Recognizer:
        return PHRASE_RECOGNIZERS[name](rule, resources.terms(rule), resources.phrasebook)

    return make


RECOGNIZERS["learned-fact"] = lambda rule, resources: LearnedFactRecognizer(
    rule, resources.terms(rule), resources.reader, resources.phrasebook
)
RECOGNIZERS["registered-document"] = lambda rule, resources: RegisteredDocumentRecognizer(
    rule, resources.models.registered, resources.phrasebook
)
RECOGNIZERS |= {name: _phrases(name) for name in PHRASE_RECOGNIZERS}


def build(rules: Iterable[DetectionRule], resources: Resources) -> tuple[Recognizer, ...]:
    """One recognizer for each rule that is enforced or in shadow, in order. Raises RuleError for a name nobody has."""
    built: list[Recognizer] = []
    problems: list[Problem] = []
    for rule in rules:
        if rule.status not in {RuleStatus.ENFORCED, RuleStatus.SHADOW}:
            continue
        if rule.recognizer is not None:
            make = RECOGNIZERS.get(rule.recognizer)
            if make is None:
                problems.append(Problem("unknown-recognizer", f"{rule.id}: no recognizer {rule.recognizer}"))
            else:
                built.append(make(rule, resources))
        elif rule.patterns:
            built.append(RulePatternRecognizer(rule))
        elif terms := resources.terms(rule):
            built.append(TermRecognizer(rule, terms))
    if problems:
        raise RuleError(tuple(problems))
    return tuple(built)
