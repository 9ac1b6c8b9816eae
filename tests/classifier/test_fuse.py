"""A folded network answers as the network it was folded from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from classifier import BundleMismatch, Classifier
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network, fuse
from tests.classifier import models

WORDS, SIZE, STEPS = 50, 8, 7
TABLE = {"table": "table"}
EMBEDDING = LayerSpec("embedding", "Embedding", ("ids",), {}, TABLE)
AVERAGE = LayerSpec("average", "GlobalAveragePooling1D", ("embedding",))
HIDDEN = LayerSpec(
    "hidden", "Dense", ("average",), {"activation": "relu"}, {"kernel": "kernel", "bias": "bias"}
)


def network(*layers: LayerSpec, units: int = 3, steps: int | None = STEPS, **how: Any) -> Network:
    """Return a network of ``layers``, its output the last of them."""
    random = np.random.default_rng(units)
    shapes = {"table": (WORDS, SIZE), "kernel": (SIZE, units), "bias": (units,)}
    shapes |= {"last": (units, 1), "wide": (SIZE + units, 2)}
    used = {name for layer in layers for name in layer.weights.values()}
    tensors = {name: random.normal(size=shape) for name, shape in shapes.items() if name in used}
    inputs = (InputSpec("ids", (steps,), "int"),)
    return Network(GraphSpec(inputs, layers, (layers[-1].name,)), tensors, **how)


def ids(rows: int = 20, steps: int = STEPS) -> Array:
    return np.random.default_rng(rows).integers(0, WORDS, (rows, steps))


def kinds(network: Network) -> list[str]:
    return [layer.kind for layer in network.spec.layers]


def last(before: str) -> LayerSpec:
    return LayerSpec("last", "Dense", (before,), {"activation": "sigmoid"}, {"kernel": "last"})


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ["linear", "relu", "softmax", {"name": "elu", "alpha": 0.5}])
@pytest.mark.parametrize("bias", [True, False])
def test_a_folded_network_has_the_same_output(
    dtype: str, activation: str | Mapping[str, object], bias: bool
) -> None:
    weights = HIDDEN.weights if bias else {"kernel": "kernel"}
    hidden = replace(HIDDEN, config={"activation": activation}, weights=weights)
    plain = network(EMBEDDING, AVERAGE, hidden, last("hidden"), dtype=dtype)
    folded = fuse(plain)
    assert kinds(folded) == ["AveragedEmbedding", "Dense"]
    tolerance = 1e-6 if dtype == "float32" else 1e-14
    np.testing.assert_allclose(folded(ids()), plain(ids()), rtol=tolerance, atol=tolerance)
    assert folded(ids()).dtype == dtype


def test_rows_of_any_length_are_averaged() -> None:
    plain = network(EMBEDDING, AVERAGE, HIDDEN, steps=None)
    for steps in (1, 2, 300):
        folded = fuse(plain)(ids(5, steps))
        np.testing.assert_allclose(folded, plain(ids(5, steps)), rtol=1e-5, atol=1e-6)


def test_layers_that_only_train_are_folded_too() -> None:
    dropout = LayerSpec("dropout", "Identity", ("embedding",), {"of": "SpatialDropout1D"})
    second = LayerSpec("second", "Identity", ("average",), {"of": "Dropout"})
    average, hidden = replace(AVERAGE, inputs=("dropout",)), replace(HIDDEN, inputs=("second",))
    plain = network(EMBEDDING, dropout, average, second, hidden)
    folded = fuse(plain)
    assert kinds(folded) == ["AveragedEmbedding"]
    np.testing.assert_allclose(folded(ids()), plain(ids()), rtol=1e-5, atol=1e-6)


def masked() -> Network:
    mask = LayerSpec("mask", "NotEqual", ("ids",), {"value": 0})
    return network(mask, EMBEDDING, replace(AVERAGE, mask="mask"), HIDDEN)


def read_twice() -> Network:
    both = LayerSpec("both", "Concatenate", ("average", "hidden"), {"axis": -1})
    return network(EMBEDDING, AVERAGE, HIDDEN, both)


def average_is_an_output() -> Network:
    plain = network(EMBEDDING, AVERAGE, HIDDEN)
    return Network(replace(plain.spec, outputs=("average", "hidden")), plain.tensors)


def other_pooling() -> Network:
    return network(EMBEDDING, replace(AVERAGE, kind="GlobalMaxPooling1D"), HIDDEN)


def keeps_dimensions() -> Network:
    return network(EMBEDDING, replace(AVERAGE, config={"keepdims": True}), HIDDEN)


def between() -> Network:
    relu = LayerSpec("relu", "ReLU", ("embedding",))
    return network(EMBEDDING, relu, replace(AVERAGE, inputs=("relu",)), HIDDEN)


def wider_than_its_embedding() -> Network:
    return network(EMBEDDING, AVERAGE, HIDDEN, units=SIZE + 1)


@pytest.mark.parametrize(
    "make",
    [
        masked,
        read_twice,
        average_is_an_output,
        other_pooling,
        keeps_dimensions,
        between,
        wider_than_its_embedding,
    ],
)
def test_what_cannot_be_folded_runs_as_it_is(make: Any) -> None:
    plain = make()
    assert fuse(plain) is plain


def test_one_table_may_be_folded_twice() -> None:
    second = [
        replace(layer, name=f"{layer.name}@1", inputs=inputs)
        for layer, inputs in (
            (EMBEDDING, ("ids",)),
            (AVERAGE, ("embedding@1",)),
            (HIDDEN, ("average@1",)),
        )
    ]
    both = LayerSpec("both", "Add", ("hidden", "hidden@1"))
    plain = network(EMBEDDING, AVERAGE, HIDDEN, *second, both)
    folded = fuse(plain)
    assert kinds(folded) == ["AveragedEmbedding", "AveragedEmbedding", "Add"]
    np.testing.assert_allclose(folded(ids()), plain(ids()), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("wrong", [-1, WORDS])
def test_ids_out_of_range_are_refused_by_the_folded_network_too(wrong: int) -> None:
    folded = fuse(network(EMBEDDING, AVERAGE, HIDDEN))
    with pytest.raises(BundleMismatch, match="hidden: ids"):
        folded(np.full((1, STEPS), wrong))


def test_a_classifier_scores_as_its_network_does_unfolded() -> None:
    bundle = models.bundle()
    texts = ["Дождь над мостом!", "Скидка! Скидка!", ""]
    assert bundle.text is not None
    expected = bundle.network(bundle.text.ids(texts))[:, 0]
    found = [score.value for score in Classifier(bundle).score(texts)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    assert "embedding" in bundle.network.activations(bundle.text.ids(texts)), "the bundle's stays"
