"""The engine as other rooms use it: a rule in, findings out, offsets of the original text."""

from gateway.detection.inspector import Inspector
from gateway.model.inspection import Entity, GapKind
from gateway.model.traffic import PartRole, PromptPart
from gateway.rulebook.documents.detection import DetectionRule


def rule(**fields: object) -> DetectionRule:
    title = {"nl": "x", "en": "x"}
    common = {"kind": "detection/v1", "id": "a-rule", "title": title, "status": "enforced", "owner": "ciso"}
    return DetectionRule.model_validate(common | fields)


def bsn_rule(**fields: object) -> DetectionRule:
    return rule(
        id="nl-bsn",
        entity="NL_BSN",
        patterns=[{"id": "nine", "regex": r"\b\d{9}\b", "score": "0.5"}],
        validate_with="bsn",
        on_valid="0.75",
        context={"words": ["bsn"], "against": ["ordernummer"], "boost": "0.25"},
        **fields,
    )


def parts(*texts: str) -> list[PromptPart]:
    return [PromptPart(str(at), PartRole.USER, text) for at, text in enumerate(texts)]


def test_offsets_are_those_of_the_text_as_sent() -> None:
    text = "bsn 111\u200b222333 graag"
    found = Inspector([bsn_rule()], {}).inspect(parts("niets", text)).findings
    assert [(one.entity, one.part_id, text[one.start : one.end], one.validated, one.score) for one in found] == [
        (Entity.NL_BSN, "1", "111\u200b222333", True, 1.0)
    ]


def test_a_word_against_lowers_below_the_threshold() -> None:
    assert not Inspector([bsn_rule()], {}).inspect(parts("ordernummer 111222333")).findings


def test_an_allowed_whole_value_is_no_finding() -> None:
    assert not Inspector([bsn_rule(allow=["111222333"])], {}).inspect(parts("bsn 111222333")).findings
    assert Inspector([bsn_rule(allow=["1112223"])], {}).inspect(parts("bsn 111222333")).findings


def test_a_base64_blob_is_opened() -> None:
    text = "zie YnNuIDExMTIyMjMzMyB2YW4gbWlqbiBidXVyIGlzIGRpdA== graag"
    found = Inspector([bsn_rule()], {}).inspect(parts(text)).findings
    assert [text[one.start : one.end][:5] for one in found] == ["YnNuI"]


def test_terms_match_whole_words_in_any_case() -> None:
    secret = rule(id="project", entity="CONFIDENTIAL_TERM", terms=["Project Zilvermeeuw", "eiland*"])
    texts = parts("over PROJECT  zilvermeeuw.", "het eilandenrijk", "projecten zilvermeeuw")
    assert [one.part_id for one in Inspector([secret], {}).inspect(texts).findings] == ["0", "1"]


def test_a_runaway_pattern_is_a_gap() -> None:
    slow = rule(id="slow", entity="PERSON", patterns=[{"id": "slow", "regex": r"(?:a|b|ab)+(?:c|d)", "score": "1"}])
    seen = Inspector([slow], {}).inspect(parts("ab" * 5_000))
    assert [(gap.kind, gap.detail) for gap in seen.gaps] == [(GapKind.TIMEOUT, "slow")]


def test_a_text_over_the_limit_is_a_gap() -> None:
    assert [gap.kind for gap in Inspector([bsn_rule()], {}).inspect(parts("a" * 4_000_001)).gaps] == [GapKind.TOO_LARGE]
