"""Single layers as networks: how the tests of the layers run them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network


def network(
    kind: str,
    shapes: Sequence[tuple[int | None, ...]],
    config: Mapping[str, object] | None = None,
    weights: Mapping[str, Array] | None = None,
    **options: Any,
) -> Network:
    """Return the layer ``kind`` over inputs ``x0``, ``x1``… of ``shapes``, in float64.

    With ``mask=True`` a further input ``known`` of the first one's steps is its mask, true
    where it is not 0.
    """
    names = [f"x{i}" for i in range(len(shapes))]
    inputs = [InputSpec(name, shape) for name, shape in zip(names, shapes, strict=True)]
    roles = {role: f"w/{role}" for role in weights or {}}
    tested = LayerSpec("tested", kind, tuple(names), config or {}, roles)
    layers = [tested]
    if options.get("mask"):
        inputs.append(InputSpec("known", options["mask"]))
        layers = [
            LayerSpec("mask", "NotEqual", ("known",), {"value": 0}),
            LayerSpec("tested", kind, tuple(names), config or {}, roles, "mask"),
        ]
    spec = GraphSpec(tuple(inputs), tuple(layers), ("tested",))
    tensors = {f"w/{role}": tensor for role, tensor in (weights or {}).items()}
    return Network(spec, tensors, dtype=options.get("dtype", np.float64))


def run(
    kind: str,
    inputs: Sequence[Array],
    config: Mapping[str, object] | None = None,
    weights: Mapping[str, Array] | None = None,
    mask: Array | None = None,
) -> Array:
    """Return what the layer ``kind`` answers to ``inputs``; its shape is the declared one."""
    arrays = [np.asarray(x) for x in inputs]
    steps = None if mask is None else mask.shape[1:]
    built = network(kind, [x.shape[1:] for x in arrays], config, weights, mask=steps)
    named = {f"x{i}": x for i, x in enumerate(arrays)}
    found: Array = built(named if mask is None else {**named, "known": mask.astype(float)})
    assert built.output_shapes == (found.shape[1:],)
    return found


def normal(*shape: int, seed: int = 0) -> Array:
    """Return numbers from the normal distribution."""
    return np.random.default_rng(seed).normal(size=shape)
