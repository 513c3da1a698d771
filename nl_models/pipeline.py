"""Model A: the spaCy pipeline for all traffic."""

from pathlib import Path
from typing import TYPE_CHECKING

from nl_models.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

ARTEFACT = Path(__file__).parent / "artefacts" / "model_a"
ADVICE = "Set the model path to a local spaCy pipeline folder (one that holds config.cfg), or reinstall the gateway"


def load_pipeline(path: Path | None = None) -> "Language":
    """The spaCy pipeline in the folder `path`, or the shipped model A.

    Its documents have `ents` labelled PER, LOC and ORG and every token has a `lemma_`. Nothing is ever downloaded:
    a folder that is missing or damaged raises `ModelError`. A long-running caller wraps each batch in
    `nlp.memory_zone()`, because spaCy otherwise keeps every new word it has seen in memory.
    """
    import spacy  # noqa: PLC0415 - takes a second; callers that only need the lexicon do not pay for it

    from nl_models import lexicon_tagger  # noqa: F401, PLC0415 - registers the component that our pipeline names

    folder = path or ARTEFACT
    if not (folder / "config.cfg").is_file():
        raise ModelError(folder, "no spaCy pipeline here", ADVICE)
    try:
        return spacy.load(folder)
    except Exception as error:
        raise ModelError(folder, f"the pipeline does not load ({type(error).__name__})", ADVICE) from error
