"""Drawing the layers of our own graph, call by call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from classifier.documents import typed
from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.importers.keras.masks import (
    GIVEN_NONE_LATER,
    READING,
    RECURRENT,
    Differs,
    Every,
    Joined,
    Mask,
    Some,
    StepDiffers,
    Unknown,
    masks_after,
    passes_over_masked,
)
from classifier.importers.keras.model import Call, KerasLayer, KerasModel, Tensor
from classifier.importers.keras.operations import Operand, Step, is_operation, operands, operate
from classifier.importers.keras.order import in_order
from classifier.importers.keras.settings import LAST_KNOWN, Dialect, Part
from classifier.importers.keras.text import VECTORIZER
from classifier.importers.keras.weights import Path, Weights
from classifier.network import Array, LayerSpec, Ref
from classifier.network.spec import reference

_PASSED_OVER = ("training", "mask", "initial_state")


@dataclass(frozen=True, slots=True)
class Value:
    """What stands for a tensor of Keras: an array with its mask, or a mask on its way."""

    ref: Ref | None = None
    mask: Mask | None = None
    piece: Any = None


@dataclass(slots=True)
class Drawing:
    """The layers of the graph, as far as they are drawn."""

    parts: Mapping[Path, Part]
    weights: Weights
    dialect: Dialect
    layers: list[LayerSpec] = field(default_factory=list)
    tensors: dict[str, Array] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    drawn_masks: dict[Mask, Ref] = field(default_factory=dict)
    owners: dict[int, Path] = field(init=False)

    def __post_init__(self) -> None:
        # Layers that share their arrays have the very same ones: the first path keeps them.
        self.owners = {id(self.weights[path]): path for path in reversed(list(self.weights))}

    def run(self, model: KerasModel, path: Path, inputs: Sequence[Value]) -> dict[Tensor, Value]:
        """Draw every call of ``model`` and return what stands for each of its tensors."""
        values = dict(zip(model.inputs, inputs, strict=True))
        for layer, number in in_order(model):
            if layer.class_name == VECTORIZER:
                outputs: Sequence[Value] = [values[next(layer.calls[number].tensors())]]
            else:
                outputs = self._call(layer, layer.calls[number], (*path, layer.name), values)
            values.update({Tensor(layer.name, number, i): value for i, value in enumerate(outputs)})
        return values

    def array(self, values: Mapping[Tensor, Value], tensor: Tensor) -> Ref:
        """Return the reference to the array that stands for ``tensor``."""
        value = _known(values, tensor)
        if value.ref is not None:
            return value.ref
        mask = self.mask(value.piece, tensor.layer)
        if mask is None:
            raise UnsupportedLayer(tensor.layer, "a mask of nothing but true")
        return mask

    def mask(self, mask: Any, reader: str) -> Ref | None:
        """Return the reference to ``mask``, drawn if it is not yet; None for none."""
        if mask is None:
            return None
        if mask not in self.drawn_masks:
            self.drawn_masks[mask] = self._draw_mask(mask, reader)
        return self.drawn_masks[mask]

    def _draw_mask(self, mask: Any, reader: str) -> Ref:
        if isinstance(mask, Differs):
            return self._draw(f"{mask.ref}/mask", "NotEqual", (mask.ref,), {"value": mask.value})
        if isinstance(mask, StepDiffers):
            return self._draw(f"{mask.ref}/mask", "MaskOf", (mask.ref,), {"mask_value": mask.value})
        if isinstance(mask, Unknown):
            raise UnsupportedLayer(reader, f"a mask that comes through {mask.class_name}")
        kinds: Mapping[type, str] = {Every: "AllOf", Some: "AnyOf", Joined: "ConcatenateMasks"}
        if type(mask) not in kinds or None in mask.masks:
            raise UnsupportedLayer(reader, "a mask of some of the joined inputs")
        refs = tuple(self.mask(one, reader) or "" for one in mask.masks)
        return self._draw(f"{reader}/mask", kinds[type(mask)], refs, {})

    def _draw(
        self,
        name: str,
        kind: str,
        inputs: tuple[Ref, ...],
        config: Mapping[str, object],
        weights: Mapping[str, str] | None = None,
        mask: Ref | None = None,
    ) -> Ref:
        name = self._new_name(name.replace(":", "_"))
        self.layers.append(LayerSpec(name, kind, inputs, config, weights or {}, mask))
        return name

    def _new_name(self, name: str) -> str:
        count = self.counts[name] = self.counts.get(name, -1) + 1
        return f"{name}@{count}" if count else name

    def _call(
        self, layer: KerasLayer, call: Call, path: Path, values: Mapping[Tensor, Value]
    ) -> Sequence[Value]:
        if is_operation(layer):
            return [self._operate(layer, call, "/".join(path), values)]
        _expect_plain(layer, call)
        tensors = _inputs(call)
        if not tensors:
            raise BundleMismatch(f"{layer.name}: inputs", "at least one", "none")
        given = [_known(values, tensor) for tensor in tensors]
        told = self._told_masks(call, values, len(given))
        if layer.model is not None:
            masks = [one or value.mask for one, value in zip(told, given, strict=True)]
            inner = [Value(value.ref, mask) for value, mask in zip(given, masks, strict=True)]
            return self._inline(layer, layer.model, path, inner)
        refs = tuple(self.array(values, tensor) for tensor in tensors)
        return self._draw_layer(layer, path, refs, told, [value.mask for value in given])

    def _inline(
        self, layer: KerasLayer, model: KerasModel, path: Path, given: Sequence[Value]
    ) -> list[Value]:
        if len(given) != len(model.inputs):
            raise BundleMismatch(f"{layer.name}: inputs", len(model.inputs), len(given))
        values = self.run(model, path, given)
        return [_known(values, tensor) for tensor in model.outputs]

    def _draw_layer(
        self,
        layer: KerasLayer,
        path: Path,
        refs: tuple[Ref, ...],
        told: Sequence[Mask | None],
        masks: Sequence[Mask | None],
    ) -> list[Value]:
        """Draw a layer; its masks are those that the file tells, else those of its inputs."""
        part, own = self.parts[path], "/".join(path)
        mask = self.mask(self._read_mask(layer, part, told[0], masks), own)
        owner = "/".join(self.owners[id(self.weights[path])])
        names = {role: f"{owner}/{role}" for role in self.weights[path]}
        self.tensors.update({names[role]: array for role, array in self.weights[path].items()})
        drawn, read = part, refs
        if passes_over_masked(part.kind, masks, self.dialect):
            drawn, read = self._with_masks(part, refs, masks, own)
        name = self._draw(own, drawn.kind, read, drawn.config, names, mask)
        if self.dialect.passes_told_masks:
            masks = [one or other for one, other in zip(told, masks, strict=True)]
        after = self._masks_after(layer, part, refs, masks)
        spare = [None] * (_outputs(part) - len(after))
        return [Value(reference(name, i), one) for i, one in enumerate([*after, *spare])]

    def _with_masks(
        self, part: Part, refs: tuple[Ref, ...], masks: Sequence[Mask | None], reader: str
    ) -> tuple[Part, tuple[Ref, ...]]:
        """Return a merge that reads the masks of its inputs too, and what it reads."""
        drawn = [self.mask(mask, reader) for mask in masks]
        config = {**part.config, "masked": [one is not None for one in drawn]}
        read = tuple(one for one in drawn if one is not None)
        return replace(part, kind=f"Masked{part.kind}", config=config), (*refs, *read)

    def _read_mask(
        self, layer: KerasLayer, part: Part, told: Mask | None, masks: Sequence[Mask | None]
    ) -> Mask | None:
        """Return the mask that Keras hands to a layer, told to or of its own accord."""
        found = masks[0] if told is None else told
        inner = part.config.get("layer") if part.kind == "TimeDistributed" else None
        if found is not None and inner in READING:
            raise UnsupportedLayer(layer.name, f"TimeDistributed({inner}, masked)")
        # Keras 3 looks for a mask only if a layer is given one tensor: initial states hide it.
        hidden = self.dialect.version >= (3, 0) and part.kind in RECURRENT and len(masks) > 1
        if told is None and hidden:
            return None
        if told is None and found is not None and part.kind in GIVEN_NONE_LATER:
            self._expect_known_masks(layer, part)
        return found if part.kind in READING or part.own else None

    def _expect_known_masks(self, layer: KerasLayer, part: Part) -> None:
        if self.dialect.version > LAST_KNOWN:
            version = ".".join(map(str, self.dialect.version))
            raise UnsupportedLayer(layer.name, f"{part.kind} (with a mask, of Keras {version})")

    def _masks_after(
        self,
        layer: KerasLayer,
        part: Part,
        refs: tuple[Ref, ...],
        masks: Sequence[Mask | None],
    ) -> tuple[Mask | None, ...]:
        if part.kind == "Embedding":
            return (Differs(refs[0], 0),) if layer.config.get("mask_zero") else (None,)
        if part.kind == "Masking":
            value = layer.config.get("mask_value", 0.0)
            return (StepDiffers(refs[0], typed(value, float, f"{layer.name}: mask_value")),)
        if part.own:
            masked = any(mask is not None for mask in masks)
            return (Unknown(layer.name, layer.class_name) if masked else None,)
        return masks_after(part.kind, part.config, masks, self.dialect)

    def _operate(
        self, layer: KerasLayer, call: Call, name: str, values: Mapping[Tensor, Value]
    ) -> Value:
        given = [_operand(values, one) for one in operands(call)]
        made = operate(layer, call, given)
        if isinstance(made, Step):
            return Value(self._draw(name, made.kind, made.inputs, made.config))
        return Value(piece=made)

    def _told_masks(
        self, call: Call, values: Mapping[Tensor, Value], count: int
    ) -> list[Mask | None]:
        told = call.kwargs.get("mask")
        listed = told if isinstance(told, list) else [told]
        found = [self._as_mask(values, one) for one in listed[:count]]
        return [*found, *[None] * (count - len(found))]

    def _as_mask(self, values: Mapping[Tensor, Value], told: object) -> Mask | None:
        if not isinstance(told, Tensor):
            return None
        value = _known(values, told)
        # An array of its own, such as an input, counts wherever it is not 0.
        found: Mask | None = value.piece if value.ref is None else Differs(value.ref, 0)
        return found


def _known(values: Mapping[Tensor, Value], tensor: Tensor) -> Value:
    if tensor not in values:
        expected = "an output of an earlier layer"
        raise BundleMismatch(f"{tensor.layer}: output {tensor.output}", expected, "nothing")
    return values[tensor]


def _inputs(call: Call) -> list[Tensor]:
    """Return what a layer is given: its tensors, then its initial states."""
    states = call.kwargs.get("initial_state")
    return list(Call((*call.args, states)).tensors())


def _expect_plain(layer: KerasLayer, call: Call) -> None:
    for key, value in call.kwargs.items():
        passed_over = key in _PASSED_OVER and not (key == "training" and value is True)
        if not passed_over and value not in (None, False):
            raise UnsupportedLayer(layer.name, f"{layer.class_name}, called with {key}={value!r}")


def _operand(values: Mapping[Tensor, Value], given: object) -> Operand:
    if not isinstance(given, Tensor):
        return Operand(constant=given)
    value = _known(values, given)
    return Operand(ref=value.ref, piece=value.piece)


def _outputs(part: Part) -> int:
    """Return how many outputs a layer has."""
    config = part.config
    states = {"LSTM": 2, "GRU": 1, "SimpleRNN": 1}
    if part.kind == "Bidirectional":
        merged = 1 if config.get("merge_mode") else 2
        return merged + (2 * states[str(config["layer"])] if config.get("return_state") else 0)
    return 1 + (states.get(part.kind, 0) if config.get("return_state") else 0)
