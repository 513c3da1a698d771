"""Pools of given and family names by origin, and the names that are held out for the evaluation.

Held out are up to `HELD_OUT` given and family names of each origin of `EVALUATED`, chosen by a hash. A name that
shares a word with one of them is in no training pool, so no model has ever seen a held-out word in a name of ours.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from nl_models.folding import fold
from nl_models.training import sources
from nl_models.wording import PREFIXES

HELD_OUT = 25
EVALUATED = frozenset(
    {
        "dutch", "frisian", "turkish", "moroccan", "syrian", "kurdish", "hindustani", "surinamese", "antillean",
        "polish", "chinese", "ukrainian", "romanian", "eritrean", "somali", "afghan", "indonesian", "vietnamese",
        "ghanaian", "capeverdean", "pakistani",
    }
)  # fmt: skip
# origin: (share in the training text, locales of faker, countries, origins of the supplement whose names it may borrow)
_ORIGINS: Mapping[str, tuple[float, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "dutch": (20, ("nl_NL", "js:nl"), ("NL",), ()),
    "ordinary": (10, (), (), ()),  # names that are Dutch words: Roos, Staal, Kort
    "frisian": (3, (), (), ()),
    "belgian": (24, (), (), ()),
    "turkish": (6, ("tr_TR", "js:tr"), ("TR",), ()),
    "moroccan": (7, ("ar_DZ",), ("MA", "DZ"), ()),
    "syrian": (4, (), ("IQ", "LB", "JO"), ()),
    "kurdish": (1.5, (), (), ("syrian",)),
    "hindustani": (7, (), (), ()),
    "surinamese": (5, (), ("SR",), ()),
    "antillean": (6, (), ("AW",), ()),
    "polish": (5, ("pl_PL", "js:pl"), ("PL",), ()),
    "chinese": (9, (), (), ()),
    "ukrainian": (3, ("uk_UA",), ("UA",), ()),
    "russian": (1.5, (), ("RU", "BY"), ()),
    "romanian": (2.5, ("ro_RO",), ("RO", "BG"), ()),
    "eritrean": (4, (), (), ()),
    "somali": (3, (), (), ()),
    "afghan": (4, ("fa_IR",), ("IR",), ()),
    "indonesian": (3, ("id_ID", "js:id_ID"), (), ()),
    "vietnamese": (4, ("vi_VN",), ("VN",), ()),
    "ghanaian": (3, ("tw_GH", "yo_NG", "ig_NG", "js:en_NG", "js:en_GH"), (), ()),
    "capeverdean": (2, ("pt_PT",), ("PT", "BR"), ()),
    "spanish": (1.5, ("es_ES",), ("ES", "CO", "DO"), ()),
    "pakistani": (2.5, (), ("PK",), ()),
    "indian": (2, ("en_IN", "js:en_IN"), ("IN", "LK"), ()),
    "german": (1, ("de_DE",), ("DE", "AT"), ()),
    "english": (1.5, (), ("GB", "US", "IE"), ()),
    "french": (1, ("fr_FR",), ("FR",), ()),
    "italian": (1, ("it_IT",), ("IT",), ()),
    "balkan": (1.5, ("hr_HR", "js:hr"), ("BA", "RS", "HR", "AL", "XK"), ()),
    "hungarian": (0.5, ("hu_HU",), ("HU",), ()),
    "czech": (0.5, ("cs_CZ", "js:cs_CZ"), ("CZ", "SK"), ()),
    "azeri": (0.5, ("az_AZ", "js:az"), ("AZ",), ()),
}
FAMILY_NAME_FIRST = frozenset({"chinese", "vietnamese", "hungarian"})
_CHINESE_PAIRS = 400
_FRISIAN_ENDINGS = ("stra", "inga", "enga", "ema", "sma", "dsma", "ia", "tsma", "lsma")


@dataclass(frozen=True, slots=True)
class Origin:
    """Names of one origin: for training, and held out for the evaluation."""

    name: str
    weight: float
    first: tuple[str, ...]
    last: tuple[str, ...]
    held_first: tuple[str, ...]
    held_last: tuple[str, ...]


def _rank(name: str) -> tuple[str, str]:
    """By what is folded, so that spellings of one name fall together; then by spelling, as a set has no order."""
    return hashlib.sha256(fold(name).encode()).hexdigest(), name


def name_words(name: str) -> frozenset[str]:
    """The folded words of a name, without its prefixes and single letters."""
    return frozenset(word for word in fold(name).replace("-", " ").split() if len(word) > 1) - PREFIXES


def _cut(name: str, pool: set[str]) -> int:
    return min(HELD_OUT, len(pool) // 4) if name in EVALUATED else 0


def _raw_pools(name: str) -> tuple[set[str], set[str]]:
    _, locales, countries, borrowed = _ORIGINS[name]
    extra = sources.supplement()
    pools: dict[str, set[str]] = {"first": set(), "last": set()}
    for kind, pool in pools.items():
        for origin in (name, *(borrowed if kind == "last" or not extra.get((name, kind)) else ())):
            pool.update(extra.get((origin, kind), ()))
        pool.update(found for locale, found in sources.faker_names(kind) if locale in locales)
        pool.update(found for country, found in sources.country_names(kind) if country in countries)
    first, last = pools["first"], pools["last"]
    dutch = set(sources.lines("names/family_names_nl.txt.gz"))
    if name == "dutch":
        last = {row["name"] for row in sources.table("names/family_names_nl_top1000.csv.gz")}
    elif name == "ordinary":
        ordinary = {fold(word) for word in (*sources.lower_case_counts(), *sources.everyday_words())}
        first = {found for _, found in sources.faker_names("first") if fold(found) in ordinary and len(found) > 2}
        first |= {found for locale, found in sources.faker_names("first") if locale in {"nl_NL", "js:nl"}}
        last = {found for found in dutch if fold(found.split()[-1]) in ordinary and len(found) > 2}
    elif name == "frisian":
        last = {found for found in dutch if found.endswith(_FRISIAN_ENDINGS) and " " not in found and len(found) > 6}
    elif name == "belgian":
        first, last = set(sources.lines("names/first_names_be.txt.gz")), dutch
    elif name == "chinese":
        syllables = sources.chinese_syllables()
        pairs = sorted((one + two for one in syllables for two in syllables if one + two), key=_rank)
        first |= {pair.title() for pair in pairs[:_CHINESE_PAIRS] if len(pair) > 4}
    return first, last


@cache
def held_out_words() -> frozenset[str]:
    """Every folded word of a held-out name."""
    words: set[str] = set()
    for name in EVALUATED:
        for pool in _raw_pools(name):
            for held in sorted(pool, key=_rank)[: _cut(name, pool)]:
                words |= name_words(held)
    return frozenset(words)


@cache
def origins() -> tuple[Origin, ...]:
    """All origins with their pools, sorted inside, so that the same seed draws the same names."""
    held = held_out_words()
    found = []
    for name, (weight, *_) in _ORIGINS.items():
        first, last = _raw_pools(name)
        parts = []
        for pool in (first, last):
            parts.append(tuple(sorted(entry for entry in pool if not name_words(entry) & held)))
            parts.append(tuple(sorted(pool, key=_rank)[: _cut(name, pool)]))
        found.append(Origin(name, weight, parts[0], parts[2], parts[1], parts[3]))
    return tuple(found)
