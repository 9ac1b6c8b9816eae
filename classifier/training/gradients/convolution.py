"""Windows that move over the steps of a row: convolution and pooling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from classifier.network import Array, Layer, LayerSpec
from classifier.network.convolution import Conv1D
from classifier.network.pooling import AveragePooling1D, MaxPooling1D
from classifier.network.windows import Windows
from classifier.training.gradients.step import Backward, Forward, Given, Gradients, StepBuilder
from classifier.training.gradients.untrainable import untrainable


def _convolution(spec: LayerSpec, layer: Layer) -> Forward:
    """Windows laid out as rows, times the kernel; its activation is a step of its own."""
    if not isinstance(layer, Conv1D):
        raise untrainable(spec)
    windows, groups = layer.windows, len(layer.kernels)

    def forward(given: Given) -> tuple[Array, Backward]:
        x, kernel, bias = given.inputs[0], given.weights["kernel"], given.weights.get("bias")
        count = windows.count(spec.name, x.shape[1]) or 0
        padded = windows.pad(x, 0.0)
        read = [_laid_out(part, windows, count) for part in np.split(padded, groups, axis=2)]
        kernels = [part.reshape(-1, part.shape[2]) for part in np.split(kernel, groups, axis=2)]

        def backward(slope: Array) -> Gradients:
            slopes = np.split(slope.reshape(-1, slope.shape[2]), groups, axis=1)
            gradients = [rows.T @ own for rows, own in zip(read, slopes, strict=True)]
            taps = (*kernel.shape[:2], -1)
            weights = {"kernel": _joined([one.reshape(taps) for one in gradients])}
            if bias is not None:
                weights["bias"] = np.concatenate([own.sum(axis=0) for own in slopes])
            of_read = [own @ part.T for own, part in zip(slopes, kernels, strict=True)]
            parts = [rows.reshape(len(x), count, windows.size, -1) for rows in of_read]
            return Gradients((_put_back(_joined(parts), windows, padded, x),), weights)

        sums = _joined([rows @ part for rows, part in zip(read, kernels, strict=True)])
        found = sums.reshape(len(x), count, -1)
        return found if bias is None else found + bias, backward

    return forward


def _laid_out(padded: Array, windows: Windows, count: int) -> Array:
    """Return what each window reads, one after the other: (rows · count, size · inputs)."""
    taps = list(windows.taps(padded, count))
    together = taps[0] if len(taps) == 1 else np.stack(taps, axis=2)
    return together.reshape(len(padded) * count, -1)


def _joined(parts: Sequence[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)


def _put_back(read: Array, windows: Windows, padded: Array, x: Array) -> Array:
    """Add up for each step what is told of it in each window: (rows, count, size, inputs)."""
    slope = np.zeros(padded.shape, read.dtype)
    for place, tap in enumerate(windows.taps(slope, read.shape[1])):
        np.add(tap, read[:, :, place], out=tap)
    return windows.unpad(slope, x.shape[1])


def _largest(spec: LayerSpec, layer: Layer) -> Forward:
    if not isinstance(layer, MaxPooling1D):
        raise untrainable(spec)
    windows = layer.windows

    def forward(given: Given) -> tuple[Array, Backward]:
        x = given.inputs[0]
        count = windows.count(spec.name, x.shape[1]) or 0
        padded = windows.pad(x, -np.inf)
        read = np.stack(list(windows.taps(padded, count)), axis=2)
        places = read.argmax(axis=2)[:, :, None]

        def backward(slope: Array) -> Gradients:
            chosen = np.zeros_like(read)
            np.put_along_axis(chosen, places, slope[:, :, None], axis=2)
            return Gradients((_put_back(chosen, windows, padded, x),))

        return np.take_along_axis(read, places, axis=2)[:, :, 0], backward

    return forward


def _mean(spec: LayerSpec, layer: Layer) -> Forward:
    if not isinstance(layer, AveragePooling1D):
        raise untrainable(spec)
    windows = layer.windows

    def forward(given: Given) -> tuple[Array, Backward]:
        x = given.inputs[0]
        (means,) = layer(given.inputs, None)
        padded = windows.pad(x, 0.0)
        counted = windows.pad(np.ones((1, x.shape[1], 1), x.dtype), 0.0)
        sizes = sum(windows.taps(counted, means.shape[1]))

        def backward(slope: Array) -> Gradients:
            shares = np.repeat((slope / sizes)[:, :, None], windows.size, axis=2)
            return Gradients((_put_back(shares, windows, padded, x),))

        return means, backward

    return forward


STEPS: Mapping[str, StepBuilder] = {
    "Conv1D": _convolution,
    "MaxPooling1D": _largest,
    "AveragePooling1D": _mean,
}
