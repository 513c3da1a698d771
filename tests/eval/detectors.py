"""The detectors that are scored: ours in steps (rules, + lists, + model A, + model B) and deduce beside it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from gateway.decision.decide import decide
from gateway.detection.inspector import Inspector
from gateway.detection.models import ModelPaths
from gateway.errors import GatewayError
from gateway.model.inspection import DATA_CLASS_OF, DataClass, Entity, Inspection
from gateway.model.policy import Question
from gateway.model.traffic import EndpointKind, PartRole, PromptPart, Standing, Transport
from gateway.rulebook.book import RuleBook
from gateway.rulebook.load import default_root, load
from tests.eval.corpora import Example
from tests.eval.scoring import Find, Prediction

Detector = Callable[[str], Prediction]

STEPS: dict[str, ModelPaths] = {
    "rules": ModelPaths(use_lexicon=False, use_pipeline=False, use_second_opinion=False),
    "+ lists": ModelPaths(use_pipeline=False, use_second_opinion=False),
    "+ model A": ModelPaths(use_second_opinion=False),
    "+ model B": ModelPaths(),
}
"""The ablation, each step with all before it; the last is what the gateway runs."""

_NAMES = {
    "persoon": Entity.PERSON, "locatie": Entity.LOCATION, "bsn": Entity.NL_BSN, "datum": Entity.DATE_OF_BIRTH,
    "telefoonnummer": Entity.PHONE_NUMBER, "emailadres": Entity.EMAIL_ADDRESS,
}  # fmt: skip


def gateway(models: ModelPaths) -> Detector:
    """Our detection and our house rules, as a person at a screened tool meets them. Raises GatewayError when a model
    is not there."""
    book = load(default_root())
    inspector = Inspector(book.detection, book.lists, models)

    def look(text: str) -> Prediction:
        inspection = inspector.inspect([PromptPart("1", PartRole.USER, text)])
        finds = tuple(Find(one.entity, one.start, one.end) for one in inspection.findings)
        return Prediction(_verdict(inspection, book), finds)

    return look


def _verdict(inspection: Inspection, book: RuleBook) -> str:
    entities = inspection.counts()
    classes: dict[DataClass, int] = {}
    for entity, count in entities.items():
        classes[DATA_CLASS_OF[entity]] = classes.get(DATA_CLASS_OF[entity], 0) + count
    question = Question(
        at=0.0,
        department="",
        roles=(),
        tool_id="",
        standing=Standing.SCREENED,
        endpoint_kind=EndpointKind.PROMPT,
        transport=Transport.HTTP,
        entities=entities,
        data_classes=classes,
        part_roles=frozenset({PartRole.USER}),
        gaps=tuple(gap.kind for gap in inspection.gaps),
        persons=inspection.persons,
        is_dossier=inspection.is_dossier,
    )
    return decide(question, book).verdict.value


def available() -> dict[str, Detector]:
    """Every step whose models are installed; a step that would be the same as the one before is left out."""
    found: dict[str, Detector] = {}
    for name, models in STEPS.items():
        try:
            if name == "+ model B" and models.load().second_opinion is None:
                continue
            found[name] = gateway(models)
        except GatewayError:
            break
    return found


def deduce() -> Detector | None:
    """The Dutch library deduce, when it is installed. It has no verdicts: any find is a redaction."""
    try:
        from deduce import Deduce
    except ImportError:
        return None
    engine = Deduce()

    def look(text: str) -> Prediction:
        finds = tuple(
            Find(_NAMES[one.tag], one.start_char, one.end_char)
            for one in engine.deidentify(text).annotations
            if one.tag in _NAMES
        )
        return Prediction("redact" if finds else "allow", finds)

    return look


def predictions(detector: Detector, examples: Sequence[Example]) -> dict[str, Prediction]:
    """What a detector says of each example."""
    return {example.id: detector(example.text) for example in examples}


REPOSITORY = Path(__file__).parents[2]
