"""Reading a layer's config. What was not asked for and would change an answer is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from classifier.documents import typed
from classifier.errors import UnsupportedLayer
from classifier.importers.keras.files import Version
from classifier.importers.keras.model import KerasLayer
from classifier.network import Array

_TRAINING = re.compile(
    r".*_?(initializer|regularizer|constraint)"  # how weights begin and what holds them
    r"|(recurrent_)?dropout|dropout_[WU]|rate|p|noise_shape|sigma|stddev|l1|l2|momentum|lr_.*"
    r"|(inner_)?init|forget_bias_init|(beta|gamma)_init|unit_forget_bias|weights|trainable"
)
_BOOKKEEPING = {
    "name", "dtype", "batch_shape", "batch_input_shape", "input_dtype", "input_shape",
    "input_dim", "input_length", "sparse", "ragged", "seed", "implementation", "unroll",
    "use_cudnn", "fused", "build_config", "build_input_shape", "synchronized", "autocast",
    "time_major", "stateful", "consume_less", "data_format", "dim_ordering",
}  # fmt: skip
LAST_KNOWN: Version = (3, 15)
"""What later versions of Keras do with masks is not known here."""

_DTYPES = ("float32", "float64", "floatx")


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which Keras wrote the file.

    Attributes:
        standalone: Keras as a package of its own, before it moved into TensorFlow.
        backend: what it ran on, if the file says so.
    """

    version: Version
    standalone: bool = False
    backend: str | None = None

    @property
    def passes_told_masks(self) -> bool:
        """Whether a mask given to a layer by hand goes on with its output, as one of the input."""
        return self.version >= (3, 11) or (self.version < (3, 0) and not self.standalone)


@dataclass(frozen=True, slots=True)
class Slot:
    """One array of a layer, as the file has it.

    Attributes:
        role: what this runtime calls it, or what ``Part.convert`` looks for.
        saved: its name in an ``.h5``.
        place: where it lies below the layer in a ``.keras``.
        shape: what the config says; None is any size, and for all of it any shape.
        trainable: of a nested model in an ``.h5``, the others stand behind all of these.
    """

    role: str
    saved: str
    place: str
    shape: tuple[int | None, ...] | None = None
    trainable: bool = True


Convert = Callable[[Mapping[str, Array]], Mapping[str, Array]]
"""The arrays of a file by their roles → those of this runtime."""


def as_saved(weights: Mapping[str, Array]) -> Mapping[str, Array]:
    """Return ``weights``: they need no conversion."""
    return weights


@dataclass(frozen=True, slots=True)
class Part:
    """A layer in our own terms, and where its weights are.

    Attributes:
        own: the layer is a custom one: whatever stands under its name are its weights.
    """

    kind: str
    config: Mapping[str, object] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    convert: Convert = as_saved
    own: bool = False


class Settings:
    """The config of one layer, of which every key must be asked for.

    Attributes:
        name: the layer's.
        dialect: which Keras wrote it.
    """

    def __init__(self, layer: KerasLayer, dialect: Dialect) -> None:
        self.name, self.dialect = layer.name, dialect
        self.class_name = layer.class_name
        self._config = layer.config
        self._asked: set[str] = set()

    def value(self, *names: str, default: Any = None) -> Any:
        """Return what stands under the first of ``names`` that is there: versions differ."""
        self._asked.update(names)
        return next((self._config[name] for name in names if name in self._config), default)

    def has(self, name: str) -> bool:
        """Tell whether ``name`` is there."""
        return name in self._config

    def whole(self, *names: str) -> int:
        """Return a whole number."""
        return typed(self.value(*names), int, f"{self.name}: {names[0]}")

    def number(self, *names: str, default: float | None = None) -> float:
        """Return a number."""
        return typed(self.value(*names, default=default), float, f"{self.name}: {names[0]}")

    def flag(self, *names: str, default: bool) -> bool:
        """Return true or false."""
        return typed(self.value(*names, default=default), bool, f"{self.name}: {names[0]}")

    def single(self, *names: str, default: Any = None) -> int:
        """Return a whole number that may stand in a list of one."""
        value = self.value(*names, default=default)
        number = value[0] if isinstance(value, list) and len(value) == 1 else value
        return typed(number, int, f"{self.name}: {names[0]}")

    def expect(self, name: str, *allowed: object) -> None:
        """Refuse every value of ``name`` but those; that it is not there is one of them."""
        if self.value(name) not in (None, *allowed):
            self.refuse(name)

    def activation(self, *names: str, default: str = "linear") -> object:
        """Return an activation as this runtime names it."""
        value = self.value(*names, default=default)
        found = named_activation("linear" if value is None else value, self.dialect)
        return self.refuse(next(filter(self.has, names), names[0])) if found is None else found

    def refuse(self, key: str) -> NoReturn:
        """Say that the value of ``key`` cannot be served."""
        value = self._config.get(key)
        raise UnsupportedLayer(self.name, f"{self.class_name}({key}={_short(value)})")

    def finish(self) -> None:
        """Refuse what was set and not asked for.

        Raises:
            UnsupportedLayer: naming it.
        """
        self.expect("time_major", False)
        self.expect("stateful", False)
        self.expect("data_format", "channels_last")
        self._expect_precision()
        for key in self._config.keys() - self._asked - _BOOKKEEPING:
            if not (_TRAINING.fullmatch(key) or self._config[key] in (None, False)):
                self.refuse(key)

    def _expect_precision(self) -> None:
        dtype = self._config.get("dtype") or "float32"
        if isinstance(dtype, dict):
            policy = dtype.get("config")
            dtype = policy.get("name") if isinstance(policy, dict) else None
        if dtype not in _DTYPES:
            self.refuse("dtype")


def named_activation(value: object, dialect: Dialect) -> object:
    """Return the activation ``value`` as this runtime names it, or None if it is none of Keras's.

    It may be a name, or one of Keras's activation layers with its config.
    """
    if isinstance(value, str):
        old = value == "hard_sigmoid" and dialect.version < (3, 0)
        return "hard_sigmoid_keras2" if old else value
    if not isinstance(value, dict):
        return None
    config, kind = value.get("config"), value.get("class_name")
    module = str(value.get("module") or "")
    if kind == "function":
        return config if isinstance(config, str) and module.startswith("keras") else None
    return _from_layer(str(kind), config) if isinstance(config, dict) else None


def _from_layer(kind: str, config: Mapping[str, Any]) -> object:
    slope = config.get("negative_slope", config.get("alpha"))
    if kind == "LeakyReLU":
        return {"name": "leaky_relu", "negative_slope": 0.3 if slope is None else slope}
    if kind == "ELU":
        return {"name": "elu", "alpha": config.get("alpha", 1.0)}
    if kind == "Softmax":
        return {"name": "softmax", "axis": config.get("axis", -1)}
    if kind == "ReLU":
        keys = ("max_value", "negative_slope", "threshold")
        return {"name": "relu", **{key: config[key] for key in keys if config.get(key) is not None}}
    return None


def slots(
    names: Sequence[str],
    shapes: Sequence[tuple[int | None, ...] | None],
    *,
    place: str = "",
    roles: Mapping[str, str] | None = None,
) -> tuple[Slot, ...]:
    """Return the arrays of a layer in the order in which Keras saves them."""
    known = roles or {}
    return tuple(
        Slot(known.get(name, name), name, f"{place}vars/{i}", shape)
        for i, (name, shape) in enumerate(zip(names, shapes, strict=True))
    )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
