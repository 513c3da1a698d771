"""Who, where and what: each row says why it holds or not."""

import pytest

from gateway.decision.conditions import holds
from gateway.model.inspection import Entity, GapKind
from gateway.model.traffic import EndpointKind, PartRole, Standing, Transport
from gateway.rulebook.documents.usage import When
from tests.decision.conftest import question

ASKED = question(
    {Entity.PERSON: 2, Entity.NL_BSN: 1},
    roles=("jurist",),
    gaps=(GapKind.MACRO,),
    part_roles=frozenset({PartRole.FILE}),
    persons=2,
    is_dossier=True,
    uploads=1,
)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param({}, True, id="no condition holds always"),
        pytest.param({"who": {"departments": ["burgerzaken"]}}, True, id="own department"),
        pytest.param({"who": {"departments": ["all"]}}, True, id="all departments"),
        pytest.param({"who": {"departments": ["wmo"]}}, False, id="another department"),
        pytest.param({"who": {"not_departments": ["burgerzaken"]}}, False, id="left out"),
        pytest.param({"who": {"not_departments": ["wmo"]}}, True, id="another one left out"),
        pytest.param({"who": {"roles": ["jurist", "arts"]}}, True, id="one of the roles"),
        pytest.param({"who": {"roles": ["arts"]}}, False, id="none of the roles"),
        pytest.param({"where": {"tools": ["t"]}}, True, id="this tool"),
        pytest.param({"where": {"tools": ["u"]}}, False, id="another tool"),
        pytest.param({"where": {"standings": [Standing.PENDING]}}, False, id="another standing"),
        pytest.param({"where": {"endpoints": [EndpointKind.PROMPT]}}, True, id="a prompt"),
        pytest.param({"where": {"transports": [Transport.WEBSOCKET]}}, False, id="another transport"),
        pytest.param({"what": {"entity": "PERSON", "at_least": "2"}}, True, id="exactly enough"),
        pytest.param({"what": {"entity": "PERSON", "at_least": "3"}}, False, id="one too few"),
        pytest.param({"what": {"data_class": "national_identifier"}}, True, id="a data class"),
        pytest.param({"what": {"data_class": "secret"}}, False, id="an absent data class"),
        pytest.param({"what": {"gap": "macro"}}, True, id="a gap"),
        pytest.param({"what": {"gap": "timeout"}}, False, id="another gap"),
        pytest.param({"what": {"part_role": "file"}}, True, id="a part of a file"),
        pytest.param({"what": {"persons": "2"}}, True, id="this many people"),
        pytest.param({"what": {"persons": "3"}}, False, id="fewer people"),
        pytest.param({"what": {"dossier": "true"}}, True, id="a dossier"),
        pytest.param({"what": {"dossier": "false"}}, False, id="asks for no dossier"),
        pytest.param({"what": {"uploads": "2"}}, False, id="fewer files"),
        pytest.param({"what": {"entity": "PERSON", "persons": "3"}}, False, id="every key must hold"),
        pytest.param({"what": {"any": [{"gap": "timeout"}, {"gap": "macro"}]}}, True, id="any of two"),
        pytest.param({"what": {"all": [{"gap": "timeout"}, {"gap": "macro"}]}}, False, id="all of two"),
        pytest.param({"what": {"none": [{"gap": "timeout"}]}}, True, id="none of them"),
        pytest.param({"what": {"none": [{"gap": "timeout"}, {"gap": "macro"}]}}, False, id="one of none"),
    ],
)
def test_when(when: object, expected: bool) -> None:
    assert holds(When.model_validate(when), ASKED) is expected
