"""Random Keras models: what people build, in every combination that a seed can think of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

Array = npt.NDArray[Any]
WORDS = 12
ROWS = 8
NO_PADDING = 4  # the row without any
ACTIVATIONS = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "sigmoid", "hard_sigmoid",
    "hard_silu", "silu", "softplus", "softsign", "tanh", "hard_tanh", "tanh_shrink", "soft_shrink",
    "hard_shrink", "squareplus", "sparse_plus", "log_sigmoid", "log_softmax", "softmax",
    "exponential", "mish", "linear",
)  # fmt: skip
GATES = ("sigmoid", "hard_sigmoid", "tanh")
STATES = ("tanh", "sigmoid", "softsign", "relu6")
MERGES = ("concat", "sum", "ave", "mul")


@dataclass(frozen=True)
class Grown:
    """A model with random weights, and a batch for it by input name."""

    model: Any
    inputs: dict[str, Array]

    def answers(self) -> list[Array]:
        """Return what Keras answers: an array for each output."""
        given = [self.inputs[tensor.name] for tensor in self.model.inputs]
        answers = self.model(given[0] if len(given) == 1 else given)
        told = answers if isinstance(answers, list) else [answers]
        return [keras.ops.convert_to_numpy(answer) for answer in told]


def grow(seed: int) -> Grown:
    """Return the model that ``seed`` stands for; the same seed gives the same one."""
    return _Grower(seed).grow()


class _Grower:
    def __init__(self, seed: int) -> None:
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(seed)
        self.random = np.random.default_rng(seed)
        self.inputs: dict[str, Array] = {}

    def grow(self) -> Grown:
        shape = self.pick([self.sequential, self.chain, self.branches, self.shared, self.states,
                           self.nested, self.several_outputs, self.joined, self.flat])  # fmt: skip
        model = shape()
        for variable in model.variables:
            variable.assign(self.weights(variable))
        return Grown(model, self.inputs)

    # -- whole models ------------------------------------------------------------

    def sequential(self) -> Any:
        steps = self.count(1, 9)
        first, *rest = [self.ids(steps), *self.embedding(), *self.sequence_layers(steps)]
        return keras.Sequential([first, *rest, *self.reduction(), *self.head()])

    def chain(self) -> Any:
        given, x = self.source()
        return keras.Model(given, self.through(x, [*self.reduction(), *self.head()]))

    def branches(self) -> Any:
        """The competition's shape: one sequence, pooled in several ways, and further features."""
        given, x = self.source()
        x = self.maybe_states(x)
        pooled = [self.through(x, self.reduction()) for _ in range(self.count(2, 4))]
        extra = self.features()
        sizes = {tuple(p.shape) for p in pooled}
        merge = self.merging() if len(sizes) == 1 else layers.Concatenate()
        merged = merge(pooled)
        if self.chance(0.6):
            merged = layers.Concatenate()([merged, extra])
            given = [given, extra]
        else:
            self.inputs.pop(extra.name)
        return keras.Model(given, self.through(merged, self.head()))

    def shared(self) -> Any:
        """One layer or a stack of them called for two inputs."""
        steps, embedding = self.count(2, 7), self.embedding()
        first, second = self.ids(steps), self.ids(steps)
        encoder = self.reduction()
        one, two = (self.through(given, [*embedding, *encoder]) for given in (first, second))
        x = self.merging()([one, two])
        x = self.arithmetic(x, one)
        return keras.Model([first, second], self.through(x, self.head()))

    def nested(self) -> Any:
        """A model inside a model, called twice at times."""
        given, x = self.source()
        inner_input = keras.Input(x.shape[1:])
        inner = keras.Model(
            inner_input,
            layers.Dense(5, self.activation())(layers.LayerNormalization()(inner_input)),
        )
        x = inner(x)
        if self.chance(0.4):
            twice = keras.Sequential(
                [layers.Dense(x.shape[-1], self.activation()), layers.Dropout(0.3)]
            )
            x = layers.Add()([twice(x), twice(x)])
        return keras.Model(given, self.through(x, [*self.reduction(), *self.head()]))

    def states(self) -> Any:
        """An encoder that hands its states to a decoder."""
        kind, units = self.pick([layers.LSTM, layers.GRU, layers.SimpleRNN]), self.count(1, 4)
        given, x = self.source()
        last, *states = kind(units, return_state=True, **self.recurrent_flags(kind))(x)
        decoded = kind(units, return_sequences=True, **self.recurrent_flags(kind))(
            x, initial_state=states
        )
        x = layers.Concatenate()([layers.GlobalMaxPooling1D()(decoded), last, *states])
        return keras.Model(given, self.through(x, self.head()))

    def joined(self) -> Any:
        """Two sequences made of one and joined step by step, or one behind the other."""
        given, x = self.source()
        size = self.count(1, 4)
        makers: list[Callable[[], Any]] = [
            lambda: self.recurrent(return_sequences=True, units=size),
            lambda: layers.Bidirectional(layers.GRU(size, return_sequences=True), "sum"),
            lambda: layers.Dense(size, self.activation()),
        ]
        one_behind_the_other = self.chance(0.3)
        if not one_behind_the_other:  # a convolution drops the mask
            makers.append(lambda: layers.Conv1D(size, 2, padding="same"))
        parts = [self.pick(makers)()(x) for _ in range(self.count(2, 3))]
        if one_behind_the_other:
            x = layers.Concatenate(axis=1)(parts)
        elif self.chance(0.3):
            both = layers.Bidirectional(layers.LSTM(size, return_sequences=True), merge_mode=None)
            x = layers.Multiply()(both(x))
        else:
            x = self.merging()(parts)
        return keras.Model(given, self.through(x, [*self.reduction(), *self.head()]))

    def flat(self) -> Any:
        """Steps side by side: each has weights of its own."""
        steps = self.count(1, 6)
        self.inputs[name := self.name()] = self.padded_ids(steps)
        given = keras.Input((steps,), dtype="int32", name=name)
        x = self.through(given, [*self.embedding(), *self.sequence_layers(steps)])
        if x.shape[2] % 2 == 0:
            x = layers.Conv1D(4, 2, padding="same", groups=2)(x)
        if self.chance(0.5):
            x = layers.Reshape((x.shape[2], x.shape[1]))(x)
        return keras.Model(given, self.through(x, [layers.Flatten(), *self.head()]))

    def several_outputs(self) -> Any:
        given, x = self.source()
        pooled = self.through(x, self.reduction())
        return keras.Model(given, [self.through(pooled, self.head()), pooled])

    # -- parts -------------------------------------------------------------------

    def source(self) -> tuple[Any, Any]:
        """An input and a sequence made of it."""
        steps = self.count(1, 9)
        if self.chance(0.65):
            given = self.ids(steps)
            x = self.through(given, self.embedding())
        else:
            given = self.measured(steps)
            x = layers.Masking(mask_value=0.5)(given) if self.chance(0.6) else given
        return given, self.through(x, self.sequence_layers(steps))

    def ids(self, steps: int) -> Any:
        given = keras.Input((self.pick([steps, steps, None]),), dtype="int32", name=self.name())
        self.inputs[given.name] = self.padded_ids(steps)
        return given

    def measured(self, steps: int) -> Any:
        size = self.count(1, 5)
        given = keras.Input((steps, size), name=self.name())
        values = self.random.normal(size=(ROWS, steps, size)).astype(np.float32)
        values[self.padded_ids(steps) == 0] = 0.5
        self.inputs[given.name] = values
        return given

    def name(self) -> str:
        return f"given{len(self.inputs)}"

    def features(self) -> Any:
        given = keras.Input((self.count(1, 4),), name=self.name())
        shape = (ROWS, given.shape[1])
        self.inputs[given.name] = self.random.normal(size=shape).astype(np.float32)
        return given

    def padded_ids(self, steps: int) -> Array:
        """Rows padded in front, at the end, in the middle, nowhere, anywhere and all over."""
        ids = self.random.integers(1, WORDS, (ROWS, steps))
        third = max(1, steps // 3)
        ids[0, :third] = 0
        ids[1, -third:] = 0
        ids[2, third : 2 * third] = 0
        ids[3] = 0
        ids[NO_PADDING] = WORDS - 1
        ids[5:] *= self.random.integers(0, 2, (ROWS - 5, steps))
        return ids.astype(np.int32)

    def embedding(self) -> list[Any]:
        table = layers.Embedding(WORDS, self.count(1, 6), mask_zero=self.chance(0.6))
        return [table, *([layers.SpatialDropout1D(0.2)] if self.chance(0.3) else [])]

    def sequence_layers(self, steps: int) -> list[Any]:
        made, length = [], steps
        for _ in range(self.count(0, 3)):
            layer, length = self.sequence_layer(length)
            made.append(layer)
        return made

    def sequence_layer(self, steps: int) -> tuple[Any, int]:
        plain: list[Callable[[], Any]] = [
            lambda: self.recurrent(return_sequences=True),
            lambda: self.recurrent(return_sequences=True),
            lambda: self.bidirectional(return_sequences=True),
            lambda: self.bidirectional(return_sequences=True),
            lambda: layers.Dense(self.count(1, 5), self.activation()),
            lambda: layers.TimeDistributed(layers.Dense(self.count(1, 5), self.activation())),
            layers.LayerNormalization,
            layers.BatchNormalization,
            lambda: layers.Dropout(0.5),
            lambda: layers.Activation(self.activation()),
        ]
        kind = self.count(0, len(plain) + 2)
        if kind < len(plain):
            return plain[kind](), steps
        return self.convolution(steps) if kind == len(plain) else self.pooling(steps)

    def convolution(self, steps: int) -> tuple[Any, int]:
        padding = self.pick(["same", "causal", "valid"])
        strides, dilation = self.pick([(1, 1), (2, 1), (1, 2), (1, 3)])
        kernel = self.count(1, 3)
        reach = dilation * (kernel - 1) + 1
        if padding == "valid" and reach > steps:
            padding = "causal"
        length = steps - reach + 1 if padding == "valid" else steps
        layer = layers.Conv1D(
            self.count(1, 5), kernel, strides=strides, padding=padding, dilation_rate=dilation,
            activation=self.activation(), use_bias=self.chance(0.8),
        )  # fmt: skip
        return layer, -(-length // strides)

    def pooling(self, steps: int) -> tuple[Any, int]:
        kind = self.pick([layers.MaxPooling1D, layers.AveragePooling1D])
        size, strides = self.count(1, 3), self.pick([None, 1, 2])
        padding = self.pick(["same", "valid"]) if size <= steps else "same"
        length = steps - size + 1 if padding == "valid" else steps
        after = -(-length // (strides or size))
        outside = max((after - 1) * (strides or size) + size - steps, 0)
        if padding == "same" and outside % 2:
            # On PyTorch, Keras averages over the last step twice there; elsewhere it does not.
            kind = layers.MaxPooling1D
        return kind(size, strides=strides, padding=padding), after

    def reduction(self) -> list[Any]:
        made: list[Callable[[], Any]] = [
            lambda: self.recurrent(return_sequences=False),
            lambda: self.recurrent(return_sequences=False),
            lambda: self.bidirectional(return_sequences=False),
            layers.GlobalAveragePooling1D,
            layers.GlobalMaxPooling1D,
        ]
        if self.chance(0.1):
            return [layers.GlobalAveragePooling1D(keepdims=True), layers.Flatten()]
        return [self.pick(made)()]

    def head(self) -> list[Any]:
        made: list[Callable[[], Any]] = [
            lambda: layers.Dense(self.count(1, 6), self.activation(), use_bias=self.chance(0.8)),
            lambda: layers.BatchNormalization(scale=self.chance(0.7), center=self.chance(0.7)),
            layers.LayerNormalization,
            layers.LeakyReLU,
            lambda: layers.ELU(alpha=0.7),
            lambda: layers.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.2),
            layers.Softmax,
            lambda: layers.Dropout(0.4),
            lambda: layers.Activation(self.activation()),
        ]
        middle = [self.pick(made)() for _ in range(self.count(0, 3))]
        return [*middle, self.pick([layers.Dense(1, "sigmoid"), layers.Dense(3, "softmax")])]

    def recurrent(self, *, return_sequences: bool, units: int | None = None) -> Any:
        kind = self.pick([layers.LSTM, layers.GRU, layers.SimpleRNN])
        return kind(
            units or self.count(1, 5),
            return_sequences=return_sequences,
            go_backwards=self.chance(0.25),
            zero_output_for_mask=self.chance(0.1),
            **self.recurrent_flags(kind),
        )

    def recurrent_flags(self, kind: Any) -> dict[str, Any]:
        flags: dict[str, Any] = {"use_bias": self.chance(0.85), "activation": self.pick(STATES)}
        if kind is not layers.SimpleRNN:
            flags["recurrent_activation"] = self.pick(GATES)
        if kind is layers.GRU:
            flags["reset_after"] = self.chance(0.5)
        return flags

    def bidirectional(self, *, return_sequences: bool) -> Any:
        kind = self.pick([layers.LSTM, layers.GRU, layers.SimpleRNN])
        units, flags = self.count(1, 4), self.recurrent_flags(kind)
        inner = kind(units, return_sequences=return_sequences, **flags)
        if self.chance(0.8):
            return layers.Bidirectional(inner, merge_mode=self.pick(MERGES))
        backward = kind(
            units,
            return_sequences=return_sequences,
            go_backwards=True,
            **self.recurrent_flags(kind),
        )
        return layers.Bidirectional(inner, self.pick(MERGES), backward_layer=backward)

    def maybe_states(self, x: Any) -> Any:
        """At times a layer that gives its last states too, which are repeated along the steps."""
        if not self.chance(0.4):
            return x
        kind = self.pick([layers.LSTM, layers.GRU])
        flags = self.recurrent_flags(kind)
        inner = kind(self.count(1, 4), return_sequences=True, return_state=True, **flags)
        whole, *states = layers.Bidirectional(inner, merge_mode="concat")(x)
        if x.shape[1] is None:
            return whole
        last = layers.Concatenate()(states)
        return layers.Concatenate()([whole, layers.RepeatVector(whole.shape[1])(last)])

    def merging(self) -> Any:
        kinds = ["Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract", "Concatenate"]
        two_only = {"Subtract"}
        return _Merging(
            lambda count: self.pick([k for k in kinds if count == 2 or k not in two_only])
        )

    def arithmetic(self, x: Any, other: Any) -> Any:
        """At times the op nodes that functional Keras 3 writes for plain arithmetic."""
        if self.chance(0.5):
            x = x * 2.0 + 1.0
        if self.chance(0.3) and tuple(x.shape) == tuple(other.shape):
            x = (x - other) / 3.0
        if self.chance(0.3):
            x = 1.0 - x
        return x

    # -- chance ------------------------------------------------------------------

    def through(self, x: Any, made: list[Any]) -> Any:
        for layer in made:
            x = layer(x)
        return x

    def weights(self, variable: Any) -> Array:
        if variable.dtype != "float32":
            return np.asarray(variable)
        if "variance" in variable.path:
            return self.random.uniform(0.4, 2.0, variable.shape).astype(np.float32)
        return self.random.normal(0, 0.5, variable.shape).astype(np.float32)

    def activation(self) -> str:
        return str(self.pick(ACTIVATIONS))

    def chance(self, probability: float) -> bool:
        return bool(self.random.random() < probability)

    def count(self, low: int, high: int) -> int:
        return int(self.random.integers(low, high + 1))

    def pick(self, choices: Any) -> Any:
        return choices[int(self.random.integers(len(choices)))]


class _Merging:
    """A merging layer that is chosen when it is known how many it merges."""

    def __init__(self, choose: Callable[[int], str]) -> None:
        self._choose = choose

    def __call__(self, merged: list[Any]) -> Any:
        return getattr(layers, self._choose(len(merged)))()(merged)
