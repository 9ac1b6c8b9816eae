"""Recurrent layers beside those of Keras and PyTorch: every flag, every mask, other weights."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from classifier.network import Array, LayerSpec
from classifier.network.registry import build_layer
from tests.classifier.recurrence_oracle import masks_of

ROWS, STEPS, INPUTS, UNITS = 5, 9, 3, 4
KINDS = ("LSTM", "GRU", "SimpleRNN")
MASKS = (None, *masks_of(ROWS, STEPS))
GATES = ("sigmoid", "hard_sigmoid")
ACTIVATIONS = ("tanh", "relu", "softmax")
BOTH = (False, True)


def _random(*seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _x(random: np.random.Generator) -> Array:
    return random.normal(size=(ROWS, STEPS, INPUTS)).astype(np.float32)


def _mask(name: str | None) -> Array | None:
    return None if name is None else masks_of(ROWS, STEPS)[name]


def _states(random: np.random.Generator, count: int) -> list[Array]:
    return [random.normal(size=(ROWS, UNITS)).astype(np.float32) for _ in range(count)]


def _expect_equal(found: tuple[Array, ...], expected: list[Array]) -> None:
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=2e-5)


# -- Keras -----------------------------------------------------------------------


def _keras_layer(kind: str, config: dict[str, Any], random: np.random.Generator) -> Any:
    from keras import layers

    layer = getattr(layers, kind)(UNITS, **config)
    layer.build((None, None, INPUTS))
    layer.set_weights([random.normal(0, 0.6, weight.shape) for weight in layer.weights])
    return layer


def _keras_weights(layer: Any, prefix: str = "") -> dict[str, Array]:
    roles = ("kernel", "recurrent_kernel", "bias")
    return {prefix + role: value for role, value in zip(roles, layer.get_weights(), strict=False)}


def _keras_outputs(layer: Any, x: Array, mask: Array | None, states: list[Array]) -> list[Array]:
    import keras

    given = [keras.ops.convert_to_tensor(state) for state in states]
    keras_mask = None if mask is None else keras.ops.convert_to_tensor(mask)
    found = layer(x, mask=keras_mask, initial_state=given or None)
    outputs = found if isinstance(found, list | tuple) else [found]
    return [keras.ops.convert_to_numpy(output) for output in outputs]


def _configs(kind: str) -> Iterator[dict[str, Any]]:
    names = ("return_sequences", "return_state", "go_backwards", "zero_output_for_mask", "use_bias")
    for flags in product(BOTH, repeat=len(names)):
        for extra in [{"reset_after": after} for after in BOTH] if kind == "GRU" else [{}]:
            yield {**dict(zip(names, flags, strict=True)), **extra}


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_flag_gives_what_keras_gives(kind: str, mask: str | None) -> None:
    pytest.importorskip("keras")
    for number, config in enumerate(_configs(kind)):
        random = _random(number)
        activations = {"activation": ACTIVATIONS[number % len(ACTIVATIONS)]}
        if kind != "SimpleRNN":
            activations["recurrent_activation"] = GATES[number % len(GATES)]
        layer = _keras_layer(kind, config | activations, random)
        own = {key: value for key, value in config.items() if key != "use_bias"} | activations
        ours = build_layer(LayerSpec("rnn", kind, ("x",), own), _keras_weights(layer))
        x = _x(random)
        states = _states(random, 2 if kind == "LSTM" else 1) if random.integers(2) else []
        expected = _keras_outputs(layer, x, _mask(mask), states)
        _expect_equal(ours([x, *states], _mask(mask)), expected)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", KINDS)
def test_both_directions_give_what_keras_gives(kind: str, mask: str | None) -> None:
    pytest.importorskip("keras")
    from keras import layers

    merges = ("concat", "sum", "ave", "mul", None)
    for number, (merge, sequences, states, turned) in enumerate(product(merges, BOTH, BOTH, BOTH)):
        random = _random(number)
        shown = {"return_sequences": sequences, "return_state": states}
        forward, backward = (
            _keras_layer(kind, {**shown, "go_backwards": backwards}, random)
            for backwards in (turned, not turned)
        )
        layer = layers.Bidirectional(forward, merge_mode=merge, backward_layer=backward)
        layer.build((None, None, INPUTS))
        layer.forward_layer.set_weights(forward.get_weights())
        config = {
            "layer": kind,
            "merge_mode": merge,
            "forward": {"go_backwards": turned, **_resets(kind)},
            "backward": {"go_backwards": not turned, **_resets(kind)},
            **shown,
        }
        weights = {**_keras_weights(forward, "forward_"), **_keras_weights(backward, "backward_")}
        ours = build_layer(LayerSpec("both", "Bidirectional", ("x",), config), weights)
        x = _x(random)
        given = _states(random, 4 if kind == "LSTM" else 2) if random.integers(2) else []
        expected = _keras_outputs(layer, x, _mask(mask), given)
        _expect_equal(ours([x, *given], _mask(mask)), expected)


def _resets(kind: str) -> dict[str, bool]:
    return {"reset_after": True} if kind == "GRU" else {}


# -- PyTorch ---------------------------------------------------------------------

_TORCH = {"LSTM": "LSTM", "GRU": "GRU", "SimpleRNN": "RNN"}
_KERAS_ORDER = {"LSTM": (0, 1, 2, 3), "GRU": (1, 0, 2), "SimpleRNN": (0,)}


def _torch_weights(module: Any, kind: str, suffix: str, prefix: str) -> dict[str, Array]:
    def columns(name: str) -> Array:
        gates = np.split(getattr(module, name + suffix).detach().numpy(), len(_KERAS_ORDER[kind]))
        return np.concatenate([gates[gate] for gate in _KERAS_ORDER[kind]]).T

    biases = np.stack([columns("bias_ih_l0"), columns("bias_hh_l0")])
    return {
        f"{prefix}kernel": columns("weight_ih_l0"),
        f"{prefix}recurrent_kernel": columns("weight_hh_l0"),
        f"{prefix}bias": biases if kind == "GRU" else biases.sum(axis=0),
    }


@pytest.mark.parametrize("padded", BOTH, ids=["full", "padded"])
@pytest.mark.parametrize("kind", KINDS)
def test_both_directions_give_what_pytorch_gives(kind: str, padded: bool) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = getattr(torch.nn, _TORCH[kind])(INPUTS, UNITS, batch_first=True, bidirectional=True)
    x = _x(_random(1))
    lengths = np.array([9, 7, 4, 2, 1]) if padded else np.full(ROWS, STEPS)
    packed = torch.nn.utils.rnn.pack_padded_sequence(torch.from_numpy(x), lengths, batch_first=True)
    with torch.inference_mode():
        output, last = module(packed)
    output, _ = torch.nn.utils.rnn.pad_packed_sequence(output, batch_first=True)
    states = last if kind == "LSTM" else (last,)
    expected = [output, *(state[0] for state in states), *(state[1] for state in states)]
    config = {"layer": kind, "return_sequences": True, "return_state": True}
    weights = {
        **_torch_weights(module, kind, "", "forward_"),
        **_torch_weights(module, kind, "_reverse", "backward_"),
    }
    ours = build_layer(LayerSpec("both", "Bidirectional", ("x",), config), weights)
    mask = np.arange(STEPS) < lengths[:, None]
    found = ours([x], mask if padded else None)
    _expect_equal(found, [array.numpy() for array in expected])
