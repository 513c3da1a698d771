"""What model A gets to read: the text, but no run of signs on which its tokenizer is quadratic."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from gateway.detection.models import Models
from gateway.detection.persons.opinion import Opinions
from gateway.detection.reading import Reading


@dataclass
class Listener:
    """A pipeline that only remembers what it was given."""

    heard: list[str] = field(default_factory=list)

    def memory_zone(self) -> nullcontext[None]:
        return nullcontext()

    def __call__(self, text: str) -> SimpleNamespace:
        self.heard.append(text)
        return SimpleNamespace(ents=())


def heard(text: str) -> str:
    pipeline = Listener()
    Opinions(Models(pipeline=pipeline)).of(Reading(text))
    return "".join(pipeline.heard)


@pytest.mark.parametrize("sign", ["<", "_", "(", "@", "'", "€", "<a", "a-"])
def test_a_run_of_signs_is_space(sign: str) -> None:
    text = f"Jan {sign * 40_000} Bos"
    read = heard(text)
    assert len(read) == len(text)
    assert sum(map(read.count, "<_(@'€-")) < 200
    assert (read[:4], read[-4:]) == ("Jan ", " Bos")


def test_ordinary_text_is_read_as_it_is() -> None:
    text = "Mevrouw Bos-de Vries (Assen), zie https://www.gemeente.example/zaak?id=3&naam=Bos_J en a<b."
    assert heard(text) == Reading(text).text
