"""What a source framework is asked, so that its answers can be kept as parity cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from classifier.bundle import ModelBundle, text_input
from classifier.network import Array, InputSpec, LayerSpec, Network, Ref
from classifier.parity import ParityCases, Recorder

TEXTS = (
    "",
    "В городском парке посадили двести молодых лип, помогали школьники.",
    "СКИДКИ до 70%!!! Успей купить, звони прямо сейчас: http://example.com/sale",
    "<p>Гороскоп&nbsp;на завтра: что ждёт Овнов?</p>",
    "qwzx vbnm плюхандрий",
    "10 причин, почему ёжики лучше всех 🦔",
    "Новый мост через реку открыли для движения. " * 30,
)
"""Invented ones: none, capitals, markup, only unknown words, emoji, and far too long."""

_STEPS = 12
_PICKING = ("Step", "Slice")
_BLANKS = ((0, 0), (0, 1), (1, 2), (2, 3), (0, 3))
"""From which third to which a case is padding: nowhere, first, in the middle, last, all of it."""


def case_inputs(
    bundle: ModelBundle, *, seed: int = 1
) -> tuple[tuple[str | None, ...], dict[str, Array]]:
    """Return the text of each case, None for one that starts from arrays, and the inputs by name.

    First come ``TEXTS``, if the bundle reads any. Then ids and values at random; padding leads,
    stands in the middle, trails, and is all there is; the largest id fills a row.
    """
    random, texts = np.random.default_rng(seed), TEXTS if bundle.text else ()
    written = None if bundle.text is None else bundle.text.ids(texts)
    steps = _STEPS if written is None else written.shape[1]
    rows = len(texts) + 2 * len(_BLANKS) + 1
    network = bundle.network
    inputs = {
        given.name: _values(given, network, rows, steps, random) for given in network.spec.inputs
    }
    if bundle.text is not None and written is not None:
        inputs[text_input(bundle.text, network).name][: len(texts)] = written
    return (*texts, *[None] * (rows - len(texts))), inputs


def _values(
    given: InputSpec, network: Network, rows: int, steps: int, random: np.random.Generator
) -> Array:
    shape = (rows, *(steps if size is None else size for size in given.shape))
    values: Array
    if given.dtype == "int":
        largest = _largest_id(given.name, network)
        values = random.integers(min(1, largest), largest + 1, shape)
        values[-1] = largest
    else:
        values = random.normal(scale=2.0, size=shape).astype(np.float32)
    for row in range(rows - 1) if len(shape) > 1 else ():
        start, end = _BLANKS[row % len(_BLANKS)]
        values[row, start * shape[1] // 3 : end * shape[1] // 3] = 0
    return values


def _largest_id(name: str, network: Network) -> int:
    """Ids that no table is read with may be anything: 0 and 1 will do."""
    tables = [
        len(network.tensors[layer.weights["table"]])
        for layer in readers(name, network.spec.layers)
        if layer.kind == "Embedding"
    ]
    return min(tables, default=2) - 1


def baseline(bundle: ModelBundle) -> ParityCases | None:
    """Return what this runtime itself answers, layer by layer; None if it has no numbers.

    Raises:
        BundleMismatch: if the network cannot take such inputs.
    """
    texts, inputs = case_inputs(bundle)
    outputs = bundle.network.activations(inputs)
    cases = answered(ParityCases(texts, inputs, outputs, Recorder.SELF))
    return cases if cases.texts else None


def answered(cases: ParityCases) -> ParityCases:
    """Return those of ``cases`` to which every answer is a number."""
    finite = [
        np.isfinite(value.reshape(len(value), -1)).all(axis=1) for value in cases.outputs.values()
    ]
    rows = np.flatnonzero(np.logical_and.reduce(finite))
    return replace(
        cases,
        texts=tuple(cases.texts[row] for row in rows),
        inputs={name: value[rows] for name, value in cases.inputs.items()},
        outputs={name: value[rows] for name, value in cases.outputs.items()},
    )


def readers(name: Ref, layers: Sequence[LayerSpec]) -> Iterator[LayerSpec]:
    """Yield those of ``layers`` that read the input ``name``, or what others pick of it."""
    refs = {name}
    for layer in layers:  # each stands behind what it reads
        if refs.isdisjoint(layer.inputs):
            continue
        if layer.kind in _PICKING:
            refs.add(layer.name)
        else:
            yield layer
