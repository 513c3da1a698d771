"""The names that people and systems give to secrets, and how much each of them says."""

import regex

KEY = (
    r"(?:[\w-]{0,24}?(?:wachtwoord(?:en|zin|je)?|codewoord|wachtzin|password|passwd|passwort|pass-?phrase|paswoord|pwd|"
    r"haslo|hasło|şifre|sifre|parola|contraseña|mot de passe|client[_-]?secret|"
    r"secret(?:[_-]?(?:key|access[_-]?key|id))?|api[_ -]?(?:key|sleutel|token)|"
    r"apikey|auth[_-]?token|access[_-]?(?:key|token)|account[_-]?key|private[_-]?key|encryption[_-]?key|"
    r"shared[_-]?(?:secret|key)|signing[_-]?key|bearer|token|sleutel|toegangscode|inlogcode|"
    r"wifi-?code|community[ -]string|[_-](?:key|secret|token|hook|creds?|pw|ww|pass|psk)|hmac)|"
    r"pw|ww|pass|psk|wpa2?(?:-key)?|wifi|(?-i:[a-z][a-zA-Z0-9]{0,20}?(?:Pass|Pw|Ww|Psk)))"
)
TRIGGERS = (
    (
        r"(?i:wachtwoord|codewoord|wachtzin|passw|pass-?phrase|paswoord|pwd|has[lł]o|[sş]ifre|parola|contrase|"
        r"mot de passe|secret|"
        r"api[_ -]?(?:key|sleutel|token)|token|[_-](?:key|hook|cred)|hmac|sleutel|toegangscode|inlogcode|wifi|"
        r"(?:access|account|private|encryption|shared|signing)key|community[ -]string|bearer)"
    ),
    r"(?i:(?:^|[^\p{L}])(?:pw|ww|pass|psk|wpa2?)[^\p{L}])",
    r"(?:[a-z0-9](?:Pass|Pw|Ww|Psk)[^\p{L}])",
)
_ANY = regex.compile(r"(?:key|hook|creds?|hmac)$")
_SECRET = regex.compile(r"(?:(?:secret|api|access|account|private|encryption|shared|signing)[_ -]?|wpa2?-)key$")
_TOLD = regex.compile(r"(?:wachtwoord|paswoord|codewoord|(?<![\p{L}])(?:ww|pw))$")
_PASSES = regex.compile(
    r"(?:.{0,20}[_-])?(?:first|second|third|next|last|prev|final|single|multi|one|two|low|high|band|num|max|min|tests?|"
    r"render|boarding|day|season|by)[_-]?pass"
)
"""What passes, and is no password: `first_pass`, `bypass`."""


def is_any_key(key: str) -> bool:
    """Whether any key may be meant: of a table, of a sort."""
    return _ANY.search(key) is not None and _SECRET.search(key) is None


def is_weak(key: str) -> bool:
    """Whether the word has other uses than to name a secret."""
    return key in {"wifi", "pass", "ww"} or key.endswith(("token", "sleutel"))


def is_no_key(key: str) -> bool:
    return _PASSES.fullmatch(key) is not None


def is_told(key: str) -> bool:
    """Whether people tell each other a secret by this word."""
    return _TOLD.search(key) is not None
