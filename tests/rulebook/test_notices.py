"""Notices: placeholders are filled with counts and names of things, and something can always be said."""

from types import MappingProxyType

import pytest

from gateway.model.inspection import Entity
from gateway.model.policy import ReasonCode
from gateway.model.traffic import Standing
from gateway.rulebook.documents.messages import EntityLabel, MessageText
from gateway.rulebook.lint.texts import FAILURES
from gateway.rulebook.load import default_root, load
from gateway.rulebook.notices import counted, placeholders

BOOK = load(default_root())
LABELS = MappingProxyType({Entity.NL_BSN: EntityLabel(one="BSN", many="BSN's")})


@pytest.mark.parametrize(
    ("counts", "language", "words"),
    [
        pytest.param({}, "nl", "gegevens", id="nothing counted"),
        pytest.param({Entity.NL_BSN: 1}, "nl", "1 BSN", id="singular"),
        pytest.param({Entity.NL_BSN: 2}, "nl", "2 BSN's", id="plural"),
        pytest.param({Entity.NL_BSN: 1, Entity.PERSON: 3}, "nl", "3 PERSON en 1 BSN", id="most first; no label"),
        pytest.param({Entity.NL_BSN: 1, Entity.PERSON: 0}, "nl", "1 BSN", id="none is not said"),
        pytest.param(
            {Entity.NL_BSN: 2, Entity.PERSON: 2, Entity.HEALTH: 2}, "en", "2 HEALTH, 2 BSN's and 2 PERSON", id="three"
        ),
    ],
)
def test_counts_as_words(counts: dict[Entity, int], language: str, words: str) -> None:
    assert counted(counts, LABELS, language) == words


def test_a_notice_is_dutch_and_english_with_its_placeholders_filled() -> None:
    notice = BOOK.notice("personal-data.redacted", reference="r-1", counts={Entity.PERSON: 2}, tool_name="Praatpaal")
    dutch, english = notice.texts
    assert (dutch.language, english.language) == ("nl", "en")
    assert "2 namen" in dutch.lead
    assert "2 names" in english.lead
    assert BOOK.house.contacts.privacy in dutch.steps[-1]
    assert (notice.reference, notice.tool_name) == ("r-1", "Praatpaal")
    assert all(url.startswith("https://") for _, url in notice.links)


def test_every_message_can_be_filled_completely() -> None:
    for message_id in BOOK.messages[0].messages:
        for text in BOOK.notice(message_id, reference="r", counts={Entity.NL_BSN: 1}, tool_name="T").texts:
            filled = MessageText(title=text.title, lead=text.lead, why=text.why, steps=text.steps)
            assert not placeholders(filled), message_id


def test_an_unknown_message_is_the_general_refusal() -> None:
    assert (
        BOOK.notice("no.such", reference="r").texts[0].title == BOOK.messages[0].messages["reason.internal-error"].title
    )


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    lead = BOOK.notice("standing.unknown", reference="r", tool_name="{reference}").texts[0].lead
    assert "{reference}" in lead


@pytest.mark.parametrize("reason", FAILURES)
def test_every_failure_has_a_message_of_its_own(reason: ReasonCode) -> None:
    assert BOOK.message_of(reason) in BOOK.messages[0].messages


@pytest.mark.parametrize("standing", [standing for standing in Standing if standing is not Standing.SCREENED])
def test_reasons_about_standing_use_the_message_of_that_standing(standing: Standing) -> None:
    assert BOOK.message_of(ReasonCode(f"tool-{standing}")) == f"standing.{standing}"
    assert f"standing.{standing}" in BOOK.messages[0].messages


def test_a_ceiling_is_not_a_standing() -> None:
    assert BOOK.message_of(ReasonCode.TOOL_CEILING) == "reason.tool-ceiling"


@pytest.mark.parametrize("reason", ReasonCode)
def test_every_reason_has_a_sentence_in_both_languages(reason: ReasonCode) -> None:
    assert BOOK.explain_reason(reason, "nl") != BOOK.explain_reason(reason, "en") != reason.value
    assert BOOK.explain_reason(reason, "fy") == reason.value
