"""Puts the training mix together: `python -m nl_models.training.corpus --out build/nl_models [--smoke]`.

Writes `train.jsonl` (names, for both models), `facts.jsonl` (second stage of model B), `dev.jsonl` (synthetic texts
of another seed, for early stopping), and what is kept out of training: `silver_test.jsonl`, `facts_test.jsonl` and
`newspapers_test.jsonl`.
"""

import argparse
import gzip
import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from nl_models import Lexicon, load_lexicon
from nl_models.training import examples, facts, grammar, people, sources
from nl_models.training.examples import LABELS, Example, Piece, pieces_of, render
from nl_models.training.names import held_out_words, name_words, origins
from nl_models.training.noise import Noise
from nl_models.training.synthetic import generate

BUILD = Path("build/nl_models")
_TEST_SHARE = 12  # one sentence in so many is kept out of training
_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%»”’'")
_NO_SPACE_AFTER = frozenset("([{«“‘")
# Sentences of the treebanks and law paragraphs are clean; this makes some of them look typed in a hurry.
_CLEAN_TEXT_NOISE = Noise(lower=0.12, upper=0.04, names_lower=0.06, names_upper=0.03, slips=0.02, no_accents=0.02)


@dataclass(frozen=True, slots=True)
class Mix:
    """How much of each source."""

    synthetic: int = 40_000
    silver_copies: int = 2
    newspapers: int = 3_500
    law: int = 4_500
    fact_copies: int = 20
    replayed: int = 9_000
    factless: int = 5_000
    seed: int = 20_261_125


# Words for a fact in the other rules of the municipal grammar; "recht op" and "juist" ask for a decision.
_FACT_WORDS = (
    "ziek", "schuld", "bijstand", "uitkering", "toeslag", "wmo", "jeugdhulp", "toezichtstelling", "rolstoel",
    "traplift", "scootmobiel", "mantelzorg", "begeleiding", "opvang", "inkomen", "terugvorder", "betal", "betaa",
    "samengewoond",
    "politie", "alimentatie", "verdachte", "patiënt", "achterstand", "kwijtschelding", "recht op", "juist", "bewind",
    "procedure", "overleden", "fraude", "uit huis",
)  # fmt: skip
QUIET = Noise(lower=0, upper=0, names_lower=0, names_upper=0, slips=0, no_accents=0)
SMOKE = Mix(synthetic=400, silver_copies=1, newspapers=50, law=50, fact_copies=1, replayed=50, factless=50)


def sentences(path: str) -> Iterator[Example]:
    """The sentences of a BIO file as running text."""
    tokens: list[tuple[str, str]] = []
    for line in (*_bio_lines(path), ""):
        if line:
            token, _, tag = line.partition("\t")
            tokens.append((token, tag))
        elif tokens:
            yield render(_pieces(tokens))
            tokens = []


def _bio_lines(path: str) -> Iterator[str]:
    with gzip.open(sources.DATA / path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")


def _pieces(tokens: Sequence[tuple[str, str]]) -> list[Piece]:
    pieces: list[Piece] = []
    previous = ""
    for token, tag in tokens:
        label = tag[2:] if tag[2:] in LABELS else ""
        space = "" if not pieces or token[0] in _NO_SPACE_BEFORE or previous in _NO_SPACE_AFTER else " "
        if label and tag.startswith("I") and pieces and pieces[-1].label == label:
            pieces[-1] = Piece(pieces[-1].text + space + token, label)
        else:
            pieces += [Piece(space), Piece(token, label)]
        previous = token
    return [piece for piece in pieces if piece.text]


def is_test(text: str) -> bool:
    """Whether this sentence is kept for the evaluation; decided by a hash of its text."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % _TEST_SHARE == 0


def has_held_out_name(example: Example) -> bool:
    """Whether a person in it bears a name that is held out."""
    names = (example.text[start:end] for start, end, label in example.entities if label == "PER")
    return any(name_words(name) & held_out_words() for name in names)


def with_other_people(example: Example, rng: random.Random, lexicon: Lexicon) -> Example:
    """The same sentence about people of other origins: full names, given names and surnames are swapped in kind."""
    pools = origins()
    pieces = list(pieces_of(example))
    for index, piece in enumerate(pieces):
        if piece.label != "PER":
            continue
        words = piece.text.split()
        person = people.draw(rng, pools)
        if len(words) > 1 and lexicon.first_name(words[0]) and words[-1][0].isupper():
            pieces[index] = Piece(f"{person.first} {person.last}", "PER")
        elif len(words) == 1 and lexicon.first_name(piece.text) and not lexicon.surname(piece.text):
            pieces[index] = Piece(person.first, "PER")
        elif len(words) == 1 and lexicon.surname(piece.text) and not lexicon.first_name(piece.text):
            pieces[index] = Piece(person.surname, "PER")
    return render(pieces)


def law_paragraphs(count: int, rng: random.Random) -> Iterator[Example]:
    """Paragraphs of Dutch law without a capital inside a sentence: nobody is named there."""
    paragraphs = list(sources.lines("text/law_without_names.txt.gz"))
    for paragraph in rng.sample(paragraphs, min(count, len(paragraphs))):
        yield Example(paragraph)


def training_mix(mix: Mix) -> list[Example]:
    """Every training text, shuffled; the same mix gives the same list."""
    rng = random.Random(mix.seed)
    lexicon = load_lexicon()
    found = list(generate(mix.synthetic, mix.seed))
    silver = [entry for entry in sentences("ner/silver_wiki_news_nl.bio.gz") if not is_test(entry.text)]
    clean = [entry for entry in silver if not has_held_out_name(entry)]
    for copy in range(mix.silver_copies):
        found += _noisy((with_other_people(entry, rng, lexicon) for entry in clean) if copy else clean, rng)
    papers = [entry for entry in sentences("ner/newspapers_1870_1940_nl.bio.gz") if not is_test(entry.text)]
    named = [entry for entry in papers if entry.entities and not has_held_out_name(entry)]
    unnamed = [entry for entry in papers if not entry.entities]
    found += _noisy([*named, *unnamed][: mix.newspapers], rng)
    found += _noisy(law_paragraphs(mix.law, rng), rng)
    rng.shuffle(found)
    return found


def facts_mix(mix: Mix, names: Sequence[Example]) -> list[Example]:
    """The texts of the second stage, shuffled: facts, texts without them, and of `names` what was learned before.

    Nobody looked for facts in the sentences of `names`; law, texts without persons, and made-up texts about people
    without one of the grammar's words for a fact have none.
    """
    rng = random.Random(mix.seed)
    found = list(facts.generate([line for line in facts.texts() if not is_test(line)], mix.fact_copies, mix.seed))
    factless = [
        *generate(mix.factless // 3, mix.seed + 2, negative_share=1),
        *(entry for entry in generate(mix.factless, mix.seed + 4, negative_share=0) if not _may_say_a_fact(entry)),
        *_noisy(law_paragraphs(mix.factless // 3, rng), rng),
    ]
    found += [replace(entry, facts=()) for entry in factless]
    found += rng.sample(names, min(mix.replayed, len(names)))
    rng.shuffle(found)
    return found


def facts_kept_out() -> Iterator[Example]:
    """The hand-written texts that are never trained on, as they were written, with people filled in."""
    yield from facts.generate([line for line in facts.texts() if is_test(line)], 1, Mix().seed + 3, QUIET)


def _may_say_a_fact(example: Example) -> bool:
    """Whether a text of the municipal grammar uses one of its words for an illness, a debt, a benefit, an offence."""
    return _fact_words().search(example.text) is not None


@cache
def _fact_words() -> re.Pattern[str]:
    rules = grammar.load("grammar/municipal.txt").rules
    listed = {word.split()[-1] for rule in ("condition", "feeling", "benefit") for word in rules[rule]}
    listed = {word for word in listed if word.isalpha()}
    return re.compile("|".join(map(re.escape, sorted(listed | set(_FACT_WORDS)))), re.IGNORECASE)


def _noisy(entries: Iterable[Example], rng: random.Random) -> list[Example]:
    return [render(_CLEAN_TEXT_NOISE.apply(pieces_of(entry), rng)) for entry in entries]


def build(folder: Path, mix: Mix) -> dict[str, int]:
    """Write all files into `folder`; returns how many texts each has."""
    silver = (entry for entry in sentences("ner/silver_wiki_news_nl.bio.gz") if is_test(entry.text))
    papers = (entry for entry in sentences("ner/newspapers_1870_1940_nl.bio.gz") if is_test(entry.text))
    names = training_mix(mix)
    return {
        "train": examples.write(folder / "train.jsonl", names),
        "facts": examples.write(folder / "facts.jsonl", facts_mix(mix, names)),
        "facts_test": examples.write(folder / "facts_test.jsonl", facts_kept_out()),
        "dev": examples.write(folder / "dev.jsonl", generate(max(100, mix.synthetic // 40), mix.seed + 1)),
        "silver_test": examples.write(folder / "silver_test.jsonl", silver),
        "newspapers_test": examples.write(folder / "newspapers_test.jsonl", papers),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=BUILD)
    parser.add_argument("--smoke", action="store_true", help="a tiny mix, for the smoke test")
    arguments = parser.parse_args()
    print(build(arguments.out, SMOKE if arguments.smoke else Mix()))


if __name__ == "__main__":
    main()
