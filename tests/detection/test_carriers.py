"""A value is found in whatever carries it: cells between numbers, code, markup, logs, addresses of the web."""

import json
from collections.abc import Callable

import pytest

from gateway.detection.inspector import Inspector
from gateway.detection.models import ModelPaths
from gateway.rulebook.load import default_root, load

VALUES = {
    "bsn": "232486621",
    "telefoon": "0612348765",
    "mobiel": "06-12348765",
    "tel": "0570-633911",
    "e-mail": "j.bos@inbox.example",
    "rekening": "NL94ASNB0860382777",
    "iban": "NL94 ASNB 0860 3827 77",
    "postcode": "7245 DK",
    "pc": "7245DK",
    "kenteken": "KD-118-T",
    "geboortedatum": "14-03-1981",
    "gebdat": "1981-03-14",
    "geb": "14031981",
    "clientnr": "118204",
    "zaaknummer": "Z-25-118204",
    "paspoort": "NXR4K8P12",
    "adres": "Dorpsstraat 12",
    "straat": "Dorpsstraat 12a",
    "ip": "10.12.4.77",
    "mac": "00:1A:2B:3C:4D:5E",
    "kvk": "68750110",
    "polisnr": "33011927",
    "naam": "Jansen",
    "vnummer": "2791482340",
    "wachtwoord": "Zonnebloem42!",
    "dossier": "2024-118204",
}


def _rows(delimiter: str, left: str, right: str) -> Callable[[str, str], str]:
    head, row = f"nr{delimiter}{{0}}{delimiter}aantal\n", f"{left}{delimiter}{{1}}{delimiter}{right}\n"
    return lambda name, value: head.format(name) + row.format(name, value) * 2


def _plain(name: str) -> str:
    return name.replace("-", "_")


CARRIERS: dict[str, Callable[[str, str], str]] = {
    **{f"table {delimiter!r}, numbers": _rows(delimiter, "3", "7") for delimiter in (",", ";", "\t", "|", ", ", " | ")},
    **{f"table {delimiter!r}, words": _rows(delimiter, "x", "y") for delimiter in (",", ";", "\t", "|", ", ", " | ")},
    "table ',', quoted": _rows(",", '"a"', '"b"'),
    "JSON": lambda name, value: json.dumps([{"nr": 3, name: value, "n": 7}], separators=(",", ":")),
    "Python": lambda name, value: f"rij = dict(nr=3,{_plain(name)}='{value}',n=7)",
    "SQL insert": lambda name, value: f"INSERT INTO t (nr,{_plain(name)},n) VALUES (3,'{value}',7);",
    "SQL where": lambda name, value: f"SELECT * FROM t WHERE {_plain(name)}='{value}' AND n=7",
    "XML": lambda name, value: f"<rij><nr>3</nr><{name}>{value}</{name}><n>7</n></rij>",
    "YAML": lambda name, value: f"nr: 3\n{name}: {value}\nn: 7\n",
    "URL": lambda name, value: f"https://zaak.example/zoek?nr=3&{name}={value.replace(' ', '%20')}&n=7",
    "environment": lambda name, value: f"NR=3\n{_plain(name).upper()}={value}\nN=7",
    "Markdown": lambda name, value: f"| nr | {name} | n |\n|---|---|---|\n| 3 | {value} | 7 |\n",
    "log": lambda name, value: f"2025-11-24 10:12:03 INFO verwerk nr=3,{name}={value},n=7 ok",
    "bullets": lambda name, value: f"- nr 3\n- {name}: {value}\n- n 7",
    "form": lambda name, value: f"{name.capitalize()}\n{value}\n\nAantal\n7",
    "brackets": lambda name, value: f"zie bijlage ({name}: {value})",
    "sentence": lambda name, value: f"{name} {value} graag verwerken",
}


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    book = load(default_root())
    return Inspector(book.detection, book.lists, ModelPaths(use_pipeline=False, use_second_opinion=False))


@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_value_is_found(inspector: Inspector, carrier: str) -> None:
    missed = []
    for name, value in VALUES.items():
        text = CARRIERS[carrier](name, value)
        written = value if value in text else value.replace(" ", "%20")
        places = [at for at in range(len(text)) if text.startswith(written, at)]
        spans = [(one.start, one.end) for one in inspector.inspect_text(text).findings]
        if not all(_is_covered(at, at + len(written), spans) for at in places):
            missed.append(f"{name} {value}")
    assert not missed


def _is_covered(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    """Whether findings cover all of the letters and digits but one sign at the end."""
    return any(first <= start and end - 1 <= last for first, last in spans)
