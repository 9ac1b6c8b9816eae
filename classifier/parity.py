"""Parity cases: what the source framework answered, kept to check this runtime with.

Where it could not be asked, by whomever, they are what this runtime itself answered at the
import: another machine can be held to that, but it says nothing of the framework.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from classifier.documents import Document, typed
from classifier.errors import BundleMismatch
from classifier.network import Array, LayerSpec, Network, Ref
from classifier.text import TextPipeline

_INPUT, _LAYER = "input/", "layer/"


class Recorder(str, Enum):
    """Who recorded the cases."""

    FRAMEWORK = "framework"
    """The source framework was asked when the model was imported or trained."""
    HAND = "hand"
    """The user ran the source framework and gave what it answered; it is taken as given."""
    SELF = "newsieve"
    """This runtime, at the import: no word of the source framework."""


@dataclass(frozen=True, eq=False, slots=True)
class ParityCases:
    """Recorded cases, one a row.

    Attributes:
        texts: the raw text of each case; None for one that starts from arrays.
        inputs: by name, what the network was given: (cases, …).
        outputs: by reference, what the source framework answered: (cases, …). The network's
            own outputs are among them; a layer that it does not show may be left out.
        recorded_by: who says that it did.
    """

    texts: tuple[str | None, ...]
    inputs: Mapping[str, Array]
    outputs: Mapping[str, Array]
    recorded_by: Recorder = Recorder.FRAMEWORK


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two numbers may lie apart: ``absolute + relative · |recorded|``."""

    absolute: float
    relative: float

    def __str__(self) -> str:
        relative = f" + {self.relative:g} of it" if self.relative else ""
        return f"{self.absolute:g}{relative}"


USUAL = Tolerance(1e-5, 1e-5)
RECURRENT = Tolerance(2e-5, 2e-5)
PROBABILITIES = Tolerance(1e-5, 0)
EXACT = Tolerance(0, 0)
_RECURRENT_KINDS = ("LSTM", "GRU", "SimpleRNN", "Bidirectional")
_PROBABILITIES = ("sigmoid", "softmax")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One array of ours beside the record.

    Attributes:
        place: the input that takes the text, or the reference to a layer's output.
        difference: the largest one found; infinite where one side is not a number or the
            shapes differ.
        close: every number lies within the tolerance of its kind of layer.
    """

    place: str
    difference: float
    close: bool


def first_divergence(
    cases: ParityCases, network: Network, text: TextPipeline | None
) -> Comparison | None:
    """Return the first place where ``cases`` are not met, or None: all is as recorded."""
    return next((found for found in compare(cases, network, text) if not found.close), None)


def compare(
    cases: ParityCases, network: Network, text: TextPipeline | None
) -> Iterator[Comparison]:
    """Yield what is made of the texts, then each recorded layer, in order, beside the record.

    Ids must be equal, probabilities within 1e-5, outputs of recurrent layers within 2e-5
    absolute + 2e-5 relative, all others within half of that.
    """
    if text is not None:
        yield from _text_compared(cases, network, text)
    layers = {layer.name: layer for layer in network.spec.layers}
    for ref, found in network.activations(cases.inputs).items():
        if ref in cases.outputs:
            allowed = tolerance_of(_owner(ref, layers))
            yield _compared(ref, found, cases.outputs[ref], allowed)


def tolerance_at(ref: Ref, network: Network) -> Tolerance:
    """Return how far the array that ``ref`` names may lie from the record; ids not at all."""
    given = {spec.name: spec for spec in network.spec.inputs}
    if ref in given:
        return EXACT if given[ref].dtype == "int" else USUAL
    return tolerance_of(_owner(ref, {layer.name: layer for layer in network.spec.layers}))


def tolerance_of(layer: LayerSpec) -> Tolerance:
    """Return how far the outputs of ``layer`` may lie from the record."""
    if layer.kind in _RECURRENT_KINDS:
        return RECURRENT
    return PROBABILITIES if layer.config.get("activation") in _PROBABILITIES else USUAL


def cases_to_json(cases: ParityCases) -> dict[str, object]:
    """Return the content of ``parity.json``; the arrays go to ``parity.safetensors``."""
    return {
        "recorded_by": cases.recorded_by.value,
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
        _recorder(document),
    )


def _recorder(document: Document) -> Recorder:
    """Older bundles do not say: their framework was asked."""
    if "recorded_by" not in document.fields:
        return Recorder.FRAMEWORK
    return document.choice("recorded_by", Recorder)


def _owner(ref: Ref, layers: Mapping[str, LayerSpec]) -> LayerSpec:
    return layers[ref if ref in layers else ref.rpartition(":")[0]]


def _text_compared(
    cases: ParityCases, network: Network, text: TextPipeline
) -> Iterator[Comparison]:
    rows = [i for i, case in enumerate(cases.texts) if case is not None]
    if rows:
        place = text.input or network.spec.inputs[0].name
        found = text.ids([case for case in cases.texts if case is not None])
        ids = np.issubdtype(found.dtype, np.integer)
        yield _compared(place, found, cases.inputs[place][rows], EXACT if ids else USUAL)


def _compared(place: str, found: Array, recorded: Array, allowed: Tolerance) -> Comparison:
    if found.shape != recorded.shape:
        return Comparison(place, float("inf"), close=False)
    # NaN and infinity are close to nothing, themselves included.
    if not (np.isfinite(found).all() and np.isfinite(recorded).all()):
        return Comparison(place, float("inf"), close=False)
    difference = np.abs(found.astype(np.float64) - recorded)
    close = difference <= allowed.absolute + allowed.relative * np.abs(recorded)
    return Comparison(place, float(difference.max(initial=0.0)), bool(close.all()))


def _text(value: object, key: str) -> str | None:
    return None if value is None else typed(value, str, f"{key}: texts")


def _rows(name: str, tensors: Mapping[str, Array], count: int) -> Array:
    if name not in tensors:
        raise BundleMismatch(f"parity: {name}", "an array", "nothing")
    if tensors[name].shape[:1] != (count,):
        raise BundleMismatch(f"parity: {name}", f"{count} rows", tensors[name].shape)
    return tensors[name]
