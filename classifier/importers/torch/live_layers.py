"""Layers of a spec file as PyTorch itself has them, in rows of (steps, size)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifier.importers.architecture import Entry
from classifier.importers.torch.activations import MEANINGS, class_of
from classifier.network import Array

Parts = Mapping[str, Any]
"""What a layer gives: ``""`` is its output, all else a part as ``h``."""


@dataclass(frozen=True, eq=False, slots=True)
class Live:
    """One layer of a spec file, to be run by PyTorch.

    Attributes:
        torch: the package.
        weights: the layer's own arrays, by the names that its module gives them.
    """

    torch: Any
    entry: Entry
    weights: Mapping[str, Array]

    def module(self, **sizes: Any) -> Any:
        """Return the module with its weights, ready to be asked; settings win over ``sizes``."""
        settings = {**sizes, **self.entry.settings}
        settings.pop("activation", None)
        module = getattr(self.torch.nn, self.entry.kind)(**settings)
        tensors = {name: self.torch.tensor(array) for name, array in self.weights.items()}
        module.load_state_dict(tensors, strict=True)
        return module.eval()

    def activated(self, x: Any) -> Any:
        """Return ``x`` after the activation that the spec file asks for besides."""
        said = self.entry.settings.get("activation")
        if said is None:
            return x
        settings = dict(said) if isinstance(said, Mapping) else {"name": said}
        return activate(self.torch, str(class_of(str(settings.pop("name")))), settings, x)


Run = Callable[[Live, Sequence[Any]], Any]
"""A layer and its inputs → its output, or ``Parts``."""


def activate(torch: Any, name: str, settings: Mapping[str, Any], x: Any) -> Any:
    """Return what the activation of the class ``name`` makes of ``x``."""
    usual = {"dim": -1} if "axis" in dict(MEANINGS[name].arguments.values()) else {}
    return getattr(torch.nn, name)(**{**usual, **settings})(x)


def _embedding(live: Live, inputs: Sequence[Any]) -> Any:
    words, size = live.weights["weight"].shape
    return live.module(num_embeddings=words, embedding_dim=size)(inputs[0])


def _linear(live: Live, inputs: Sequence[Any]) -> Any:
    outputs, size = live.weights["weight"].shape
    module = live.module(in_features=size, out_features=outputs, bias="bias" in live.weights)
    return live.activated(module(inputs[0]))


def _conv1d(live: Live, inputs: Sequence[Any]) -> Any:
    outputs, size, window = live.weights["weight"].shape
    groups = int(str(live.entry.settings.get("groups", 1)))
    module = live.module(
        in_channels=size * groups,
        out_channels=outputs,
        kernel_size=window,
        bias="bias" in live.weights,
    )
    return live.activated(_turned(module, inputs[0]))


def _batch_norm(live: Live, inputs: Sequence[Any]) -> Any:
    size = len(live.weights["running_mean"])
    return _turned(live.module(num_features=size, affine="weight" in live.weights), inputs[0])


def _layer_norm(live: Live, inputs: Sequence[Any]) -> Any:
    weighted = "weight" in live.weights
    sizes = {"normalized_shape": list(live.weights["weight"].shape)} if weighted else {}
    flags = {"elementwise_affine": weighted, "bias": "bias" in live.weights}
    return live.module(**sizes, **flags)(inputs[0])


def _pool(live: Live, inputs: Sequence[Any]) -> Any:
    return _turned(live.module(), inputs[0])


def _adaptive_pool(live: Live, inputs: Sequence[Any]) -> Any:
    return _turned(live.module(output_size=1), inputs[0])[:, 0]


def _flatten(live: Live, inputs: Sequence[Any]) -> Any:
    channels = live.entry.settings.get("order") == "channels"
    return live.torch.flatten(inputs[0].transpose(1, 2) if channels else inputs[0], 1)


def _plain(live: Live, inputs: Sequence[Any]) -> Any:
    if live.entry.kind in MEANINGS:
        return activate(live.torch, live.entry.kind, live.entry.settings, inputs[0])
    return live.module()(inputs[0])


def _recurrent(live: Live, inputs: Sequence[Any]) -> Parts:
    both = "weight_ih_l0_reverse" in live.weights
    stack = sum(name.startswith("weight_ih_") for name in live.weights) // (2 if both else 1)
    module = live.module(
        input_size=live.weights["weight_ih_l0"].shape[1],
        hidden_size=live.weights["weight_hh_l0"].shape[1],
        num_layers=stack,
        bidirectional=both,
        bias="bias_ih_l0" in live.weights,
        batch_first=True,
    )
    sequence, states = module(inputs[0])
    named = zip("hc", states, strict=True) if live.entry.kind == "LSTM" else [("h", states)]
    parts = {"": sequence}
    for name, state in named:
        parts |= _states(live.torch, name, state, both)
    return parts


def _states(torch: Any, name: str, state: Any, both: bool) -> Parts:
    """Of (layers and directions, rows, units), the last layer's, row by row."""
    if not both:
        return {name: state[-1]}
    forward, backward = state[-2], state[-1]
    joined = torch.cat([forward, backward], dim=1)
    return {name: joined, f"{name}_forward": forward, f"{name}_backward": backward}


def _turned(module: Any, x: Any) -> Any:
    """Run a module that wants its rows as (size, steps)."""
    return module(x.transpose(1, 2)).transpose(1, 2) if x.ndim == 3 else module(x)


RUNS: Mapping[str, Run] = {
    "Embedding": _embedding,
    "Linear": _linear,
    "Conv1d": _conv1d,
    "BatchNorm1d": _batch_norm,
    "LayerNorm": _layer_norm,
    "MaxPool1d": _pool,
    "AvgPool1d": _pool,
    "AdaptiveMaxPool1d": _adaptive_pool,
    "AdaptiveAvgPool1d": _adaptive_pool,
    "Flatten": _flatten,
    **dict.fromkeys(("LSTM", "GRU", "RNN"), _recurrent),
    "mean": lambda live, inputs: inputs[0].mean(1),
    "max": lambda live, inputs: inputs[0].max(1).values,
    "last": lambda live, inputs: inputs[0][:, -1],
    "cat": lambda live, inputs: live.torch.cat(list(inputs), int(str(_dim(live)))),
    **{
        name: lambda live, inputs: getattr(live.torch, live.entry.kind)(*inputs)
        for name in ("add", "sub", "mul", "div", "maximum", "minimum")
    },
}


def run(live: Live, inputs: Sequence[Any]) -> Parts:
    """Return what PyTorch makes of ``inputs``."""
    found = RUNS.get(live.entry.kind, _plain)(live, inputs)
    return found if isinstance(found, Mapping) else {"": found}


def _dim(live: Live) -> object:
    return live.entry.settings.get("dim", -1)
