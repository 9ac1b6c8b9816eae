"""The networks in PyTorch, run as the layers of a spec file that our importer reads."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifier.bundle import ModelBundle
from classifier.errors import ModelError
from classifier.importers.architecture import Entry
from classifier.importers.torch import import_torch, record_torch
from classifier.importers.torch.live_layers import Live, run
from classifier.importers.torch.state import import_torch_package
from classifier.network import Array
from classifier.safetensors import write_tensors
from classifier.text import TextPipeline
from classifier.training.crossval.designs import (
    FEATURES,
    IDS,
    LOG_ODDS,
    NO_EPSILON,
    SCORE,
    WINDOW,
    Kind,
    Layer,
)
from classifier.training.crossval.learner import PREDICTED, Inputs, Plan, expect_parity

_KINDS = {
    Kind.EMBEDDING: "Embedding",
    Kind.CHANNEL_DROPOUT: "Dropout1d",
    Kind.LSTM: "LSTM",
    Kind.GRU: "GRU",
    Kind.CONVOLUTION: "Conv1d",
    Kind.AVERAGE: "mean",
    Kind.MAXIMUM: "max",
    Kind.JOIN: "cat",
    Kind.DENSE: "Linear",
    Kind.DROPOUT: "Dropout",
    Kind.STANDARD: "BatchNorm1d",
    Kind.SIGMOID: "Sigmoid",
}


class TorchWorkshop:
    """PyTorch, on the processor.

    Raises:
        ModelError: if it is not installed.
    """

    def __init__(self) -> None:
        try:
            self._torch = import_torch_package()
        except ModelError as error:
            hint = "this needs PyTorch: pip install 'newsieve[train]', or --framework keras"
            raise ModelError(hint) from error

    @property
    def versions(self) -> Mapping[str, str]:
        """The version of PyTorch."""
        return {"torch": str(self._torch.__version__)}

    def deterministic(self) -> AbstractContextManager[None]:
        """Refuse whatever would not give the same numbers again."""
        return only_deterministic(self._torch)

    def begin(self, plan: Plan) -> TorchLearner:
        """Return a new network."""
        self._torch.manual_seed(plan.seed)
        return TorchLearner(self._torch, plan)


@contextmanager
def only_deterministic(torch: Any) -> Iterator[None]:
    """Within this PyTorch refuses whatever would not give the same numbers again."""
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


class TorchLearner:
    """One network in PyTorch."""

    def __init__(self, torch: Any, plan: Plan) -> None:
        self._torch = torch
        self._plan = plan
        self._entries = [entry_of(layer) for layer in plan.design.layers]
        self._modules = torch.nn.ModuleDict(_modules(torch, plan))
        self._weights = [one for one in self._modules.parameters() if one.requires_grad]
        self._adam = torch.optim.Adam(self._weights)

    def learn(self, inputs: Inputs, labels: Array, rate: float) -> float:
        """Take one step on a batch at this learning rate; return the loss before it."""
        torch = self._torch
        self._adam.param_groups[0]["lr"] = rate
        self._adam.zero_grad()
        found = self._run(inputs, training=True)[LOG_ODDS][:, 0]
        wanted = torch.as_tensor(labels, dtype=torch.float32)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(found, wanted)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._weights, self._plan.clip)
        self._adam.step()
        return float(loss.item())

    def score(self, inputs: Inputs) -> Array:
        """Return the score of each row, in double precision."""
        count = len(inputs[IDS])
        scores = np.zeros(count)
        with self._torch.no_grad():
            for start in range(0, count, PREDICTED):
                rows = slice(start, start + PREDICTED)
                batch = {name: values[rows] for name, values in inputs.items()}
                scores[rows] = self._run(batch, training=False)[SCORE][:, 0].numpy()
        return scores

    def to_bundle(self, text: TextPipeline) -> ModelBundle:
        """Return the network as ``import_torch`` takes it over, compared with PyTorch."""
        tensors = {
            name: tensor.detach().numpy() for name, tensor in self._modules.state_dict().items()
        }
        with tempfile.TemporaryDirectory() as folder:
            state, spec = Path(folder, "model.safetensors"), Path(folder, "spec.json")
            state.write_bytes(write_tensors(tensors))
            spec.write_text(json.dumps(_spec(self._plan, self._entries)), encoding="utf-8")
            return expect_parity(record_torch(import_torch(state, spec, text=text), state, spec))

    def _run(self, inputs: Inputs, *, training: bool) -> dict[str, Any]:
        values = {name: self._torch.as_tensor(array) for name, array in inputs.items()}
        self._modules.train(training)
        for entry in self._entries:
            layer = _Learning.of(self._torch, entry, self._modules)
            parts = run(layer, [values[name] for name in entry.inputs])
            values |= {
                f"{entry.name}:{part}" if part else entry.name: parts[part] for part in parts
            }
        return values


@dataclass(frozen=True, eq=False, slots=True)
class _Learning(Live):
    """A layer of a spec file whose module is kept, and learns."""

    kept: Any = None

    @classmethod
    def of(cls, torch: Any, entry: Entry, modules: Any) -> _Learning:
        if entry.name not in modules:
            return cls(torch, entry, {})
        kept = modules[entry.name]
        return cls(
            torch, entry, {**dict(kept.named_parameters()), **dict(kept.named_buffers())}, kept
        )

    def module(self, **sizes: Any) -> Any:
        if self.entry.kind == "BatchNorm1d":
            return self.kept.eval()  # the standard of the features is known before
        if self.entry.kind == "Dropout1d":
            return lambda x: self.kept(x.transpose(1, 2)).transpose(1, 2)
        return self.kept


def entry_of(layer: Layer) -> Entry:
    """Return a layer as a spec file says it."""
    settings: dict[str, object] = {}
    if layer.relu:
        settings["activation"] = "relu"
    if layer.kind is Kind.STANDARD:
        settings["eps"] = NO_EPSILON
    return Entry(layer.name, _KINDS[layer.kind], layer.reads, layer.name, settings)


def _spec(plan: Plan, entries: list[Entry]) -> dict[str, object]:
    features = {"name": FEATURES, "shape": [plan.feature_count], "dtype": "float"}
    ids = {"name": IDS, "shape": [plan.design.length], "dtype": "int"}
    return {
        "inputs": [ids, features] if plan.feature_count else [ids],
        "layers": [
            {"name": one.name, "kind": one.kind, "inputs": list(one.inputs), **one.settings}
            for one in entries
        ],
    }


def _modules(torch: Any, plan: Plan) -> dict[str, Any]:
    """Return the module of each layer that has one."""
    sizes = _sizes(plan)
    modules = {}
    for layer in plan.design.layers:
        if layer.kind in _MAKERS:
            read = sum(sizes[name] for name in layer.reads)
            modules[layer.name] = _MAKERS[layer.kind](torch, layer, read, plan)
    return modules


def _sizes(plan: Plan) -> dict[str, int]:
    """Return how many numbers each input and layer gives, a step or a row."""
    sizes = {IDS: 1, FEATURES: plan.feature_count}
    for layer in plan.design.layers:
        sizes[layer.name] = _size(layer, sum(sizes[name] for name in layer.reads), plan)
        sizes[f"{layer.name}:h"] = sizes[layer.name]
    return sizes


def _size(layer: Layer, read: int, plan: Plan) -> int:
    if layer.kind is Kind.EMBEDDING:
        return int(plan.table.shape[1])
    return layer.units * (1 + layer.both) or read


Maker = Callable[[Any, Layer, int, Plan], Any]


def _embedding(torch: Any, _layer: Layer, _read: int, plan: Plan) -> Any:
    return torch.nn.Embedding.from_pretrained(torch.tensor(plan.table), freeze=plan.frozen)


def _recurrent(torch: Any, layer: Layer, read: int, _plan: Plan) -> Any:
    kind = getattr(torch.nn, _KINDS[layer.kind])
    module = kind(read, layer.units, bidirectional=layer.both, batch_first=True)
    for name, weight in module.named_parameters():
        if name.startswith("bias"):
            torch.nn.init.zeros_(weight)
        elif name.startswith("weight_ih"):
            torch.nn.init.xavier_uniform_(weight)
        else:
            torch.nn.init.orthogonal_(weight)
    return module


def _convolution(torch: Any, layer: Layer, read: int, _plan: Plan) -> Any:
    module = torch.nn.Conv1d(read, layer.units, WINDOW)
    torch.nn.init.xavier_uniform_(module.weight)
    torch.nn.init.zeros_(module.bias)
    return module


def _dense(torch: Any, layer: Layer, read: int, _plan: Plan) -> Any:
    module = torch.nn.Linear(read, layer.units)
    torch.nn.init.xavier_uniform_(module.weight)
    torch.nn.init.zeros_(module.bias)
    return module


def _standard(torch: Any, layer: Layer, read: int, plan: Plan) -> Any:
    mean, variance = plan.moments(layer)
    module = torch.nn.BatchNorm1d(read, eps=NO_EPSILON, affine=False)
    module.running_mean.copy_(torch.tensor(mean))
    module.running_var.copy_(torch.tensor(variance))
    return module


_MAKERS: Mapping[Kind, Maker] = {
    Kind.EMBEDDING: _embedding,
    Kind.CHANNEL_DROPOUT: lambda torch, layer, _read, _plan: torch.nn.Dropout1d(layer.rate),
    Kind.LSTM: _recurrent,
    Kind.GRU: _recurrent,
    Kind.CONVOLUTION: _convolution,
    Kind.DENSE: _dense,
    Kind.DROPOUT: lambda torch, layer, _read, _plan: torch.nn.Dropout(layer.rate),
    Kind.STANDARD: _standard,
}
