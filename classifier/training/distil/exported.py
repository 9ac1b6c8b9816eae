"""Readers and a speller as one network in our own terms.

ids ─▶ each reader: Embedding ─▶ Conv1D ×3 ─▶ average, maximum ─▶ Dense ─┐
    └▶ speller: Embedding ─▶ average ─▶ Dense ───────────────────────────┴▶ Dense sigmoid
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.parity import ParityCases
from classifier.text import TextPipeline
from classifier.training.distil.calibration import Calibration
from classifier.training.distil.student import KERNELS, Reader, Speller, Student

ARCHITECTURE = (
    "Three small networks over word ids, as one: twice word vectors → convolutions over 1, 2 and 3 "
    "words → average and maximum → Dense relu; once vectors made of letter pieces → average → "
    "Dense relu; then Dense sigmoid"
)
SPELLER, SCORE = "speller", "score"


@dataclass(frozen=True, eq=False, slots=True)
class Class:
    """Students who learned from the same teacher, all of them settled.

    Attributes:
        readers: of one size.
        speller: the other way to read.
    """

    readers: Sequence[Reader]
    speller: Speller

    def named(self) -> dict[str, Student]:
        """Return all students by the name of their part of the network."""
        readers = {f"reader_{place}": one for place, one in enumerate(self.readers, 1)}
        return {**readers, SPELLER: self.speller}


def export(students: Class, calibration: Calibration, *, length: int) -> Network:
    """Return the network that gives the calibrated scores of ``students``.

    Args:
        students: whose weights it has.
        calibration: how their log-odds are weighed, in the order of their names.
        length: ids a row.
    """
    tensors: dict[str, Array] = {}
    for name, student in students.named().items():
        tensors[f"{name}/table"] = _table(student)
        tensors |= _tensors(name, student.hidden)
    for name, reader in zip(students.named(), students.readers, strict=False):
        for kernel, convolution in zip(KERNELS, reader.convolutions, strict=True):
            words = f"{name}_words_{kernel}"
            tensors[f"{words}/kernel"] = _array(convolution.weight).transpose(2, 1, 0)
            tensors[f"{words}/bias"] = _array(convolution.bias)
    tensors |= _weighed(students, calibration)
    return Network(_spec(list(students.named()), length), tensors)


def recorded(
    students: Class, calibration: Calibration, text: TextPipeline, texts: Sequence[str]
) -> ParityCases:
    """Return what PyTorch answers to ``texts``: the units of each student and the scores."""
    ids = text.ids(texts)
    rows = torch.from_numpy(ids)
    weighed = {role.rsplit("/")[-1]: w for role, w in _weighed(students, calibration).items()}
    with torch.no_grad():
        units = {name: student.eval().units(rows) for name, student in students.named().items()}
        together = torch.cat(list(units.values()), 1)
        kernel, bias = (torch.from_numpy(weighed[role]) for role in ("kernel", "bias"))
        outputs = {**units, SCORE: torch.sigmoid(together @ kernel + bias)}
    return ParityCases(
        tuple(texts), {"ids": ids}, {name: value.numpy() for name, value in outputs.items()}
    )


def _weighed(students: Class, calibration: Calibration) -> dict[str, Array]:
    """Return the last layer: each student's own, times its slope."""
    outputs = [student.output for student in students.named().values()]
    slopes = calibration.slopes
    kernels = [_array(one.weight).T * slope for one, slope in zip(outputs, slopes, strict=True)]
    biases = [_array(one.bias) * slope for one, slope in zip(outputs, slopes, strict=True)]
    return {
        f"{SCORE}/kernel": np.concatenate(kernels).astype(np.float32),
        f"{SCORE}/bias": (np.sum(biases, axis=0) + calibration.shift).astype(np.float32),
    }


def _spec(names: Sequence[str], length: int) -> GraphSpec:
    readers = [name for name in names if name != SPELLER]
    layers = [
        LayerSpec("mask", "NotEqual", ("ids",), {"value": 0}),
        LayerSpec("counts", "Reshape", ("mask",), {"target_shape": [-1, 1]}),
        *(layer for name in readers for layer in _reader(name)),
        _embedding(f"{SPELLER}_read", f"{SPELLER}/table"),
        _average(f"{SPELLER}_average", f"{SPELLER}_read"),
        _dense(SPELLER, f"{SPELLER}_average", "relu"),
        LayerSpec("all", "Concatenate", tuple(names), {"axis": -1}),
        _dense(SCORE, "all", "sigmoid"),
    ]
    return GraphSpec((InputSpec("ids", (length,), "int"),), tuple(layers), (SCORE,))


def _reader(name: str) -> list[LayerSpec]:
    read, words = f"{name}_read", [f"{name}_words_{kernel}" for kernel in KERNELS]
    averages = [f"{one}_average" for one in words]
    maxima = [f"{one}_maximum" for one in words]
    return [
        _embedding(read, f"{name}/table"),
        *(_convolution(one, read) for one in words),
        *(_average(average, one) for average, one in zip(averages, words, strict=True)),
        *(LayerSpec(f"{one}_counted", "Multiply", (one, "counts")) for one in words),
        *(
            LayerSpec(maximum, "GlobalMaxPooling1D", (f"{one}_counted",))
            for maximum, one in zip(maxima, words, strict=True)
        ),
        LayerSpec(f"{name}_pooled", "Concatenate", (*averages, *maxima), {"axis": -1}),
        _dense(name, f"{name}_pooled", "relu"),
    ]


def _embedding(name: str, table: str) -> LayerSpec:
    return LayerSpec(name, "Embedding", ("ids",), {}, {"table": table})


def _convolution(name: str, of: str) -> LayerSpec:
    config = {"padding": "same", "activation": "relu"}
    return LayerSpec(name, "Conv1D", (of,), config, _weights(name))


def _average(name: str, of: str) -> LayerSpec:
    return LayerSpec(name, "GlobalAveragePooling1D", (of,), mask="mask")


def _dense(name: str, of: str, activation: str) -> LayerSpec:
    return LayerSpec(name, "Dense", (of,), {"activation": activation}, _weights(name))


def _weights(name: str) -> dict[str, str]:
    return {role: f"{name}/{role}" for role in ("kernel", "bias")}


def _tensors(name: str, dense: nn.Linear) -> dict[str, Array]:
    return {f"{name}/kernel": _array(dense.weight).T, f"{name}/bias": _array(dense.bias)}


def _table(student: Student) -> Array:
    with torch.no_grad():
        return _array(student.rows(torch.arange(student.entries)))


def _array(tensor: Tensor) -> Array:
    found: Array = np.ascontiguousarray(tensor.detach().numpy())
    return found
