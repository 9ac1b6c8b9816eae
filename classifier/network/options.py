"""Reading a layer's config and weights. Each refuses what it was not asked for, because a
setting that is passed over silently gives a wrong score."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NoReturn, TypeGuard

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network.layer import Array
from classifier.network.spec import LayerSpec, Shape

MOST_STEPS = 1 << 24
"""No setting that makes an array longer may be larger."""


class Options:
    """The config of one layer, of which every key must be asked for.

    Use it as a context: what was not asked for by its end is refused.

    Raises:
        UnsupportedLayer: naming the key, if it is not known or its value cannot be served.
        BundleMismatch: for a mask, unless the layer says that it heeds one.
    """

    def __init__(self, spec: LayerSpec, *, masked: bool = False) -> None:
        if spec.mask is not None and not masked:
            raise BundleMismatch(f"{spec.name}: mask", f"none for {spec.kind}", spec.mask)
        self._spec = spec
        self._asked: set[str] = set()

    def __enter__(self) -> Options:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            for key in self._spec.config.keys() - self._asked:
                self.refuse(key)

    def value(self, key: str, default: object = None) -> object:
        """Return whatever stands under ``key``."""
        self._asked.add(key)
        return self._spec.config.get(key, default)

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self.value(key, default)
        return value if isinstance(value, bool) else self.refuse(key)

    def choice(self, key: str, default: str, choices: Sequence[str]) -> str:
        """Return one of ``choices``."""
        value = self.value(key, default)
        return value if isinstance(value, str) and value in choices else self.refuse(key)

    def number(self, key: str, default: float) -> float:
        """Return a finite number."""
        value = self.value(key, default)
        return float(value) if is_number(value) else self.refuse(key)

    def whole(self, key: str, default: int | None = None, *, least: int = 1) -> int:
        """Return a whole number from ``least`` on; without a default it must be there."""
        value = self.value(key, default)
        return value if is_whole(value) and least <= value <= MOST_STEPS else self.refuse(key)

    def stride(self, key: str, default: int | None = None) -> int:
        """Return a whole number that may stand in a list of one, as Keras writes strides."""
        value = self.value(key, default)
        number = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
        return number if is_whole(number) and 1 <= number <= MOST_STEPS else self.refuse(key)

    def axis(self, key: str, default: int) -> int:
        """Return an axis, counted with the rows as axis 0, which alone cannot be asked for."""
        value = self.value(key, default)
        axis = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
        return axis if is_whole(axis) and axis and abs(axis) <= 8 else self.refuse(key)

    def refuse(self, key: str) -> NoReturn:
        """Say that the value of ``key`` cannot be served."""
        setting = f"{key}={self._spec.config.get(key)!r}"
        raise UnsupportedLayer(self._spec.name, f"{self._spec.kind}({setting})")


def is_whole(value: object) -> TypeGuard[int]:
    """Tell whether ``value`` is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether ``value`` is a finite number; true and false are none."""
    return is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def expect_weights(
    spec: LayerSpec,
    weights: Mapping[str, Array],
    ranks: Mapping[str, int],
    *,
    optional: Sequence[str] = (),
) -> None:
    """See that ``weights`` are those of a layer with such ``ranks`` by role.

    Raises:
        BundleMismatch: if one is missing, left over, empty, or of another rank.
    """
    if weights.keys() - ranks.keys() or ranks.keys() - weights.keys() - set(optional):
        raise BundleMismatch(f"{spec.name}: weights", sorted(ranks), sorted(weights))
    for role, tensor in weights.items():
        if tensor.ndim != ranks[role] or not tensor.size:
            raise BundleMismatch(f"{spec.name}: {role}", f"{ranks[role]} dimensions", tensor.shape)


def expect_sizes(spec: LayerSpec, role: str, tensor: Array, sizes: Shape) -> None:
    """See that ``tensor``, the weights in ``role``, has the shape ``sizes``.

    Raises:
        BundleMismatch: if it has not.
    """
    if tensor.shape != sizes:
        raise BundleMismatch(f"{spec.name}: {role}", sizes, tensor.shape)


def only(name: str, shapes: Sequence[Shape], rank: int | None = None) -> Shape:
    """Return the shape of the single input, which has ``rank`` dimensions a row.

    Raises:
        BundleMismatch: if there are more inputs or other dimensions.
    """
    if len(shapes) != 1:
        raise BundleMismatch(f"{name}: inputs", "one", len(shapes))
    if rank is not None and len(shapes[0]) != rank:
        raise BundleMismatch(f"{name}: input", f"{rank} dimensions a row", shapes[0])
    return shapes[0]
