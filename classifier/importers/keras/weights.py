"""Which arrays of the file belong to which layer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifier.errors import BundleMismatch
from classifier.importers.keras.files import KerasFile
from classifier.importers.keras.hdf5 import Group
from classifier.importers.keras.model import INPUT, SHARED_MARK, KerasLayer, KerasModel
from classifier.importers.keras.operations import is_operation
from classifier.importers.keras.settings import Part, Slot
from classifier.network import Array

Path = tuple[str, ...]
"""The names of a layer and of the models around it, outermost first."""

Weights = Mapping[Path, Mapping[str, Array]]
"""By layer, its arrays by role."""

_KNOWN = frozenset(
    ("kernel", "recurrent_kernel", "bias", "embeddings", "gamma", "beta", "moving_mean",
     "moving_variance")
)  # fmt: skip
_SEEDS = "seed_generator"


@dataclass(frozen=True, eq=False, slots=True)
class Leaf:
    """A layer that is no model, where it stands.

    Attributes:
        path: names from the outermost model on.
        trainable: neither it nor a model around it is frozen.
    """

    path: Path
    layer: KerasLayer
    part: Part
    trainable: bool


def read_weights(file: KerasFile, model: KerasModel, parts: Mapping[Path, Part]) -> Weights:
    """Return the arrays of every layer of ``model``; ``parts`` says what each should have.

    Raises:
        BundleMismatch: for an array that is missing, left over or of another shape.
    """
    found = _by_path(file, model, parts) if file.by_path else _by_layer(file, model, parts)
    return dict(found)


def _by_path(
    file: KerasFile, model: KerasModel, parts: Mapping[Path, Part]
) -> Iterator[tuple[Path, Mapping[str, Array]]]:
    """Yield the arrays of a ``.keras``: groups by class, numbered in the order of the layers.

    Those of a layer that several models share stand where it comes first, and only there.
    """
    kept: list[tuple[KerasLayer, Mapping[str, Array]]] = []
    for path, layer, place in place_layers(model):
        if (part := parts.get(path)) is None:
            continue
        if layer.shared and _is_empty(file.weights, place):
            found = _shared(layer, kept, part, f"{file.weights.key}/{place}")
        elif part.own:
            found = _own_by_path(file.weights, place)
        else:
            slots = {slot.role: _fitting(file.weights, place, slot) for slot in part.slots}
            found = part.convert(slots)
        if found:
            kept.append((layer, found))
        yield path, found


def _is_empty(weights: Group, place: str) -> bool:
    group = weights.find(place)
    return group is None or not any(_SEEDS not in path for path in group.arrays())


def _shared(
    layer: KerasLayer, kept: Sequence[tuple[KerasLayer, Mapping[str, Array]]], part: Part, key: str
) -> Mapping[str, Array]:
    """Return the very arrays of ``layer`` where it came before.

    The file marks that it did, not where: by its name, class and settings it must be the only
    one that it can be.
    """
    same = {id(found): found for other, found in kept if _identity(other) == _identity(layer)}
    if len(same) > 1 or (part.slots and not same):
        expected = f"one earlier layer {layer.name!r} that it shares its arrays with"
        raise BundleMismatch(key, expected, len(same))
    return next(iter(same.values()), {})


def _identity(layer: KerasLayer) -> tuple[object, ...]:
    return layer.name, layer.class_name, layer.registered, _unmarked(layer.config)


def _unmarked(config: Any) -> Any:
    """Return ``config`` without the marks of what stands in the file before."""
    if isinstance(config, Mapping):
        return {key: _unmarked(value) for key, value in config.items() if key != SHARED_MARK}
    return [_unmarked(value) for value in config] if isinstance(config, list) else config


def place_layers(
    model: KerasModel, path: Path = (), place: str = ""
) -> Iterator[tuple[Path, KerasLayer, str]]:
    """Yield every layer of ``model`` with its path, and where a ``.keras`` keeps its arrays."""
    counts: dict[str, int] = {}
    for layer in model.layers:
        if is_operation(layer) or (model.sequential and layer.class_name == INPUT):
            continue
        name = _snake_case(layer.class_name.rpartition(">")[2])
        count = counts[name] = counts.get(name, -1) + 1
        found = f"{place}layers/{name}_{count}" if count else f"{place}layers/{name}"
        if layer.model is not None:
            yield from place_layers(layer.model, (*path, layer.name), f"{found}/")
        else:
            yield (*path, layer.name), layer, found


def _snake_case(name: str) -> str:
    """Return ``name`` as Keras writes it in a ``.keras``."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _fitting(weights: Group, place: str, slot: Slot) -> Array:
    return fit(weights.array(f"{place}/{slot.place}"), slot, f"{place}/{slot.place}")


def _own_by_path(weights: Group, place: str) -> Mapping[str, Array]:
    """Return a custom layer's arrays by number, ``0``…, those of layers in it as ``dense/0``."""
    group = weights.find(place)
    paths = [] if group is None else list(group.arrays())
    return {
        "/".join(part for part in path.split("/") if part != "vars"): weights.array(
            f"{place}/{path}"
        )
        for path in paths
        if _SEEDS not in path
    }


def _by_layer(
    file: KerasFile, model: KerasModel, parts: Mapping[Path, Part]
) -> Iterator[tuple[Path, Mapping[str, Array]]]:
    """Yield the arrays of an ``.h5``: a group for each outermost layer, with a list of names."""
    groups = file.weights.texts("layer_names")
    if groups is None:
        raise BundleMismatch(f"{file.weights.key}: layer_names", "a list of names", "nothing")
    for layer in model.layers:
        leaves = list(_leaves(layer, (), True, parts))
        if leaves:
            named = _named_arrays(file.weights, layer.name) if layer.name in groups else []
            yield from _handed_out(leaves, named, f"{file.weights.key}/{layer.name}")


def _leaves(
    layer: KerasLayer, path: Path, trainable: bool, parts: Mapping[Path, Part]
) -> Iterator[Leaf]:
    path = (*path, layer.name)
    trainable = trainable and layer.config.get("trainable", True) is not False
    if layer.model is not None:
        for inner in layer.model.layers:
            yield from _leaves(inner, path, trainable, parts)
    elif path in parts:
        yield Leaf(path, layer, parts[path], trainable)


def _named_arrays(weights: Group, layer: str) -> list[tuple[str, Array]]:
    group = weights.find(layer)
    names = None if group is None else group.texts("weight_names")
    if group is None or names is None:
        raise BundleMismatch(f"{weights.key}/{layer}: weight_names", "a list of names", "nothing")
    return [(name, group.array(name)) for name in names]


def _handed_out(
    leaves: Sequence[Leaf], named: list[tuple[str, Array]], key: str
) -> Iterator[tuple[Path, Mapping[str, Array]]]:
    """Hand the arrays of one group out: first all that can be trained, then all that cannot."""
    for leaf in leaves:
        if leaf.part.own:
            own, named = _own(leaf, named, alone=len(leaves) == 1)
            yield leaf.path, {str(i): array for i, (_, array) in enumerate(own)}
    wanted = [(leaf, slot) for leaf in leaves for slot in leaf.part.slots]
    wanted.sort(key=lambda pair: not (pair[0].trainable and pair[1].trainable))
    if len(wanted) != len(named):
        raise BundleMismatch(key, f"{len(wanted)} arrays", [name for name, _ in named])
    found: dict[Path, dict[str, Array]] = {leaf.path: {} for leaf in leaves if not leaf.part.own}
    for (leaf, slot), (name, array) in zip(wanted, named, strict=True):
        _expect_name(slot, name, key)
        found[leaf.path][slot.role] = fit(array, slot, f"{key}/{name}")
    for leaf in leaves:
        if not leaf.part.own:
            yield leaf.path, leaf.part.convert(found[leaf.path])


def _own(
    leaf: Leaf, named: list[tuple[str, Array]], *, alone: bool
) -> tuple[list[tuple[str, Array]], list[tuple[str, Array]]]:
    """Return the arrays of a custom layer, and those of all others.

    In a nested model they are known by the layer's name, which stands in that of each array.
    """
    if alone:
        return named, []
    own = [pair for pair in named if leaf.path[-1] in pair[0].split("/")]
    return own, [pair for pair in named if pair not in own]


def _expect_name(slot: Slot, name: str, key: str) -> None:
    """See that an array is not by its name another one than by its place."""
    last = re.sub(r"(_\d+)?(:\d+)?$", "", name.rpartition("/")[2])
    if last in _KNOWN and slot.saved in _KNOWN and last != slot.saved:
        raise BundleMismatch(f"{key}: weight_names", slot.saved, name)


def fit(array: Array, slot: Slot, key: str) -> Array:
    """Return ``array`` if it has the shape of ``slot``.

    Raises:
        BundleMismatch: naming ``key``, if it has not.
    """
    fits = slot.shape is None or (
        array.ndim == len(slot.shape)
        and all(
            expected in (None, found)
            for expected, found in zip(slot.shape, array.shape, strict=True)
        )
    )
    if not fits:
        raise BundleMismatch(key, slot.shape, array.shape)
    return array
