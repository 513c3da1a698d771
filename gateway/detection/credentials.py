"""Passwords and codes in prose and in code: a word that announces one, and a value that can be one.

`wachtwoord is …`, `pw: …`, `"password": "…"`, `--password …`, `user / pass`, and codes of doors, alarms and safes.
Placeholders, variables, look-ups in code and talk about passwords are no secrets.
"""

from collections.abc import Iterator

import regex

from gateway.detection.reading import Hit, Look
from gateway.detection.recognizer import CodeRecognizer
from gateway.detection.walk import Walk, walkable
from gateway.rulebook.documents.detection import DetectionRule
from nl_models import Lexicon

_KEY = (
    r"(?:[\w-]{0,24}?(?:wachtwoord(?:en|zin)?|password|passwd|passwort|passphrase|paswoord|pwd|"
    r"haslo|hasło|şifre|sifre|parola|contraseña|mot de passe|client[_-]?secret|"
    r"secret(?:[_-]?(?:key|access[_-]?key|id))?|api[_ -]?(?:key|sleutel|token)|"
    r"apikey|auth[_-]?token|access[_-]?(?:key|token)|account[_-]?key|private[_-]?key|encryption[_-]?key|"
    r"shared[_-]?(?:secret|key)|signing[_-]?key|bearer|token|sleutel|toegangscode|inlogcode|"
    r"wifi-?code|community[ -]string|[_-](?:key|secret|token|hook|creds?)|hmac)|pw|ww|pass|psk|wpa2?(?:-key)?|wifi)"
)
_ASSIGNED = walkable(
    rf"(?<![\w])(?P<key>{_KEY})[\"'`)\]]{{0,2}}"
    r"(?P<link>[ \t]{0,3}(?:=>|:=|={1,3}|:|->|→|\||>)[ \t]{0,3}|\n[ \t]{0,3}|"
    r"[ ](?:[\p{L}0-9'/-]{1,20}[ ]){0,7}?(?:is|was|wordt|werd|luidt|blijft|=|:|isn't|naar|to|in)"
    r"[ ](?:nu |dan |nog |weer |gewoon |altijd |nog steeds |now |still )?:?[ ]?|[ ]|</?\w{0,20}>)"
    r"(?:N?[\"'`“](?P<quoted>[^\"'`“”\n]{3,120})[\"'`”]|(?P<bare>(?:(?!;\s?[\w ]{1,30}=)[^\s\"'`<>,|]){3,120}))",
    regex.IGNORECASE,
)
_PAIR = walkable(
    r"(?<![\w])(?:inlog(?:gegevens|naam)?|login|log[ -]?in|credentials|account|gebruiker(?:snaam)?|user(?:name)?)"
    r"[^\n]{0,30}?[:=][ ]?(?P<user>[\w.@\\-]{2,40})[ ]?(?:/|\||\ben\b)[ ]?(?P<bare>[^\s\"'`<>,|;]{5,80})",
    regex.IGNORECASE,
)
_OPTION = walkable(
    r"(?:--?(?:password|passwd|pass|pwd)(?:[ =])|\bsshpass -p ?|\bmysql\b[^\n]{0,60} -p|"
    r"\bcurl\b[^\n]{0,120} -u ?[\"']?[\w.@-]{1,40}:|"
    r"ConvertTo-SecureString (?:-String )?|\bIDENTIFIED BY |\bnet use\b[^\n]{0,60}/user:\S+ )"
    r"(?:[\"'](?P<quoted>[^\"'\n]{3,80})[\"']|(?P<bare>[^\s\"'`<>,|;]{4,80}))",
    regex.IGNORECASE,
)
_CODE_WORD = (
    r"(?:pin(?:code)?|puk(?:[- ]?code)?|alarm(?:code)?|deurcode|poortcode|toegangscode|kluiscode|"
    r"sleutelkluis|sleutelkluisje|kluis|cijferslot|codeslot|slot|hangslot|keysafe|hekcode|entreecode|ontgrendelcode|verificatiecode|sms-?code|inlogcode|"
    r"beveiligingscode|authenticatiecode|2fa-?code|mfa-?code|herstelcode|noodcode|tagcode|uitschakelcode|mastercode|"
    r"voicemail(?:code)?|pincode'?s|deur|poort(?=[^\n\d]{0,45}(?:code|pin|cijfer))|hek|inbraakalarm|safe)"
)
_CODE = walkable(
    rf"(?<![^\W_])(?:{_CODE_WORD})(?![^\W_])(?:[^\n\d]{{0,45}}?(?<![^\W_])(?:code|pin|pincode|nummer|cijfers|combinatie))?"
    r"(?:[ ](?:van|voor|is|was|wordt|blijft|nu|de|het|op|in|bij|met|nog|steeds|hoofdingang|balie|archief|kelder|gebouw|"
    r"achterdeur|zijdeur|depot|kantoor|serverruimte|:)){0,6}[ ]{0,2}[:=(\"']{0,2}[ ]{0,2}"
    r"(?P<code>(?:\d[ -]?){3,7}\d[#*]?|[#*]\d{3,8}[#*]?|[A-Z]\d{3,6}[#*]?)"
    r"(?![\w]|[.,:/-]\d|[ ]?(?:%|euro|km|uur|jaar|stuks|keer|woningen|meldingen|inwoners|personen|mensen))",
    regex.IGNORECASE,
)
_CODE_IS = walkable(
    r"(?<![^\W_])(?:pin(?:code)?|puk-?code|(?:alarm|deur|poort|toegangs|kluis|hek|entree|inlog|nood|herstel)code"
    r"|codes?[ ](?:van|voor|of|for|to)[ ](?:(?:het|de|the)[ ])?(?:\p{L}{0,12}(?:alarm|deur|poort|slot|kluis|kast|hek)|"
    r"door|gate|lock|safe))(?![^\W_])"
    r"[^\n\d.;?!]{0,70}?(?:[ ](?:is|was|wordt|blijft|luidt)(?:[ ]nu)?|:)[ ](?P<code>\d{4,8}[#*]?)"
    r"(?![\w]|[.,:/-]\d|[ ](?:cijfers|tekens|euro|keer))",
    regex.IGNORECASE,
)
"""A code told in a sentence: "de pincode van het alarm in de hal is 4471"."""
_PIN_OF = walkable(
    r"(?<![^\W_])(?:pin(?:code)?|puk-?code)[ ](?:van|voor|of|for)[ ](?:[\p{L}'-]{1,20}[ ]){1,7}?(?P<code>\d{4,6})"
    r"(?![\w]|[.,:/-]\d|[ ](?:cijfers|tekens|euro|keer|uur))",
    regex.IGNORECASE,
)
"""A code behind what it opens: "pin van de kluis in de hal 40718"."""
_CODE_OPENS = walkable(
    r"(?<![^\W_])(?:(?:inbraak)?alarm|kluis|(?:achter|zij)?deur|poort|slot|hek|sleutelkast)(?![^\W_])"
    r"[^\n\d.;?!]{0,60}?[ ](?:eraf|af|uit|open|los|uitzetten|openen|ontgrendelen)[ ](?:[\p{L}]{2,10}[ ]){0,2}?"
    r"(?:met|via|door|op|is|code|pin)[ ](?:code[ ]|pin[ ])?(?P<code>\d{4,8})"
    r"(?![\w]|[.,:/-]\d|[ ](?:cijfers|tekens|euro|uur))",
    regex.IGNORECASE,
)
"""The same by what it does: "het alarm gaat eraf met 4471"."""
_PLACEHOLDER = regex.compile(
    r"[<{\[(].*|\$[\w{(].*|%[\w(].*|[*•·.…_-]{3,}|x{3,}|\?{2,}|#{3,}|"
    r".*(?:your|jouw|uw[_-]|example|voorbeeld|placeholder|changeme|change_me|todo|dummy|redacted|geheim123|xxxx|hunter2).*|(?:os|process|env|config|settings|self|request|this|args|secrets|vault|"
    r"System|Environment|getenv|os\.environ|process\.env|params|ctx|app|options|credentials)[.\[(].*|.*\(.*\)?;?|@\w+|"
    r"(?:null|none|nil|true|false|undefined|string|str|text|varchar.*|char|int|required|optional|empty|"
    r"password|passwd|pwd|wachtwoord|secret|token|pass|user|username|key)[,;:.)]*|https?://.*|/[\w/.-]*|"
    r"[\w.-]+\.(?:nl|com|py|js|md|txt|json|yaml|yml|env|html)",
    regex.IGNORECASE,
)
_HEAD = regex.compile(
    r"(?:.{0,20}[ _-])?(?:wachtwoord|password|passwd|pwd|ww|pw|pin(?:code)?|puk|toegangscode|inlogcode|secret|"
    r"api[ _-]?key|token|sleutel)(?:[ _-].{0,20})?",
    regex.IGNORECASE,
)
"""The head of a column of secrets."""
_BAD_EXAMPLE = regex.compile(
    r"(?:voorbeeld(?:en)? van een )?(?:slecht|zwak|fout|onveilig|weak|bad)(?:e)? $", regex.IGNORECASE
)
"""What a policy says before a password that nobody should choose."""
_LONGEST = 300
_DIGIT = regex.compile(r"\d")
_SIGN = regex.compile(r"[^\w\s.,:;?!/'()-]|[!?](?=\w)|_")
_MIXED = regex.compile(r"\p{Ll}\p{Lu}")
_ANY_KEY = regex.compile(r"(?:key|hook|creds?|hmac)$")
_SECRET_KEY = regex.compile(r"(?:(?:secret|api|access|account|private|encryption|shared|signing)[_ -]?|wpa2?-)key$")
"""A value after one of the latter may be short; after any other `…_key` it must look like a key."""
_LONG_VALUE = 16
_EXPLICIT = frozenset(["=", ":", "=>", ":=", "==", "->", "→", "|"])


class CredentialRecognizer(CodeRecognizer):
    """Passwords and codes. After `=` or `:` nearly any value counts; in prose it must look like no word."""

    triggers: tuple[str, ...] = (
        (
            r"(?i:wachtwoord|passw|passphrase|paswoord|pwd|has[lł]o|[sş]ifre|parola|contrase|mot de passe|secret|"
            r"api[_ -]?(?:key|sleutel|token)|token|[_-](?:key|hook|cred)|hmac|sleutel|toegangscode|inlogcode|wifi|"
            r"(?:access|account|private|encryption|shared|signing)key|"
            r"community[ -]string|sshpass|mysql|curl|securestring|identified by|net use|bearer)"
        ),
        r"(?i:(?:^|[^\p{L}])(?:pw|ww|pass|psk|wpa2?)[^\p{L}])",
        r"(?i:(?:inlog|log[ -]?in|credentials|account|gebruiker|user)[^\n]{0,45}[:=])",
        r"(?i:(?:pin|puk|alarm|deur|poort|kluis|slot|keysafe|hek|code|voicemail|safe)[^\n\d]{0,100}\d)",
    )
    lead = 32

    def __init__(self, rule: DetectionRule, lexicon: Lexicon | None) -> None:
        super().__init__(rule)
        self._lexicon = lexicon

    def find(self, look: Look) -> Iterator[Hit]:
        text = look.reading.text
        windows, seconds = look.windows, 1 + len(text) / 100_000
        for match in Walk(_ASSIGNED, text, _LONGEST, seconds).over(windows, overlapped=True):
            yield from self._assigned(match)
        for pattern in (_PAIR, _OPTION):
            for match in Walk(pattern, text, _LONGEST, seconds).over(windows):
                span = _value_span(match)
                value = text[slice(*span)]
                if not _PLACEHOLDER.fullmatch(value) and self._looks_secret(value):
                    yield self.hit(span[0], span[1], 0.8)
        for pattern in (_CODE, _CODE_IS, _PIN_OF, _CODE_OPENS):
            for match in Walk(pattern, text, _LONGEST, seconds).over(windows):
                if not regex.fullmatch(r"(?:19|20)\d\d", match["code"]):
                    code_start, code_end = match.span("code")
                    score = self.context_window.score(look.reading, code_start, code_end, 0.72)
                    yield self.hit(code_start, code_end, score)

        yield from self._in_columns(look)

    def _in_columns(self, look: Look) -> Iterator[Hit]:
        """The cells below a head that says that they are secrets."""
        text = look.reading.text
        for head, (start, end) in look.reading.tables.cells():
            if _HEAD.fullmatch(text[slice(*head)].strip("\"'` ")):
                value = text[start:end].strip("\"'`")
                at = text.index(value, start)
                if self._looks_secret(value) and not _PLACEHOLDER.fullmatch(value):
                    yield self.hit(at, at + len(value), 0.85)

    def _assigned(self, match: "regex.Match[str]") -> Iterator[Hit]:
        start, end = _value_span(match)
        value = match.string[start:end]
        if _PLACEHOLDER.fullmatch(value) or len(value) < 3 or (self._is_next_line(match) and ";" in value):
            return  # the latter is a row of a table
        if _BAD_EXAMPLE.search(match.string, max(0, match.start() - 30), match.start()):
            return
        link = match["link"].strip()
        key = match["key"].lower()
        explicit = link in _EXPLICIT
        weak_key = key in {"wifi", "token", "sleutel", "pass", "ww"} or key.endswith(("token", "sleutel"))
        if _ANY_KEY.search(key) and not _SECRET_KEY.search(key):
            if explicit and len(value) >= _LONG_VALUE and self._looks_secret(value) and _DIGIT.search(value):
                yield self.hit(start, end, 0.9)
        elif explicit and not weak_key and (match["quoted"] or self._stands_alone(match.string, end)):
            if match["quoted"] or self._looks_secret(value) or self._is_no_word(value):
                yield self.hit(start, end, 0.9)
        elif self._looks_secret(value) and (not weak_key or (_DIGIT.search(value) and not self._is_next_line(match))):
            yield self.hit(start, end, 0.8 if link else 0.7)

    def _is_next_line(self, match: "regex.Match[str]") -> bool:
        return "\n" in match["link"]

    def _stands_alone(self, text: str, end: int) -> bool:
        """A bare value after a colon is a sentence, not a password, when ordinary words follow it."""
        rest = regex.compile(r"[ ]+([\p{L}]+)[ ]+[\p{L}]+").match(text, end)
        return rest is None or not text[:end].rstrip().endswith((",",))

    def _looks_secret(self, value: str) -> bool:
        """Letters with digits or signs, or capitals inside: what people and systems make passwords of."""
        letters = any(char.isalpha() for char in value)
        digits = bool(_DIGIT.search(value))
        if len(value) < 5:
            return False
        return (letters and (digits or bool(_SIGN.search(value)) or bool(_MIXED.search(value)))) or (
            digits and len(value) >= 6
        )

    def _is_no_word(self, value: str) -> bool:
        if value.count("-") > 1 and len(value) > 11:
            return True  # a passphrase of words
        word = value.strip(".,;:!?")
        return len(word) >= 6 and word.isalpha() and (self._lexicon is None or self._lexicon.commonness(word) == 0)


def _value_span(match: "regex.Match[str]") -> tuple[int, int]:
    """The value without the punctuation of the sentence around it."""
    if "quoted" in match.re.groupindex and match["quoted"] is not None:
        return int(match.start("quoted")), int(match.end("quoted"))
    start, end = match.span("bare")
    value = match.string[start:end]
    while value and value[0] in "([":
        start, value = start + 1, value[1:]
    while value and (value[-1] in ".,;:)]}" or (value[-1] == "?" and not _DIGIT.search(value))):
        end, value = end - 1, value[:-1]
    return start, end
