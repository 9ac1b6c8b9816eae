from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import Array, LayerSpec, Mask, Shape, register_layer
from classifier.network.activations import relu, sigmoid
from tests.classifier.layers import network, normal, run


class Gate:
    """relu(x)·sigmoid(x)."""

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        return (shapes[0],)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        return (relu(inputs[0]) * sigmoid(inputs[0]),)


@dataclass
class Scale:
    """x·factors, or whatever it is told to answer."""

    factors: Array
    answer: Any = None

    def shape(self, shapes: Sequence[Shape]) -> tuple[Shape, ...]:
        if shapes[0][-1] != len(self.factors):
            raise BundleMismatch("scale: input", len(self.factors), shapes[0])
        return (shapes[0],)

    def __call__(self, inputs: Sequence[Array], mask: Mask | None) -> tuple[Array, ...]:
        return self.answer or (inputs[0] * self.factors,)


_answers: list[Any] = [None]


def _scale(spec: LayerSpec, weights: Mapping[str, Array]) -> Scale:
    return Scale(weights["factors"], _answers[-1])


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    register_layer("Gate", lambda spec, weights: Gate())
    register_layer("my>Scale", _scale)
    yield
    del _answers[1:]


def test_a_custom_layer_is_built_by_its_class_name() -> None:
    x = normal(3, 4)
    np.testing.assert_allclose(run("Gate", [x]), np.maximum(x, 0) / (1 + np.exp(-x)))


def test_a_custom_layer_may_have_weights_of_its_own() -> None:
    x, factors = normal(3, 4), normal(4, seed=1)
    np.testing.assert_array_equal(run("my>Scale", [x], {}, {"factors": factors}), x * factors)


def test_a_custom_layer_may_stand_at_every_step() -> None:
    x = normal(2, 3, 4)
    found = run("TimeDistributed", [x], {"layer": "Gate"})
    np.testing.assert_allclose(found, np.maximum(x, 0) / (1 + np.exp(-x)))


def test_a_layer_that_nobody_registered_is_refused_by_name() -> None:
    with pytest.raises(UnsupportedLayer) as caught:
        network("Scale", [(4,)])
    assert (caught.value.name, caught.value.layer_class) == ("tested", "Scale")


def test_the_weights_of_a_custom_layer_are_finite_and_used() -> None:
    with pytest.raises(BundleMismatch, match="tested: factors"):
        network("my>Scale", [(4,)], {}, {"factors": np.array([1, 2, 3, np.inf])})
    with pytest.raises(BundleMismatch, match="expected 3"):
        network("my>Scale", [(4,)], {}, {"factors": np.ones(3)})


@pytest.mark.parametrize(
    "answer",
    [(np.zeros((2, 5)),), (np.zeros((1, 4)),), (np.zeros((2, 4)), np.zeros((2, 4))), np.ones(4)],
    ids=["other values", "other rows", "two outputs", "no tuple"],
)
def test_a_custom_layer_that_answers_something_else_than_it_said_is_caught(answer: object) -> None:
    _answers.append(answer if isinstance(answer, tuple) else [answer])
    with pytest.raises(BundleMismatch, match="tested: outputs"):
        run("my>Scale", [normal(2, 4)], {}, {"factors": np.ones(4)})


@pytest.mark.parametrize("name", ["Dense", "LSTM", "TimeDistributed"])
def test_the_runtimes_own_layers_cannot_be_replaced(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        register_layer(name, lambda spec, weights: Gate())


def test_the_last_registration_of_a_name_counts() -> None:
    register_layer("Gate", lambda spec, weights: Scale(np.full(4, 2.0)))
    assert run("Gate", [np.ones((1, 4))]).tolist() == [[2.0] * 4]
