"""Made-up municipal texts with exact entities: `python -m nl_models.training.synthetic --count 10` prints some."""

import argparse
import json
import random
from collections.abc import Iterator

from nl_models.training import grammar
from nl_models.training.examples import Example, render
from nl_models.training.names import origins
from nl_models.training.noise import Noise
from nl_models.training.terminals import Terminals

NEGATIVE_SHARE = 0.3


def generate(
    count: int, seed: int, *, negative_share: float = NEGATIVE_SHARE, noise: Noise | None = None
) -> Iterator[Example]:
    """`count` texts, `negative_share` of them without any person; the same seed gives the same texts."""
    rng = random.Random(seed)
    with_names, without = grammar.load("grammar/municipal.txt"), grammar.load("grammar/without_names.txt")
    pools = origins()
    kinds = noise or Noise()
    for _ in range(count):
        rules = without if rng.random() < negative_share else with_names
        yield render(kinds.apply(rules.expand(rng, Terminals(rng, pools)), rng))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    for example in generate(arguments.count, arguments.seed):
        print(json.dumps({"text": example.text, "ents": example.entities}, ensure_ascii=False))


if __name__ == "__main__":
    main()
