"""Reader and speller as one network in our own terms.

ids ─▶ reader: Embedding ─▶ Conv1D ×3 ─▶ average, maximum ─▶ Dense ─┐
    └▶ speller: Embedding ─▶ average ─▶ Dense ──────────────────────┴▶ Dense sigmoid
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from torch import Tensor, nn

from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.training.distil.student import KERNELS, Reader, Speller

ARCHITECTURE = (
    "Two small networks over word ids, as one: word vectors → convolutions over 1, 2 and 3 words → "
    "average and maximum → Dense relu; and vectors summed from letter pieces → average → "
    "Dense relu; then Dense sigmoid"
)


def export(
    reader: Reader, speller: Speller, *, length: int, slope: float = 1.0, shift: float = 0.0
) -> Network:
    """Return the network whose log-odds are ``slope`` times the mean of both students' + ``shift``.

    Args:
        reader: one of the students.
        speller: the other.
        length: ids a row.
        slope: of the calibration.
        shift: of the calibration.
    """
    tensors = {**_reader_tensors(reader), **_speller_tensors(speller)}
    share = slope / 2
    kernels = [_array(student.output.weight).T for student in (reader, speller)]
    bias = _array(reader.output.bias) + _array(speller.output.bias)
    tensors["score/kernel"] = np.concatenate(kernels) * np.float32(share)
    tensors["score/bias"] = (bias * share + shift).astype(np.float32)
    return Network(_spec(length), tensors)


def _spec(length: int) -> GraphSpec:
    convolutions = [f"words_{kernel}" for kernel in KERNELS]
    averages = [f"{name}_average" for name in convolutions]
    maxima = [f"{name}_maximum" for name in convolutions]
    layers = [
        LayerSpec("mask", "NotEqual", ("ids",), {"value": 0}),
        LayerSpec("counts", "Reshape", ("mask",), {"target_shape": [-1, 1]}),
        _embedding("read"),
        *(_convolution(name) for name in convolutions),
        *(_average(name, name.removesuffix("_average")) for name in averages),
        *(LayerSpec(f"{name}_counted", "Multiply", (name, "counts")) for name in convolutions),
        *(
            LayerSpec(f"{name}_maximum", "GlobalMaxPooling1D", (f"{name}_counted",))
            for name in convolutions
        ),
        LayerSpec("pooled", "Concatenate", (*averages, *maxima), {"axis": -1}),
        _dense("reader", "pooled", "relu"),
        _embedding("spelt"),
        _average("spelt_average", "spelt"),
        _dense("speller", "spelt_average", "relu"),
        LayerSpec("both", "Concatenate", ("reader", "speller"), {"axis": -1}),
        _dense("score", "both", "sigmoid"),
    ]
    return GraphSpec((InputSpec("ids", (length,), "int"),), tuple(layers), ("score",))


def _embedding(name: str) -> LayerSpec:
    return LayerSpec(name, "Embedding", ("ids",), {}, {"table": f"{name}/table"})


def _convolution(name: str) -> LayerSpec:
    config = {"padding": "same", "activation": "relu"}
    return LayerSpec(name, "Conv1D", ("read",), config, _weights(name))


def _average(name: str, of: str) -> LayerSpec:
    return LayerSpec(name, "GlobalAveragePooling1D", (of,), mask="mask")


def _dense(name: str, of: str, activation: str) -> LayerSpec:
    return LayerSpec(name, "Dense", (of,), {"activation": activation}, _weights(name))


def _weights(name: str) -> dict[str, str]:
    return {role: f"{name}/{role}" for role in ("kernel", "bias")}


def _reader_tensors(reader: Reader) -> Mapping[str, Array]:
    tensors = {"read/table": _table(reader)}
    for kernel, convolution in zip(KERNELS, reader.convolutions, strict=True):
        tensors[f"words_{kernel}/kernel"] = _array(convolution.weight).transpose(2, 1, 0)
        tensors[f"words_{kernel}/bias"] = _array(convolution.bias)
    return tensors | _dense_tensors("reader", reader.hidden)


def _speller_tensors(speller: Speller) -> Mapping[str, Array]:
    return {"spelt/table": _table(speller)} | _dense_tensors("speller", speller.hidden)


def _dense_tensors(name: str, dense: nn.Linear) -> dict[str, Array]:
    return {f"{name}/kernel": _array(dense.weight).T, f"{name}/bias": _array(dense.bias)}


def _table(student: Reader | Speller) -> Array:
    """Return a row for every entry, in half precision; that of padding is zeros."""
    table = student.all_rows().astype(np.float16)
    table[0] = 0
    return table


def _array(tensor: Tensor) -> Array:
    found: Array = np.ascontiguousarray(tensor.detach().numpy())
    return found
