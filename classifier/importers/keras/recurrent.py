"""LSTM, GRU, SimpleRNN and Bidirectional of every Keras, with gates in the order of Keras 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from classifier.documents import typed
from classifier.errors import UnsupportedLayer
from classifier.importers.keras.model import KerasLayer
from classifier.importers.keras.settings import Convert, Dialect, Part, Settings, Slot, slots
from classifier.network import Array

GATES: Mapping[str, str] = {"LSTM": "icfo", "GRU": "zrh", "SimpleRNN": ""}
"""The order in which Keras 1 saves the gates, one array each."""

_KINDS = {
    "LSTM": "LSTM",
    "GRU": "GRU",
    "SimpleRNN": "SimpleRNN",
    "CuDNNLSTM": "LSTM",
    "CuDNNGRU": "GRU",
}
_FLAGS = ("return_sequences", "return_state", "go_backwards", "zero_output_for_mask")
_ORDER = {"LSTM": "ifco", "GRU": "zrh"}
_DIRECTIONS = ("forward", "backward")


def recurrent(settings: Settings) -> Part:
    """Return an LSTM, GRU or SimpleRNN, or one of those for graphics cards."""
    if settings.class_name.startswith("CuDNN"):
        return _cudnn(settings)
    kind = _KINDS[settings.class_name]
    config: dict[str, object] = {
        "activation": settings.activation("activation", default="tanh"),
        **_flags(settings),
    }
    if kind != "SimpleRNN":
        config["recurrent_activation"] = settings.activation(
            "recurrent_activation",
            "inner_activation",
            default="sigmoid" if settings.dialect.version >= (3, 0) else "hard_sigmoid",
        )
    units, old = settings.whole("units", "output_dim"), settings.dialect.version < (2, 0)
    if old and kind != "SimpleRNN" and settings.value("consume_less") != "gpu":
        config |= {"reset_after": False} if kind == "GRU" else {}
        return Part(kind, config, *_gate_by_gate(kind, units))
    if old:
        config |= {"reset_after": False} if kind == "GRU" else {}
        roles = {"W": "kernel", "U": "recurrent_kernel", "b": "bias"}
        return Part(kind, config, slots("WUb", _shapes(kind, units, 1), roles=roles))
    bias = settings.flag("use_bias", default=True)
    return Part(kind, config, _kernels(settings, kind, units, bias, config))


def bidirectional(settings: Settings) -> Part:
    """Return a layer in both directions."""
    children = [_child(settings, direction) for direction in _DIRECTIONS]
    parts = [recurrent(child) for child in children]
    for child in children:
        child.finish()
    if parts[0].kind != parts[1].kind:
        settings.refuse("backward_layer")
    flags = {key: parts[0].config.get(key, False) for key in ("return_sequences", "return_state")}
    config = {
        "layer": parts[0].kind,
        "merge_mode": settings.value("merge_mode", default="concat"),
        **flags,
        **{
            direction: _of_child(part, settings.dialect)
            for direction, part in zip(_DIRECTIONS, parts, strict=True)
        },
    }
    both = tuple(
        _slot_of(slot, direction)
        for direction, part in zip(_DIRECTIONS, parts, strict=True)
        for slot in part.slots
    )

    def convert(weights: Mapping[str, Array]) -> Mapping[str, Array]:
        return {
            f"{direction}_{role}": tensor
            for direction, part in zip(_DIRECTIONS, parts, strict=True)
            for role, tensor in part.convert(_with_prefix(weights, f"{direction}_")).items()
        }

    return Part("Bidirectional", config, both, convert)


def _flags(settings: Settings) -> dict[str, object]:
    return {flag: settings.flag(flag, default=False) for flag in _FLAGS if settings.has(flag)}


def _kernels(
    settings: Settings, kind: str, units: int, bias: bool, config: dict[str, object]
) -> tuple[Slot, ...]:
    rank: int | None = 1
    if kind == "GRU":
        after = settings.value("reset_after")
        rank = None if after is None else 2 if after else 1
        config |= {} if after is None else {"reset_after": after}
    names = ("kernel", "recurrent_kernel", "bias")[: 3 if bias else 2]
    return slots(names, _shapes(kind, units, rank)[: len(names)], place="cell/")


def _shapes(kind: str, units: int, bias_rank: int | None) -> list[tuple[int | None, ...] | None]:
    columns = units * {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[kind]
    bias = {None: None, 1: (columns,), 2: (2, columns)}[bias_rank]
    return [(None, columns), (units, columns), bias]


def _gate_by_gate(kind: str, units: int) -> tuple[tuple[Slot, ...], Convert]:
    """Return the twelve or nine arrays of Keras 1, and what joins them in the usual order."""
    shapes: dict[str, tuple[int | None, ...]] = {
        "W": (None, units), "U": (units, units), "b": (units,)
    }  # fmt: skip
    names = [f"{matrix}_{gate}" for gate in GATES[kind] for matrix in "WUb"]

    def convert(weights: Mapping[str, Array]) -> Mapping[str, Array]:
        return {
            role: np.concatenate([weights[f"{matrix}_{gate}"] for gate in _ORDER[kind]], axis=-1)
            for matrix, role in (("W", "kernel"), ("U", "recurrent_kernel"), ("b", "bias"))
        }

    return slots(names, [shapes[name[0]] for name in names]), convert


def _cudnn(settings: Settings) -> Part:
    kind, units = _KINDS[settings.class_name], settings.whole("units")
    gates = {"LSTM": 4, "GRU": 3}[kind]
    config = {"activation": "tanh", "recurrent_activation": "sigmoid", **_flags(settings)}
    config |= {"reset_after": True} if kind == "GRU" else {}
    shapes = [(None, gates * units), (units, gates * units), (2 * gates * units,)]

    def convert(weights: Mapping[str, Array]) -> Mapping[str, Array]:
        halves = weights["bias"].reshape(2, -1)
        return {
            "kernel": _by_gate(weights["kernel"], gates, _turned),
            "recurrent_kernel": _by_gate(weights["recurrent_kernel"], gates, np.transpose),
            "bias": halves.sum(axis=0) if kind == "LSTM" else halves,
        }

    return Part(kind, config, slots(("kernel", "recurrent_kernel", "bias"), shapes), convert)


def _by_gate(matrix: Array, gates: int, change: Callable[[Array], Array]) -> Array:
    return np.hstack([change(block) for block in np.hsplit(matrix, gates)])


def _turned(block: Array) -> Array:
    """Return a block whose values lie in the order of (units, inputs) as (inputs, units)."""
    return np.ascontiguousarray(block).reshape(block.shape[::-1]).T


def _child(settings: Settings, direction: str) -> Settings:
    """Return the settings of a child: the backward one is the forward one turned, if not said."""
    forward = settings.value("layer")
    found = settings.value("backward_layer") if direction == "backward" else forward
    layer = _read_child(settings, found or forward)
    if found is None:
        turned = not layer.config.get("go_backwards", False)
        layer = replace(layer, config={**layer.config, "go_backwards": turned})
    return Settings(layer, settings.dialect)


def _read_child(settings: Settings, value: object) -> KerasLayer:
    document = typed(value, dict, f"{settings.name}: layer")
    class_name, config = document.get("class_name"), document.get("config")
    if class_name not in _KINDS or not isinstance(config, dict):
        raise UnsupportedLayer(settings.name, f"Bidirectional({class_name})")
    return KerasLayer(settings.name, class_name, None, config)


def _of_child(part: Part, dialect: Dialect) -> dict[str, object]:
    """Return a child's config. Since it moved into TensorFlow, Keras shows no masked step."""
    outer = ("return_sequences", "return_state", "zero_output_for_mask")
    config = {key: value for key, value in part.config.items() if key not in outer}
    shown = {"zero_output_for_mask": False} if dialect.standalone else {}
    return {**config, **shown}


def _slot_of(slot: Slot, direction: str) -> Slot:
    return replace(slot, role=f"{direction}_{slot.role}", place=f"{direction}_layer/{slot.place}")


def _with_prefix(weights: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    return {
        role.removeprefix(prefix): tensor
        for role, tensor in weights.items()
        if role.startswith(prefix)
    }
