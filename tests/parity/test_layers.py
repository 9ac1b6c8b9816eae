"""Single layers beside those of Keras and PyTorch, which are a second oracle for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

import torch
from keras import activations, layers, ops
from torch.nn import functional

from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.network.activations import ACTIVATIONS
from tests.classifier.layers import normal

ROWS, STEPS, SIZE = 4, 9, 6
# Their own names, or none there: Keras 3 has only one of the two hard sigmoids.
_OURS_ALONE = {"hard_sigmoid_keras2"}
_KNEES = np.array([-7.0, -3.0, -2.5, -1.0, -0.5, 0.0, 0.5, 1.0, 2.5, 3.0, 6.0, 7.0])


def _ours(
    kind: str,
    inputs: list[Array],
    config: Mapping[str, object],
    weights: Mapping[str, Array] | None = None,
    mask: Array | None = None,
) -> Array:
    names = [f"x{i}" for i in range(len(inputs))]
    given = [InputSpec(name, x.shape[1:]) for name, x in zip(names, inputs, strict=True)]
    roles = {role: role for role in weights or {}}
    layer = LayerSpec("layer", kind, tuple(names), config, roles, None if mask is None else "mask")
    layers: tuple[LayerSpec, ...] = (layer,)
    values = dict(zip(names, inputs, strict=True))
    if mask is not None:
        given.append(InputSpec("known", mask.shape[1:]))
        layers = (LayerSpec("mask", "NotEqual", ("known",), {"value": 0}), layer)
        values["known"] = mask.astype(np.float32)
    found: Array = Network(GraphSpec(tuple(given), layers, ("layer",)), weights or {})(values)
    return found


def _keras(layer: Any, inputs: list[Array], mask: Array | None = None) -> tuple[Array, list[Array]]:
    """Return what Keras answers with random weights, and the weights."""
    given = inputs[0] if len(inputs) == 1 else inputs
    shapes = [x.shape for x in inputs]
    layer.build(shapes[0] if len(inputs) == 1 else shapes)
    weights = [
        np.abs(normal(*weight.shape, seed=i)).astype(np.float32) + 0.1
        for i, weight in enumerate(layer.weights)
    ]
    layer.set_weights(weights)
    options = {} if mask is None else {"mask": ops.convert_to_tensor(mask)}
    return np.asarray(ops.convert_to_numpy(layer(given, **options))), weights


def _x(*shape: int, seed: int = 0) -> Array:
    return normal(*(shape or (ROWS, STEPS, SIZE)), seed=seed).astype(np.float32)


def _close(found: Array, expected: Array) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def _torch(function: Callable[..., Any], *arrays: Array, **options: Any) -> Array:
    with torch.no_grad():
        found: Array = function(*(torch.from_numpy(np.array(x)) for x in arrays), **options).numpy()
    return found


@pytest.mark.parametrize("name", sorted(ACTIVATIONS.keys() - _OURS_ALONE))
def test_activations_are_those_of_keras(name: str) -> None:
    x = np.concatenate([_x(ROWS, 12), _KNEES[None].astype(np.float32)])
    arguments = {"threshold": 0.5, "default_value": -1.0} if name == "threshold" else {}
    theirs = activations.get(name)(ops.convert_to_tensor(x), *arguments.values())
    _close(
        _ours("Activation", [x], {"activation": {"name": name, **arguments}}),
        ops.convert_to_numpy(theirs),
    )


@pytest.mark.parametrize(
    ("name", "function", "arguments"),
    [
        ("relu", "relu", {}),
        ("relu6", "relu6", {}),
        ("leaky_relu", "leaky_relu", {"negative_slope": 0.01}),
        ("elu", "elu", {"alpha": 0.7}),
        ("selu", "selu", {}),
        ("celu", "celu", {"alpha": 0.7}),
        ("gelu", "gelu", {}),
        ("sigmoid", "sigmoid", {}),
        ("hard_sigmoid", "hardsigmoid", {}),
        ("hard_silu", "hardswish", {}),
        ("silu", "silu", {}),
        ("softplus", "softplus", {}),
        ("softsign", "softsign", {}),
        ("tanh", "tanh", {}),
        ("tanh_shrink", "tanhshrink", {}),
        ("hard_tanh", "hardtanh", {}),
        ("mish", "mish", {}),
        ("glu", "glu", {}),
        ("log_sigmoid", "logsigmoid", {}),
    ],
)
def test_activations_are_those_of_pytorch(
    name: str, function: str, arguments: dict[str, float]
) -> None:
    x = np.concatenate([_x(ROWS, 12), _KNEES[None].astype(np.float32)])
    expected = _torch(getattr(functional, function), x, **arguments)
    _close(_ours("Activation", [x], {"activation": {"name": name, **arguments}}), expected)


@pytest.mark.parametrize("axis", [1, -1])
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_shares_along_an_axis_are_those_of_pytorch(name: str, axis: int) -> None:
    expected = _torch(getattr(functional, name), _x(), dim=axis)
    _close(_ours("Activation", [_x()], {"activation": {"name": name, "axis": axis}}), expected)


def _dense(units: int, **config: Any) -> Any:
    return layers.Dense(units, **config)


@pytest.mark.parametrize("shape", [(ROWS, SIZE), (ROWS, STEPS, SIZE), (2, 3, STEPS, SIZE)])
@pytest.mark.parametrize("bias", [False, True])
def test_dense_is_that_of_keras(shape: tuple[int, ...], bias: bool) -> None:
    x = _x(*shape)
    expected, weights = _keras(_dense(5, use_bias=bias, activation="tanh"), [x])
    named = dict(zip(("kernel", "bias"), weights, strict=False))
    _close(_ours("Dense", [x], {"activation": "tanh"}, named), expected)


@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
@pytest.mark.parametrize("moves", [{}, {"strides": 2}, {"strides": 3}, {"dilation_rate": 3}])
@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize(("steps", "size"), [(9, 1), (9, 2), (9, 3), (10, 3), (10, 4)])
def test_convolution_is_that_of_keras(
    padding: str, moves: dict[str, int], groups: int, steps: int, size: int
) -> None:
    config = {"padding": padding, "groups": groups, **moves}
    x = _x(ROWS, steps, SIZE)
    expected, weights = _keras(layers.Conv1D(6, size, **config), [x])
    named = dict(zip(("kernel", "bias"), weights, strict=True))
    _close(_ours("Conv1D", [x], config, named), expected)


@pytest.mark.parametrize("moves", [{"stride": 2, "dilation": 2}, {"stride": 1, "dilation": 1}])
def test_convolution_is_that_of_pytorch_transposed(moves: dict[str, int]) -> None:
    x, kernel, bias = _x(), _x(6, 3, 3, seed=1), _x(6, seed=2)
    expected = _torch(functional.conv1d, x.transpose(0, 2, 1), kernel, bias, groups=2, **moves)
    config = {"strides": moves["stride"], "dilation_rate": moves["dilation"], "groups": 2}
    weights = {"kernel": kernel.transpose(2, 1, 0), "bias": bias}
    _close(_ours("Conv1D", [x], config, weights), expected.transpose(0, 2, 1))


def _agrees(kind: str, padding: str, size: int, strides: int | None, steps: int) -> bool:
    """Tell whether Keras computes the same on PyTorch as on TensorFlow, JAX and numpy.

    Where padding is uneven it repeats the last step and averages it in; elsewhere, and here,
    padding is no part of a mean.
    """
    stride = strides or size
    padded = max((-(-steps // stride) - 1) * stride + size - steps, 0)
    return kind != "AveragePooling1D" or padding == "valid" or padded % 2 == 0


_POOLS = product(
    ["MaxPooling1D", "AveragePooling1D"],
    ["valid", "same"],
    [1, 2, 3, 4],
    [None, 1, 2, 3],
    [8, 9],
)


@pytest.mark.parametrize(
    ("kind", "padding", "size", "strides", "steps"), [case for case in _POOLS if _agrees(*case)]
)
def test_pooling_is_that_of_keras(
    kind: str, padding: str, size: int, strides: int | None, steps: int
) -> None:
    config = {"pool_size": size, "strides": strides, "padding": padding}
    x = _x(ROWS, steps, SIZE)
    expected, _ = _keras(getattr(layers, kind)(**config), [x])
    _close(_ours(kind, [x], config), expected)


@pytest.mark.parametrize("kind", ["GlobalAveragePooling1D", "GlobalMaxPooling1D"])
@pytest.mark.parametrize("keepdims", [False, True])
def test_global_pooling_is_that_of_keras(kind: str, keepdims: bool) -> None:
    expected, _ = _keras(getattr(layers, kind)(keepdims=keepdims), [_x()])
    _close(_ours(kind, [_x()], {"keepdims": keepdims}), expected)


def test_a_masked_average_is_that_of_keras() -> None:
    mask = np.random.default_rng(3).random((ROWS, STEPS)) < 0.5
    mask[:, 4] = True  # a row without any step is NaN in Keras, and 0 here
    expected, _ = _keras(layers.GlobalAveragePooling1D(), [_x()], mask)
    _close(_ours("GlobalAveragePooling1D", [_x()], {}, mask=mask), expected)


@pytest.mark.parametrize("axis", [-1, 1])
@pytest.mark.parametrize("scale", [False, True])
@pytest.mark.parametrize("center", [False, True])
def test_batch_normalization_is_that_of_keras(axis: int, scale: bool, center: bool) -> None:
    layer = layers.BatchNormalization(axis=axis, scale=scale, center=center)
    expected, weights = _keras(layer, [_x()])
    roles = ["gamma"] * scale + ["beta"] * center + ["moving_mean", "moving_variance"]
    named = dict(zip(roles, weights, strict=True))
    _close(_ours("BatchNormalization", [_x()], {"axis": axis}, named), expected)


# Keras on PyTorch refuses an axis that is not among the last ones.
@pytest.mark.parametrize("axis", [-1, 2, [1, 2]])
@pytest.mark.parametrize("scale", [False, True])
@pytest.mark.parametrize("center", [False, True])
def test_layer_normalization_is_that_of_keras(axis: Any, scale: bool, center: bool) -> None:
    layer = layers.LayerNormalization(axis=axis, scale=scale, center=center)
    expected, weights = _keras(layer, [_x()])
    named = dict(zip(["gamma"] * scale + ["beta"] * center, weights, strict=True))
    _close(_ours("LayerNormalization", [_x()], {"axis": axis}, named), expected)


def test_normalizations_are_those_of_pytorch_with_its_epsilon() -> None:
    x, gamma, beta = _x(), _x(SIZE, seed=1), _x(SIZE, seed=2)
    mean, variance = _x(SIZE, seed=3), np.abs(_x(SIZE, seed=4))
    config, scaled = {"epsilon": 1e-5}, {"gamma": gamma, "beta": beta}
    expected = _torch(functional.layer_norm, x, weight=None, bias=None, normalized_shape=(SIZE,))
    _close(_ours("LayerNormalization", [x], config), expected)
    found = _ours(
        "BatchNormalization",
        [x],
        config,
        {**scaled, "moving_mean": mean, "moving_variance": variance},
    )
    expected = _torch(functional.batch_norm, x.transpose(0, 2, 1), mean, variance, gamma, beta)
    _close(found, expected.transpose(0, 2, 1))


@pytest.mark.parametrize(
    "kind", ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"]
)
def test_merges_are_those_of_keras(kind: str) -> None:
    inputs = [_x(), _x(seed=1)] + ([] if kind == "Subtract" else [_x(seed=2)])
    expected, _ = _keras(getattr(layers, kind)(), inputs)
    _close(_ours(kind, inputs, {}), expected)


@pytest.mark.parametrize("kind", ["Add", "Multiply", "Maximum"])
def test_a_row_meets_every_step_as_in_keras(kind: str) -> None:
    inputs = [_x(STEPS, STEPS, SIZE), _x(STEPS, SIZE, seed=1)]
    expected, _ = _keras(getattr(layers, kind)(), inputs)
    _close(_ours(kind, inputs, {}), expected)


def test_masking_is_that_of_keras() -> None:
    x = np.random.default_rng(0).integers(0, 2, (ROWS, STEPS, 2)).astype(np.float32)
    for value in (0.0, 1.0):
        layer = layers.Masking(value)
        expected, _ = _keras(layer, [x])
        np.testing.assert_array_equal(_ours("Masking", [x], {"mask_value": value}), expected)
        mask = layer.compute_mask(x)
        found = _ours("MaskOf", [x], {"mask_value": value})
        np.testing.assert_array_equal(found, np.asarray(mask))


def test_softmax_with_a_mask_is_that_of_keras() -> None:
    x, mask = _x(ROWS, STEPS), np.random.default_rng(3).random((ROWS, STEPS)) < 0.5
    mask[:, 0] = True
    expected, _ = _keras(layers.Softmax(), [x], mask)
    _close(_ours("Softmax", [x], {}, mask=mask), expected)


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"max_value": 1.0},
        {"negative_slope": 0.2},
        {"threshold": 0.5},
        {"threshold": 0.5, "negative_slope": 0.3, "max_value": 2.0},
    ],
)
def test_rectifiers_are_those_of_keras(config: dict[str, float]) -> None:
    x = np.concatenate([_x(ROWS, 12), _KNEES[None].astype(np.float32)])
    expected, _ = _keras(layers.ReLU(**config), [x])
    _close(_ours("ReLU", [x], config), expected)
    expected, _ = _keras(layers.LeakyReLU(), [x])
    _close(_ours("LeakyReLU", [x], {}), expected)


def test_a_layer_for_every_step_is_that_of_keras() -> None:
    x = _x(2, 3, STEPS, SIZE)
    expected, weights = _keras(layers.TimeDistributed(layers.Conv1D(5, 3, padding="causal")), [x])
    named = dict(zip(("kernel", "bias"), weights, strict=True))
    config = {"layer": "Conv1D", "config": {"padding": "causal"}}
    _close(_ours("TimeDistributed", [x], config, named), expected)
