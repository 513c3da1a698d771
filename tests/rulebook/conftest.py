"""A small rulebook on disk that tests change one file at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.model.inspection import DataClass, GapKind
from gateway.model.traffic import Standing
from gateway.rulebook.lint import screening
from gateway.rulebook.load import default_root

HOUSE = """
kind: rulebook/v1
id: test
name: Testgemeente
owner: ciso
contacts: {privacy: p@test.example, security: s@test.example, helpdesk: h@test.example}
standings:
""" + "".join(f"  {standing}: {{verdict: refuse}}\n" for standing in Standing if standing is not Standing.SCREENED)
HOUSE += "ceiling:\n" + "".join(f"  {kind}: {{verdict: refuse}}\n" for kind in DataClass)
HOUSE += "gaps:\n" + "".join(f"  {kind}: {{verdict: refuse}}\n" for kind in GapKind)

CHECKLIST = "".join(f"    {box}: ZK-1\n" for box in screening.CHECKLIST)
TOOL = f"""
kind: tool/v1
id: praatpaal
name: Praatpaal
supplier: Praatpaal BV
purpose: {{nl: Schrijven, en: Writing}}
owner: team-werkplek
endpoints:
  - {{id: chat, hosts: [praat.example], paths: [/api/chat], methods: [POST], kind: prompt}}
  - {{id: files, hosts: [praat.example], paths: ["/static/**"], kind: static}}
screening:
  status: screened
  decided_on: "2026-05-12"
  decided_by: commissie
  valid_until: "2027-05-12"
  checklist:
{CHECKLIST}
contract: {{reference: C-1, processor_agreement: V-1, hosting: EU, trains_on_input: "false", retention_days: "30"}}
"""

HOSTS = """
kind: hosts/v1
id: ai-hosts
title: Known
source: test
licence: EUPL-1.2
services:
  - {name: Kletskous, suffixes: [klets.example]}
  - {name: Wolk, hosts: ["eu-*.wolk.example"]}
shared:
  - {name: Kantoor, hosts: [kantoor.klets.example]}
"""

FILES = {
    "rulebook.yaml": HOUSE,
    "tools/praatpaal.yaml": TOOL,
    "lists/ai-hosts.yaml": HOSTS,
    "messages/nl.yaml": (default_root() / "messages/nl.yaml").read_text(encoding="utf-8"),
    "messages/en.yaml": (default_root() / "messages/en.yaml").read_text(encoding="utf-8"),
}

type WriteRules = Callable[..., Path]


@pytest.fixture
def write_rules(tmp_path: Path) -> WriteRules:
    """Writes the small rulebook with some files replaced, added, or (None) left out; gives its root."""

    def write(changes: dict[str, str | None] | None = None) -> Path:
        for name, text in {**FILES, **(changes or {})}.items():
            path = tmp_path / "rules" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")
        return tmp_path / "rules"

    return write
