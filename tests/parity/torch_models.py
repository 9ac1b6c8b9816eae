"""Random PyTorch models, each with the spec file that says what it is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

Array = npt.NDArray[Any]
Values = dict[str, torch.Tensor]

ROWS = 6
WORDS = 12
ACTIVATIONS: Mapping[str, Callable[[], nn.Module]] = {
    "ReLU": nn.ReLU, "ReLU6": nn.ReLU6, "LeakyReLU": nn.LeakyReLU, "ELU": nn.ELU,
    "SELU": nn.SELU, "CELU": nn.CELU, "GELU": nn.GELU, "Sigmoid": nn.Sigmoid,
    "Hardsigmoid": nn.Hardsigmoid, "LogSigmoid": nn.LogSigmoid, "SiLU": nn.SiLU,
    "Hardswish": nn.Hardswish, "Mish": nn.Mish, "Tanh": nn.Tanh, "Hardtanh": nn.Hardtanh,
    "Tanhshrink": nn.Tanhshrink, "Softplus": nn.Softplus, "Softsign": nn.Softsign,
    "Softshrink": nn.Softshrink, "Hardshrink": nn.Hardshrink,
}  # fmt: skip
MERGES: Mapping[str, Callable[[Any, Any], Any]] = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "maximum": torch.maximum,
    "minimum": torch.minimum,
}  # fmt: skip


@dataclass(frozen=True)
class Grown:
    """A model with random weights, its spec, and a batch for it by input name."""

    model: nn.Module
    spec: dict[str, Any]
    inputs: dict[str, Array]

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write ``state_dict`` and spec file and return where they are."""
        state, spec = folder / "model.pt", folder / "spec.json"
        torch.save(self.model.state_dict(), state)
        spec.write_text(json.dumps(self.spec), encoding="utf-8")
        return state, spec

    def answers(self) -> list[Array]:
        """Return what PyTorch answers: an array for each output."""
        with torch.no_grad():
            told = self.model({name: torch.tensor(value) for name, value in self.inputs.items()})
        return [answer.numpy() for answer in told]


def grow(seed: int) -> Grown:
    """Return the model that ``seed`` stands for; the same seed gives the same one."""
    return _Grower(seed).grow()


class _Model(nn.Module):
    """Steps by name, each a function of what the steps before it gave."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.ModuleDict()
        self.steps: list[Callable[[Values], None]] = []
        self.outputs: list[str] = []

    def forward(self, inputs: Values) -> list[torch.Tensor]:
        values = dict(inputs)
        for step in self.steps:
            step(values)
        return [values[name] for name in self.outputs]


@dataclass(frozen=True)
class _Sequence:
    """A value of the shape (rows, steps, size)."""

    name: str
    steps: int
    size: int
    convolved: bool = False  # at any time before


@dataclass(frozen=True)
class _Flat:
    """A value of the shape (rows, size)."""

    name: str
    size: int


class _Grower:
    def __init__(self, seed: int) -> None:
        torch.manual_seed(seed)
        self.random = np.random.default_rng(seed)
        self.model = _Model()
        self.spec: dict[str, Any] = {"inputs": [], "layers": []}
        self.inputs: dict[str, Array] = {}

    def grow(self) -> Grown:
        x = self.source()
        for _ in range(self.count(0, 3)):
            x = self.sequence_layer(x)
        flat = self.joined([self.reduction(x) for _ in range(self.count(1, 3))])
        if self.chance(0.3):
            flat = self.joined([flat, self.features()])
        for _ in range(self.count(0, 3)):
            flat = self.flat_layer(flat)
        last = self.linear(flat, self.count(1, 3))
        self.model.outputs = [self.final(last).name]
        if self.chance(0.2):
            self.model.outputs.append(flat.name)
        self.spec["outputs"] = self.model.outputs
        with torch.no_grad():
            for name, tensor in self.model.state_dict().items():
                if tensor.is_floating_point():
                    tensor.copy_(torch.tensor(self.weights(name, tuple(tensor.shape))))
        return Grown(self.model.eval(), self.spec, self.inputs)

    # -- inputs ------------------------------------------------------------------

    def source(self) -> _Sequence:
        steps = self.count(1, 9)
        if self.chance(0.3):
            size = self.count(1, 5)
            values = self.random.normal(size=(ROWS, steps, size)).astype(np.float32)
            return _Sequence(self.given("x", values, "float"), steps, size)
        ids = self.random.integers(0, WORDS, (ROWS, steps))
        ids[0, : steps // 2] = 0
        ids[1, steps // 2 :] = 0
        ids[2] = 0
        ids[3] = WORDS - 1
        size = self.count(1, 6)
        # padding_idx is no mask: the row is read like any other.
        table = nn.Embedding(WORDS, size, padding_idx=0 if self.chance(0.5) else None)
        given = self.given("ids", ids, "int")
        return _Sequence(self.module("Embedding", given, table), steps, size)

    def features(self) -> _Flat:
        size = self.count(1, 4)
        values = self.random.normal(size=(ROWS, size)).astype(np.float32)
        return _Flat(self.given("features", values, "float"), size)

    def given(self, name: str, values: Array, dtype: str) -> str:
        self.inputs[name] = values
        shape = list(values.shape[1:])
        self.spec["inputs"].append({"name": name, "shape": shape, "dtype": dtype})
        return name

    # -- sequences ---------------------------------------------------------------

    def sequence_layer(self, x: _Sequence) -> _Sequence:
        return self.pick([self.recurrent, self.recurrent, self.convolution, self.pooling,
                          self.sequence_linear, self.norm, self.plain])(x)  # fmt: skip

    def recurrent(self, x: _Sequence) -> _Sequence:
        name, layer = self.recurrent_module(x)
        size = layer.hidden_size * (1 + layer.bidirectional)
        return _Sequence(name, x.steps, size, x.convolved)

    def recurrent_module(self, x: _Sequence) -> tuple[str, Any]:
        kind = self.pick(["LSTM", "GRU", "RNN"])
        layer = getattr(nn, kind)(
            x.size, self.count(1, 5), num_layers=self.pick([1, 1, 2]), batch_first=True,
            bidirectional=self.chance(0.5), bias=self.chance(0.85),
            **({"nonlinearity": self.pick(["tanh", "relu"])} if kind == "RNN" else {}),
        )  # fmt: skip
        said = {"nonlinearity": layer.nonlinearity} if kind == "RNN" else {}
        name = self.add(kind, [x.name], layer, **said)

        def step(values: Values) -> None:
            sequence, states = layer(values[x.name])
            values[name] = sequence
            last = layer.num_layers * (1 + layer.bidirectional)
            for letter, state in zip("hc", states if kind == "LSTM" else (states,), strict=False):
                own = state[last - 2 :] if layer.bidirectional else state[last - 1 :]
                # A row's states are its own: directions side by side, rows apart.
                values[f"{name}:{letter}"] = own.transpose(0, 1).flatten(1)
                values[f"{name}:{letter}_forward"] = own[0]
                values[f"{name}:{letter}_backward"] = own[-1]

        self.model.steps.append(step)
        return name, layer

    def convolution(self, x: _Sequence) -> _Sequence:
        kernel, dilation = self.count(1, 3), self.pick([1, 1, 2])
        reach = dilation * (kernel - 1) + 1
        padding: Any = self.pick([0, 1, "same"]) if reach <= x.steps else "same"
        stride = 1 if padding == "same" else self.pick([1, 2])
        groups = 2 if x.size % 2 == 0 and self.chance(0.4) else 1
        size = groups * self.count(1, 3)
        layer = nn.Conv1d(x.size, size, kernel, stride, padding, dilation, groups, self.chance(0.8))
        settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        length = x.steps if padding == "same" else (x.steps + 2 * padding - reach) // stride + 1
        return _Sequence(self.turned("Conv1d", x, layer, **settings), length, size, convolved=True)

    def pooling(self, x: _Sequence) -> _Sequence:
        size = self.count(1, min(3, x.steps))
        stride = self.pick([None, 1, 2])
        kind = self.pick(["MaxPool1d", "AvgPool1d"])
        settings = {"kernel_size": size, **({} if stride is None else {"stride": stride})}
        name = self.turned(kind, x, getattr(nn, kind)(size, stride), **settings)
        length = (x.steps - size) // (stride or size) + 1
        return _Sequence(name, length, x.size, convolved=True)

    def sequence_linear(self, x: _Sequence) -> _Sequence:
        size = self.count(1, 5)
        layer = nn.Linear(x.size, size, bias=self.chance(0.8))
        return _Sequence(self.module("Linear", x.name, layer), x.steps, size, x.convolved)

    def norm(self, x: _Sequence) -> _Sequence:
        if self.chance(0.5):
            name = self.turned("BatchNorm1d", x, nn.BatchNorm1d(x.size))
        else:
            name = self.module("LayerNorm", x.name, nn.LayerNorm(x.size))
        return _Sequence(name, x.steps, x.size, x.convolved)

    def plain(self, x: _Sequence) -> _Sequence:
        return _Sequence(self.activation(x.name), x.steps, x.size, x.convolved)

    # -- from sequences to rows --------------------------------------------------

    def reduction(self, x: _Sequence) -> _Flat:
        kind = self.pick(["mean", "max", "last", "states", "Flatten"])
        if kind == "states":
            return self.states(x)
        if kind == "Flatten":
            return self.flat(x)
        functions: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
            "mean": lambda value: value.mean(1),
            "max": lambda value: value.amax(1),
            "last": lambda value: value[:, -1],
        }
        return _Flat(self.function(kind, [x.name], functions[kind]), x.size)

    def states(self, x: _Sequence) -> _Flat:
        name, layer = self.recurrent_module(x)
        letter = self.pick("hc") if isinstance(layer, nn.LSTM) else "h"
        if layer.bidirectional and self.chance(0.5):
            way = self.pick(["forward", "backward"])
            return _Flat(f"{name}:{letter}_{way}", layer.hidden_size)
        return _Flat(f"{name}:{letter}", layer.hidden_size * (1 + layer.bidirectional))

    def flat(self, x: _Sequence) -> _Flat:
        order = self.pick(["steps", "channels"])
        said = {"order": order} if x.convolved or order == "channels" else {}

        def flattened(value: torch.Tensor) -> torch.Tensor:
            return (value if order == "steps" else value.transpose(1, 2)).flatten(1)

        return _Flat(self.function("Flatten", [x.name], flattened, **said), x.steps * x.size)

    def joined(self, parts: list[_Flat]) -> _Flat:
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2 and parts[0].size == parts[1].size and self.chance(0.7):
            kind = self.pick(list(MERGES))
            merge = MERGES[kind]
            names = [part.name for part in parts]
            return _Flat(self.function(kind, names, merge), parts[0].size)
        name = self.function("cat", [part.name for part in parts], lambda *x: torch.cat(x, 1))
        return _Flat(name, sum(part.size for part in parts))

    # -- rows --------------------------------------------------------------------

    def flat_layer(self, x: _Flat) -> _Flat:
        if self.chance(0.4):
            return self.linear(x, self.count(1, 6))
        if self.chance(0.5):
            return _Flat(self.activation(x.name), x.size)
        kind = self.pick(["BatchNorm1d", "LayerNorm", "Dropout"])
        layer = nn.Dropout(0.4) if kind == "Dropout" else getattr(nn, kind)(x.size)
        return _Flat(self.module(kind, x.name, layer), x.size)

    def linear(self, x: _Flat, size: int) -> _Flat:
        layer = nn.Linear(x.size, size, bias=self.chance(0.85))
        return _Flat(self.module("Linear", x.name, layer), size)

    def final(self, x: _Flat) -> _Flat:
        kind = self.pick(["Sigmoid", "Softmax", "LogSoftmax"])
        layer = nn.Sigmoid() if kind == "Sigmoid" else getattr(nn, kind)(dim=-1)
        return _Flat(self.module(kind, x.name, layer), x.size)

    def activation(self, read: str) -> str:
        kind = self.pick(list(ACTIVATIONS))
        return self.module(kind, read, ACTIVATIONS[kind]())

    # -- steps -------------------------------------------------------------------

    def module(self, kind: str, read: str, layer: nn.Module) -> str:
        return self.function(kind, [read], layer)

    def turned(self, kind: str, x: _Sequence, layer: nn.Module, **settings: Any) -> str:
        """PyTorch wants (rows, size, steps) here."""
        name = self.add(kind, [x.name], layer, **settings)

        def step(values: Values) -> None:
            values[name] = layer(values[x.name].transpose(1, 2)).transpose(1, 2)

        self.model.steps.append(step)
        return name

    def function(
        self, kind: str, read: list[str], run: Callable[..., torch.Tensor], **settings: Any
    ) -> str:
        name = self.add(kind, read, run, **settings)

        def step(values: Values) -> None:
            values[name] = run(*(values[given] for given in read))

        self.model.steps.append(step)
        return name

    def add(self, kind: str, read: list[str], run: Any, **settings: Any) -> str:
        name = f"{kind.lower()}{len(self.spec['layers'])}"
        entry = {"name": name, "kind": kind, "inputs": read, **settings}
        if isinstance(run, nn.Module):
            self.model.body[name] = run
            entry["weights"] = f"body.{name}"
        self.spec["layers"].append(entry)
        return name

    # -- chance ------------------------------------------------------------------

    def weights(self, name: str, shape: tuple[int, ...]) -> Array:
        if name.endswith("running_var"):
            return self.random.uniform(0.4, 2.0, shape).astype(np.float32)
        return self.random.normal(0, 0.5, shape).astype(np.float32)

    def chance(self, probability: float) -> bool:
        return bool(self.random.random() < probability)

    def count(self, low: int, high: int) -> int:
        return int(self.random.integers(low, high + 1))

    def pick(self, choices: Any) -> Any:
        return choices[int(self.random.integers(len(choices)))]
