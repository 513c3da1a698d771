"""Builds the lexicon artefact from the source lists: `python -m nl_models.training.lexicon [--out FOLDER]`."""

import argparse
from collections import defaultdict
from pathlib import Path

import marisa_trie

from nl_models.folding import fold
from nl_models.lexicon import ARTEFACT, COMMONNESS_SHIFT, FLAGS_FILE, TRIE_FILE, Flag
from nl_models.training import sources
from nl_models.wording import PREFIXES

# Lower-case counts over some 60 million words; the bounds put function words in 3 and everyday nouns in 2.
ORDINARY, FREQUENT = 100, 2000
# Cities abroad below this size share too many names with people and ordinary words ("Man", "Of", "Same").
CITY_POPULATION = 50_000
NEAR_COUNTRIES = {"NL", "BE", "SR", "AW", "CW", "SX", "BQ"}


def given_names() -> set[str]:
    """Every given name of the lists; a name of several words counts whole and by its words of three letters up."""
    names = set(sources.lines("names/first_names_be.txt.gz"))
    names |= {name for _, name in sources.faker_names("first")} | {name for _, name in sources.country_names("first")}
    names |= {name for (_, kind), block in sources.supplement().items() if kind == "first" for name in block}
    return names | {word for name in names for word in name.replace("-", " ").split() if len(word) > 2}


def chinese_given_names() -> set[str]:
    """Two-syllable given names as they are romanised in Dutch files: "Xiaoming"; ordinary words left out."""
    counts = {*sources.lower_case_counts(), *sources.everyday_words()}
    syllables = sources.chinese_syllables()
    pairs = (one + two for one in syllables for two in syllables)
    return {pair for pair in pairs if len(pair) > 4 and pair not in counts}


def family_names() -> set[str]:
    """Every family name of the lists, with its prefixes."""
    names = set(sources.lines("names/family_names_nl.txt.gz")) | set(sources.lines("names/family_names_be.txt.gz"))
    names |= {name for _, name in sources.faker_names("last")} | {name for _, name in sources.country_names("last")}
    return names | {name for (_, kind), block in sources.supplement().items() if kind == "last" for name in block}


def place_names() -> set[str]:
    """Residences, municipalities, provinces, countries, and cities near by or large."""
    names = {row["name"] for row in sources.table("places/places_nl.csv.gz")}
    for row in sources.table("places/world_cities.csv.gz"):
        if row["country"] in NEAR_COUNTRIES or int(row["population"] or 0) >= CITY_POPULATION:
            names.add(row["name"])
    return names


def without_prefixes(name: str) -> str:
    """ "van den Berg" -> "Berg"; "" when nothing is left."""
    words = name.split()
    while words and fold(words[0]) in PREFIXES:
        words = words[1:]
    return " ".join(words)


def collect() -> dict[str, int]:
    """Folded key -> flag byte."""
    flags: dict[str, int] = defaultdict(int)
    _add_people(flags)
    _add_places(flags)
    for word, level in commonness().items():
        if level == 3:  # "de", "van" and "dat" are given names or cities somewhere; here they are not
            flags[word] &= ~(Flag.FIRST_NAME | Flag.PLACE)
        flags[word] |= level << COMMONNESS_SHIFT
    flags.pop("", None)
    return flags


def _add_people(flags: dict[str, int]) -> None:
    for name in given_names() | chinese_given_names():
        flags[fold(name)] |= Flag.FIRST_NAME
    families = family_names()
    for name in families:
        flags[fold(name)] |= Flag.SURNAME
        bare = without_prefixes(name)
        if bare and " " not in bare:
            flags[fold(bare)] |= Flag.SURNAME
    for row in sources.table("names/family_names_nl_top1000.csv.gz"):
        for name in {row["name"], without_prefixes(row["name"])}:
            flags[fold(name)] |= Flag.SURNAME | Flag.RANK
    for name in families:
        for word in without_prefixes(name).replace("-", " ").split():
            if not flags[fold(word)] & Flag.SURNAME:
                flags[fold(word)] |= Flag.RANK


def _add_places(flags: dict[str, int]) -> None:
    for name in sources.lines("places/streets_nl.txt.gz"):
        flags[fold(name)] |= Flag.STREET
    for name in place_names():
        flags[fold(name)] |= Flag.PLACE
    for key in [key for key, value in flags.items() if " " in key and value & (Flag.STREET | Flag.PLACE)]:
        flags[key.split()[0]] |= Flag.OPENS_LONGER


def commonness() -> dict[str, int]:
    """Folded word -> 1 (rare) to 3 (among the most frequent)."""
    levels: dict[str, int] = {fold(word): 2 for word in sources.everyday_words()}
    for word, count in sources.lower_case_counts().items():
        level = 3 if count >= FREQUENT else 2 if count >= ORDINARY else 1
        levels[fold(word)] = max(level, levels.get(fold(word), 0))
    return levels | {fold(word): 3 for word in sources.function_words()}


def build(folder: Path) -> int:
    """Write the artefact into `folder`; returns the number of keys. The same lists give the same bytes."""
    flags = collect()
    trie = marisa_trie.Trie(sorted(flags))
    folder.mkdir(parents=True, exist_ok=True)
    trie.save(str(folder / TRIE_FILE))
    numbered = bytearray(len(trie))
    for key, value in flags.items():
        numbered[trie[key]] = value
    (folder / FLAGS_FILE).write_bytes(numbered)
    return len(trie)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ARTEFACT)
    arguments = parser.parse_args()
    print(f"{build(arguments.out)} keys in {arguments.out}")


if __name__ == "__main__":
    main()
