"""Convolutions over words, and of each the mean and the largest value, in one step: what
``fuse`` makes of a network that looks for phrases.

Only the steps that count are computed, those of all rows one after the other: padding costs
nothing. What the windows read, the words before and after, is laid out once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from classifier.network.embedding import expect_ids
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_sizes, expect_weights, is_whole, only
from classifier.network.spec import LayerSpec, Shape

POOLED_CONVOLUTIONS = "PooledConvolutions"
MEAN, LARGEST = "mean", "largest"

_AT_ONCE = 1024
"""Steps: what is computed of them is still in the cache when it is pooled."""


@dataclass(frozen=True, eq=False, slots=True)
class _Convolution:
    """One of several on the same steps.

    Attributes:
        kernel: (size · inputs, filters).
        reads: its columns in what is laid out for all of them.
        writes: its columns in the sums of all of them.
    """

    kernel: Array
    reads: slice
    writes: slice


@dataclass(frozen=True, eq=False, slots=True)
class PooledConvolutions:
    """ids (rows, steps) → (rows, filters) for each of ``pools``.

    Every convolution has a window for each step, and relu after it; a row without any step
    that counts has zeros.

    Attributes:
        table: (words + 1, size); the last row is 0 and stands beside the steps of a row.
        before: steps before its own that a window reads, at most.
        after: steps after it.
        bias: (filters,) of all convolutions together.
        pools: what is told of which convolution.
    """

    name: str
    table: Array
    before: int
    after: int
    convolutions: Sequence[_Convolution]
    bias: Array
    pools: Sequence[tuple[str, _Convolution]]

    @classmethod
    def build(cls, spec: LayerSpec, weights: Mapping[str, Array]) -> PooledConvolutions:
        """Return the layer.

        Its weights: ``table`` (words, size), and of each convolution ``kernel_0``,
        ``kernel_1``… (size of its window, size, filters) and, if any, ``bias_0``… (filters,).
        Its config: ``before``, how many steps before its own each reads, and ``pools``, of
        each output ``mean`` or ``largest`` and the number of its convolution.
        """
        kernels = _read_kernels(spec, weights)
        with Options(spec, masked=True) as options:
            befores = _read_befores(options, kernels)
            pools = _read_pools(options, len(kernels))
        table = weights["table"]
        before = max(befores)
        after = max(len(one) - 1 - own for one, own in zip(kernels, befores, strict=True))
        ends = list(accumulate((kernel.shape[2] for kernel in kernels), initial=0))
        convolutions = [
            _Convolution(
                kernel.reshape(-1, kernel.shape[2]),
                _columns(before - own, before - own + len(kernel), table.shape[1]),
                slice(*ends[i : i + 2]),
            )
            for i, (kernel, own) in enumerate(zip(kernels, befores, strict=True))
        ]
        biases = [
            weights.get(f"bias_{i}", np.zeros(kernel.shape[2], table.dtype))
            for i, kernel in enumerate(kernels)
        ]
        return cls(
            spec.name,
            np.concatenate([table, np.zeros_like(table[:1])]),
            before,
            after,
            convolutions,
            np.concatenate(biases),
            [(told, convolutions[place]) for told, place in pools],
        )

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return (filters,) for each output."""
        only(self.name, shapes, 1)
        return tuple((one.kernel.shape[1],) for _, one in self.pools)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return what is told of each convolution.

        Raises:
            BundleMismatch: for an id out of range.
        """
        ids = expect_ids(self.name, inputs[0], len(self.table) - 1)
        counted = np.ones(ids.shape, np.bool_) if mask is None else mask
        counts = counted.sum(axis=1)
        sums, largest = np.zeros((2, len(ids), len(self.bias)), self.table.dtype)
        for rows in _portions(counts.cumsum()):
            values = self._convolved(ids[rows], counted[rows])
            _pool(values, counts[rows].tolist(), sums[rows], largest[rows])
        means = sums / np.maximum(counts, 1).astype(sums.dtype)[:, None]
        found = {MEAN: means, LARGEST: largest}
        return tuple(found[told][:, one.writes] for told, one in self.pools)

    def _convolved(self, ids: Array, counted: Mask) -> Array:
        """Return what all convolutions give for the steps that count: (steps, filters)."""
        read = self.table.take(self._windows(ids, counted), axis=0)
        read = read.reshape(len(read), read.shape[1] * read.shape[2])
        values = np.empty((len(read), len(self.bias)), self.table.dtype)
        for one in self.convolutions:
            np.matmul(read[:, one.reads], one.kernel, out=values[:, one.writes])
        values += self.bias
        return np.maximum(values, 0, out=values)

    def _windows(self, ids: Array, counted: Mask) -> Array:
        """Return the rows of the table around each step that counts: (steps, width)."""
        rows, steps = ids.shape
        width = self.before + 1 + self.after
        wide = np.full((rows, steps + width - 1), len(self.table) - 1, np.intp)
        wide[:, self.before : self.before + steps] = ids
        row, step = counted.nonzero()
        first = row * wide.shape[1] + step
        windows: Array = wide.reshape(-1).take(first[:, None] + np.arange(width))
        return windows


def _portions(ends: Array) -> Iterator[slice]:
    """Yield rows that have no more steps together than are computed at once, or one row.

    Args:
        ends: how many steps there are up to the end of each row.
    """
    start = done = 0
    while start < len(ends):
        stop = max(int(ends.searchsorted(done + _AT_ONCE, side="right")), start + 1)
        yield slice(start, stop)
        start, done = stop, int(ends[stop - 1])


def _pool(values: Array, counts: Sequence[int], sums: Array, largest: Array) -> None:
    """Fill in ``sums`` and ``largest`` of the rows that have any step."""
    start = 0
    for row, count in enumerate(counts):
        if count:
            steps = values[start : start + count]
            np.add.reduce(steps, axis=0, out=sums[row])
            np.maximum.reduce(steps, axis=0, out=largest[row])
            start += count


def _read_kernels(spec: LayerSpec, weights: Mapping[str, Array]) -> list[Array]:
    count = max(1, sum(role.startswith("kernel_") for role in weights))
    biases = {f"bias_{i}": 1 for i in range(count)}
    ranks = {"table": 2, **{f"kernel_{i}": 3 for i in range(count)}, **biases}
    expect_weights(spec, weights, ranks, optional=list(biases))
    kernels = [weights[f"kernel_{i}"] for i in range(count)]
    for i, kernel in enumerate(kernels):
        size, filters = weights["table"].shape[1], kernel.shape[2]
        expect_sizes(spec, f"kernel_{i}", kernel, (len(kernel), size, filters))
        if (bias := weights.get(f"bias_{i}")) is not None:
            expect_sizes(spec, f"bias_{i}", bias, (filters,))
    return kernels


def _read_befores(options: Options, kernels: Sequence[Array]) -> list[int]:
    befores = options.value("before")
    if not isinstance(befores, list | tuple) or len(befores) != len(kernels):
        options.refuse("before")
    for before, kernel in zip(befores, kernels, strict=True):
        if not is_whole(before) or not 0 <= before < len(kernel):
            options.refuse("before")
    return list(befores)


def _read_pools(options: Options, count: int) -> list[tuple[str, int]]:
    pools = options.value("pools")
    if not isinstance(pools, list | tuple) or not pools:
        options.refuse("pools")
    for pool in pools:
        if not isinstance(pool, list | tuple) or len(pool) != 2 or pool[0] not in (MEAN, LARGEST):
            options.refuse("pools")
        if not is_whole(pool[1]) or not 0 <= pool[1] < count:
            options.refuse("pools")
    return [(told, place) for told, place in pools]


def _columns(first: int, stop: int, size: int) -> slice:
    return slice(first * size, stop * size)


BUILDERS: Mapping[str, Builder] = {POOLED_CONVOLUTIONS: PooledConvolutions.build}
