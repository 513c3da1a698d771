"""The verdict on a question: what wins, what is merged, and what is written down."""

from dataclasses import replace

import pytest

from gateway.decision.decide import decide
from gateway.model.inspection import DataClass, Entity, GapKind
from gateway.model.policy import Reason, ReasonCode, Verdict
from gateway.model.traffic import EndpointKind, Standing
from tests.decision.conftest import NOON, MakeBook, exception, question, rule, tool

REDACT_BSN = {"verdict": "redact", "redact": ["NL_BSN"]}
REDACT_PEOPLE = {"verdict": "redact", "redact_classes": ["personal"]}


def test_nothing_that_matches_means_allow(make_book: MakeBook) -> None:
    decision = decide(question({Entity.PERSON: 1}), make_book())
    assert decision.verdict is Verdict.ALLOW
    assert decision.reasons == (Reason(ReasonCode.CLEAN, "prompt"),)
    assert decision.revision == "rev"


def test_an_endpoint_that_is_not_read_says_so(make_book: MakeBook) -> None:
    decision = decide(question(endpoint_kind=EndpointKind.STATIC), make_book())
    assert decision.reasons == (Reason(ReasonCode.NOT_READ, "static"),)


def test_the_strictest_verdict_wins_and_every_match_is_recorded(make_book: MakeBook) -> None:
    book = make_book(
        rule("a", then={"verdict": "coach", "message": "own.text"}),
        rule("b", incident="possible"),
        rule("c", status="shadow", then={"verdict": "refuse"}),
        rule("d", status="draft", then={"verdict": "refuse"}),
        rule("e", status="retired", then={"verdict": "refuse"}),
    )
    decision = decide(question(), book)
    assert decision.verdict is Verdict.COACH
    assert decision.obligations.message == "own.text"
    assert decision.obligations.justification
    assert (decision.winning, decision.overruled) == (("a",), ("b",))
    assert decision.shadow == (("c", Verdict.REFUSE),)
    assert decision.incident == "possible"
    assert decision.reasons == (
        Reason(ReasonCode.RULE_MATCHED, "a"),
        Reason(ReasonCode.RULE_OVERRULED, "b"),
        Reason(ReasonCode.RULE_SHADOWED, "c"),
    )


def test_equal_verdicts_merge_what_they_ask(make_book: MakeBook) -> None:
    book = make_book(
        rule("b", then={**REDACT_BSN, "notify": ["fg"]}),
        rule("a", then={"verdict": "redact", "redact": ["IBAN_CODE"], "notify": ["ciso", "fg"]}),
        rule("w", then={"verdict": "warn", "notify": ["nobody"]}),
    )
    obligations = decide(question(), book).obligations
    assert obligations.redact == {Entity.NL_BSN, Entity.IBAN_CODE}
    assert obligations.notify == ("ciso", "fg")
    assert obligations.message == "a"


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing.UNKNOWN, ReasonCode.TOOL_UNKNOWN),
        (Standing.PENDING, ReasonCode.TOOL_PENDING),
        (Standing.REJECTED, ReasonCode.TOOL_REJECTED),
        (Standing.WITHDRAWN, ReasonCode.TOOL_WITHDRAWN),
        (Standing.EXPIRED, ReasonCode.TOOL_EXPIRED),
    ],
)
def test_a_tool_that_is_not_screened_is_answered_by_the_house(
    make_book: MakeBook, standing: Standing, code: ReasonCode
) -> None:
    decision = decide(question(standing=standing, endpoint_kind=EndpointKind.STATIC), make_book())
    assert decision.verdict is Verdict.REFUSE
    assert decision.reasons == (Reason(code, "t"),)
    assert decision.obligations.message == f"standing.{standing}"


def test_a_tool_that_left_the_register_is_unknown(make_book: MakeBook) -> None:
    assert decide(question(tool_id="gone"), make_book()).reasons == (Reason(ReasonCode.TOOL_UNKNOWN, "gone"),)


def test_a_tool_is_for_the_departments_it_was_screened_for(make_book: MakeBook) -> None:
    book = make_book(tools=(tool(departments=["wmo"]),))
    assert decide(question(department="wmo"), book).verdict is Verdict.ALLOW
    refused = decide(question(department=""), book)
    assert (refused.verdict, refused.obligations.message) == (Verdict.REFUSE, "reason.department-refused")


def test_the_ceiling_holds_for_classes_the_tool_may_not_have(make_book: MakeBook) -> None:
    book = make_book(tools=(tool(data_classes=["financial"]),))
    assert decide(question({Entity.FINANCIAL: 1}), book).verdict is Verdict.ALLOW
    redacted = decide(question({Entity.PERSON: 1, Entity.HEALTH: 1}), book)
    assert redacted.verdict is Verdict.REDACT
    assert redacted.obligations.redact >= {Entity.PERSON, Entity.LOCATION}
    assert redacted.obligations.message == "ceiling.personal"
    assert decide(question({Entity.SECRET: 1}), book).verdict is Verdict.REFUSE


def test_a_ceiling_that_redaction_cannot_keep_refuses(make_book: MakeBook) -> None:
    """A health fact without any name to take out would still arrive."""
    book = make_book(tools=(tool(data_classes=[]),))
    decision = decide(question({Entity.HEALTH: 1}), book)
    assert decision.verdict is Verdict.REFUSE
    assert decision.reasons == (Reason(ReasonCode.TOOL_CEILING, "special_category"),)


def test_uploads_are_refused_where_the_tool_has_none(make_book: MakeBook) -> None:
    book = make_book(tools=(tool(uploads="refused"),))
    assert decide(question(), book).verdict is Verdict.ALLOW
    assert decide(question(uploads=1), book).obligations.message == "reason.uploads-refused"


@pytest.mark.parametrize("gap", GapKind)
def test_every_kind_of_gap_is_answered(make_book: MakeBook, gap: GapKind) -> None:
    decision = decide(question(gaps=(gap,)), make_book())
    assert decision.verdict.strength >= Verdict.COACH.strength
    assert Reason(ReasonCode.GAP, gap) in decision.reasons
    assert decision.obligations.message == ("own.message" if gap is GapKind.TIMEOUT else f"gap.{gap}")


def test_redaction_of_what_cannot_be_changed_is_a_refusal(make_book: MakeBook) -> None:
    book = make_book(rule("a", then=REDACT_BSN), rule("b", then={"verdict": "warn"}))
    decision = decide(question({Entity.NL_BSN: 1}, can_rewrite=False), book)
    assert decision.verdict is Verdict.REFUSE
    assert decision.obligations.redact == frozenset()
    assert decision.obligations.message == "reason.rewrite-forbidden"
    assert decision.reasons[0].code is ReasonCode.REWRITE_FORBIDDEN
    assert decide(question(can_rewrite=False), make_book(rule("b"))).verdict is Verdict.WARN


def test_what_the_person_can_do_least_about_speaks_first(make_book: MakeBook) -> None:
    book = make_book(rule("a", then={"verdict": "refuse", "message": "rule.speaks"}))
    decision = decide(question(standing=Standing.REJECTED, gaps=(GapKind.MACRO,)), book)
    assert decision.obligations.message == "standing.rejected"
    assert [reason.code for reason in decision.reasons] == [
        ReasonCode.TOOL_REJECTED,
        ReasonCode.GAP,
        ReasonCode.RULE_MATCHED,
    ]


class TestExceptions:
    def test_it_lowers_the_one_rule_it_names(self, make_book: MakeBook) -> None:
        narrow = exception("a", REDACT_BSN)
        decision = decide(question(), make_book(rule("a", then={"verdict": "refuse"}), exceptions=(narrow,)))
        assert (decision.verdict, decision.winning) == (Verdict.REDACT, ("a",))
        assert decision.obligations.redact == {Entity.NL_BSN}
        assert Reason(ReasonCode.EXCEPTION_APPLIED, "x") in decision.reasons
        two = make_book(
            rule("a", then={"verdict": "refuse"}), rule("b", then={"verdict": "refuse"}), exceptions=(narrow,)
        )
        assert decide(question(), two).verdict is Verdict.REFUSE

    @pytest.mark.parametrize(
        ("dates", "applies"),
        [
            pytest.param({"start": "2026-11-25"}, True, id="first day"),
            pytest.param({"until": "2026-11-25"}, True, id="last day"),
            pytest.param({"start": "2026-11-26"}, False, id="tomorrow"),
            pytest.param({"until": "2026-11-24"}, False, id="ended by itself"),
        ],
    )
    def test_it_is_dated(self, make_book: MakeBook, dates: dict[str, str], applies: bool) -> None:
        book = make_book(
            rule("a", then={"verdict": "refuse"}), exceptions=(exception("a", {"verdict": "allow"}, **dates),)
        )
        assert (decide(question(), book).verdict is Verdict.ALLOW) is applies

    def test_days_are_days_in_the_netherlands(self, make_book: MakeBook) -> None:
        """23:30 UTC on 30 June is already 1 July in Amsterdam."""
        over = exception("a", {"verdict": "allow"}, start="2026-06-01", until="2026-06-30")
        book = make_book(rule("a", then={"verdict": "refuse"}), exceptions=(over,))
        late = replace(question(), at=1_782_862_200.0)
        assert decide(late, book).verdict is Verdict.REFUSE
        assert decide(replace(late, at=late.at - 7200), book).verdict is Verdict.ALLOW

    def test_it_holds_only_for_whom_it_was_given(self, make_book: MakeBook) -> None:
        only = exception("a", {"verdict": "allow"}, when={"who": {"departments": ["wmo"]}})
        book = make_book(rule("a", then={"verdict": "refuse"}), exceptions=(only,))
        assert decide(question(), book).verdict is Verdict.REFUSE
        assert decide(question(department="wmo"), book).verdict is Verdict.ALLOW

    def test_of_two_the_strictest_counts(self, make_book: MakeBook) -> None:
        both = (exception("a", {"verdict": "allow"}, "x"), exception("a", {"verdict": "coach"}, "y"))
        book = make_book(rule("a", then={"verdict": "refuse"}), exceptions=both)
        assert decide(question(), book).verdict is Verdict.COACH

    def test_it_never_lifts_the_ceiling(self, make_book: MakeBook) -> None:
        book = make_book(
            rule("a", then=REDACT_PEOPLE),
            exceptions=(exception("a", {"verdict": "allow"}),),
            tools=(tool(data_classes=[DataClass.FINANCIAL]),),
        )
        decision = decide(question({Entity.PERSON: 1}), book)
        assert (decision.verdict, decision.winning) == (Verdict.REDACT, ())


def test_the_time_of_the_question_is_noon_in_amsterdam() -> None:
    """Guards the constant the dated tests rest on."""
    assert NOON % 86_400 == 11 * 3_600
