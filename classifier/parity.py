"""Parity cases: what the source framework answered, kept to check this runtime with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from classifier.documents import Document, typed
from classifier.errors import BundleMismatch
from classifier.network import Array, Network
from classifier.text import TextPipeline

ABSOLUTE = 1e-5
RELATIVE = 1e-5
IDS = "ids"


@dataclass(frozen=True, eq=False, slots=True)
class ParityCases:
    """Recorded cases, one a row.

    Attributes:
        texts: the raw text of each case; None for one that starts from ids.
        ids: what the network was given: (cases, steps).
        outputs: by layer, what the source framework answered: (cases, …).
    """

    texts: tuple[str | None, ...]
    ids: Array
    outputs: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where this runtime and the record part.

    Attributes:
        place: ``ids`` or the name of the first layer that differs.
        difference: the largest one found there; infinite where one side is not a number.
    """

    place: str
    difference: float


def first_divergence(
    cases: ParityCases, network: Network, text: TextPipeline | None
) -> Divergence | None:
    """Return the first place where ``cases`` are not met, or None: all is as recorded.

    Ids must be equal; every layer within 1e-5 absolute + 1e-5 relative.
    """
    rows = [i for i, case in enumerate(cases.texts) if case is not None]
    if rows and text is not None:
        ids = text.ids([case for case in cases.texts if case is not None])
        if not np.array_equal(ids, cases.ids[rows]):
            return Divergence(IDS, float("inf"))
    for name, found in network.activations(cases.ids).items():
        if not np.allclose(found, cases.outputs[name], rtol=RELATIVE, atol=ABSOLUTE):
            return Divergence(name, _largest_difference(found, cases.outputs[name]))
    return None


def cases_to_json(cases: ParityCases) -> dict[str, object]:
    """Return the content of ``parity.json``; the arrays go to ``parity.safetensors``."""
    return {"texts": list(cases.texts), "layers": list(cases.outputs)}


def cases_to_tensors(cases: ParityCases) -> dict[str, Array]:
    """Return the arrays of ``cases`` by name."""
    return {IDS: cases.ids, **{f"layer/{name}": value for name, value in cases.outputs.items()}}


def cases_from_json(
    document: Document, tensors: Mapping[str, Array], network: Network
) -> ParityCases:
    """Return the recorded cases of ``network``.

    Raises:
        BundleMismatch: if layers or rows are missing or do not fit the network.
    """
    texts = tuple(_text(value, document.key) for value in document.get("texts", list))
    layers = document.strings("layers")
    expected = [layer.name for layer in network.spec.layers]
    if list(layers) != expected:
        raise BundleMismatch(f"{document.key}: layers", expected, list(layers))
    outputs = {name: _rows(f"layer/{name}", tensors, len(texts)) for name in layers}
    return ParityCases(texts, _rows(IDS, tensors, len(texts)), outputs)


def _text(value: object, key: str) -> str | None:
    return None if value is None else typed(value, str, f"{key}: texts")


def _rows(name: str, tensors: Mapping[str, Array], count: int) -> Array:
    if name not in tensors:
        raise BundleMismatch(f"parity: {name}", "an array", "nothing")
    if tensors[name].shape[:1] != (count,):
        raise BundleMismatch(f"parity: {name}", f"{count} rows", tensors[name].shape)
    return tensors[name]


def _largest_difference(found: Array, recorded: Array) -> float:
    if found.shape != recorded.shape:
        return float("inf")
    difference = np.abs(found.astype(np.float64) - recorded)
    return float(difference.max()) if np.isfinite(difference).all() else float("inf")
