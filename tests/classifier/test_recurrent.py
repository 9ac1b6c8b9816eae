from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.network.layer import Layer
from classifier.network.registry import build_layer
from tests.classifier.recurrence_oracle import Oracle, masks_of, sigmoid, weights_of

ROWS, STEPS, INPUTS, UNITS = 7, 19, 3, 4
_RESETS: Mapping[str, Any] = {"GRU": True, "GRU that resets before": False}
_KINDS = ("LSTM", "GRU", "GRU that resets before", "SimpleRNN")
_MASKS = (None, *masks_of(ROWS, STEPS))


def _random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def _x(dtype: str = "float64") -> Array:
    return _random(1).normal(size=(ROWS, STEPS, INPUTS)).astype(dtype)


def _mask(name: str | None) -> Array | None:
    return None if name is None else masks_of(ROWS, STEPS)[name]


def _class(kind: str) -> str:
    return kind.partition(" ")[0]


def _spec(kind: str, **config: object) -> LayerSpec:
    resets = {"reset_after": _RESETS[kind]} if kind in _RESETS else {}
    return LayerSpec("rnn", _class(kind), ("x",), {**resets, **config})


def _weights(kind: str, *, bias: bool = True) -> dict[str, Array]:
    after = _RESETS.get(kind, True)
    return weights_of(_random(), _class(kind), INPUTS, UNITS, bias=bias, reset_after=after)


def _oracle(kind: str, weights: Mapping[str, Array], **options: Any) -> Oracle:
    return Oracle(_class(kind), weights, reset_after=_RESETS.get(kind, True), **options)


def _layer(kind: str, weights: Mapping[str, Array], **config: object) -> Layer:
    return build_layer(_spec(kind, **config), weights)


def _close(found: Array, expected: Array) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("mask", _MASKS)
@pytest.mark.parametrize("kind", _KINDS)
def test_every_step_is_what_the_formulas_say(kind: str, mask: str | None, backwards: bool) -> None:
    weights = _weights(kind)
    layer = _layer(kind, weights, return_sequences=True, return_state=True, go_backwards=backwards)
    expected, last = _oracle(kind, weights, backwards=backwards).run(_x(), _mask(mask))
    found, *states = layer([_x()], _mask(mask))
    _close(found, expected)
    for state, should in zip(states, last, strict=True):
        _close(state, should)


@pytest.mark.parametrize("zero_masked", [False, True])
@pytest.mark.parametrize("mask", _MASKS)
@pytest.mark.parametrize("kind", _KINDS)
def test_without_sequences_the_output_is_that_of_the_last_step(
    kind: str, mask: str | None, zero_masked: bool
) -> None:
    weights = _weights(kind)
    layer = _layer(kind, weights, zero_output_for_mask=zero_masked)
    expected, _ = _oracle(kind, weights, zero_masked=zero_masked).run(_x(), _mask(mask))
    (found,) = layer([_x()], _mask(mask))
    _close(found, expected[:, -1])


@pytest.mark.parametrize("mask", _MASKS)
@pytest.mark.parametrize("kind", _KINDS)
def test_masked_steps_show_zeros_where_they_are_asked_to(kind: str, mask: str | None) -> None:
    weights = _weights(kind)
    layer = _layer(kind, weights, zero_output_for_mask=True, return_sequences=True)
    expected, _ = _oracle(kind, weights, zero_masked=True).run(_x(), _mask(mask))
    _close(layer([_x()], _mask(mask))[0], expected)


@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
@pytest.mark.parametrize("mask", [None, "leading", "mixed", "all"])
@pytest.mark.parametrize("kind", _KINDS)
def test_it_starts_from_the_states_it_is_given(
    kind: str, mask: str | None, backwards: bool
) -> None:
    weights = _weights(kind)
    oracle = _oracle(kind, weights, backwards=backwards)
    initial = [_random(2 + i).normal(size=(ROWS, UNITS)) for i in range(oracle.states)]
    layer = _layer(kind, weights, return_sequences=True, return_state=True, go_backwards=backwards)
    expected, last = oracle.run(_x(), _mask(mask), initial)
    found, *states = layer([_x(), *initial], _mask(mask))
    _close(found, expected)
    for state, should in zip(states, last, strict=True):
        _close(state, should)


@pytest.mark.parametrize("kind", _KINDS)
def test_a_row_of_padding_only_gives_zeros(kind: str) -> None:
    (found,) = _layer(kind, _weights(kind))([_x()], masks_of(ROWS, STEPS)["all"])
    np.testing.assert_array_equal(found, np.zeros((ROWS, UNITS)))


@pytest.mark.parametrize("kind", _KINDS)
def test_the_last_output_is_the_same_whichever_side_is_padded(kind: str) -> None:
    layer, words = _layer(kind, _weights(kind)), _x()[:, :5]
    padding = np.full((ROWS, 4, INPUTS), 9.0)
    valid = np.ones((ROWS, 5), bool)
    (bare,) = layer([words], None)
    (before,) = layer([np.concatenate([padding, words], axis=1)], np.pad(valid, [(0, 0), (4, 0)]))
    (after,) = layer([np.concatenate([words, padding], axis=1)], np.pad(valid, [(0, 0), (0, 4)]))
    _close(before, bare)
    _close(after, bare)


@pytest.mark.parametrize("kind", _KINDS)
def test_going_backwards_does_not_turn_the_sequence_back(kind: str) -> None:
    weights = _weights(kind)
    (turned,) = _layer(kind, weights, return_sequences=True)([_x()[:, ::-1]], None)
    (found,) = _layer(kind, weights, return_sequences=True, go_backwards=True)([_x()], None)
    _close(found, turned)


@pytest.mark.parametrize("kind", _KINDS)
def test_a_layer_may_have_no_bias(kind: str) -> None:
    weights = _weights(kind, bias=False)
    expected, _ = _oracle(kind, weights).run(_x())
    _close(_layer(kind, weights)([_x()], None)[0], expected[:, -1])


def _softmax(x: Array) -> Array:
    return np.exp(x) / np.exp(x).sum()


@pytest.mark.parametrize(
    ("config", "functions"),
    [
        ({"activation": "relu"}, {"activation": lambda x: np.maximum(x, 0)}),
        ({"activation": "linear"}, {"activation": lambda x: x}),
        ({"activation": "sigmoid"}, {"activation": sigmoid}),
        (
            {"recurrent_activation": "hard_sigmoid"},
            {"gate": lambda x: np.clip(x / 6 + 0.5, 0, 1)},
        ),
        (
            {"recurrent_activation": "hard_sigmoid_keras2"},
            {"gate": lambda x: np.clip(0.2 * x + 0.5, 0, 1)},
        ),
        ({"activation": "softmax"}, {"activation": _softmax}),
        ({"recurrent_activation": {"name": "softmax", "axis": 1}}, {"gate": _softmax}),
        (
            {"activation": {"name": "leaky_relu", "negative_slope": 0.3}},
            {"activation": lambda x: np.where(x < 0, 0.3 * x, x)},
        ),
    ],
    ids=(
        "relu",
        "linear",
        "sigmoid",
        "hard_sigmoid gates",
        "hard_sigmoid_keras2 gates",
        "softmax",
        "softmax gates",
        "leaky_relu",
    ),
)
@pytest.mark.parametrize("kind", _KINDS[:3])
def test_activations_and_gates_may_be_others(
    kind: str, config: dict[str, object], functions: dict[str, Any]
) -> None:
    weights = _weights(kind)
    layer = _layer(kind, weights, return_sequences=True, **config)
    expected, _ = _oracle(kind, weights, **functions).run(_x())
    _close(layer([_x()], None)[0], expected)


@pytest.mark.parametrize("kind", _KINDS)
def test_in_single_precision_it_is_as_near_as_that_allows(kind: str) -> None:
    weights = {role: tensor.astype(np.float32) for role, tensor in _weights(kind).items()}
    layer = _layer(kind, weights, return_sequences=True)
    mask = _mask("mixed")
    expected, _ = _oracle(kind, weights).run(_x("float32"), mask)
    (found,) = layer([_x("float32")], mask)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-5)


def test_gates_that_are_wide_open_or_shut_stay_finite() -> None:
    layer = _layer("LSTM", {role: 1000 * value for role, value in _weights("LSTM").items()})
    (found,) = layer([_x()], None)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("mask", [None, "mixed"])
@pytest.mark.parametrize("kind", _KINDS)
def test_a_row_does_not_depend_on_its_neighbours(kind: str, mask: str | None) -> None:
    layer, given = _layer(kind, _weights(kind)), _mask(mask)
    (together,) = layer([_x()], given)
    alone = [
        layer([_x()[row : row + 1]], None if given is None else given[row : row + 1])[0]
        for row in range(ROWS)
    ]
    _close(together, np.concatenate(alone))


@pytest.mark.parametrize("kind", _KINDS)
def test_what_it_is_given_stays_as_it_was(kind: str) -> None:
    weights, x, mask = _weights(kind), _x(), masks_of(ROWS, STEPS)["mixed"]
    states = [np.ones((ROWS, UNITS)) for _ in range(_oracle(kind, weights).states)]
    layer = _layer(kind, weights, return_state=True)
    first = layer([x, *states], mask)
    again = layer([x, *states], mask)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(x, _x())
    assert all((state == 1).all() for state in states)
    for role, tensor in _weights(kind).items():
        np.testing.assert_array_equal(weights[role], tensor)


def test_a_batch_may_have_no_rows() -> None:
    (found,) = _layer("LSTM", _weights("LSTM"))([_x()[:0]], None)
    assert found.shape == (0, UNITS)


@pytest.mark.parametrize("after", [True, False])
def test_the_bias_tells_which_way_a_gru_resets_when_the_config_does_not(after: bool) -> None:
    weights = _weights("GRU" if after else "GRU that resets before")
    layer = build_layer(LayerSpec("rnn", "GRU", ("x",)), weights)
    expected, _ = Oracle("GRU", weights, reset_after=after).run(_x())
    _close(layer([_x()], None)[0], expected[:, -1])


def test_a_gru_that_tells_by_neither_is_refused() -> None:
    with pytest.raises(BundleMismatch, match="rnn: reset_after: expected true or false"):
        build_layer(LayerSpec("rnn", "GRU", ("x",)), _weights("GRU", bias=False))


@pytest.mark.parametrize("kind", _KINDS)
def test_shapes_of_the_outputs_are_known_beforehand(kind: str) -> None:
    weights = _weights(kind)
    states = [(UNITS,)] * _oracle(kind, weights).states
    shapes = [(None, INPUTS)]
    assert _layer(kind, weights).shape(shapes) == ((UNITS,),)
    both = _layer(kind, weights, return_sequences=True, return_state=True)
    assert both.shape(shapes) == ((None, UNITS), *states)
    assert both.shape([*shapes, *states]) == ((None, UNITS), *states)


def test_a_network_hands_out_the_states_as_further_outputs() -> None:
    weights = _weights("LSTM")
    names = {role: f"rnn/{role}" for role in weights}
    layer = LayerSpec("rnn", "LSTM", ("x",), {"return_state": True}, names)
    spec = GraphSpec((InputSpec("x", (None, INPUTS)),), (layer,), ("rnn:2", "rnn"))
    network = Network(
        spec, {names[role]: tensor for role, tensor in weights.items()}, dtype=np.float64
    )
    expected, (_, memory) = Oracle("LSTM", weights).run(_x())
    found_memory, found = network(_x())
    _close(found_memory, memory)
    _close(found, expected[:, -1])
    assert list(network.activations(_x())) == ["rnn", "rnn:1", "rnn:2"]


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"activation": "wavy"}, "activation='wavy'"),
        ({"recurrent_activation": None}, "recurrent_activation=None"),
        ({"activation": "glu"}, "activation='glu'"),
        ({"recurrent_activation": {"name": "softmax", "axis": -2}}, "'axis': -2"),
        ({"return_sequences": "yes"}, "return_sequences='yes'"),
        ({"stateful": True}, "stateful=True"),
    ],
    ids=str,
)
def test_settings_it_cannot_serve_are_refused_by_name(
    config: dict[str, object], named: str
) -> None:
    with pytest.raises(UnsupportedLayer) as refusal:
        _layer("LSTM", _weights("LSTM"), **config)
    assert refusal.value.name == "rnn"
    assert refusal.value.layer_class.startswith("LSTM(")
    assert named in refusal.value.layer_class


@pytest.mark.parametrize(
    ("kind", "changed", "key", "expected", "found"),
    [
        ("LSTM", {"kernel": np.zeros((INPUTS, 12))}, "kernel", (INPUTS, 16), (INPUTS, 12)),
        ("LSTM", {"recurrent_kernel": np.zeros((5, 16))}, "recurrent_kernel", (5, 20), (5, 16)),
        ("LSTM", {"bias": np.zeros(32)}, "bias", (16,), (32,)),
        ("GRU", {"bias": np.zeros((1, 12))}, "bias", (2, 12), (1, 12)),
        ("GRU", {"bias": np.zeros(12)}, "bias", "2 dimensions", (12,)),
        ("GRU that resets before", {"bias": np.zeros((2, 12))}, "bias", "1 dimensions", (2, 12)),
        ("SimpleRNN", {"recurrent_kernel": np.zeros((4, 8))}, "recurrent_kernel", (4, 4), (4, 8)),
    ],
)
def test_weights_that_do_not_fit_are_named_with_their_shapes(
    kind: str, changed: dict[str, Array], key: str, expected: object, found: object
) -> None:
    with pytest.raises(BundleMismatch) as mismatch:
        _layer(kind, {**_weights(kind), **changed})
    assert (mismatch.value.key, mismatch.value.expected, mismatch.value.found) == (
        f"rnn: {key}",
        expected,
        found,
    )


def test_weights_that_are_missing_or_left_over_are_told() -> None:
    weights = _weights("LSTM")
    with pytest.raises(BundleMismatch, match="rnn: weights"):
        _layer("LSTM", {"kernel": weights["kernel"], "bias": weights["bias"]})
    with pytest.raises(BundleMismatch, match="rnn: weights"):
        _layer("LSTM", {**weights, "peephole": np.zeros(UNITS)})


@pytest.mark.parametrize(
    ("shapes", "key"),
    [
        ([(STEPS, INPUTS + 1)], "rnn: input"),
        ([(INPUTS,)], "rnn: input"),
        ([(STEPS, INPUTS), (UNITS,)], "rnn: inputs"),
        ([(STEPS, INPUTS), (UNITS,), (UNITS + 1,)], "rnn: initial state"),
    ],
    ids=str,
)
def test_inputs_that_do_not_fit_are_told_before_anything_runs(
    shapes: list[tuple[int, ...]], key: str
) -> None:
    with pytest.raises(BundleMismatch) as mismatch:
        _layer("LSTM", _weights("LSTM")).shape(shapes)
    assert mismatch.value.key == key


def test_no_steps_at_all_are_a_mismatch() -> None:
    with pytest.raises(BundleMismatch, match="rnn: steps: expected at least 1, found 0"):
        _layer("LSTM", _weights("LSTM"))([_x()[:, :0]], None)


def test_a_mask_of_other_steps_is_a_mismatch() -> None:
    with pytest.raises(BundleMismatch, match=r"rnn: mask: expected \(7, 19\), found \(7, 18\)"):
        _layer("LSTM", _weights("LSTM"))([_x()], np.ones((ROWS, STEPS - 1), bool))


def test_a_mask_in_the_graph_makes_the_side_of_the_padding_all_one() -> None:
    weights = _weights("LSTM")
    tensors = {"table": _random(3).normal(size=(9, INPUTS)), **weights}
    layers = (
        LayerSpec("words", "Embedding", ("ids",), {}, {"table": "table"}),
        LayerSpec("mask", "NotEqual", ("ids",), {"value": 0}),
        LayerSpec("rnn", "LSTM", ("words",), {}, {role: role for role in weights}, mask="mask"),
    )
    spec = GraphSpec((InputSpec("ids", (6,), "int"),), layers, ("rnn",))
    network = Network(spec, tensors, dtype=np.float64)
    (bare,) = Oracle("LSTM", weights).run(tensors["table"][None, [3, 8, 1]])[0][:, -1]
    for row in network(np.array([[3, 8, 1, 0, 0, 0], [0, 0, 0, 3, 8, 1], [0, 3, 0, 8, 1, 0]])):
        _close(row, bare)
