"""What a network is made of, in our own terms: the content of ``graph.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from classifier.documents import Document, typed
from classifier.errors import BundleMismatch

Shape = tuple[int | None, ...]
Dtype = Literal["int", "float"]
_DTYPES: Mapping[str, Dtype] = {"int": "int", "float": "float"}

Ref = str
"""Names an array: an input, a layer (its first output), or ``layer:1``, ``layer:2``… of it."""


def reference(name: str, output: int) -> Ref:
    """Return the reference to one output of the layer ``name``."""
    return f"{name}:{output}" if output else name


@dataclass(frozen=True, slots=True)
class InputSpec:
    """An input.

    Attributes:
        shape: of one row; None is any length.
        dtype: ``int`` for ids, ``float`` for all that is measured.
    """

    name: str
    shape: Shape
    dtype: Dtype = "float"


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer.

    Attributes:
        name: unique in its network; of a layer in a nested model ``outer/inner``, of
            the second call of a shared layer ``name@1``.
        kind: its class, by the name Keras gives it.
        inputs: references to inputs or earlier layers.
        config: the arguments that change what it computes.
        weights: role (``kernel``, ``bias``…) → name of the tensor.
        mask: reference to the array that says which steps count; None: all do.
    """

    name: str
    kind: str
    inputs: tuple[Ref, ...]
    config: Mapping[str, object] = field(default_factory=dict)
    weights: Mapping[str, str] = field(default_factory=dict)
    mask: Ref | None = None


@dataclass(frozen=True, slots=True)
class GraphSpec:
    """A network: inputs, layers in an order in which each follows what it reads, outputs."""

    inputs: tuple[InputSpec, ...]
    layers: tuple[LayerSpec, ...]
    outputs: tuple[Ref, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``graph.json``."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Document) -> GraphSpec:
        """Return the graph that ``document`` describes.

        Raises:
            BundleMismatch: if a field is missing or of the wrong type.
        """
        return cls(
            inputs=tuple(_input(child) for child in document.children("inputs")),
            layers=tuple(_layer(child) for child in document.children("layers")),
            outputs=document.strings("outputs"),
        )


def _input(document: Document) -> InputSpec:
    sizes = document.get("shape", list)
    key = f"{document.key}: shape"
    shape = tuple(None if size is None else typed(size, int, key) for size in sizes)
    return InputSpec(document.get("name", str), shape, _dtype(document))


def _dtype(document: Document) -> Dtype:
    if (found := document.get("dtype", str)) not in _DTYPES:
        raise BundleMismatch(f"{document.key}: dtype", "int or float", found)
    return _DTYPES[found]


def _layer(document: Document) -> LayerSpec:
    return LayerSpec(
        name=document.get("name", str),
        kind=document.get("kind", str),
        inputs=document.strings("inputs"),
        config=dict(document.child("config").fields),
        weights=document.string_map("weights"),
        mask=document.find("mask", str),
    )
