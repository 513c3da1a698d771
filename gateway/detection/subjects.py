"""Who a text is about: how many different people, and whether a sensitive fact is its very subject."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from gateway.detection.phrases.dossiers import different_facts, is_assessment
from gateway.detection.phrases.people import ONE_EACH, Mention, count, mention
from gateway.detection.reading import Hit, Reading
from gateway.model.inspection import Entity


@dataclass(frozen=True, slots=True)
class Subjects:
    """What one part says of people, without a word of it.

    `mentions` of names; for each entity of which a person has one a number for each different `values`; a number for
    each different special or criminal fact; and whether the part judges somebody's case.
    """

    mentions: frozenset[Mention] = frozenset()
    values: Mapping[Entity, frozenset[int]] = field(default_factory=dict)
    facts: frozenset[int] = frozenset()
    is_assessment: bool = False

    def dump(self) -> dict[str, Any]:
        """These subjects as JSON: numbers and entity names only."""
        return {
            "mentions": sorted([sorted(one.words), one.initial] for one in self.mentions),
            "values": {entity.value: sorted(numbers) for entity, numbers in self.values.items()},
            "facts": sorted(self.facts),
            "assessment": self.is_assessment,
        }

    @classmethod
    def load(cls, row: Mapping[str, Any]) -> "Subjects":
        """The subjects that `dump` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            frozenset(Mention(frozenset(map(int, words)), int(initial)) for words, initial in row["mentions"]),
            {Entity(entity): frozenset(map(int, numbers)) for entity, numbers in row["values"].items()},
            frozenset(map(int, row["facts"])),
            bool(row["assessment"]),
        )


def subjects_of(reading: Reading, hits: Sequence[Hit]) -> Subjects:
    """The subjects of one part."""
    mentions: set[Mention] = set()
    values: defaultdict[Entity, set[int]] = defaultdict(set)
    for hit in hits:
        written = reading.text[hit.start : hit.end]
        if hit.entity is Entity.PERSON:
            named = mention(written)
            if named is not None:
                mentions.add(named)
        elif hit.entity in ONE_EACH:
            values[hit.entity].add(crc32("".join(filter(str.isalnum, written.casefold())).encode()))
    facts = different_facts(reading.text, [(hit.start, hit.end, hit.entity) for hit in hits])
    return Subjects(
        frozenset(mentions),
        {entity: frozenset(numbers) for entity, numbers in values.items()},
        facts,
        bool(facts) and is_assessment(reading.text),
    )


def combined(parts: Iterable[Subjects]) -> tuple[int, bool]:
    """The number of different people over all parts, and whether the parts together are a dossier.

    A dossier holds two special or criminal facts, or one that is the subject of an assessment.
    """
    every = tuple(parts)
    values: defaultdict[Entity, set[int]] = defaultdict(set)
    facts: set[int] = set()
    for part in every:
        facts |= part.facts
        for entity, numbers in part.values.items():
            values[entity] |= numbers
    named = count(one for part in every for one in part.mentions)
    is_dossier = len(facts) > 1 or any(part.is_assessment for part in every)
    return max([named, *(len(numbers) for numbers in values.values())]), is_dossier
