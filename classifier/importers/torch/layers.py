"""Layers of PyTorch without a state → layers of this runtime.

A row is (steps, size) everywhere. PyTorch's convolutions and pools want (size, steps), so
its models turn their rows before and after: the spec file leaves these turns out.
"""

from __future__ import annotations

from collections.abc import Mapping

from classifier.errors import BundleMismatch
from classifier.importers.torch.activations import MEANINGS, translate
from classifier.importers.torch.porting import Converter, Parts, Porting

_EPSILON = 1e-5  # of PyTorch; Keras has 1e-3


def embedding(port: Porting) -> Parts:
    """``padding_idx`` only keeps a row from being trained: it is no mask."""
    table = port.weight("weight", 2)
    port.expect("num_embeddings", len(table))
    port.expect("embedding_dim", table.shape[1])
    port.ignore("padding_idx", "sparse", "scale_grad_by_freq")
    return {"": port.add("Embedding", {}, {"table": table})}


def linear(port: Porting) -> Parts:
    """PyTorch's weight is (outputs, inputs)."""
    weight = port.weight("weight", 2)
    port.expect("in_features", weight.shape[1])
    port.expect("out_features", weight.shape[0])
    port.expect("bias", port.has("bias"))
    weights = {"kernel": weight.T, **port.optional(bias="bias")}
    return {"": port.add("Dense", {"activation": port.activation()}, weights)}


def conv1d(port: Porting) -> Parts:
    """PyTorch's weight is (outputs, inputs / groups, size)."""
    weight, options = port.weight("weight", 3), port.options
    groups = options.whole("groups", 1)
    port.expect("in_channels", weight.shape[1] * groups)
    port.expect("out_channels", weight.shape[0])
    port.expect("kernel_size", weight.shape[2])
    port.expect("bias", port.has("bias"))
    options.choice("padding_mode", "zeros", ["zeros"])
    inputs, padding = _padded(port)
    config = {
        "strides": options.stride("stride", 1),
        "dilation_rate": options.stride("dilation", 1),
        "groups": groups,
        "padding": padding,
        "activation": port.activation(),
    }
    weights = {"kernel": weight.transpose(2, 1, 0), **port.optional(bias="bias")}
    return {"": port.add("Conv1D", config, weights, inputs=inputs)}


def _padded(port: Porting) -> tuple[list[str], str]:
    """A number of zeros on both sides is a layer of its own here."""
    padding = port.options.value("padding", 0)
    if padding in ("valid", "same"):
        return port.inputs, str(padding)
    if not (count := port.options.whole("padding", 0, least=0)):
        return port.inputs, "valid"
    name = f"{port.entry.name}/padding"
    return [port.add("ZeroPadding1D", {"padding": [count, count]}, name=name)], "valid"


def batch_norm(port: Porting) -> Parts:
    """Without running statistics a row would depend on its neighbours: then they are missed."""
    if port.has("num_batches_tracked"):
        port.weight("num_batches_tracked")
    weights = {
        "moving_mean": port.weight("running_mean", 1),
        "moving_variance": port.weight("running_var", 1),
        **port.optional(gamma="weight", beta="bias"),
    }
    port.expect("num_features", len(weights["moving_mean"]))
    port.expect("affine", "gamma" in weights)
    port.expect("track_running_stats", True)
    port.ignore("momentum")
    epsilon = port.options.number("eps", _EPSILON)
    return {"": port.add("BatchNormalization", {"epsilon": epsilon}, weights)}


def layer_norm(port: Porting) -> Parts:
    """The last axes, as many as the weights have."""
    weights = {
        role: port.weight(name)
        for role, name in (("gamma", "weight"), ("beta", "bias"))
        if port.has(name)
    }
    said = port.options.value("normalized_shape")
    sizes = tuple(said) if isinstance(said, list | tuple) else (said,)
    if said is not None and weights and sizes != weights["gamma"].shape:
        name = f"{port.entry.name}: normalized_shape"
        raise BundleMismatch(name, sizes, weights["gamma"].shape)
    port.expect("elementwise_affine", "gamma" in weights)
    port.expect("bias", "beta" in weights)
    axes = weights["gamma"].ndim if weights else len(sizes)
    config = {"axis": list(range(-axes, 0)), "epsilon": port.options.number("eps", _EPSILON)}
    return {"": port.add("LayerNormalization", config, weights)}


def pool(port: Porting) -> Parts:
    """MaxPool1d and AvgPool1d, without padding."""
    options = port.options
    size = options.stride("kernel_size")
    stride = size if options.value("stride") is None else options.stride("stride")
    for key, only in (("padding", 0), ("dilation", 1), ("ceil_mode", False)):
        if options.value(key, only) != only:
            options.refuse(key)
    port.ignore("count_include_pad")
    kind = {"MaxPool1d": "MaxPooling1D", "AvgPool1d": "AveragePooling1D"}[port.entry.kind]
    return {"": port.add(kind, {"pool_size": size, "strides": stride})}


def over_steps(port: Porting) -> Parts:
    """``mean`` and ``max`` over all steps, padding included, and the adaptive pools to one."""
    port.expect("dim", 1)
    port.expect("keepdim", False)
    if port.options.value("output_size", 1) != 1:
        port.options.refuse("output_size")
    kind = "GlobalMaxPooling1D" if "max" in port.entry.kind.lower() else "GlobalAveragePooling1D"
    return {"": port.add(kind)}


def last(port: Porting) -> Parts:
    """The last step, padding or not, as ``x[:, -1]`` takes it."""
    return {"": port.add("Step", {"index": -1})}


def concatenate(port: Porting) -> Parts:
    """``torch.cat``; ``dim`` counts the rows as 0, in rows of (steps, size)."""
    return {"": port.add("Concatenate", {"axis": port.options.axis("dim", -1)})}


def merge(port: Porting) -> Parts:
    """The functions of two or more arrays."""
    return {"": port.add(_MERGES[port.entry.kind])}


def flatten(port: Porting) -> Parts:
    """Steps one after the other; with ``order = "channels"`` as after a convolution, whose rows
    PyTorch has as (size, steps)."""
    port.expect("start_dim", 1)
    port.expect("end_dim", -1)
    order = port.options.choice("order", "" if _is_convolved(port) else "steps", _ORDERS)
    if order == "steps":
        return {"": port.add("Flatten")}
    turned = port.add("Permute", {"dims": [2, 1]}, name=f"{port.entry.name}/turned")
    return {"": port.add("Flatten", inputs=[turned])}


_ORDERS = ("steps", "channels")
_CONVOLUTIONS = ("Conv1d", "MaxPool1d", "AvgPool1d")


def _is_convolved(port: Porting) -> bool:
    """Tell whether a convolution or its pool stands before: the spec file must say the order."""
    entries = {entry.name: entry for entry in port.assembly.architecture.layers}
    waiting = list(port.entry.inputs)
    while waiting:
        entry = entries.get(waiting.pop().partition(":")[0])
        if entry is not None and entry.kind in _CONVOLUTIONS:
            return True
        waiting += entry.inputs if entry is not None else ()
    return False


def activation(port: Porting) -> Parts:
    """Any of the activations as a layer."""
    return {"": port.add("Activation", {"activation": translate(port.entry.kind, port.options)})}


def identity(port: Porting) -> Parts:
    """What does something in training only; the share it dropped is kept for one to come."""
    port.ignore("inplace")
    rate = port.options.number("p", 0.0)
    kept = {"rate": rate} if 0 < rate < 1 else {}
    return {"": port.add("Identity", {"of": port.entry.kind, **kept})}


_MERGES = {"add": "Add", "sub": "Subtract", "mul": "Multiply", "div": "Divide",
           "maximum": "Maximum", "minimum": "Minimum"}  # fmt: skip
_DROPOUTS = ("Dropout", "Dropout1d", "Dropout2d", "AlphaDropout", "FeatureAlphaDropout")
_OVER_STEPS = ("mean", "max", "AdaptiveAvgPool1d", "AdaptiveMaxPool1d")

CONVERTERS: Mapping[str, Converter] = {
    "Embedding": embedding,
    "Linear": linear,
    "Conv1d": conv1d,
    "BatchNorm1d": batch_norm,
    "LayerNorm": layer_norm,
    "MaxPool1d": pool,
    "AvgPool1d": pool,
    "Flatten": flatten,
    "last": last,
    "cat": concatenate,
    **dict.fromkeys(_MERGES, merge),
    **dict.fromkeys(_OVER_STEPS, over_steps),
    **dict.fromkeys(MEANINGS, activation),
    **dict.fromkeys((*_DROPOUTS, "Identity"), identity),
}
"""By PyTorch's class, or in lower case by the function that a ``forward`` calls."""
