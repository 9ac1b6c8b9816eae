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
_INPUT, _LAYER = "input/", "layer/"


@dataclass(frozen=True, eq=False, slots=True)
class ParityCases:
    """Recorded cases, one a row.

    Attributes:
        texts: the raw text of each case; None for one that starts from arrays.
        inputs: by name, what the network was given: (cases, …).
        outputs: by reference, what the source framework answered: (cases, …). The network's
            own outputs are among them; a layer that it does not show may be left out.
    """

    texts: tuple[str | None, ...]
    inputs: Mapping[str, Array]
    outputs: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where this runtime and the record part.

    Attributes:
        place: the input that takes the text, or the first layer that differs.
        difference: the largest one found there; infinite where one side is not a number.
    """

    place: str
    difference: float


def first_divergence(
    cases: ParityCases, network: Network, text: TextPipeline | None
) -> Divergence | None:
    """Return the first place where ``cases`` are not met, or None: all is as recorded.

    What is made of a text must be equal if it is ids, and every layer within 1e-5 absolute
    + 1e-5 relative.
    """
    if text is not None and (divergence := _text_divergence(cases, network, text)):
        return divergence
    for name, found in network.activations(cases.inputs).items():
        if name in cases.outputs and not _is_close(found, cases.outputs[name]):
            return Divergence(name, _largest_difference(found, cases.outputs[name]))
    return None


def cases_to_json(cases: ParityCases) -> dict[str, object]:
    """Return the content of ``parity.json``; the arrays go to ``parity.safetensors``."""
    return {
        "texts": list(cases.texts),
        "inputs": list(cases.inputs),
        "layers": list(cases.outputs),
    }


def cases_to_tensors(cases: ParityCases) -> dict[str, Array]:
    """Return the arrays of ``cases`` by name."""
    inputs = {_INPUT + name: value for name, value in cases.inputs.items()}
    return {**inputs, **{_LAYER + name: value for name, value in cases.outputs.items()}}


def cases_from_json(
    document: Document, tensors: Mapping[str, Array], network: Network
) -> ParityCases:
    """Return the recorded cases of ``network``.

    Raises:
        BundleMismatch: if layers or rows are missing or do not fit the network.
    """
    texts = tuple(_text(value, document.key) for value in document.get("texts", list))
    inputs, layers = document.strings("inputs"), document.strings("layers")
    expected = [spec.name for spec in network.spec.inputs]
    if sorted(inputs) != sorted(expected):
        raise BundleMismatch(f"{document.key}: inputs", expected, list(inputs))
    for name in (*layers, *network.spec.outputs):
        if name not in network.shapes or name not in layers:
            raise BundleMismatch(f"{document.key}: layers", list(network.shapes), list(layers))
    return ParityCases(
        texts,
        {name: _rows(_INPUT + name, tensors, len(texts)) for name in inputs},
        {name: _rows(_LAYER + name, tensors, len(texts)) for name in layers},
    )


def _text_divergence(cases: ParityCases, network: Network, text: TextPipeline) -> Divergence | None:
    rows = [i for i, case in enumerate(cases.texts) if case is not None]
    if not rows:
        return None
    place = text.input or network.spec.inputs[0].name
    found = text.ids([case for case in cases.texts if case is not None])
    recorded = cases.inputs[place][rows]
    exact = np.issubdtype(found.dtype, np.integer)
    if np.array_equal(found, recorded) if exact else _is_close(found, recorded):
        return None
    return Divergence(place, float("inf") if exact else _largest_difference(found, recorded))


def _is_close(found: Array, recorded: Array) -> bool:
    """NaN is close to nothing, and no array to one of another shape."""
    return found.shape == recorded.shape and np.allclose(
        found, recorded, rtol=RELATIVE, atol=ABSOLUTE
    )


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
