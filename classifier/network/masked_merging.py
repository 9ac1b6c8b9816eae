"""Merges that pass over masked steps, as Keras has them since 3.4.

There a step that is masked in one input takes no part in a product, a maximum or a minimum;
sums and averages read it like any other. Where every input masks a step, a product is 0 and
an extreme is the value of the first input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from classifier.errors import BundleMismatch
from classifier.network.inputs import fits
from classifier.network.layer import Array, Builder, Mask
from classifier.network.options import Options, expect_weights
from classifier.network.spec import LayerSpec, Shape

Steps = Sequence[tuple[Array, Array | None]]
"""Arrays (rows, steps, size), each with its mask (rows, steps, 1) if it has one."""


@dataclass(frozen=True, eq=False, slots=True)
class MaskedMerge:
    """Arrays (rows, steps, size), then the masks of those that have one → (rows, steps, size).

    Attributes:
        masked: of each array, whether it has a mask.
    """

    name: str
    combine: Callable[[Steps], Array]
    masked: tuple[bool, ...]

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        """Return that of the arrays."""
        expected = len(self.masked) + sum(self.masked)
        if len(shapes) != expected:
            raise BundleMismatch(f"{self.name}: inputs", expected, len(shapes))
        steps = shapes[0]
        if len(steps) != 2:
            raise BundleMismatch(f"{self.name}: inputs", "(steps, size)", steps)
        for index, shape in enumerate(shapes):
            of_one = steps if index < len(self.masked) else steps[:1]
            if not fits(shape, of_one):
                raise BundleMismatch(f"{self.name}: inputs", of_one, shape)
        return (steps,)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        """Return the combination.

        Raises:
            BundleMismatch: for inputs that differ in a size which was left open.
        """
        self.shape([array.shape[1:] for array in inputs])
        arrays, masks = inputs[: len(self.masked)], iter(inputs[len(self.masked) :])
        own = [next(masks)[..., None] if has else None for has in self.masked]
        return (self.combine(list(zip(arrays, own, strict=True))),)


def _product(steps: Steps) -> Array:
    product: Array = reduce(
        np.multiply,
        [x if mask is None else np.where(mask, x, x.dtype.type(1)) for x, mask in steps],
    )
    masks = [mask for _, mask in steps if mask is not None]
    if len(masks) < len(steps):
        return product
    return np.where(reduce(np.logical_or, masks), product, product.dtype.type(0))


def _extreme(choose: Callable[[Array, Array], Array]) -> Callable[[Steps], Array]:
    def combine(steps: Steps) -> Array:
        (found, counted), *others = steps
        for array, mask in others:
            x = array if mask is None else np.where(mask, array, found)
            if counted is not None:
                found = np.where(counted, found, x)
            counted = None if counted is None or mask is None else counted | mask
            found = choose(found, x)
        return found

    return combine


def _builder(combine: Callable[[Steps], Array]) -> Builder:
    def build(spec: LayerSpec, weights: Mapping[str, Array]) -> MaskedMerge:
        expect_weights(spec, weights, {})
        with Options(spec) as options:
            masked = options.value("masked")
            if not isinstance(masked, list | tuple) or len(masked) < 2 or True not in masked:
                options.refuse("masked")
            if not all(isinstance(one, bool) for one in masked):
                options.refuse("masked")
        return MaskedMerge(spec.name, combine, tuple(masked))

    return build


BUILDERS: Mapping[str, Builder] = {
    "MaskedMultiply": _builder(_product),
    "MaskedMaximum": _builder(_extreme(np.maximum)),
    "MaskedMinimum": _builder(_extreme(np.minimum)),
}
