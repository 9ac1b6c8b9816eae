from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import Array
from tests.classifier.layers import network, normal, run


def _padding(config: dict[str, Any], steps: int, size: int) -> tuple[int, int]:
    """Steps before and behind, by the rules of the Keras documentation."""
    stride, reach = config.get("strides", 1), config.get("dilation_rate", 1) * (size - 1) + 1
    if config.get("padding", "valid") == "valid":
        return 0, 0
    if config["padding"] == "causal":
        return reach - 1, 0
    total = max((math.ceil(steps / stride) - 1) * stride + reach - steps, 0)
    return total // 2, total - total // 2


def _convolved(x: Array, kernel: Array, bias: Array, config: dict[str, Any]) -> Array:
    """Number by number: every window, filter, tap and input."""
    (rows, steps, inputs), (size, group, filters) = x.shape, kernel.shape
    stride, dilation = config.get("strides", 1), config.get("dilation_rate", 1)
    before, behind = _padding(config, steps, size)
    count = (steps + before + behind - dilation * (size - 1) - 1) // stride + 1
    found = np.zeros((rows, count, filters))
    for row, window, filter_ in np.ndindex(rows, count, filters):
        first = filter_ // (filters // (inputs // group)) * group
        total = bias[filter_]
        for tap in range(size):
            step = window * stride + tap * dilation - before
            if 0 <= step < steps:
                for i in range(group):
                    total += x[row, step, first + i] * kernel[tap, i, filter_]
        found[row, window, filter_] = total
    return found


@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
@pytest.mark.parametrize(
    "moves", [{}, {"strides": 2}, {"strides": 3}, {"dilation_rate": 2}, {"dilation_rate": 3}]
)
@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("steps", [7, 8])
def test_a_convolution_is_what_plain_loops_compute(
    padding: str, moves: dict[str, int], size: int, steps: int
) -> None:
    config = {"padding": padding, **moves}
    x, kernel, bias = normal(2, steps, 3), normal(size, 3, 4, seed=1), normal(4, seed=2)
    found = run("Conv1D", [x], config, {"kernel": kernel, "bias": bias})
    np.testing.assert_allclose(found, _convolved(x, kernel, bias, config), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_each_group_of_filters_reads_its_own_inputs(groups: int) -> None:
    x, kernel = normal(2, 6, 6), normal(3, 6 // groups, 12, seed=1)
    found = run("Conv1D", [x], {"groups": groups, "padding": "same"}, {"kernel": kernel})
    expected = _convolved(x, kernel, np.zeros(12), {"padding": "same"})
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_the_activation_comes_last_and_strides_may_be_written_as_lists() -> None:
    x, kernel, bias = normal(2, 6, 3), normal(2, 3, 4, seed=1), normal(4, seed=2)
    config = {"strides": [2], "dilation_rate": [1], "activation": "relu"}
    found = run("Conv1D", [x], config, {"kernel": kernel, "bias": bias})
    expected = np.maximum(_convolved(x, kernel, bias, {"strides": 2}), 0)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    assert (found == 0).any()


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("stride", [None, 1, 2, 3])
@pytest.mark.parametrize("steps", [4, 7, 8])
def test_pooling_is_what_plain_loops_compute(
    padding: str, size: int, stride: int | None, steps: int
) -> None:
    x = normal(2, steps, 3)
    config: dict[str, Any] = {"pool_size": size, "strides": stride, "padding": padding}
    moves = {"strides": stride or size, "padding": padding}
    before, behind = _padding(moves, steps, size)
    starts = range(-before, steps + behind - size + 1, stride or size)
    windows = [x[:, max(first, 0) : first + size] for first in starts]
    largest = np.stack([window.max(axis=1) for window in windows], axis=1)
    means = np.stack([window.mean(axis=1) for window in windows], axis=1)
    np.testing.assert_array_equal(run("MaxPooling1D", [x], config), largest)
    np.testing.assert_allclose(run("AveragePooling1D", [x], config), means, rtol=1e-12)


def test_two_steps_are_pooled_if_nothing_is_said() -> None:
    x = np.arange(5.0).reshape(1, 5, 1)
    assert run("MaxPooling1D", [x]).ravel().tolist() == [1, 3]
    assert run("AveragePooling1D", [x]).ravel().tolist() == [0.5, 2.5]


@pytest.mark.parametrize("keepdims", [False, True])
def test_global_pooling_is_over_all_steps_padding_included(keepdims: bool) -> None:
    x = normal(3, 5, 4)
    x[:, 3:] = 0
    config = {"keepdims": keepdims}
    shape = (3, 1, 4) if keepdims else (3, 4)
    average = np.array([[sum(x[r, :, c]) / 5 for c in range(4)] for r in range(3)])
    largest = np.array([[max(x[r, :, c]) for c in range(4)] for r in range(3)])
    np.testing.assert_allclose(
        run("GlobalAveragePooling1D", [x], config), average.reshape(shape), rtol=1e-12
    )
    np.testing.assert_array_equal(run("GlobalMaxPooling1D", [x], config), largest.reshape(shape))


@pytest.mark.parametrize("keepdims", [False, True])
def test_a_masked_average_counts_the_steps_that_are_known(keepdims: bool) -> None:
    x = normal(4, 5, 3)
    mask = np.array([[1, 1, 1, 1, 1], [0, 0, 1, 1, 1], [1, 0, 1, 0, 0], [0, 0, 0, 0, 1]], bool)
    found = run("GlobalAveragePooling1D", [x], {"keepdims": keepdims}, mask=mask)
    expected = np.stack([row[known].mean(axis=0) for row, known in zip(x, mask, strict=True)])
    assert found.shape == ((4, 1, 3) if keepdims else (4, 3))
    np.testing.assert_allclose(found.reshape(4, 3), expected, rtol=1e-12)


def test_the_masked_average_of_nothing_is_zero_and_no_nan() -> None:
    found = run("GlobalAveragePooling1D", [normal(2, 3, 2)], mask=np.zeros((2, 3), bool))
    assert found.tolist() == [[0.0, 0.0], [0.0, 0.0]]


_KERNEL = {"kernel": normal(3, 4, 6)}


@pytest.mark.parametrize(
    ("kind", "config", "named"),
    [
        ("Conv1D", {"padding": "full"}, "padding"),
        ("Conv1D", {"strides": 0}, "strides"),
        ("Conv1D", {"strides": [1, 2]}, "strides"),
        ("Conv1D", {"strides": True}, "strides"),
        ("Conv1D", {"dilation_rate": 1 << 40}, "dilation_rate"),
        ("Conv1D", {"padding": "causal", "dilation_rate": 1 << 20}, "dilation_rate"),
        ("Conv1D", {"groups": 0}, "groups"),
        ("Conv1D", {"activation": "maxout"}, "activation"),
        ("Conv1D", {"data_format": "channels_first"}, "data_format"),
        ("MaxPooling1D", {"pool_size": 0}, "pool_size"),
        ("MaxPooling1D", {"pool_size": 1 << 20, "padding": "same"}, "pool_size"),
        ("MaxPooling1D", {"padding": "causal"}, "padding"),
        ("AveragePooling1D", {"strides": "2"}, "strides"),
        ("GlobalMaxPooling1D", {"keepdims": 1}, "keepdims"),
        ("GlobalAveragePooling1D", {"axis": 1}, "axis"),
    ],
)
def test_a_setting_that_cannot_be_served_is_named(
    kind: str, config: dict[str, object], named: str
) -> None:
    with pytest.raises(UnsupportedLayer, match=rf"{kind}\({named}="):
        network(kind, [(9, 4)], config, _KERNEL if kind == "Conv1D" else None)


@pytest.mark.parametrize(
    ("weights", "shape", "config", "key", "expected"),
    [
        (_KERNEL, (9, 5), {}, "tested: input", "4 values a step"),
        (_KERNEL, (9, 4), {"groups": 2}, "tested: input", "8 values a step"),
        (_KERNEL, (9, 4), {"groups": 4}, "tested: kernel", "4 groups"),
        (_KERNEL, (2, 4), {}, "tested: steps", "at least 3"),
        (_KERNEL, (4, 4), {"dilation_rate": 2}, "tested: steps", "at least 5"),
        (_KERNEL, (4,), {}, "tested: input", "2 dimensions a row"),
        ({"kernel": normal(4, 6)}, (9, 4), {}, "tested: kernel", "3 dimensions"),
        ({**_KERNEL, "bias": normal(5)}, (9, 4), {}, "tested: bias", (6,)),
        ({"bias": normal(6)}, (9, 4), {}, "tested: weights", ["bias", "kernel"]),
    ],
)
def test_shapes_that_disagree_are_named(
    weights: dict[str, Array], shape: tuple[int, ...], config: Any, key: str, expected: object
) -> None:
    with pytest.raises(BundleMismatch) as caught:
        network("Conv1D", [shape], config, weights)
    assert (caught.value.key, caught.value.expected) == (key, expected)


@pytest.mark.parametrize("kind", ["MaxPooling1D", "AveragePooling1D"])
def test_rows_shorter_than_a_window_are_refused_when_they_come(kind: str) -> None:
    pooling = network(kind, [(None, 2)], {"pool_size": 3})
    assert pooling.output_shapes == ((None, 2),)
    assert pooling(normal(1, 4, 2)).shape == (1, 1, 2)
    with pytest.raises(BundleMismatch, match="at least 3, found 2"):
        pooling(normal(1, 2, 2))


def test_a_mask_for_a_layer_that_heeds_none_is_refused() -> None:
    for kind in ("GlobalMaxPooling1D", "MaxPooling1D", "Flatten", "Identity"):
        with pytest.raises(BundleMismatch, match="tested: mask"):
            network(kind, [(4, 3)], mask=(4,))
