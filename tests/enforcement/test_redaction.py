"""Redaction: every found character goes, the same value goes everywhere, nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.enforcement.redaction import redact
from gateway.enforcement.vault import Conversation, MemoryVault, VaultKeys
from gateway.model.inspection import Entity, Finding
from gateway.model.traffic import PartRole, PromptPart

ALL = frozenset(Entity)


def part(text: str, part_id: str = "p", role: PartRole = PartRole.USER) -> PromptPart:
    return PromptPart(part_id, role, text)


def find(text: str, value: str, entity: Entity, part_id: str = "p", **more: object) -> Finding:
    start = text.index(value)
    return Finding(entity, part_id, start, start + len(value), 0.9, "rule", **more)  # type: ignore[arg-type]


def one(conversation: Conversation, text: str, *values: tuple[str, Entity]) -> str:
    findings = [find(text, value, entity) for value, entity in values]
    return redact([part(text)], findings, ALL, conversation).get("p", text)


def test_values_become_tokens(conversation: Conversation) -> None:
    text = "Mevrouw Fatima El Amrani (BSN 111222333) belt over 111222333."
    assert (
        one(conversation, text, ("Fatima El Amrani", Entity.PERSON), ("111222333", Entity.NL_BSN))
        == "Mevrouw [PERSOON-1] (BSN [BSN-1]) belt over [BSN-1]."
    )


def test_only_the_entities_of_the_obligation_go(conversation: Conversation) -> None:
    text = "Jan Jansen, 111222333"
    findings = [find(text, "Jan Jansen", Entity.PERSON), find(text, "111222333", Entity.NL_BSN)]
    assert redact([part(text)], findings, {Entity.NL_BSN}, conversation) == {"p": "Jan Jansen, [BSN-1]"}


def test_no_finding_no_entry(conversation: Conversation) -> None:
    assert redact([part("Hoe laat is het?")], [], ALL, conversation) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("de heer JANSEN  belt", "de heer [PERSOON-1]  belt"),
        ("Jansens auto", "Jansens auto"),
        ("Jan\nJansen", "Jan\n[PERSOON-1]"),
        ("(Jansen)", "([PERSOON-1])"),
        ("Jansen/Jansen", "[PERSOON-1]/[PERSOON-1]"),
    ],
)
def test_the_same_value_elsewhere(conversation: Conversation, text: str, expected: str) -> None:
    """Repeats go in any part, in any case, but only as words of their own."""
    first = "Ik schrijf Jansen."
    findings = [find(first, "Jansen", Entity.PERSON, "a")]
    result = redact([part(first, "a"), part(text, "b", PartRole.HISTORY)], findings, ALL, conversation)
    assert result.get("b", text) == expected


def test_the_longest_value_first(conversation: Conversation) -> None:
    first = "Jan Jansen en Jansen"
    second = "Jan Jansen belt Jansen"
    findings = [
        find(first, "Jan Jansen", Entity.PERSON, "a"),
        Finding(Entity.PERSON, "a", 14, 20, 0.9, "rule"),
    ]
    result = redact([part(first, "a"), part(second, "b")], findings, ALL, conversation)
    assert result == {"a": "[PERSOON-1] en [PERSOON-2]", "b": "[PERSOON-1] belt [PERSOON-2]"}


def test_overlapping_findings_leave_nothing(conversation: Conversation) -> None:
    """The union goes, under the name of the validated one."""
    text = "IBAN NL91ABNA0417164300 van Jan"
    findings = [
        find(text, "NL91ABNA0417164300", Entity.IBAN_CODE, validated=True),
        find(text, "0417164300 van Jan", Entity.PHONE_NUMBER),
    ]
    assert redact([part(text)], findings, ALL, conversation) == {"p": "IBAN [IBAN-1]"}


def test_history_keeps_its_tokens(conversation: Conversation) -> None:
    """A client that sends the whole conversation again gives the values; they get the tokens of before."""
    first = one(conversation, "Schrijf aan Jan Jansen.", ("Jan Jansen", Entity.PERSON))
    again = redact([part("Schrijf aan Jan Jansen.", "h", PartRole.HISTORY)], [], ALL, conversation)
    assert again == {"h": first}


def test_a_typed_look_alike_is_never_ours(conversation: Conversation) -> None:
    """Not in use: its number is never given out and the text stays."""
    text = "Wat is [PERSOON-1]? Vraag het Jan Jansen."
    assert one(conversation, text, ("Jan Jansen", Entity.PERSON)) == "Wat is [PERSOON-1]? Vraag het [PERSOON-2]."
    assert conversation.value_of("[PERSOON-1]") is None


def test_a_typed_look_alike_in_use_is_escaped(conversation: Conversation) -> None:
    """In use: the literal gets a token of its own, whose value is what was typed; also when it is sent again."""
    one(conversation, "Jan Jansen", ("Jan Jansen", Entity.PERSON))
    result = redact([part("Leg [PERSOON-1] uit")], [], ALL, conversation)
    assert result == {"p": "Leg [TEKST-1] uit"}
    assert conversation.value_of("[TEKST-1]") == "[PERSOON-1]"
    assert redact([part("Leg [PERSOON-1] uit", "h", PartRole.HISTORY)], [], ALL, conversation) == {
        "h": "Leg [TEKST-1] uit"
    }


def test_our_own_token_in_history_stays(conversation: Conversation) -> None:
    """A page may send back a token that was never restored; it is still ours."""
    one(conversation, "Jan Jansen", ("Jan Jansen", Entity.PERSON))
    assert redact([part("Aan [PERSOON-1]", "h", PartRole.HISTORY)], [], ALL, conversation) == {}


def test_what_is_found_inside_our_own_token_is_no_value(conversation: Conversation) -> None:
    """`NUMMER-1` of `[ZAAKNUMMER-140]` reads as a case number; a number that somebody typed in that form is one."""
    one(conversation, "zaak 2024-77", ("zaak 2024-77", Entity.NL_CASE_NUMBER))
    history, typed = part("Over [ZAAKNUMMER-1]", "h", PartRole.HISTORY), part("Over [ZAAKNUMMER-20240077]", "u")
    findings = [find(each.text, "NUMMER", Entity.NL_CASE_NUMBER, each.id) for each in (history, typed)]
    assert redact([history, typed], findings, ALL, conversation) == {"u": "Over [ZAAK[ZAAKNUMMER-2]-20240077]"}


def test_spaces_around_a_finding_stay(conversation: Conversation) -> None:
    text = "a Jan b"
    assert redact([part(text)], [Finding(Entity.PERSON, "p", 1, 6, 1.0, "r")], ALL, conversation) == {
        "p": "a [PERSOON-1] b"
    }


@given(st.data())
def test_restoring_gives_the_text_back(data: st.DataObject) -> None:
    """Whatever the findings: with every token put back, the text is what it was, up to equal values' spelling."""
    from gateway.enforcement.ledger import Ledger
    from gateway.enforcement.vault import Cipher, VaultKeys, scope_of

    keys = VaultKeys.derive(b"0123456789abcdef")
    conversation = Conversation(Ledger(), Cipher(keys, scope_of(keys, "p", "t")), "c")
    text = data.draw(st.text(alphabet="aZ1 -[]\né😀", max_size=60))
    spans = data.draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
    findings = [Finding(Entity.PERSON, "p", a, min(b, len(text)), 0.5, "r") for a, b in spans if a < min(b, len(text))]
    redacted = redact([part(text)], findings, ALL, conversation).get("p", text)
    for token in sorted(conversation.tokens(), key=len, reverse=True):
        redacted = redacted.replace(token, conversation.value_of(token) or "")
    assert " ".join(redacted.split()).casefold() == " ".join(text.split()).casefold()


def test_many_findings_stay_fast_enough_to_be_linear(conversation: Conversation) -> None:
    """Five thousand names: the work is counted in words, not in names times words."""
    names = [f"Naam{number}x" for number in range(5000)]
    text = " ".join(names)
    findings, at = [], 0
    for name in names:
        findings.append(Finding(Entity.PERSON, "p", at, at + len(name), 1.0, "r"))
        at += len(name) + 1
    result = redact([part(text)], findings, ALL, conversation)
    assert result["p"].count("[PERSOON-") == 5000


async def test_another_conversations_token_never_gets_into_this_one() -> None:
    """The first message of a new chat has no name yet; when it gets one, its tokens must still come back."""
    vault = MemoryVault(keys=VaultKeys.random(), clock=lambda: 0.0)
    one = await vault.open("p", "chat", "c-1")
    redact([part("Jan Jansen")], [find("Jan Jansen", "Jan Jansen", Entity.PERSON)], ALL, one)
    loose = await vault.open("p", "chat")
    text = "Nog eens Jan Jansen"
    redacted = redact([part(text)], [find(text, "Jan Jansen", Entity.PERSON)], ALL, loose)["p"]
    named = await vault.open("p", "chat", "c-2")
    assert named.value_of(redacted.removeprefix("Nog eens ")) == "Jan Jansen"
