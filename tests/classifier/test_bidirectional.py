from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import Array, LayerSpec
from classifier.network.layer import Layer
from classifier.network.registry import build_layer
from tests.classifier.recurrence_oracle import Oracle, masks_of, weights_of

ROWS, STEPS, INPUTS, UNITS = 6, 11, 3, 4
_KINDS = ("LSTM", "GRU", "SimpleRNN")
_MASKS = (None, *masks_of(ROWS, STEPS))
_MERGES: Mapping[str, Callable[[Array, Array], Array]] = {
    "concat": lambda forward, backward: np.concatenate([forward, backward], axis=-1),
    "sum": lambda forward, backward: forward + backward,
    "ave": lambda forward, backward: (forward + backward) / 2,
    "mul": lambda forward, backward: forward * backward,
}


def _x() -> Array:
    return np.random.default_rng(1).normal(size=(ROWS, STEPS, INPUTS))


def _mask(name: str | None) -> Array | None:
    return None if name is None else masks_of(ROWS, STEPS)[name]


def _pair(kind: str, **options: Any) -> tuple[Oracle, Oracle]:
    """Return a forward and a backward layer of other weights."""
    random = np.random.default_rng(0)
    forward = Oracle(kind, weights_of(random, kind, INPUTS, UNITS), **options)
    backward = Oracle(kind, weights_of(random, kind, INPUTS, UNITS), **options)
    return forward, replace(backward, backwards=True)


def _layer(forward: Oracle, backward: Oracle, /, **config: object) -> Layer:
    weights = {f"forward_{role}": tensor for role, tensor in forward.weights.items()}
    weights |= {f"backward_{role}": tensor for role, tensor in backward.weights.items()}
    spec = LayerSpec("both", "Bidirectional", ("x",), {"layer": forward.kind, **config})
    return build_layer(spec, weights)


def _close(found: Array, expected: Array) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("mask", _MASKS)
@pytest.mark.parametrize("merge", _MERGES)
@pytest.mark.parametrize("kind", _KINDS)
def test_sequences_are_merged_step_by_step_and_masked_steps_are_zeros(
    kind: str, merge: str, mask: str | None
) -> None:
    forward, backward = _pair(kind, zero_masked=True)
    one, _ = forward.run(_x(), _mask(mask))
    other, _ = backward.run(_x(), _mask(mask))
    layer = _layer(forward, backward, merge_mode=merge, return_sequences=True)
    (found,) = layer([_x()], _mask(mask))
    _close(found, _MERGES[merge](one, other[:, ::-1]))


@pytest.mark.parametrize("mask", _MASKS)
@pytest.mark.parametrize("merge", _MERGES)
@pytest.mark.parametrize("kind", _KINDS)
def test_last_outputs_are_those_after_the_last_word_that_counts_each_way(
    kind: str, merge: str, mask: str | None
) -> None:
    forward, backward = _pair(kind)
    one, _ = forward.run(_x(), _mask(mask))
    other, _ = backward.run(_x(), _mask(mask))
    (found,) = _layer(forward, backward, merge_mode=merge)([_x()], _mask(mask))
    _close(found, _MERGES[merge](one[:, -1], other[:, -1]))


@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("kind", _KINDS)
def test_without_a_merge_both_outputs_are_given(kind: str, sequences: bool) -> None:
    forward, backward = _pair(kind)
    (one, _), (other, _) = forward.run(_x()), backward.run(_x())
    layer = _layer(forward, backward, merge_mode=None, return_sequences=sequences)
    found = layer([_x()], None)
    _close(found[0], one if sequences else one[:, -1])
    _close(found[1], other[:, ::-1] if sequences else other[:, -1])
    assert len(found) == 2


@pytest.mark.parametrize("merge", [*_MERGES, None])
@pytest.mark.parametrize("kind", _KINDS)
def test_states_are_the_forward_ones_then_the_backward_ones(kind: str, merge: str | None) -> None:
    forward, backward = _pair(kind)
    mask = masks_of(ROWS, STEPS)["mixed"]
    (_, ahead), (_, back) = forward.run(_x(), mask), backward.run(_x(), mask)
    layer = _layer(forward, backward, merge_mode=merge, return_state=True)
    found = layer([_x()], mask)
    assert len(found) == (1 if merge else 2) + len(ahead) + len(back)
    for state, expected in zip(found[-2 * len(ahead) :], [*ahead, *back], strict=True):
        _close(state, expected)


@pytest.mark.parametrize("kind", _KINDS)
def test_initial_states_go_by_halves_to_the_two_layers(kind: str) -> None:
    forward, backward = _pair(kind)
    random = np.random.default_rng(3)
    initial = [random.normal(size=(ROWS, UNITS)) for _ in range(2 * forward.states)]
    one, _ = forward.run(_x(), initial=initial[: forward.states])
    other, _ = backward.run(_x(), initial=initial[forward.states :])
    (found,) = _layer(forward, backward)([_x(), *initial], None)
    _close(found, np.concatenate([one[:, -1], other[:, -1]], axis=-1))


def test_the_two_layers_have_settings_of_their_own() -> None:
    forward, backward = _pair("GRU")
    backward = replace(
        backward,
        activation=lambda x: np.maximum(x, 0),
        reset_after=False,
        weights=weights_of(np.random.default_rng(5), "GRU", INPUTS, 2, reset_after=False),
    )
    layer = _layer(
        forward,
        backward,
        forward={"reset_after": True},
        backward={"reset_after": False, "activation": "relu", "go_backwards": True},
    )
    one, other = forward.run(_x())[0], backward.run(_x())[0]
    _close(layer([_x()], None)[0], np.concatenate([one[:, -1], other[:, -1]], axis=-1))


def test_the_forward_layer_may_be_the_one_that_goes_backwards() -> None:
    forward, backward = _pair("LSTM")
    layer = _layer(
        forward,
        backward,
        return_sequences=True,
        forward={"go_backwards": True},
        backward={"go_backwards": False},
    )
    one, _ = replace(forward, backwards=True).run(_x())
    other, _ = replace(backward, backwards=False).run(_x())
    _close(layer([_x()], None)[0], np.concatenate([one, other[:, ::-1]], axis=-1))


def test_masked_steps_carry_the_output_on_where_the_file_says_so() -> None:
    forward, backward = _pair("LSTM")
    mask = masks_of(ROWS, STEPS)["mixed"]
    carried = {"zero_output_for_mask": False}
    layer = _layer(forward, backward, return_sequences=True, forward=carried, backward=carried)
    one, other = forward.run(_x(), mask)[0], backward.run(_x(), mask)[0]
    _close(layer([_x()], mask)[0], np.concatenate([one, other[:, ::-1]], axis=-1))


@pytest.mark.parametrize(
    ("config", "shapes"),
    [
        ({}, [(8,)]),
        ({"merge_mode": "sum"}, [(4,)]),
        ({"return_sequences": True}, [(None, 8)]),
        ({"merge_mode": None, "return_sequences": True}, [(None, 4), (None, 4)]),
        ({"return_state": True}, [(8,), (4,), (4,), (4,), (4,)]),
        ({"merge_mode": None, "return_state": True}, [(4,)] * 6),
    ],
    ids=str,
)
def test_shapes_of_the_outputs_are_known_beforehand(
    config: dict[str, object], shapes: list[tuple[int | None, ...]]
) -> None:
    assert _layer(*_pair("LSTM"), **config).shape([(None, INPUTS)]) == tuple(shapes)


@pytest.mark.parametrize(
    ("config", "name", "named"),
    [
        ({"merge_mode": "max"}, "both", "Bidirectional(merge_mode='max')"),
        ({"layer": "Dense"}, "both", "Bidirectional(layer='Dense')"),
        ({"stateful": True}, "both", "Bidirectional(stateful=True)"),
        ({"forward": 1}, "both", "Bidirectional(forward=1)"),
        ({"backward": {"stateful": True}}, "both/backward", "LSTM(stateful=True)"),
    ],
    ids=str,
)
def test_settings_it_cannot_serve_are_refused_by_name(
    config: dict[str, object], name: str, named: str
) -> None:
    with pytest.raises(UnsupportedLayer) as refusal:
        _layer(*_pair("LSTM"), **config)
    assert (refusal.value.name, refusal.value.layer_class) == (name, named)


@pytest.mark.parametrize(
    ("config", "key"),
    [
        ({"backward": {"go_backwards": False}}, "both: go_backwards"),
        ({"forward": {"go_backwards": True}}, "both: go_backwards"),
        ({"forward": {"return_sequences": True}}, "both: return_sequences, return_state"),
    ],
    ids=str,
)
def test_layers_that_do_not_make_a_pair_are_told(config: dict[str, object], key: str) -> None:
    with pytest.raises(BundleMismatch) as mismatch:
        _layer(*_pair("LSTM"), **config)
    assert mismatch.value.key == key


def test_layers_of_other_sizes_cannot_be_added() -> None:
    forward, backward = _pair("SimpleRNN")
    weights = weights_of(np.random.default_rng(0), "SimpleRNN", INPUTS, UNITS + 1)
    with pytest.raises(BundleMismatch, match="both: units: expected 4, found 5"):
        _layer(forward, replace(backward, weights=weights), merge_mode="sum")


def test_weights_of_neither_layer_are_told() -> None:
    forward, backward = _pair("LSTM")
    stray = replace(forward, weights={})
    with pytest.raises(BundleMismatch, match="both/forward: weights"):
        _layer(stray, backward)
    spec = LayerSpec("both", "Bidirectional", ("x",), {"layer": "LSTM"})
    with pytest.raises(BundleMismatch, match=r"both: weights: .* found sideways_kernel"):
        build_layer(spec, {"sideways_kernel": np.zeros((3, 16))})


def test_initial_states_for_one_layer_only_are_told() -> None:
    layer = _layer(*_pair("GRU"))
    with pytest.raises(BundleMismatch, match=r"both: inputs: .* found 1 of them"):
        layer.shape([(STEPS, INPUTS), (UNITS,)])
