"""What a network is made of, in our own terms: the content of ``graph.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from classifier.documents import Document, typed
from classifier.errors import BundleMismatch

Shape = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class InputSpec:
    """An input: its name and the shape of one row; None is any length."""

    name: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer.

    Attributes:
        kind: its class, by the name Keras gives it.
        inputs: names of inputs or earlier layers.
        config: the arguments that change what it computes.
        weights: role (``kernel``, ``bias``…) → name of the tensor.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    config: Mapping[str, object] = field(default_factory=dict)
    weights: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GraphSpec:
    """A network: inputs, layers in an order in which each follows what it reads, the output."""

    inputs: tuple[InputSpec, ...]
    layers: tuple[LayerSpec, ...]
    output: str

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
            output=document.get("output", str),
        )


def _input(document: Document) -> InputSpec:
    sizes = document.get("shape", list)
    key = f"{document.key}: shape"
    shape = tuple(None if size is None else typed(size, int, key) for size in sizes)
    if any(size is not None and size < 1 for size in shape):
        raise BundleMismatch(key, "sizes above 0", sizes)
    return InputSpec(document.get("name", str), shape)


def _layer(document: Document) -> LayerSpec:
    return LayerSpec(
        name=document.get("name", str),
        kind=document.get("kind", str),
        inputs=document.strings("inputs"),
        config=dict(document.child("config").fields),
        weights=document.string_map("weights"),
    )
