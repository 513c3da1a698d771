"""`answers: hide` through the running gateway: it does not depend on what the person had to hide."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.rulebook.load import default_root
from tests.e2e.harness import CHAT, RULES, Lab

ANSWER = {"choices": [{"message": {"content": "Bel jan.kok@gmail.com even."}}]}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    overlay = Path(tmp_path_factory.mktemp("rules")) / "overlay"
    shutil.copytree(RULES, overlay)
    shutil.copy(default_root() / "profiles" / "leak-benchmark" / "rulebook.yaml", overlay)
    with Lab(Path(tmp_path_factory.mktemp("lab")), overlay=overlay) as lab:
        lab.upstream.service.answers["/v1/files"] = ANSWER
        yield lab


def upload(lab: Lab, text: str) -> str:
    with lab.client() as client:
        for _ in range(2):  # some are coached first
            headers = {"content-type": "text/plain", "x-file-name": "vraag.txt"}
            answer = client.post(f"https://{CHAT}/v1/files", content=text.encode(), headers=headers)
            if answer.status_code == 200:
                break
    return answer.text


def test_a_typed_token_does_not_switch_it_off(lab: Lab) -> None:
    """Who types a token in use gets no value for it; what the tool wrote is taken out all the same."""
    assert "[EMAIL verborgen]" in upload(lab, "Inwoner met BSN 111222333 belde.")
    answer = upload(lab, "Leg eens uit wat [BSN-1] in deze tekst betekent.")
    assert "[EMAIL verborgen]" in answer
    assert "gmail.com" not in answer


def test_nor_does_coaching(lab: Lab) -> None:
    assert "[EMAIL verborgen]" in upload(lab, "Hoe laat is het loket open?")


def test_an_answer_that_cannot_be_opened_is_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.proxy.gate.IDENTITY", ())
    before = lab.metric("gateway_restoration_troubles_total", kind="encoding") or 0
    answer = upload(lab, "Inwoner met BSN 111222333 belde.")
    assert "gmail.com" not in answer
    assert (lab.metric("gateway_restoration_troubles_total", kind="encoding") or 0) > before
