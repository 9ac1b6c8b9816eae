"""Networks that the tests of training make up, one for each kind of layer that can learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network

WORDS, SIZE, STEPS, ROWS = 9, 4, 6, 5
Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Grown:
    """A network with random weights, and rows for it."""

    network: Network
    inputs: Mapping[str, Array]
    labels: Array


@dataclass
class Plan:
    """A network being put together, layer by layer; each method returns the name of its layer."""

    inputs: list[InputSpec] = field(default_factory=list)
    layers: list[LayerSpec] = field(default_factory=list)
    shapes: Shapes = field(default_factory=dict)

    def ids(self, name: str = "ids", steps: int = STEPS) -> str:
        self.inputs.append(InputSpec(name, (steps,), "int"))
        return name

    def features(self, name: str = "x", *shape: int) -> str:
        self.inputs.append(InputSpec(name, shape or (SIZE,)))
        return name

    def layer(self, kind: str, *inputs: str, mask: str | None = None, **config: Any) -> str:
        name = f"{kind.lower()}_{len(self.layers)}"
        self.layers.append(LayerSpec(name, kind, inputs, config, {}, mask))
        return name

    def embedding(self, ids: str, table: str = "table") -> str:
        self.shapes[table] = (WORDS, SIZE)
        return self._weighted("Embedding", ids, {"table": table})

    def dense(self, x: str, inputs: int, units: int, bias: bool = True, **config: Any) -> str:
        place = len(self.layers)
        roles = {"kernel": f"kernel_{place}", **({"bias": f"bias_{place}"} if bias else {})}
        self.shapes[f"kernel_{place}"] = (inputs, units)
        if bias:
            self.shapes[f"bias_{place}"] = (units,)
        return self._weighted("Dense", x, roles, **config)

    def convolution(
        self, x: str, size: int, filters: int, inputs: int = SIZE, bias: bool = True, **config: Any
    ) -> str:
        place = len(self.layers)
        roles = {"kernel": f"kernel_{place}", **({"bias": f"bias_{place}"} if bias else {})}
        self.shapes[f"kernel_{place}"] = (size, inputs, filters)
        if bias:
            self.shapes[f"bias_{place}"] = (filters,)
        return self._weighted("Conv1D", x, roles, **config)

    def normalization(self, kind: str, x: str, size: int = SIZE, **config: Any) -> str:
        roles = ["gamma", "beta", *(["moving_mean", "moving_variance"] if kind[0] == "B" else [])]
        self.shapes.update({f"{kind}/{role}": (size,) for role in roles})
        return self._weighted(kind, x, {role: f"{kind}/{role}" for role in roles}, **config)

    def score(self, x: str, size: int = SIZE, last: str = "sigmoid") -> str:
        return self.dense(x, size, 2 if last == "softmax" else 1, activation=last)

    def grow(self, output: str, seed: int = 0, dtype: npt.DTypeLike = np.float64) -> Grown:
        """Return the network to ``output`` with weights and rows drawn by ``seed``."""
        random = np.random.default_rng(seed)
        spec = GraphSpec(tuple(self.inputs), tuple(self.layers), (output,))
        tensors = {name: random.normal(size=shape) * 0.7 for name, shape in self.shapes.items()}
        for name, tensor in tensors.items():
            if name.endswith(("variance", "gamma")):
                tensors[name] = np.abs(tensor) + 0.5
        inputs = {given.name: _rows(given, random) for given in self.inputs}
        return Grown(Network(spec, tensors, dtype=dtype), inputs, random.random(ROWS))

    def _weighted(self, kind: str, x: str, roles: dict[str, str], **config: Any) -> str:
        name = f"{kind.lower()}_{len(self.layers)}"
        self.layers.append(LayerSpec(name, kind, (x,), config, roles))
        return name


def _rows(given: InputSpec, random: np.random.Generator) -> Array:
    """Ids are padded with 0 in front, between and behind, and one row is all padding."""
    if given.dtype == "float":
        return random.normal(size=(ROWS, *map(int, filter(None, given.shape))))
    ids = random.integers(1, WORDS, (ROWS, int(given.shape[0] or 0)))
    ids[0, -2:] = ids[1, :2] = ids[2, 1] = ids[-1] = 0
    return ids


def masked(plan: Plan, ids: str) -> str:
    return plan.layer("NotEqual", ids, value=0)


def mean_of_words() -> Grown:
    plan = Plan()
    x = plan.layer("GlobalAveragePooling1D", plan.embedding(plan.ids()))
    return plan.grow(plan.score(plan.dense(x, SIZE, 3, activation="tanh"), 3))


def mean_of_known_words() -> Grown:
    plan = Plan()
    ids = plan.ids()
    x = plan.layer("GlobalAveragePooling1D", plan.embedding(ids), mask=masked(plan, ids))
    return plan.grow(plan.score(x))


def mean_that_keeps_its_axis() -> Grown:
    plan = Plan()
    ids = plan.ids()
    words = plan.embedding(ids)
    x = plan.layer("GlobalAveragePooling1D", words, mask=masked(plan, ids), keepdims=True)
    return plan.grow(plan.score(plan.layer("Flatten", x)))


def largest_values() -> Grown:
    plan = Plan()
    words = plan.dense(plan.embedding(plan.ids()), SIZE, 3, activation="tanh")
    x = plan.layer("GlobalMaxPooling1D", words, keepdims=True)
    return plan.grow(plan.score(plan.layer("Reshape", x, target_shape=[3]), 3))


def two_tables() -> Grown:
    """Words and pieces of words, each with a table of its own, and further features."""
    plan = Plan()
    ids, pieces = plan.ids(), plan.ids("pieces", 4)
    first = plan.layer("GlobalAveragePooling1D", plan.embedding(ids), mask=masked(plan, ids))
    second = plan.layer("GlobalMaxPooling1D", plan.embedding(pieces, "pieces/table"))
    x = plan.layer("Concatenate", first, second, plan.features())
    return plan.grow(plan.score(plan.dense(x, 3 * SIZE, 3, bias=False), 3))


def one_table_for_two() -> Grown:
    """The same table reads title and text."""
    plan = Plan()
    title, text = plan.ids("title", 3), plan.ids("text")
    means = [plan.layer("GlobalAveragePooling1D", plan.embedding(x)) for x in (title, text)]
    return plan.grow(plan.score(plan.layer("Multiply", *means)))


def words_one_by_one() -> Grown:
    plan = Plan()
    return plan.grow(plan.score(plan.layer("Flatten", plan.embedding(plan.ids())), SIZE * STEPS))


def mask_of_vectors() -> Grown:
    """The mask is made of something that learns, and no gradient passes it."""
    plan = Plan()
    words = plan.embedding(plan.ids())
    mask = plan.layer("MaskOf", words, mask_value=0)
    return plan.grow(plan.score(plan.layer("GlobalAveragePooling1D", words, mask=mask)))


def merged(kind: str) -> Grown:
    """One input is stretched over the steps of the other."""
    plan = Plan()
    ids = plan.ids()
    words = plan.embedding(ids)
    gate = plan.dense(plan.features(), SIZE, SIZE, activation="sigmoid")
    both = plan.layer(kind, words, gate)
    return plan.grow(plan.score(plan.layer("GlobalAveragePooling1D", both, mask=masked(plan, ids))))


def merged_with_a_constant(kind: str) -> Grown:
    plan = Plan()
    x = plan.dense(plan.features(), SIZE, SIZE)
    return plan.grow(plan.score(plan.layer(kind, x, constants=[[1.5, 2.0, -1.0, 0.5], None])))


def read_twice() -> Grown:
    """What two layers read gets the gradient of both."""
    plan = Plan()
    x = plan.dense(plan.features(), SIZE, SIZE, activation="tanh")
    return plan.grow(plan.score(plan.layer("Average", x, plan.layer("Multiply", x, x), x)))


def activated(activation: object) -> Grown:
    plan = Plan()
    return plan.grow(
        plan.score(plan.dense(plan.features(), SIZE, SIZE, activation=activation)), seed=3
    )


def activation_layer(kind: str, **config: Any) -> Grown:
    plan = Plan()
    x = plan.layer(kind, plan.dense(plan.features(), SIZE, SIZE), **config)
    return plan.grow(plan.score(x), seed=3)


def normalized(kind: str, *, steps: bool, **config: Any) -> Grown:
    plan = Plan()
    x = plan.embedding(plan.ids()) if steps else plan.dense(plan.features(), SIZE, SIZE)
    x = plan.normalization(kind, x, **config)
    return plan.grow(plan.score(plan.layer("GlobalMaxPooling1D", x) if steps else x))


def ends_with(last: object, *, layer: str | None = None) -> Grown:
    plan = Plan()
    x, units = plan.features(), 2 if "softmax" in str((last, layer)).lower() else 1
    if layer is None:
        return plan.grow(plan.dense(x, SIZE, units, activation=last))
    config: dict[str, Any] = {} if last is None else {"activation": last}
    return plan.grow(plan.layer(layer, plan.dense(x, SIZE, units), **config))


def dropped(of: str, rate: float) -> Grown:
    plan = Plan()
    words = plan.layer("Identity", plan.embedding(plan.ids()), of=of, rate=rate)
    return plan.grow(plan.score(plan.layer("GlobalAveragePooling1D", words)))


def convolved(size: int, inputs: int = SIZE, **config: Any) -> Grown:
    plan = Plan()
    words = plan.dense(plan.embedding(plan.ids()), SIZE, SIZE, activation="tanh")
    x = plan.convolution(words, size, 6, inputs, activation="tanh", **config)
    return plan.grow(plan.score(plan.layer("GlobalMaxPooling1D", x), 6), seed=5)


def pooled(kind: str, **config: Any) -> Grown:
    plan = Plan()
    x = plan.layer(kind, plan.embedding(plan.ids()), **config)
    return plan.grow(plan.score(plan.layer("GlobalAveragePooling1D", x)))


def text_cnn() -> Grown:
    """Windows of several sizes, of each the mean and the largest value of the words' steps."""
    plan = Plan()
    ids = plan.ids()
    words, mask = plan.embedding(ids), masked(plan, ids)
    column = plan.layer("Reshape", mask, target_shape=[-1, 1])
    found = []
    for size in (1, 2, 3):
        x = plan.convolution(words, size, 3, padding="same", activation="relu")
        found.append(plan.layer("GlobalAveragePooling1D", x, mask=mask))
        found.append(plan.layer("GlobalMaxPooling1D", plan.layer("Multiply", x, column)))
    hidden = plan.dense(plan.layer("Concatenate", *found), 18, 4, activation="relu")
    return plan.grow(plan.score(hidden), seed=2)


NETWORKS: Mapping[str, Callable[[], Grown]] = {
    "mean": mean_of_words,
    "masked mean": mean_of_known_words,
    "kept axis": mean_that_keeps_its_axis,
    "largest": largest_values,
    "two tables": two_tables,
    "one table for two": one_table_for_two,
    "flatten": words_one_by_one,
    "mask of vectors": mask_of_vectors,
    "read twice": read_twice,
    **{kind: partial(merged, kind) for kind in ("Add", "Subtract", "Multiply", "Average")},
    "constant less": lambda: merged_with_a_constant("Subtract"),
    "constant times": lambda: merged_with_a_constant("Multiply"),
    **{
        str(one): partial(activated, one)
        for one in (
            "linear", "relu", "relu6", "leaky_relu", "elu", "sigmoid", "hard_sigmoid", "tanh",
            "silu", "softplus", "softsign", "exponential", "softmax",
            {"name": "relu", "negative_slope": 0.1, "max_value": 0.8, "threshold": 0.2},
            {"name": "elu", "alpha": 0.5},
        )
    },
    "ReLU": lambda: activation_layer("ReLU", max_value=0.7),
    "LeakyReLU": lambda: activation_layer("LeakyReLU", negative_slope=0.2),
    "ELU": lambda: activation_layer("ELU", alpha=0.3),
    "Softmax": lambda: activation_layer("Softmax", axis=-1),
    "batch": lambda: normalized("BatchNormalization", steps=False),
    "batch of steps": lambda: normalized("BatchNormalization", steps=True, epsilon=0.1),
    "layer": lambda: normalized("LayerNormalization", steps=False),
    "layer of steps": lambda: normalized("LayerNormalization", steps=True, axis=[-1]),
    "convolution": lambda: convolved(3),
    "convolution of single steps": lambda: convolved(1, bias=False),
    "convolution with strides": lambda: convolved(2, padding="same", strides=4),
    "convolution with wider strides than windows": lambda: convolved(2, strides=3),
    "dilated convolution": lambda: convolved(3, padding="same", dilation_rate=2),
    "causal convolution": lambda: convolved(3, padding="causal", dilation_rate=2, strides=2),
    "convolution in groups": lambda: convolved(2, SIZE // 2, padding="same", groups=2),
    "largest of windows": lambda: pooled("MaxPooling1D", pool_size=3, strides=2),
    "largest of padded windows": lambda: pooled("MaxPooling1D", pool_size=4, padding="same"),
    "mean of windows": lambda: pooled("AveragePooling1D", pool_size=2),
    "mean of padded windows": lambda: pooled(
        "AveragePooling1D", pool_size=4, strides=1, padding="same"
    ),
    "text CNN": text_cnn,
    "ends with softmax": lambda: ends_with("softmax"),
    "ends with a sigmoid layer": lambda: ends_with("sigmoid", layer="Activation"),
    "ends with a softmax layer": lambda: ends_with(None, layer="Softmax"),
    "ends with another probability": lambda: ends_with("hard_sigmoid"),
    "Dropout": lambda: dropped("Dropout", 0.4),
    "SpatialDropout1D": lambda: dropped("SpatialDropout1D", 0.4),
}  # fmt: skip
