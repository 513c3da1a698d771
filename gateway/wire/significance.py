"""Which unclaimed leaves are worth inspecting: words and personal identifiers yes; ids, tokens and options no.

Conservative both ways: whatever could be a sentence, a file name, an e-mail address, a citizen service number, a
telephone or an account number is inspected under any key; a single word only under a key that names human text.
"""

import re

_WORD = re.compile(r"[^\W\d_]{2,}(?:['’\-][^\W\d_]+)*")
_EDGES = ".,;:!?()\"'“”‘’«»…-–—[]{}<>*#|"
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"(?:0x)?(?=[0-9a-f]*[a-f])[0-9a-f]{8,}", re.IGNORECASE)
_AROUND_AT = re.compile(r"[^\s@<>\"']@[^\s@<>\"'.]{1,64}(?:\.[^\s@<>\"'.]{1,64})*\.[A-Za-z]{2,}")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*")
_EPOCH = re.compile(r"1[5-9]\d{8}(?:\.\d+|\d{3}|\d{6}|\d{9})?")
_RECENT_DATE = re.compile(r"20(?:1[5-9]|[23]\d)[-.]?(?:0\d|1[0-2])[-.]?[0-3]\d(?:[ .-].*)?")
_VERSION = re.compile(r"v?\d{1,4}(?:\.\d{1,5}){2,3}(?:[+-][\w.]+)?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{2,4}[ ]?){3,8}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00)?(?:31|32|49|33|44)[ -]?\(?0?\)?[1-9](?:[ -]?\d){8}|0[1-9](?:[ -]?\d){8}")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])\d(?:[ .\-/]?\d){6,17}(?![A-Za-z0-9])")
_SPACE = re.compile(r"\s")
_LONG_TOKEN = 40
_LONG_TEXT = 4000
_USER_AGENT = re.compile(r"(?:(?:[\w.-]{1,40}/[\w.]{1,24}|\([^()]{0,120}\)|Gecko|Mobile)(?: |$)){2,12}")

_WORDY_KEYS = frozenset({
    "prompt", "query", "text", "texts", "content", "contents", "message", "messages", "input", "inputs", "question",
    "q", "title", "subject", "body", "comment", "feedback", "reason", "note", "notes", "instruction", "instructions",
    "description", "caption", "answer", "reply", "search", "keywords", "value", "label", "topic", "firstname",
    "lastname", "givenname", "familyname", "surname", "achternaam", "voornaam", "naam", "name", "fullname",
    "nameusermessage", "roleusermessage", "aboutusermessage", "displayname", "username", "parts", "data",
    "searchquery", "searchterm", "querystring", "dslquery", "querystr", "userinput", "inputtext", "usermessage",
    "partialquery", "prompttext", "draft", "snippet", "suffix", "negativeprompt", "vraag", "antwoord", "bericht",
    "tekst", "onderwerp", "omschrijving", "toelichting", "opmerking", "reden", "beschrijving", "zoekterm",
})  # fmt: skip
_TECHNICAL_KEYS = frozenset({
    "id", "model", "version", "type", "role", "token", "timestamp", "time", "timezone", "locale", "lang", "language",
    "mode", "format", "status", "state", "nonce", "signature", "hash", "checksum", "etag", "cursor", "session",
    "csrf", "digest", "proof", "key", "api_key", "kind", "action", "event", "method", "source", "size", "length",
    "offset", "count", "index", "width", "height", "seed", "rev", "pos", "at", "ts", "p", "o", "v", "c",
})  # fmt: skip
_NO_WORDS = frozenset(("undefined", "null", "none", "true", "false", "done"))
_ID_KEY = re.compile(
    r"(?:^|[_.-])(?:id|ids|uuid|guid|sid|token|hash|key|nonce|hmac|signature|epoch)$|"
    r"^(?:user|chat|file|session|client|device|thread|message|request|trace|conversation|project|source|doc)id$",
    re.IGNORECASE,
)
_ID_KEY_CAMEL = re.compile(r"(?:Id|Ids|ID|IDs|Uuid|UUID|Guid|Token|Hash|Key|Nonce|Sid|Signature)$")
_TOKEN_KEY = re.compile(
    r"token|signature|proof|snapshot|nonce|hash|csrf|cookie|captcha|cursor|encrypted|digest|secret|jwt|auth|policy",
    re.IGNORECASE,
)
_SIZE_KEY = re.compile(
    r"size|length|count|bytes|offset|time|stamp|millis|duration|width|height|epoch|date|seed", re.IGNORECASE
)


def is_technical(key: str) -> bool:
    """Whether programs use this name for ids, options and states."""
    lowered = key.lower()
    return lowered in _TECHNICAL_KEYS or _ID_KEY.search(key) is not None or _ID_KEY_CAMEL.search(key) is not None


def is_secret_holder(key: str) -> bool:
    """Whether this name is one for tokens and proofs, whose long values are opaque by nature."""
    return _TOKEN_KEY.search(key) is not None


def words(text: str) -> int:
    """How many words of a language the text has: letters only, apart from punctuation around them."""
    return sum(_WORD.fullmatch(piece.strip(_EDGES)) is not None for piece in text.split())


def is_significant(text: str, key: str) -> bool:
    """Whether an unclaimed string under this key is to be inspected."""
    stripped = text.strip()
    if not stripped:
        return False
    if len(stripped) > _LONG_TEXT and len(stripped[:_LONG_TEXT].split(maxsplit=2)) > 2:
        return True
    if _AROUND_AT.search(stripped) or holds_identifier(stripped, strict=is_technical(key)):
        return True
    if _UUID.fullmatch(stripped) or _USER_AGENT.fullmatch(stripped) or _DATE_TIME.fullmatch(stripped):
        return False
    pieces = stripped.split()
    if len(pieces) > 1:
        return _has_language(stripped, len(pieces), is_technical(key))
    return is_single_word(stripped) and _is_wordy(key, stripped)


def _has_language(text: str, pieces: int, technical: bool) -> bool:
    """Two words, or one beside something else; under a key for options, more than two words or a capital."""
    if technical:
        return words(text) >= 2 and (pieces > 2 or not text.islower())
    return words(text) >= 1


def _is_wordy(key: str, word: str) -> bool:
    """Whether programs put human text under this name; under `name` only what is written with a capital."""
    bare = re.sub(r"[^a-z]", "", key.lower())
    return bare in _WORDY_KEYS and (bare != "name" or word[:1].isupper())


def is_single_word(text: str) -> bool:
    """One word as people write it: no underscore, no digits, not `camelCase`, not all capitals with more."""
    bare = text.strip(_EDGES)
    return (
        _WORD.fullmatch(bare) is not None and bare.lower() not in _NO_WORDS and re.search(r"[a-z][A-Z]", text) is None
    )


def holds_identifier(text: str, strict: bool = False) -> bool:
    """Whether digits in the text could name a person: telephone, account, card or citizen service number.

    Dates of the last years (versions, releases) are no such digits, nor is what stands in a long token.

    `strict` (under keys that hold ids) asks for a passing checksum or the full shape of a telephone number.
    """
    if _UUID.fullmatch(text) or _HEX.fullmatch(text) or _DATE_TIME.fullmatch(text) or _VERSION.fullmatch(text):
        return False
    strict = strict or (len(text) > _LONG_TOKEN and _SPACE.search(text) is None)
    iban = _IBAN.search(text)
    if iban is not None and passes_mod97(iban[0]):
        return True
    for found in _NUMBER.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _RECENT_DATE.fullmatch(found[0]):
            continue
        if passes_eleven(digits) or passes_luhn(digits):
            return True
        if strict or _EPOCH.fullmatch(digits):
            continue
        return True
    return _PHONE.fullmatch(text) is not None


def is_significant_number(literal: str, key: str) -> bool:
    """Whether a bare number (a JSON literal) is to be inspected: eight digits or more, no count, time or id."""
    if not literal.isdigit() or not 8 <= len(literal) <= 18 or _EPOCH.fullmatch(literal) or _SIZE_KEY.search(key):
        return False
    return passes_eleven(literal) if is_technical(key) else len(literal) <= 12


def passes_eleven(digits: str) -> bool:
    """The 11-proof of a citizen service number; eight digits count as nine with a leading zero."""
    if len(digits) not in (8, 9) or len(set(digits)) == 1:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits.zfill(9), strict=True)) % 11 == 0


def passes_luhn(digits: str) -> bool:
    """The Luhn proof of a payment card number of 15 or 16 digits."""
    if len(digits) not in (15, 16) or digits[0] not in "3456":
        return False
    doubled = (int(digit) * (2 - (number % 2 == 0)) for number, digit in enumerate(reversed(digits)))
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0


def passes_mod97(iban: str) -> bool:
    """The ISO 7064 proof of an IBAN, spaces ignored."""
    bare = iban.replace(" ", "").upper()
    return 15 <= len(bare) <= 34 and int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1
