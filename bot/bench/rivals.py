"""The article's network in other runtimes, those of them that are installed, on one thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bot.bench.one_hot import OneHotNetwork
from classifier.network import Array

Runs = Callable[[Array], Array]
"""ids (texts, length) → scores (texts,)."""


def installed(*packages: str) -> bool:
    """Tell whether all of ``packages`` can be imported."""
    return all(find_spec(package) is not None for package in packages)


def rivals(network: OneHotNetwork) -> Iterator[tuple[str, Runs]]:
    """Yield the name of each runtime that is installed and ``network`` in it."""
    if installed("torch"):
        yield "PyTorch, eager", in_torch(network)
    if installed("onnx", "onnxruntime"):
        yield "onnxruntime", in_onnx(network)
    if installed("keras"):
        yield "Keras, predict", in_keras(network)


def in_torch(network: OneHotNetwork) -> Runs:
    """Return ``network`` as calls of PyTorch's functions."""
    import torch  # noqa: PLC0415
    from torch.nn import functional  # noqa: PLC0415

    torch.set_num_threads(1)
    table, *dense = [torch.tensor(weights) for weights in _weights(network)]
    hidden, hidden_bias, score, score_bias = dense

    def run(ids: Array) -> Array:
        with torch.inference_mode():
            return eager(torch.from_numpy(ids)).numpy()  # type: ignore[no-any-return]

    def eager(ids: Any) -> Any:
        average = functional.embedding(ids, table).mean(1)
        units = torch.relu(functional.linear(average, hidden.T, hidden_bias))
        logits = functional.linear(units, score.T, score_bias)
        return torch.sigmoid(logits)[:, 0]

    return run


def in_onnx(network: OneHotNetwork) -> Runs:
    """Return ``network`` as a session of onnxruntime."""
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        _onnx_model(network), options, providers=["CPUExecutionProvider"]
    )
    return lambda ids: session.run(None, {"ids": ids})[0][:, 0]


def in_keras(network: OneHotNetwork) -> Runs:
    """Return ``network`` as a model of Keras, all texts in one batch."""
    if not installed("tensorflow"):
        os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras  # noqa: PLC0415

    words, size = network.table.shape
    model = keras.Sequential(
        [
            keras.layers.Embedding(words, size),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(network.hidden_kernel.shape[1], activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.build((None, None))
    model.set_weights(_weights(network))
    return lambda ids: model.predict(ids, batch_size=len(ids), verbose=0)[:, 0]


def _onnx_model(network: OneHotNetwork) -> bytes:
    onnx: Any = import_module("onnx")
    helper, kinds = onnx.helper, onnx.TensorProto
    names = ("table", "hidden", "hidden_bias", "score", "score_bias")
    tensors = dict(zip(names, _weights(network), strict=True))
    steps: Sequence[tuple[str, list[str], str, dict[str, object]]] = (
        ("Gather", ["table", "ids"], "vectors", {}),
        ("ReduceMean", ["vectors"], "average", {"axes": [1], "keepdims": 0}),
        ("Gemm", ["average", "hidden", "hidden_bias"], "product", {}),
        ("Relu", ["product"], "units", {}),
        ("Gemm", ["units", "score", "score_bias"], "logits", {}),
        ("Sigmoid", ["logits"], "scores", {}),
    )
    graph = helper.make_graph(
        [helper.make_node(kind, reads, [gives], **more) for kind, reads, gives, more in steps],
        "article",
        [helper.make_tensor_value_info("ids", kinds.INT64, [None, None])],
        [helper.make_tensor_value_info("scores", kinds.FLOAT, [None, 1])],
        [onnx.numpy_helper.from_array(array, name) for name, array in tensors.items()],
    )
    operations = [helper.make_opsetid("", 13)]  # the last in which ReduceMean's axes are settings
    model = helper.make_model(graph, opset_imports=operations, ir_version=8)
    return bytes(model.SerializeToString())


def _weights(network: OneHotNetwork) -> list[Array]:
    return [
        network.table,
        network.hidden_kernel,
        network.hidden_bias,
        network.score_kernel,
        network.score_bias,
    ]
