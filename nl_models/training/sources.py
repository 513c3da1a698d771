"""Reading the source lists in `nl_models/data` as they are; what each holds and its licence is in `data/README.md`."""

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
# Ukrainian national system (Cabinet resolution 55 of 2010), for the one list that is in Cyrillic only.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia", "’": "", "'": "",
}  # fmt: skip
_LATIN_NAME = re.compile(r"[A-Za-zÀ-ɏəƏḀ-ỿ'’`.\- ]+")


def lines(path: str) -> Iterator[str]:
    """The non-empty lines of a file in the data folder (gzip or plain)."""
    target = DATA / path
    opener = gzip.open if target.suffix == ".gz" else open
    with opener(target, "rt", encoding="utf-8", newline="") as file:
        for line in file:
            if stripped := line.strip():
                yield stripped


def table(path: str) -> Iterator[dict[str, str]]:
    """The rows of a gzipped CSV file with a header."""
    with gzip.open(DATA / path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def is_latin_name(name: str) -> bool:
    """Whether `name` is in Latin script, longer than a letter and no abbreviation."""
    return len(name) > 1 and bool(_LATIN_NAME.fullmatch(name)) and "." not in name


def romanised(name: str) -> str:
    """A Ukrainian name in Latin script; any other name as it is."""
    if not any("\u0400" <= character <= "\u04ff" for character in name):
        return name
    return "".join(_CYRILLIC.get(character, character) for character in name.lower()).title()


@cache
def supplement() -> Mapping[tuple[str, str], list[str]]:
    """(origin, "first" or "last") -> names of our own supplement."""
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    key = ("", "")
    for line in lines("names/supplement.txt"):
        if line.startswith("#"):
            continue
        if line.startswith("["):
            origin, kind = line.strip("[]").split()
            key = (origin, kind)
            continue
        names[key] += [name.strip() for name in line.split(",") if name.strip()]
    return names


@cache
def faker_names(kind: str) -> tuple[tuple[str, str], ...]:
    """(locale, name) of kind "first" or "last", romanised, Latin script only."""
    rows = [(row["locale"], romanised(row["name"]).strip()) for row in _faker_rows() if row["kind"] == kind]
    return tuple((locale, name) for locale, name in rows if is_latin_name(name))


@cache
def _faker_rows() -> tuple[dict[str, str], ...]:
    return tuple(table("names/faker_names.csv.gz"))


@cache
def country_names(kind: str) -> tuple[tuple[str, str], ...]:
    """(country code, name) of kind "first" or "last": romanised, and as written at home where that is Latin script."""
    file = "common_forenames_by_country" if kind == "first" else "common_surnames_by_country"
    found = []
    for row in table(f"names/{file}.csv.gz"):
        for name in sorted({row["Romanized Name"].strip(), row["Localized Name"].strip()}):
            if is_latin_name(name):
                found.append((row["Country"], name))
    return tuple(found)


def words(path: str) -> set[str]:
    """The words of a plain text file; lines that start with # are comments."""
    return {word for line in lines(path) if not line.startswith("#") for word in line.split()}


def everyday_words() -> set[str]:
    """Ordinary Dutch and English words that law text seldom holds."""
    return words("text/everyday_words.txt")


def function_words() -> set[str]:
    """Words that open sentences and letters; some are a given name elsewhere."""
    return words("text/function_words.txt")


def chinese_syllables() -> list[str]:
    """Syllables of Chinese given names, sorted."""
    return sorted(words("names/chinese_syllables.txt"))


def lower_case_counts() -> Mapping[str, int]:
    """Word -> how often it was seen with a small first letter in law text and the silver sentences."""
    rows = (line.split("\t") for line in lines("text/common_lowercase_words_nl.tsv.gz"))
    return {word: int(count) for word, count in rows}
