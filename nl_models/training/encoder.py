"""The transformer of model B in torch: six BERT layers, two linear heads; weights are named as in the archive."""

import gzip
import json
import string
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from nl_models.tags import ENTITIES, FACTS
from nl_models.training.encoder_source import ENCODER_FILE
from nl_models.word_pieces import METASPACE

LAYERS, HEADS, WIDTH, INNER = 6, 12, 384, 1536
EPSILON = 1e-12


class Layer(nn.Module):
    """Self-attention and feed-forward, each with a residual and layer norm after it."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.q, self.k, self.v, self.ao = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.fi, self.fo = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.aln, self.oln = nn.LayerNorm(WIDTH, EPSILON), nn.LayerNorm(WIDTH, EPSILON)
        self.dropout = dropout

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """`hidden` [batch, length, width]; `mask` [batch, 1, 1, length], True where a piece stands."""
        batch, length, _ = hidden.shape
        query, key, value = (
            part(hidden).view(batch, length, HEADS, -1).transpose(1, 2) for part in (self.q, self.k, self.v)
        )
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = self.ao(attended.transpose(1, 2).reshape(batch, length, WIDTH))
        hidden = self.aln(hidden + functional.dropout(attended, self.dropout, self.training))
        inner = self.fo(functional.gelu(self.fi(hidden)))
        return self.oln(hidden + functional.dropout(inner, self.dropout, self.training))


class Tagger(nn.Module):
    """Pieces in, a score for each tag of both heads out.

    The embeddings stay as they came: names never seen keep their meaning.
    """

    def __init__(self, weights: dict[str, np.ndarray], *, layers: int = LAYERS, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding.from_pretrained(_tensor(weights["emb.word"]), freeze=True)
        self.position = nn.Parameter(_tensor(weights["emb.pos"]) + _tensor(weights["emb.type"])[0])
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.head = nn.Linear(WIDTH, len(ENTITIES.tags))
        self.fact_head = nn.Linear(WIDTH, len(FACTS.tags))
        self.dropout = dropout
        with torch.no_grad():
            self.norm.weight.copy_(_tensor(weights["emb.ln.w"]))
            self.norm.bias.copy_(_tensor(weights["emb.ln.b"]))
            for index, layer in enumerate(self.layers):
                for name, module in layer.named_children():
                    module.weight.copy_(_tensor(weights[f"l{index}.{name}.w"]))
                    module.bias.copy_(_tensor(weights[f"l{index}.{name}.b"]))

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`ids` [batch, length] and their `mask`; scores [batch, length, tags] for entities and for facts."""
        hidden = self.norm(self.word(ids) + self.position[: ids.shape[1]])
        hidden = functional.dropout(hidden, self.dropout, self.training)
        wide = mask[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, wide)
        return self.head(hidden), self.fact_head(hidden)

    def groups(self, rate: float, head_rate: float) -> Iterator[dict[str, object]]:
        """Parameter groups for the optimiser: the head learns faster; norms and biases do not decay."""
        body = [(name, value) for name, value in self.named_parameters() if value.requires_grad and "head" not in name]
        yield {"params": [value for name, value in body if value.ndim > 1], "lr": rate, "weight_decay": 0.01}
        yield {"params": [value for name, value in body if value.ndim == 1], "lr": rate, "weight_decay": 0.0}
        heads = [*self.head.parameters(), *self.fact_head.parameters()]
        yield {"params": heads, "lr": head_rate, "weight_decay": 0.0}


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(array.astype(np.float32))


def load_weights(folder: Path) -> dict[str, np.ndarray]:
    """The arrays of `multilingual_e5_small_nl6.npz` in `folder`."""
    with np.load(folder / ENCODER_FILE) as archive:
        return {name: archive[name] for name in archive.files}


def random_encoder(folder: Path, seed: int = 0) -> None:
    """Write an encoder of the right shapes with random weights and a small vocabulary: only for the smoke test."""
    rng = np.random.default_rng(seed)
    letters = [METASPACE, *string.ascii_letters, *string.digits, *string.punctuation]
    pieces = [[special, 0.0] for special in ("<s>", "<pad>", "</s>", "<unk>")] + [[letter, -5.0] for letter in letters]
    with gzip.open(folder / "vocab.json.gz", "wt", encoding="utf-8") as file:
        json.dump({"bos": 0, "pad": 1, "eos": 2, "unk": 3, "pieces": pieces}, file)
    shapes = {"emb.word": (len(pieces), WIDTH), "emb.pos": (512, WIDTH), "emb.type": (1, WIDTH)}
    shapes |= {"emb.ln.w": (WIDTH,), "emb.ln.b": (WIDTH,)}
    for name, module in Layer(0.0).named_children():
        for kind, value in (("w", module.weight), ("b", module.bias)):
            shapes[f"l0.{name}.{kind}"] = tuple(value.shape)
    arrays = {name: rng.normal(0, 0.05, shape).astype(np.float16) for name, shape in shapes.items()}
    np.savez(folder / ENCODER_FILE, **arrays)
