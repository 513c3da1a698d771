"""What follows a street and its number: the postcode and the place."""

import regex

from nl_models import Lexicon

_CELL = r"(?:[ \t]*[,|;\t][ \t]*|[ \t]+|[ \t]*,?[ \t]*\r?\n[ \t]*|[ ]?\(|[ ]-[ ])"
POSTCODE = regex.compile(rf"(?:{_CELL})(?P<value>[1-9]\d{{3}}[ ]?(?!S[ADS]\b)[A-Z]{{2}})(?!\w)", regex.IGNORECASE)
_PLACE = regex.compile(
    rf"(?:{_CELL})(?P<value>(?:'[stn][ -])?[\p{{L}}][\p{{L}}\p{{M}}'-]*\.?"
    r"(?:[ ](?:\(\p{L}+\)|[\p{L}][\p{L}'/-]+)){0,4})",
    regex.IGNORECASE,
)
_UNLISTED = regex.compile(r"(?:,[ ]|[ ](?:te|in|yn)[ ])(?P<value>\p{Lu}[\p{L}\p{M}'-]{3,40})")


class Places:
    """Places of residence behind an address; `lexicon` knows those there are."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        self._lexicon = lexicon

    def end_of(self, text: str, end: int, *, sure: bool) -> int:
        """Where a place that follows directly ends; 0 when none does. After a postcode any capitalised word is one."""
        match = _PLACE.match(text, end)
        if not match:
            return 0
        words = match["value"].split(" ")
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count]).rstrip(".")
            known = self._lexicon is not None and self._lexicon.place(name)
            ordinary = self._lexicon is not None and self._lexicon.commonness(name) > 1
            if known and (sure or name[:1].isupper() or not ordinary) and not (ordinary and name.islower()):
                return int(match.start("value")) + len(name)
        if unlisted := self._unlisted(text, end):
            return unlisted
        first = words[0].rstrip(".")
        if sure and first[:1].isupper() and len(first) > 2 and "\n" not in text[end : match.start("value")]:
            return int(match.start("value")) + len(first)
        return 0

    def _unlisted(self, text: str, end: int) -> int:
        """Where a place on no list ends: a word that is no other, behind a comma or *te* ("Hoflaan 22, Rijnbeke")."""
        match = _UNLISTED.match(text, end)
        if match is None or self._lexicon is None:
            return 0
        word = match["value"]
        is_other = self._lexicon.commonness(word) > 0 or self._lexicon.first_name(word)
        return 0 if is_other else int(match.end("value"))
