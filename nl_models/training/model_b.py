"""Fine-tunes model B: `python -m nl_models.training.model_b --encoder FOLDER [--minutes 60] [--smoke]`.

Needs torch (training/requirements.txt). Runs on one core in bfloat16; writes a checkpoint every few minutes, from which
`nl_models.training.model_b_export` makes the ONNX file. A run that is stopped goes on from its checkpoint.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from nl_models.second_opinion import LONGEST_PIECES, LONGEST_WORDS
from nl_models.tags import encode
from nl_models.training import examples
from nl_models.training.corpus import BUILD
from nl_models.training.encoder import Tagger, load_weights
from nl_models.word_pieces import WordPieces, load_word_pieces

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the result, next to the texts."""

    epochs: float = 3.0
    rate: float = 1e-4
    head_rate: float = 5e-4
    warm_up: float = 0.06
    batch_pieces: int = 2_400
    seed: int = 11
    minutes: float = 75.0
    checkpoint_seconds: float = 180.0


@dataclass(frozen=True, slots=True)
class Row:
    """One training sequence: piece ids and the tag of each (ignored where a piece does not open a word)."""

    ids: tuple[int, ...]
    tags: tuple[int, ...]


def rows(example: examples.Example, vocabulary: WordPieces) -> Iterator[Row]:
    """The example in sequences of at most `LONGEST_WORDS` words and `LONGEST_PIECES` pieces."""
    words = vocabulary.split(example.text)
    tags = encode([(word.start, word.end) for word in words], example.entities)
    ids, labels, count = [vocabulary.bos], [IGNORED], 0
    for word, tag in zip(words, tags, strict=True):
        if count == LONGEST_WORDS or len(ids) + len(word.pieces) > LONGEST_PIECES:
            yield Row((*ids, vocabulary.eos), (*labels, IGNORED))
            ids, labels, count = [vocabulary.bos], [IGNORED], 0
        ids += word.pieces
        labels += [tag] + [IGNORED] * (len(word.pieces) - 1)
        count += 1
    if count:
        yield Row((*ids, vocabulary.eos), (*labels, IGNORED))


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


def tensors(batch: Sequence[Row], pad: int) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask and tags of a batch, padded to its longest row."""
    longest = max(len(row.ids) for row in batch)
    ids = torch.full((len(batch), longest), pad)
    tags = torch.full((len(batch), longest), IGNORED)
    for index, row in enumerate(batch):
        ids[index, : len(row.ids)] = torch.tensor(row.ids)
        tags[index, : len(row.tags)] = torch.tensor(row.tags)
    return ids, ids != pad, tags


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
            ids, mask, tags = tensors(batch, pad)
            with torch.autocast("cpu", torch.bfloat16):
                scores = model(ids, mask)
            loss = functional.cross_entropy(scores.float().flatten(0, 1), tags.flatten(), ignore_index=IGNORED)
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
    parser.add_argument("--minutes", type=float, default=Recipe().minutes)
    parser.add_argument("--epochs", type=float, default=Recipe().epochs)
    parser.add_argument("--smoke", action="store_true", help="a few steps of one layer, for the smoke test")
    arguments = parser.parse_args()
    recipe = Recipe(epochs=arguments.epochs, minutes=arguments.minutes)
    torch.set_num_threads(1)
    torch.manual_seed(recipe.seed)
    vocabulary = load_word_pieces(arguments.encoder / "vocab.json.gz")
    table = [row for example in examples.read(arguments.data / "train.jsonl") for row in rows(example, vocabulary)]
    print(f"{len(table)} rows, {sum(len(row.ids) for row in table)} pieces", flush=True)
    model = Tagger(load_weights(arguments.encoder), layers=1 if arguments.smoke else 6)
    if arguments.smoke:
        table, recipe = table[:200], Recipe(epochs=1, minutes=0.5)
    train(table, model, vocabulary.pad, recipe, arguments.data / "model_b.pt")


if __name__ == "__main__":
    main()
