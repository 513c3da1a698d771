"""Fine-tunes model B: `python -m nl_models.training.model_b --encoder FOLDER --stage names|facts [--smoke]`.

First `names` on the whole mix, then `facts` on the texts with facts and part of the mix: names are not forgotten.
Needs torch (training/requirements.txt). Runs in bfloat16; writes a checkpoint every few minutes, from which
`nl_models.training.model_b_export` makes the ONNX file. A run that is stopped goes on from its checkpoint.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from nl_models.second_opinion import LONGEST_PIECES, LONGEST_WORDS
from nl_models.tags import ENTITIES, FACTS
from nl_models.training import examples
from nl_models.training.corpus import BUILD
from nl_models.training.encoder import Tagger, load_weights
from nl_models.word_pieces import Word, WordPieces, load_word_pieces

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the result, next to the texts.

    `kept`: the share of the weights it started with that is mixed back in at the end, so that what was learned before
    is not lost (Wortsman et al., 2022, "Robust fine-tuning of zero-shot models").
    """

    texts: str
    checkpoint: str
    epochs: float
    rate: float
    start: str = ""
    kept: float = 0.0
    head_rate: float = 5e-4
    warm_up: float = 0.06
    batch_pieces: int = 2_400
    seed: int = 11
    minutes: float = 75.0
    checkpoint_seconds: float = 180.0


STAGES = {
    "names": Recipe("train.jsonl", "model_b_names.pt", epochs=3.0, rate=1e-4),
    "facts": Recipe(
        "facts.jsonl",
        "model_b.pt",
        epochs=1.0,
        rate=1e-4,
        start="model_b_names.pt",
        head_rate=1e-3,
        batch_pieces=1_600,
        kept=0.15,
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One training sequence: piece ids and both tags of each (ignored where a piece does not open a word)."""

    ids: tuple[int, ...]
    names: tuple[int, ...]
    facts: tuple[int, ...]


def rows(example: examples.Example, vocabulary: WordPieces) -> Iterator[Row]:
    """The example in sequences of at most `LONGEST_WORDS` words and `LONGEST_PIECES` pieces."""
    words = vocabulary.split(example.text)
    places = [(word.start, word.end) for word in words]
    names = ENTITIES.encode(places, example.entities)
    facts = [IGNORED] * len(words) if example.facts is None else FACTS.encode(places, example.facts)
    first = pieces = 0
    for index, word in enumerate((*words, None)):
        if word is None or index - first == LONGEST_WORDS or 2 + pieces + len(word.pieces) > LONGEST_PIECES:
            if index > first:
                yield _row(words[first:index], names[first:index], facts[first:index], vocabulary)
            first, pieces = index, 0
        pieces += len(word.pieces) if word else 0


def _row(words: Sequence[Word], names: Sequence[int], facts: Sequence[int], vocabulary: WordPieces) -> Row:
    ids, *tags = [vocabulary.bos], [IGNORED], [IGNORED]
    for word, *own in zip(words, names, facts, strict=True):
        ids += word.pieces
        for line, tag in zip(tags, own, strict=True):
            line.extend([tag, *[IGNORED] * (len(word.pieces) - 1)])
    return Row((*ids, vocabulary.eos), (*tags[0], IGNORED), (*tags[1], IGNORED))


def batches(table: Sequence[Row], pieces: int, rng: random.Random) -> list[list[Row]]:
    """Batches of about `pieces` pieces of rows of nearly the same length, in random order."""
    ordered = sorted(table, key=lambda row: len(row.ids) + rng.random() * 3)
    found: list[list[Row]] = [[]]
    for row in ordered:
        if found[-1] and (len(found[-1]) + 1) * len(row.ids) > pieces:
            found.append([])
        found[-1].append(row)
    rng.shuffle(found)
    return found


def tensors(batch: Sequence[Row], pad: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Ids, mask and both tags of a batch, padded to its longest row."""
    longest = max(len(row.ids) for row in batch)
    ids = torch.full((len(batch), longest), pad)
    names, facts = torch.full_like(ids, IGNORED), torch.full_like(ids, IGNORED)
    for index, row in enumerate(batch):
        for target, values in ((ids, row.ids), (names, row.names), (facts, row.facts)):
            target[index, : len(values)] = torch.tensor(values)
    return ids, ids != pad, names, facts


def loss_of(scores: Tensor, tags: Tensor) -> Tensor:
    """Mean cross entropy over the words that carry a tag; zero when none does."""
    total = functional.cross_entropy(
        scores.float().flatten(0, 1), tags.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    return total / (tags != IGNORED).sum().clamp(min=1)


def train(table: Sequence[Row], model: Tagger, pad: int, recipe: Recipe, checkpoint: Path) -> None:
    """Train in place; the rate falls to zero at the last epoch or when the minutes run out, whichever is first."""
    optimiser = torch.optim.AdamW(list(model.groups(recipe.rate, recipe.head_rate)))
    rates = [group["lr"] for group in optimiser.param_groups]
    total = recipe.epochs * sum(len(row.ids) for row in table)
    done, elapsed = 0, 0.0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        if "optimiser" in state:
            optimiser.load_state_dict(state["optimiser"])
            done, elapsed = state["done"], state["elapsed"]
    started = saved = time.monotonic() - elapsed
    rng = random.Random(recipe.seed + done)
    model.train()
    losses: list[float] = []
    progress = done / total
    while progress < 1:
        for batch in batches(table, recipe.batch_pieces, rng):
            progress = max(done / total, (time.monotonic() - started) / (60 * recipe.minutes))
            if progress >= 1:
                break
            factor = min(1.0, progress / recipe.warm_up) * (1 - progress)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            ids, mask, *tags = tensors(batch, pad)
            with torch.autocast("cpu", torch.bfloat16):
                scores = model(ids, mask)
            loss = sum(map(loss_of, scores, tags), torch.zeros(()))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            done += sum(len(row.ids) for row in batch)
            losses.append(loss.item())
            if len(losses) == 100:
                speed = done / (time.monotonic() - started)
                mean = sum(losses) / len(losses)
                print(
                    f"{progress:6.1%} epoch {done * recipe.epochs / total:.2f} loss {mean:.4f} {speed:.0f} pieces/s",
                    flush=True,
                )
                losses.clear()
            if time.monotonic() - saved > recipe.checkpoint_seconds:
                saved = time.monotonic()
                _save(model, optimiser, done, saved - started, checkpoint)
    _save(model, optimiser, done, time.monotonic() - started, checkpoint)


def mix_back(checkpoint: Path, start: Path, kept: float) -> None:
    """Mix `kept` of the weights of `start` into those of `checkpoint`, but for the head that `start` never trained."""
    state = torch.load(checkpoint, weights_only=True)
    before = torch.load(start, weights_only=True)["model"]
    for name, weight in state["model"].items():
        if not name.startswith("fact_head"):
            state["model"][name] = (1 - kept) * weight + kept * before[name]
    torch.save({"model": state["model"]}, checkpoint)


def _save(model: Tagger, optimiser: torch.optim.Optimizer, done: int, elapsed: float, checkpoint: Path) -> None:
    partial = checkpoint.with_suffix(".partial")
    state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "done": done, "elapsed": elapsed}
    torch.save(state, partial)
    partial.replace(checkpoint)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True, help="folder made by encoder_source")
    parser.add_argument("--data", type=Path, default=BUILD)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--minutes", type=float, help="at most; the rate falls to zero by then")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--smoke", action="store_true", help="a few steps of one layer, for the smoke test")
    arguments = parser.parse_args()
    recipe = STAGES[arguments.stage]
    recipe = replace(recipe, minutes=arguments.minutes or recipe.minutes)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(recipe.seed)
    vocabulary = load_word_pieces(arguments.encoder / "vocab.json.gz")
    table = [row for example in examples.read(arguments.data / recipe.texts) for row in rows(example, vocabulary)]
    print(f"{len(table)} rows, {sum(len(row.ids) for row in table)} pieces", flush=True)
    model = Tagger(load_weights(arguments.encoder), layers=1 if arguments.smoke else 6)
    if recipe.start:
        model.load_state_dict(torch.load(arguments.data / recipe.start, weights_only=True)["model"])
    if arguments.smoke:
        table, recipe = table[:200], replace(recipe, epochs=1, minutes=0.5)
    train(table, model, vocabulary.pad, recipe, arguments.data / recipe.checkpoint)
    if recipe.kept:
        mix_back(arguments.data / recipe.checkpoint, arguments.data / recipe.start, recipe.kept)


if __name__ == "__main__":
    main()
