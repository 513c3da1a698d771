"""Model B from its checkpoint to int8 ONNX: `python -m nl_models.training.model_b_export --encoder FOLDER`.

Needs torch and onnx. The graph is written out by hand: matrices are int8 per channel in 7 bits, because processors
without VNNI add up pairs of products in 16 bits and would overflow with 8; activations are quantised as they come.
Embeddings are int8 with a scale a row. Attention stays in float: it is a small part of the work.
"""

import argparse
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from nl_models.second_opinion import ARTEFACT, FACTS_OUTPUT, MODEL_FILE, NAMES_OUTPUT, VOCABULARY_FILE
from nl_models.training.corpus import BUILD
from nl_models.training.encoder import EPSILON, HEADS, WIDTH

CONTRIB = "com.microsoft"
_WEIGHT_LEVELS = 63  # 7 bits, signed


class Graph:
    """Nodes and weights of the ONNX graph, as they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def constant(self, name: str, array: np.ndarray) -> str:
        """Add a weight; returns its name."""
        self.weights.append(numpy_helper.from_array(array, name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        """Add a node with one output; returns the output's name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def linear(self, state: Mapping[str, np.ndarray], name: str, source: str) -> str:
        """`source` times the matrix `name`, plus its bias, in int8."""
        matrix = state[f"{name}.weight"].T
        scale = (np.abs(matrix).max(axis=0) / _WEIGHT_LEVELS).astype(np.float32)
        quantised = np.clip(np.round(matrix / scale), -_WEIGHT_LEVELS, _WEIGHT_LEVELS).astype(np.int8)
        inputs = [
            source,
            self.constant(f"{name}.matrix", quantised),
            self.constant(f"{name}.scale", scale),
            self.constant(f"{name}.zero", np.zeros(scale.shape, np.int8)),
            self.constant(f"{name}.bias", state[f"{name}.bias"]),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, f"{name}.out", CONTRIB)

    def residual_norm(self, state: Mapping[str, np.ndarray], name: str, source: str, residual: str) -> str:
        """Layer norm of `source` plus `residual`."""
        weight, bias = (
            self.constant(f"{name}.weight", state[f"{name}.weight"]),
            self.constant(f"{name}.bias", state[f"{name}.bias"]),
        )
        inputs = [source, residual, weight, bias]
        return self.node("SkipLayerNormalization", inputs, f"{name}.out", CONTRIB, epsilon=EPSILON)


def build(state: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    """The graph: `ids` and `mask` [batch, length] in, for each head scores [batch, length, tags] out."""
    graph = Graph()
    table = state["word.weight"]
    scale = (np.abs(table).max(axis=1, keepdims=True) / 127).astype(np.float32)
    scale[scale == 0] = 1
    words = graph.constant("word.int8", np.round(table / scale).astype(np.int8))
    picked = graph.node(
        "Cast", [graph.node("Gather", [words, "ids"], "word.picked")], "word.float", to=TensorProto.FLOAT
    )
    scales = graph.node("Gather", [graph.constant("word.scale", scale), "ids"], "word.scales")
    embedded = graph.node("Mul", [picked, scales], "word.out")
    length = graph.node("Slice", [graph.node("Shape", ["ids"], "shape"), *_bounds(graph, "length", 1, 2)], "length")
    zero = graph.constant("zero", np.zeros(1, np.int64))
    positions = graph.node("Slice", [graph.constant("position", state["position"]), zero, length, zero], "position.out")
    summed = graph.node("Add", [embedded, positions], "embedding.sum")
    norm = [
        summed,
        graph.constant("norm.weight", state["norm.weight"]),
        graph.constant("norm.bias", state["norm.bias"]),
    ]
    hidden = graph.node("LayerNormalization", norm, "embedding.out", epsilon=EPSILON, axis=-1)
    layers = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
    for index in range(layers):
        prefix = f"layers.{index}"
        parts = [graph.linear(state, f"{prefix}.{part}", hidden) for part in "qkv"]
        attended = graph.node(
            "MultiHeadAttention", [*parts, "", "mask"], f"{prefix}.attended", CONTRIB, num_heads=HEADS
        )
        output = graph.linear(state, f"{prefix}.ao", attended)
        hidden = graph.residual_norm(state, f"{prefix}.aln", output, hidden)
        inner = graph.node("Gelu", [graph.linear(state, f"{prefix}.fi", hidden)], f"{prefix}.gelu", CONTRIB)
        hidden = graph.residual_norm(state, f"{prefix}.oln", graph.linear(state, f"{prefix}.fo", inner), hidden)
    heads = {"head": NAMES_OUTPUT, "fact_head": FACTS_OUTPUT}
    for head, output in heads.items():
        matrix = graph.constant(f"{head}.matrix", np.ascontiguousarray(state[f"{head}.weight"].T))
        product = graph.node("MatMul", [hidden, matrix], f"{head}.product")
        graph.node("Add", [product, graph.constant(f"{head}.bias", state[f"{head}.bias"])], output)
    body = helper.make_graph(
        graph.nodes,
        "dutch_names",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "length"]),
            helper.make_tensor_value_info("mask", TensorProto.INT32, ["batch", "length"]),
        ],
        [
            helper.make_tensor_value_info(
                output, TensorProto.FLOAT, ["batch", "length", state[f"{head}.bias"].shape[0]]
            )
            for head, output in heads.items()
        ],
        graph.weights,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=9, producer_name="prompt-gateway")


def _bounds(graph: Graph, name: str, start: int, stop: int) -> list[str]:
    return [
        graph.constant(f"{name}.start", np.array([start], np.int64)),
        graph.constant(f"{name}.stop", np.array([stop], np.int64)),
    ]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=BUILD)
    parser.add_argument("--out", type=Path, default=ARTEFACT)
    arguments = parser.parse_args()
    saved = torch.load(arguments.data / "model_b.pt", weights_only=True)
    state = {name: value.float().numpy() for name, value in saved["model"].items()}
    assert state["word.weight"].shape[1] == WIDTH
    arguments.out.mkdir(parents=True, exist_ok=True)
    onnx.save(build(state), arguments.out / MODEL_FILE)
    shutil.copyfile(arguments.encoder / "vocab.json.gz", arguments.out / VOCABULARY_FILE)
    print(f"{(arguments.out / MODEL_FILE).stat().st_size / 1e6:.1f} MB in {arguments.out}")


if __name__ == "__main__":
    main()
