"""A network while an importer puts it together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from classifier.errors import BundleMismatch
from classifier.importers.architecture import Architecture
from classifier.network import Array, GraphSpec, LayerSpec, Network, Ref


@dataclass(slots=True)
class Assembly:
    """The layers so far, and what the names in the spec file have become.

    Attributes:
        refs: what the spec file calls it → what the graph calls it.
        notes: what whoever imports the model should know.
    """

    architecture: Architecture
    refs: dict[str, Ref] = field(init=False)
    notes: list[str] = field(default_factory=list)
    _layers: list[LayerSpec] = field(default_factory=list)
    _tensors: dict[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.refs = {given.name: given.name for given in self.architecture.inputs}

    def add(
        self,
        name: str,
        kind: str,
        inputs: Sequence[Ref],
        config: Mapping[str, object] | None = None,
        weights: Mapping[str, Array] | None = None,
    ) -> Ref:
        """Add a layer of this runtime; its inputs are references of the graph.

        Returns:
            The reference to its first output.
        """
        named = {role: f"{name}/{role}" for role in weights or {}}
        for role, tensor in (weights or {}).items():
            self._tensors[named[role]] = np.ascontiguousarray(tensor)
        self._layers.append(LayerSpec(name, kind, tuple(inputs), config or {}, named))
        return name

    def read(self, layer: str, inputs: Sequence[str]) -> list[Ref]:
        """Return the references of the graph to ``inputs``, as the spec file calls them.

        Raises:
            BundleMismatch: if one is no input, earlier layer or part of one.
        """
        for name in inputs:
            if name not in self.refs:
                raise BundleMismatch(f"{layer}: inputs", f"one of {', '.join(self.refs)}", name)
        return [self.refs[name] for name in inputs]

    def parts_of(self, layer: str) -> set[str]:
        """Return which parts of ``layer`` are read: ``""`` is the layer itself."""
        read = [name for entry in self.architecture.layers for name in entry.inputs]
        split = [name.partition(":") for name in (*read, *self.architecture.outputs)]
        return {part for name, _, part in split if name == layer}

    def note(self, text: str) -> None:
        """Keep a note, once."""
        if text not in self.notes:
            self.notes.append(text)

    def network(self) -> Network:
        """Return the network.

        Raises:
            UnsupportedLayer: for a setting that this runtime cannot serve.
            BundleMismatch: if layers and weights do not fit together.
        """
        outputs = tuple(self.read("outputs", self.architecture.outputs))
        spec = GraphSpec(self.architecture.inputs, tuple(self._layers), outputs)
        return Network(spec, self._tensors)
