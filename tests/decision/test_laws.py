"""Laws of deciding, for any rules and questions: adding a rule never weakens, order never matters."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.decision.decide import decide
from gateway.model.inspection import DataClass, Entity, GapKind
from gateway.model.policy import Question, Verdict
from gateway.model.traffic import EndpointKind, Standing
from gateway.rulebook.documents.usage import UsageRule
from tests.decision.conftest import book_of, exception, question, rule, tool

ENTITIES = st.sampled_from([Entity.PERSON, Entity.NL_BSN, Entity.HEALTH, Entity.SECRET, Entity.DECISION_REQUEST])


def whats() -> st.SearchStrategy[dict[str, Any]]:
    leaf = st.one_of(
        st.builds(lambda entity, n: {"entity": entity, "at_least": n}, ENTITIES, st.integers(1, 3)),
        st.builds(lambda kind: {"data_class": kind}, st.sampled_from(DataClass)),
        st.builds(lambda gap: {"gap": gap}, st.sampled_from(GapKind)),
        st.builds(lambda n: {"persons": n}, st.integers(0, 3)),
    )
    return st.recursive(
        leaf,
        lambda inner: st.builds(
            lambda key, parts: {key: parts}, st.sampled_from(["any", "all", "none"]), st.lists(inner, min_size=1)
        ),
        max_leaves=4,
    )


def thens() -> st.SearchStrategy[dict[str, Any]]:
    plain = st.builds(lambda verdict: {"verdict": verdict}, st.sampled_from(["allow", "warn", "coach", "refuse"]))
    redact = st.builds(lambda some: {"verdict": "redact", "redact": some}, st.lists(ENTITIES, min_size=1))
    return st.one_of(plain, redact)


def rules() -> st.SearchStrategy[list[UsageRule]]:
    one = st.builds(
        lambda number, status, what, then, department: rule(
            f"r{number}",
            status=status,
            when={"what": what, "who": {"departments": department}} if what else {"who": {"departments": department}},
            then=then,
        ),
        st.integers(0, 99),
        st.sampled_from(["enforced", "enforced", "shadow", "draft"]),
        st.one_of(st.none(), whats()),
        thens(),
        st.sampled_from([[], ["wmo"], ["burgerzaken"]]),
    )
    return st.lists(one, max_size=6, unique_by=lambda item: item.id)


def questions() -> st.SearchStrategy[Question]:
    return st.builds(
        question,
        st.dictionaries(ENTITIES, st.integers(1, 4)),
        standing=st.sampled_from(Standing),
        endpoint_kind=st.sampled_from(EndpointKind),
        gaps=st.lists(st.sampled_from(GapKind), unique=True).map(tuple),
        persons=st.integers(0, 4),
        uploads=st.integers(0, 2),
        can_rewrite=st.booleans(),
    )


TOOLS = (tool(data_classes=["financial"], uploads="refused"),)


@given(rules(), rules(), questions())
def test_adding_rules_never_weakens(some: list[UsageRule], more: list[UsageRule], asked: Question) -> None:
    before = decide(asked, book_of(*some, tools=TOOLS))
    after = decide(asked, book_of(*some, *more, tools=TOOLS))
    assert after.verdict.strength >= before.verdict.strength
    if after.verdict is before.verdict is Verdict.REDACT:
        assert after.obligations.redact >= before.obligations.redact


@given(rules(), questions(), st.randoms(use_true_random=False))
def test_order_is_irrelevant(some: list[UsageRule], asked: Question, random: Random) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    assert decide(asked, book_of(*some, tools=TOOLS)) == decide(asked, book_of(*shuffled, tools=TOOLS))


@given(rules(), questions())
def test_shadow_rules_change_nothing_but_the_count(some: list[UsageRule], asked: Question) -> None:
    enforced = [item for item in some if item.status == "enforced"]
    with_shadow, without = decide(asked, book_of(*some)), decide(asked, book_of(*enforced))
    assert (with_shadow.verdict, with_shadow.obligations) == (without.verdict, without.obligations)


@given(rules(), questions(), thens(), st.integers(0, 99))
def test_an_exception_changes_no_other_rule(
    some: list[UsageRule], asked: Question, then: dict[str, Any], number: int
) -> None:
    """With an exception to one rule the verdict is never weaker than without that rule."""
    hole = exception(f"r{number}", then)
    others = [item for item in some if item.id != f"r{number}"]
    holed = decide(asked, book_of(*some, exceptions=(hole,), tools=TOOLS))
    assert holed.verdict.strength >= decide(asked, book_of(*others, tools=TOOLS)).verdict.strength


@given(rules(), questions())
def test_unknown_is_never_clean(some: list[UsageRule], asked: Question) -> None:
    decision = decide(asked, book_of(*some))
    if asked.gaps and asked.endpoint_kind.is_read:
        assert decision.verdict.strength >= Verdict.COACH.strength
    if asked.standing is not Standing.SCREENED:
        assert decision.verdict is Verdict.REFUSE


@given(rules(), questions())
def test_obligations_fit_the_verdict(some: list[UsageRule], asked: Question) -> None:
    decision = decide(asked, book_of(*some, tools=TOOLS))
    assert bool(decision.obligations.redact) == (decision.verdict is Verdict.REDACT)
    assert bool(decision.obligations.message) == (decision.verdict is not Verdict.ALLOW)
    assert decision.obligations.justification == (decision.verdict is Verdict.COACH)
    assert decision.reasons
