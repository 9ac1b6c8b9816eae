"""Keras's layers → the kinds of this runtime, and where their weights lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from classifier.documents import typed
from classifier.errors import UnsupportedLayer
from classifier.importers.keras.model import KerasLayer
from classifier.importers.keras.recurrent import bidirectional, recurrent
from classifier.importers.keras.settings import Dialect, Part, Settings, Slot, slots
from classifier.network import Array
from classifier.network.registry import is_registered

Translator = Callable[[Settings], Part]

_ALIASES = {"Convolution1D": "Conv1D", "AtrousConvolution1D": "Conv1D"}
_MERGE_MODES = {
    "sum": "Add",
    "mul": "Multiply",
    "ave": "Average",
    "max": "Maximum",
    "concat": "Concatenate",
}
_OUTER = ("name", "trainable", "dtype", "batch_input_shape", "batch_shape", "input_dtype")


def translate(layer: KerasLayer, dialect: Dialect) -> Part:
    """Return ``layer`` in our own terms.

    Raises:
        UnsupportedLayer: for a class that is neither Keras's and known here nor registered,
            and for a setting that would change its answer.
        BundleMismatch: for a setting that is missing or of the wrong type.
    """
    class_name = _ALIASES.get(layer.class_name, layer.class_name)
    if layer.class_name not in TRANSLATORS and class_name == layer.class_name:
        return _custom(layer)
    settings = Settings(layer, dialect)
    part = TRANSLATORS[class_name](settings)
    settings.finish()
    return part


def custom_name(layer: KerasLayer) -> str | None:
    """Return the name under which the class of ``layer`` was registered, or None.

    A file has ``Gate``, ``package>Gate`` or both, depending on its format.
    """
    names = [layer.class_name, layer.registered or ""]
    names += [name.rpartition(">")[2] for name in names]
    return next((name for name in names if is_registered(name)), None)


def _custom(layer: KerasLayer) -> Part:
    name = custom_name(layer)
    if name is None:
        raise UnsupportedLayer(layer.name, layer.class_name)
    config = {key: value for key, value in layer.config.items() if key not in _OUTER}
    return Part(name, config, own=True)


def _embedding(settings: Settings) -> Part:
    settings.value("mask_zero")  # masks are edges of their own
    words, size = settings.whole("input_dim"), settings.whole("output_dim")
    old = settings.dialect.version < (2, 0)
    name = "W" if old else "embeddings"
    return Part("Embedding", {}, slots([name], [(words, size)], roles={name: "table"}))


def _dense(settings: Settings) -> Part:
    units = settings.whole("units", "output_dim")
    config = {"activation": settings.activation("activation")}
    return Part("Dense", config, _kernel_and_bias(settings, (None, units), units))


def _kernel_and_bias(
    settings: Settings, kernel: tuple[int | None, ...], units: int
) -> tuple[Slot, ...]:
    old = settings.dialect.version < (2, 0)
    names = ["W", "b"] if old else ["kernel", "bias"]
    count = 2 if settings.flag("use_bias", "bias", default=True) else 1
    roles = dict(zip(names, ("kernel", "bias"), strict=True))
    return slots(names[:count], [kernel, (units,)][:count], roles=roles)


def _conv1d(settings: Settings) -> Part:
    filters = settings.whole("filters", "nb_filter")
    size = settings.single("kernel_size", "filter_length")
    config = {
        "strides": settings.single("strides", "subsample_length", default=1),
        "padding": settings.value("padding", "border_mode", default="valid"),
        "dilation_rate": settings.single("dilation_rate", "atrous_rate", default=1),
        "groups": settings.single("groups", default=1),
        "activation": settings.activation("activation"),
    }
    old, theano = settings.dialect.version < (2, 0), _on_theano(settings)
    shape = (size, 1, None, filters) if old else (size, None, filters)
    if theano and config["padding"] == "same":
        _expect_symmetric(settings, size, config)

    def convert(weights: Mapping[str, Array]) -> Mapping[str, Array]:
        kernel = weights["kernel"][:, 0] if old else weights["kernel"]
        return {**weights, "kernel": kernel[::-1] if theano else kernel}

    return Part("Conv1D", config, _kernel_and_bias(settings, shape, filters), convert)


def _on_theano(settings: Settings) -> bool:
    """Tell whether kernels run backwards: Theano convolved, all others correlate.

    Keras 1 ran on Theano or TensorFlow and did not record which: nothing can be told then.
    """
    backend = settings.dialect.backend
    if settings.dialect.version < (2, 0) and backend is None:
        raise UnsupportedLayer(settings.name, f"{settings.class_name} (of an unknown backend)")
    return backend == "theano"


def _expect_symmetric(settings: Settings, size: int, config: Mapping[str, object]) -> None:
    """Theano pads both sides alike; only then is it what all others do."""
    if size % 2 == 0 or (config["strides"], config["dilation_rate"]) != (1, 1):
        raise UnsupportedLayer(settings.name, f"{settings.class_name} (padding 'same' of Theano)")


def _pooling(settings: Settings) -> Part:
    size = settings.single("pool_size", "pool_length", default=2)
    strides = settings.value("strides", "stride")
    config = {
        "pool_size": size,
        "strides": size if strides is None else settings.single("strides", "stride"),
        "padding": settings.value("padding", "border_mode", default="valid"),
    }
    if config["padding"] == "same" and _on_theano(settings):
        raise UnsupportedLayer(settings.name, f"{settings.class_name} (padding 'same' of Theano)")
    if uneven_average(settings.class_name, config) and settings.dialect.backend == "torch":
        raise UnsupportedLayer(settings.name, f"{settings.class_name} (padding 'same' of PyTorch)")
    return Part(settings.class_name, config)


def uneven_average(kind: str, config: Mapping[str, object]) -> bool:
    """Tell whether Keras on PyTorch may answer otherwise than on TensorFlow, JAX and numpy.

    Where one more step is padded on the right than on the left, it repeats the last step and
    averages it in; elsewhere, and here, padding is no part of a mean.
    """
    if kind != "AveragePooling1D" or config["padding"] != "same":
        return False
    size, strides = config["pool_size"], config["strides"]
    return size != 1 and not (strides == 1 and isinstance(size, int) and size % 2 == 1)


def _global_pooling(settings: Settings) -> Part:
    return Part(settings.class_name, {"keepdims": settings.flag("keepdims", default=False)})


def _batch_normalization(settings: Settings) -> Part:
    settings.expect("mode", 0, 2)  # 1 takes the statistics of the batch at hand
    settings.expect("renorm", False)
    for key in ("renorm_clipping", "renorm_momentum"):
        settings.value(key)
    config = {"axis": settings.value("axis", default=-1), "epsilon": settings.number("epsilon")}
    old = settings.dialect.version < (2, 0)
    statistics = ("running_mean", "running_std") if old else ("moving_mean", "moving_variance")
    names = [*_scale_and_center(settings), *statistics]
    # Keras 1 names it a deviation, but keeps the variance.
    roles = dict(zip(statistics, ("moving_mean", "moving_variance"), strict=True))
    found = slots(names, [(None,)] * len(names), roles=roles)
    return Part(
        "BatchNormalization",
        config,
        tuple(replace(slot, trainable=slot.saved not in statistics) for slot in found),
    )


def _layer_normalization(settings: Settings) -> Part:
    settings.expect("rms_scaling", False)
    config = {"axis": settings.value("axis", default=-1), "epsilon": settings.number("epsilon")}
    names = _scale_and_center(settings)
    return Part("LayerNormalization", config, slots(names, [None] * len(names)))


def _scale_and_center(settings: Settings) -> list[str]:
    gamma, beta = (settings.flag(key, default=True) for key in ("scale", "center"))
    return [*(["gamma"] if gamma else []), *(["beta"] if beta else [])]


def _activation(settings: Settings) -> Part:
    return Part("Activation", {"activation": settings.activation("activation")})


def _relu(settings: Settings) -> Part:
    keys = ("max_value", "negative_slope", "threshold")
    found = {key: settings.value(key) for key in keys}
    return Part("ReLU", {key: value for key, value in found.items() if value is not None})


def _leaky_relu(settings: Settings) -> Part:
    slope = settings.number("negative_slope", "alpha", default=0.3)
    return Part("LeakyReLU", {"negative_slope": slope})


def _thresholded_relu(settings: Settings) -> Part:
    theta = settings.number("theta", default=1.0)
    activation = {"name": "threshold", "threshold": theta, "default_value": 0.0}
    return Part("Activation", {"activation": activation})


def _time_distributed(settings: Settings) -> Part:
    document = typed(settings.value("layer"), dict, f"{settings.name}: layer")
    class_name, config = document.get("class_name"), document.get("config")
    if class_name not in _PER_STEP or not isinstance(config, dict):
        raise UnsupportedLayer(settings.name, f"TimeDistributed({class_name})")
    inner = translate(KerasLayer(settings.name, class_name, None, config), settings.dialect)
    return replace(
        inner,
        kind="TimeDistributed",
        config={"layer": inner.kind, "config": inner.config},
        slots=tuple(replace(slot, place=f"layer/{slot.place}") for slot in inner.slots),
    )


def _merge(settings: Settings) -> Part:
    """Return what Keras 1 does by one class with a mode."""
    mode, axis = settings.value("mode"), settings.value("concat_axis", default=-1)
    for key in ("dot_axes", "output_shape", "output_mask", "arguments", "mode_type",
                "output_shape_type", "output_mask_type"):  # fmt: skip
        settings.value(key)  # of the modes that are refused
    kind = _MERGE_MODES.get(mode) if isinstance(mode, str) else None
    if kind is None or settings.has("layers"):
        settings.refuse("mode" if kind is None else "layers")
    return Part(kind, {"axis": axis} if kind == "Concatenate" else {})


def _identity(settings: Settings) -> Part:
    return Part("Identity", {"of": settings.class_name})


def _dropout(settings: Settings) -> Part:
    """Return what lets everything pass, with the share it dropped for a training to come."""
    rate = settings.number("rate", "p", default=0.0)
    return Part("Identity", {"of": settings.class_name, **({"rate": rate} if 0 < rate < 1 else {})})


def _plain(settings: Settings) -> Part:
    return Part(settings.class_name)


def _with(*keys: str) -> Translator:
    """Return the translator of a layer that has the same settings here and there."""

    def read(settings: Settings) -> Part:
        return Part(settings.class_name, {key: settings.value(key) for key in keys})

    return read


_IDENTITIES = (
    "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization", "Identity",
)  # fmt: skip
_MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")

TRANSLATORS: Mapping[str, Translator] = {
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "CuDNNLSTM", "CuDNNGRU"), recurrent),
    **dict.fromkeys(_IDENTITIES, _identity),
    **dict.fromkeys(("Dropout", "SpatialDropout1D"), _dropout),
    **dict.fromkeys(_MERGES, _plain),
    **dict.fromkeys(("MaxPooling1D", "AveragePooling1D"), _pooling),
    **dict.fromkeys(("GlobalMaxPooling1D", "GlobalAveragePooling1D"), _global_pooling),
    "Bidirectional": bidirectional,
    "Embedding": _embedding,
    "Dense": _dense,
    "Conv1D": _conv1d,
    "BatchNormalization": _batch_normalization,
    "LayerNormalization": _layer_normalization,
    "Activation": _activation,
    "ReLU": _relu,
    "LeakyReLU": _leaky_relu,
    "ThresholdedReLU": _thresholded_relu,
    "ELU": _with("alpha"),
    "Softmax": _with("axis"),
    "Flatten": _plain,
    "Reshape": _with("target_shape"),
    "RepeatVector": _with("n"),
    "TimeDistributed": _time_distributed,
    "Masking": _with("mask_value"),
    "Concatenate": _with("axis"),
    "Merge": _merge,
}
_PER_STEP = (
    "Dense", "Activation", "ReLU", "LeakyReLU", "ELU", "Dropout", "Flatten", "Reshape",
    "RepeatVector", "Conv1D", "MaxPooling1D", "AveragePooling1D", "GlobalMaxPooling1D",
    "GlobalAveragePooling1D", "BatchNormalization", "LayerNormalization", "LSTM", "GRU",
    "SimpleRNN", "Bidirectional", "Embedding",
)  # fmt: skip
