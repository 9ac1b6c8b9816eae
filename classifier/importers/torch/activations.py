"""Activations of PyTorch, with its arguments and its defaults, in the terms of this runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from classifier.network import LayerSpec
from classifier.network.options import Options


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an activation is here.

    Attributes:
        name: of the same function in this runtime.
        arguments: PyTorch's name of each argument → ours, and PyTorch's default.
        fixed: arguments that this function has no name for, and the value they must have.
        words: PyTorch's values that are other ones here.
    """

    name: str
    arguments: Mapping[str, tuple[str, object]] = field(default_factory=dict)
    fixed: Mapping[str, object] = field(default_factory=dict)
    words: Mapping[object, object] = field(default_factory=dict)


_DIM = {"dim": ("axis", -1)}
MEANINGS: Mapping[str, Meaning] = {
    "ReLU": Meaning("relu"),
    "ReLU6": Meaning("relu6"),
    "LeakyReLU": Meaning("leaky_relu", {"negative_slope": ("negative_slope", 0.01)}),
    "ELU": Meaning("elu", {"alpha": ("alpha", 1.0)}),
    "SELU": Meaning("selu"),
    "CELU": Meaning("celu", {"alpha": ("alpha", 1.0)}),
    "GELU": Meaning(
        "gelu", {"approximate": ("approximate", "none")}, words={"none": False, "tanh": True}
    ),
    "Sigmoid": Meaning("sigmoid"),
    "Hardsigmoid": Meaning("hard_sigmoid"),
    "LogSigmoid": Meaning("log_sigmoid"),
    "SiLU": Meaning("silu"),
    "Hardswish": Meaning("hard_silu"),
    "Mish": Meaning("mish"),
    "Tanh": Meaning("tanh"),
    "Hardtanh": Meaning("hard_tanh", fixed={"min_val": -1, "max_val": 1}),
    "Tanhshrink": Meaning("tanh_shrink"),
    "Softplus": Meaning("softplus", fixed={"beta": 1, "threshold": 20}),
    "Softsign": Meaning("softsign"),
    "Softshrink": Meaning("soft_shrink", {"lambd": ("threshold", 0.5)}),
    "Hardshrink": Meaning("hard_shrink", {"lambd": ("threshold", 0.5)}),
    "Threshold": Meaning(
        "threshold", {"threshold": ("threshold", None), "value": ("default_value", None)}
    ),
    "GLU": Meaning("glu", fixed={"dim": -1}),
    "Softmax": Meaning("softmax", _DIM),
    "LogSoftmax": Meaning("log_softmax", _DIM),
}
"""By PyTorch's class; its function ``leaky_relu`` has the arguments of ``LeakyReLU``."""

_CLASSES = {name.lower(): name for name in MEANINGS}


def class_of(name: str) -> str | None:
    """Return PyTorch's class for the name of an activation, of the class or the function."""
    return _CLASSES.get(name.replace("_", "").lower())


def read_activation(options: Options) -> object:
    """Return what stands under ``activation``, a name or ``{"name": …}``, in our terms.

    Raises:
        UnsupportedLayer: if it or one of its arguments is not known.
    """
    said = options.value("activation")
    if said is None:
        return "linear"
    settings: dict[str, Any] = dict(said) if isinstance(said, Mapping) else {"name": said}
    name = settings.pop("name", None)
    found = class_of(name) if isinstance(name, str) else None
    if found is None:
        options.refuse("activation")
    with Options(LayerSpec("activation", found, (), settings)) as arguments:
        return translate(found, arguments)


def translate(name: str, options: Options) -> dict[str, object]:
    """Return the activation of PyTorch's class ``name`` as ``{"name": …}`` with our arguments.

    Raises:
        UnsupportedLayer: for an argument that is not known or cannot be served.
    """
    options.value("inplace")
    meaning = MEANINGS[name]
    for key, only in meaning.fixed.items():
        if options.value(key, only) != only:
            options.refuse(key)
    arguments = {
        ours: _said(options, key, default, meaning)
        for key, (ours, default) in meaning.arguments.items()
    }
    return {"name": meaning.name, **arguments}


def _said(options: Options, key: str, default: object, meaning: Meaning) -> object:
    value = options.value(key, default)
    if not meaning.words:
        return value if value is not None else options.refuse(key)
    return meaning.words[value] if value in meaning.words else options.refuse(key)
