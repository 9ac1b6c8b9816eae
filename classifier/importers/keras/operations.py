"""Operations between layers, which functional models of Keras 3 have as nodes of their own.

Those on numbers become layers. Those by which Keras carries a mask along become mask
expressions, so that it does not matter whether a file spells them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifier.errors import UnsupportedLayer
from classifier.importers.keras.masks import Differs
from classifier.importers.keras.model import Call, KerasLayer, Tensor
from classifier.importers.keras.picking import picked, written
from classifier.importers.keras.pieces import Nothing, Piece, Spread, Unmatched, fold
from classifier.network import Ref
from classifier.network.options import is_number


@dataclass(frozen=True, slots=True)
class Operand:
    """What an operation is given: an array, a mask on its way, or a constant."""

    ref: Ref | None = None
    piece: Piece = None
    constant: Any = None


@dataclass(frozen=True, slots=True)
class Step:
    """A layer of this runtime that does what an operation does."""

    kind: str
    inputs: tuple[Ref, ...]
    config: Mapping[str, object]


_ARITHMETIC = {
    "Add": "Add",
    "Subtract": "Subtract",
    "Multiply": "Multiply",
    "Divide": "Divide",
    "TrueDivide": "Divide",
    "Maximum": "Maximum",
    "Minimum": "Minimum",
    "Power": "Power",
}
_OF_ONE = ("Negative", "Absolute", "Square", "Sqrt", "Exp", "Log")
_ACTIVATIONS: Mapping[str, tuple[str, ...]] = {
    "relu": (),
    "relu6": (),
    "leaky_relu": ("negative_slope",),
    "elu": ("alpha",),
    "selu": (),
    "celu": ("alpha",),
    "gelu": ("approximate",),
    "sigmoid": (),
    "hard_sigmoid": (),
    "hard_silu": (),
    "silu": (),
    "softplus": (),
    "softsign": (),
    "tanh": (),
    "tanh_shrink": (),
    "hard_tanh": (),
    "soft_shrink": ("threshold",),
    "hard_shrink": ("threshold",),
    "squareplus": ("b",),
    "sparse_plus": (),
    "sparse_sigmoid": (),
    "log_sigmoid": (),
    "log_softmax": ("axis",),
    "softmax": ("axis",),
}
_ACTIVATION_OF = {name.replace("_", ""): name for name in _ACTIVATIONS}
_POOLS = {"Mean": "GlobalAveragePooling1D", "Max": "GlobalMaxPooling1D"}
_ON_MASKS = ("NotEqual", "Any", "All", "LogicalOr", "LogicalAnd", "ExpandDims", "ZerosLike",
             "OnesLike", "BroadcastTo", "Concatenate")  # fmt: skip
_KNOWN = frozenset((
    *_ARITHMETIC, *_OF_ONE, *_POOLS, *_ON_MASKS, "Reshape", "ReLU", "GetItem",
    *(name.title().replace("_", "") for name in _ACTIVATIONS),
))  # fmt: skip

# How TensorFlow's functions stand in functional models of Keras 2.
_TENSORFLOW = {
    "math.add": "Add",
    "__operators__.add": "Add",
    "math.subtract": "Subtract",
    "math.multiply": "Multiply",
    "math.truediv": "Divide",
    "math.divide": "Divide",
    "math.maximum": "Maximum",
    "math.minimum": "Minimum",
    "math.negative": "Negative",
    "math.abs": "Absolute",
    "math.square": "Square",
    "math.sqrt": "Sqrt",
    "math.exp": "Exp",
    "math.log": "Log",
    "math.pow": "Power",
    "math.sigmoid": "Sigmoid",
    "math.tanh": "Tanh",
    "nn.relu": "Relu",
    "nn.relu6": "Relu6",
    "nn.elu": "Elu",
    "nn.selu": "Selu",
    "nn.softplus": "Softplus",
    "nn.softsign": "Softsign",
    "nn.silu": "Silu",
    "concat": "Concatenate",
}


def is_operation(layer: KerasLayer) -> bool:
    """Tell whether ``layer`` is an operation.

    Some have the name of a layer, and an ``.h5`` does not say from where it is; but no
    operation can be trained.
    """
    known = layer.class_name in _KNOWN and "trainable" not in layer.config
    return known or ".ops." in layer.module or layer.class_name == "TFOpLambda"


def operands(call: Call) -> tuple[Any, ...]:
    """Return what an operation is given, in order; further settings are left out."""
    first = tuple(call.args[0]) if call.args and isinstance(call.args[0], list) else call.args[:1]
    named = [call.kwargs[name] for name in ("x1", "x2", "y", "x") if name in call.kwargs]
    return (*first, *call.args[1:], *named)


def operate(layer: KerasLayer, call: Call, given: Sequence[Operand]) -> Step | Piece:
    """Return what the operation makes of ``given``: a layer, or a mask.

    Raises:
        UnsupportedLayer: if this runtime has nothing that does the same.
    """
    name, settings = _name(layer), {**layer.config, **call.kwargs}
    masks = [one for one in given if one.ref is None and one.constant is None]
    if name in _ON_MASKS and (masks or name not in ("Concatenate",)):
        try:
            return _on_masks(name, settings, given)
        except Unmatched:
            raise _unsupported(layer, settings) from None
    refs = tuple(one.ref for one in given if one.ref is not None)
    if masks or not refs:
        raise _unsupported(layer, settings)
    return _on_numbers(layer, name, settings, given, refs)


def _name(layer: KerasLayer) -> str:
    if layer.class_name == "TFOpLambda":
        return _TENSORFLOW.get(str(layer.config.get("function")), layer.class_name)
    return layer.class_name


def _on_numbers(
    layer: KerasLayer,
    name: str,
    settings: Mapping[str, Any],
    given: Sequence[Operand],
    refs: tuple[Ref, ...],
) -> Step:
    if name in _ARITHMETIC:
        return Step(_ARITHMETIC[name], refs, _constants(layer, settings, given))
    if name == "Concatenate":
        return Step("Concatenate", refs, {"axis": settings.get("axis", -1)})
    if name == "GetItem" and len(given) == 2:
        key = given[1].constant
        if (found := picked(key)) is None:
            raise _unsupported(layer, {**settings, "key": written(key)})
        return Step(found[0], refs, found[1])
    if len(given) == 1:
        step = _of_one(layer, name, settings)
        if step is not None:
            return Step(step.kind, refs, step.config)
    raise _unsupported(layer, settings)


def _of_one(layer: KerasLayer, name: str, settings: Mapping[str, Any]) -> Step | None:
    if name in _OF_ONE:
        return Step(name, (), {})
    if name in _POOLS and settings.get("axis") in (1, [1]) and settings.get("initial") is None:
        return Step(_POOLS[name], (), {"keepdims": bool(settings.get("keepdims"))})
    if name == "Reshape":
        shape = settings.get("newshape")
        return Step("Reshape", (), {"target_shape": _of_rows(layer, settings, shape)})
    if name == "ReLU":
        keys = ("negative_slope", "max_value", "threshold")
        config = {key: settings[key] for key in keys if settings.get(key) is not None}
        return Step("ReLU", (), config)
    activation = _ACTIVATION_OF.get(name.lower())
    if activation is None:
        return None
    known = {key: settings[key] for key in _ACTIVATIONS[activation] if key in settings}
    return Step("Activation", (), {"activation": {"name": activation, **known}})


def _of_rows(layer: KerasLayer, settings: Mapping[str, Any], shape: object) -> list[Any]:
    """Return ``shape`` without the rows, which must stay what they are."""
    if not isinstance(shape, list) or shape[:1] != [-1] or -1 in shape[1:]:
        raise _unsupported(layer, settings)
    return shape[1:]


def _constants(
    layer: KerasLayer, settings: Mapping[str, Any], given: Sequence[Operand]
) -> Mapping[str, object]:
    if all(one.ref is not None for one in given):
        return {}
    found = [None if one.ref is not None else _number(one.constant) for one in given]
    if any(one is None and had.ref is None for one, had in zip(found, given, strict=True)):
        raise _unsupported(layer, settings)
    return {"constants": found}


def _number(constant: object) -> object:
    """Return a number or a list of them; Keras 3 writes arrays with their type."""
    if isinstance(constant, dict) and constant.get("class_name") == "__numpy__":
        config = constant.get("config")
        return config.get("value") if isinstance(config, dict) else None
    return constant if is_number(constant) else None


def _on_masks(name: str, settings: Mapping[str, Any], given: Sequence[Operand]) -> Piece:
    if name == "ZerosLike":
        return Nothing()
    if name == "OnesLike":
        return Spread(None)
    if name == "NotEqual":
        return _not_equal(given)
    if not given or any(one.ref is not None for one in given):
        raise Unmatched
    return fold(name, settings.get("axis"), [one.piece for one in given])


def _not_equal(given: Sequence[Operand]) -> Piece:
    if len(given) != 2 or given[0].ref is None or not is_number(given[1].constant):
        raise Unmatched
    return Differs(given[0].ref, given[1].constant)


def _unsupported(layer: KerasLayer, settings: Mapping[str, Any]) -> UnsupportedLayer:
    shown = {
        key: value
        for key, value in settings.items()
        if key != "name" and value is not None and not isinstance(value, Tensor | list)
    }
    settings_text = ", ".join(f"{key}={value!r}" for key, value in shown.items())
    return UnsupportedLayer(layer.name, f"{layer.class_name}({settings_text})")
