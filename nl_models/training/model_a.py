"""Trains model A: `python -m nl_models.training.model_a [--steps 6000] [--smoke]`; runs on one core without torch."""

import argparse
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import spacy
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, fix_random_seed
from thinc.api import Adam, Config

from nl_models import lexicon_tagger, load_lexicon
from nl_models.pipeline import ARTEFACT
from nl_models.training import examples
from nl_models.training.corpus import BUILD

CONFIG = Path(__file__).with_suffix(".cfg")
# Tables, CSV, JSON, file names and chat put marks between words without a space.
_FILE_ENDING = r"\.(?=(?:pdf|docx?|xlsx?|pptx?|od[st]|csv|txt|rtf|msg|eml|jpe?g|png|zip)\b)"
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s<>@,;:\"()\[\]]+@[\w.-]+\.\w{2,}", re.IGNORECASE)
_BETWEEN = (
    r"[;|/\\=<>(){}\[\]\"“”_]",
    r"(?<=[^\W\d]):(?=\w)",
    r"(?<=[^\d\s]),(?=\S)",
    r"(?<=\S),(?=[^\d\s])",
    _FILE_ENDING,
)
_BEFORE = ("@", "<", r"\|", "_", "/", "=")
_AFTER = ("'s", "’s", r"\|", ">", "_", "/", "=")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the result, next to the texts and `model_a.cfg`."""

    steps: int = 6_000
    rate: float = 0.001
    final_rate: float = 0.00005
    dropout: float = 0.12
    first_words: int = 300
    batch_words: int = 1_000
    hide: float = 0.3
    seed: int = 20_261_125


def blank(seed: int) -> Language:
    """The untrained pipeline with our tokenizer rules."""
    fix_random_seed(seed)
    nlp = spacy.util.load_model_from_config(Config().from_disk(CONFIG), auto_fill=True)
    tokenizer, defaults = nlp.tokenizer, nlp.Defaults
    tokenizer.infix_finditer = compile_infix_regex([*defaults.infixes, *_BETWEEN]).finditer
    tokenizer.prefix_search = compile_prefix_regex([*defaults.prefixes, *_BEFORE]).search
    tokenizer.suffix_search = compile_suffix_regex([*defaults.suffixes, *_AFTER]).search
    tokenizer.url_match = _ADDRESS.fullmatch
    return nlp


def gold(nlp: Language, entry: examples.Example, tagger: lexicon_tagger.LexiconTagger) -> Example:
    """The text as the model sees it (`tagger` has run) beside the document with its entities."""
    predicted = tagger(nlp.make_doc(entry.text))
    reference = Doc(
        nlp.vocab, words=[token.text for token in predicted], spaces=[bool(token.whitespace_) for token in predicted]
    )
    spans = (reference.char_span(start, end, label, alignment_mode="expand") for start, end, label in entry.entities)
    reference.set_ents(spacy.util.filter_spans([span for span in spans if span is not None]))
    return Example(predicted, reference)


def batches(table: Sequence[Example], recipe: Recipe, rng: random.Random) -> Iterator[list[Example]]:
    """`recipe.steps` batches whose size grows to `batch_words`, over and over the shuffled table."""
    order: list[Example] = []
    for step in range(recipe.steps):
        share = min(1.0, 3 * step / recipe.steps)
        wanted = recipe.first_words + share * (recipe.batch_words - recipe.first_words)
        batch: list[Example] = []
        words = 0
        while words < wanted:
            if not order:
                order = rng.sample(table, len(table))
            batch.append(order.pop())
            words += len(batch[-1].predicted)
        yield batch


def train(nlp: Language, table: Sequence[Example], recipe: Recipe) -> None:
    """Train in place; the weights left are the running averages."""
    rng = random.Random(recipe.seed)
    ner = cast(TrainablePipe, nlp.get_pipe("ner"))
    nlp.initialize(lambda: table[:2000])
    optimiser = Adam(recipe.rate, L2=0.01, grad_clip=1.0, use_averages=True, L2_is_weight_decay=True)
    losses: dict[str, float] = {}
    started = time.monotonic()
    for step, batch in enumerate(batches(table, recipe, rng)):
        optimiser.learn_rate = recipe.final_rate + (recipe.rate - recipe.final_rate) * (1 - step / recipe.steps)
        ner.update(batch, drop=recipe.dropout, sgd=optimiser, losses=losses)
        if step % 250 == 249:
            print(f"step {step + 1} loss {losses['ner'] / 250:.1f} {time.monotonic() - started:.0f} s", flush=True)
            losses = {}
    with ner.model.use_params(optimiser.averages):
        weights = ner.model.to_bytes()
    ner.model.from_bytes(weights)


def without_training_words(nlp: Language, seed: int) -> Language:
    """The same pipeline with an empty vocabulary: the words of the training texts are of no use to it."""
    fresh = blank(seed)
    cast(TrainablePipe, fresh.get_pipe("ner")).from_bytes(
        cast(TrainablePipe, nlp.get_pipe("ner")).to_bytes(exclude=["vocab"]), exclude=["vocab"]
    )
    return fresh


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=BUILD)
    parser.add_argument("--out", type=Path, default=ARTEFACT)
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--smoke", action="store_true", help="a few steps, for the smoke test")
    arguments = parser.parse_args()
    recipe = Recipe(steps=30 if arguments.smoke else arguments.steps)
    nlp = blank(recipe.seed)
    hiding = lexicon_tagger.LexiconTagger(load_lexicon(), recipe.hide)
    entries = examples.read(arguments.data / "train.jsonl")
    table = [found for entry in entries if len((found := gold(nlp, entry, hiding)).predicted)]
    train(nlp, table, recipe)
    nlp = without_training_words(nlp, recipe.seed)
    nlp.meta.update(name="dutch_names", version="1.0.0", license="CC BY-SA 4.0", author="prompt-gateway")
    nlp.to_disk(arguments.out)
    print(f"written to {arguments.out}")


if __name__ == "__main__":
    main()
