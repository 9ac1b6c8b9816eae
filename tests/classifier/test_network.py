from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from tests.classifier import models

_IDS = np.array([[2, 3, 0, 0, 0], [4, 1, 5, 5, 2], [0, 0, 0, 0, 0]])


def _with_layer(index: int, **changed: object) -> GraphSpec:
    layers = list(models.spec().layers)
    layers[index] = replace(layers[index], **changed)
    return replace(models.spec(), layers=tuple(layers))


def test_the_network_is_what_a_straightforward_loop_computes() -> None:
    weights = {name: tensor.astype(np.float64) for name, tensor in models.tensors().items()}
    expected = []
    for row in _IDS:
        mean = sum(weights["embedding/table"][i] for i in row) / len(row)
        hidden = np.maximum(mean @ weights["hidden/kernel"] + weights["hidden/bias"], 0)
        logit = hidden @ weights["score/kernel"] + weights["score/bias"]
        expected.append(1 / (1 + np.exp(-logit)))
    found = Network(models.spec(), models.tensors())(_IDS)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_activations_name_every_layer_in_order() -> None:
    network = Network(models.spec(), models.tensors())
    found = network.activations({"ids": _IDS})
    assert {name: values.shape for name, values in found.items()} == {
        "embedding": (3, 5, 4),
        "average": (3, 4),
        "hidden": (3, 3),
        "score": (3, 1),
    }
    assert list(found) == ["embedding", "average", "hidden", "score"]
    np.testing.assert_array_equal(found["score"], network(_IDS))


def test_networks_compute_in_single_precision_and_in_double_on_demand() -> None:
    weights = {name: tensor.astype(np.float64) for name, tensor in models.tensors().items()}
    single = Network(models.spec(), weights)
    assert single(_IDS).dtype == np.float32
    assert single.astype(np.float64)(_IDS).dtype == np.float64


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    network = Network(models.spec(), models.tensors())
    alone = np.concatenate([network(_IDS[i : i + 1]) for i in range(3)])
    np.testing.assert_allclose(network(_IDS), alone, rtol=1e-6)


def test_an_empty_batch_has_an_empty_answer() -> None:
    assert Network(models.spec(), models.tensors())(_IDS[:0]).shape == (0, 1)


@pytest.mark.parametrize(
    "ids",
    [
        np.array([[0, 0, 0, 0, 6]]),
        np.array([[0, 0, 0, 0, -1]]),
        np.array([[0.0, 0, 0, 0, 0.5]]),
        np.array([[0.0, 0, 0, 0, np.nan]]),
        np.array([[0, 0, 0, 0]]),
        np.array([0, 0, 0, 0, 0]),
    ],
)
def test_ids_that_the_network_cannot_take_are_refused(ids: Array) -> None:
    with pytest.raises(BundleMismatch, match="ids"):
        Network(models.spec(), models.tensors())(ids)


def test_inputs_of_other_names_are_refused() -> None:
    with pytest.raises(BundleMismatch, match="words"):
        Network(models.spec(), models.tensors())({"words": _IDS})


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"kind": "Attention"}, "Attention"),
        ({"kind": "Lambda"}, "Lambda"),
        ({"config": {"activation": "maxout"}}, "maxout"),
        ({"config": {"activation": ["relu"]}}, "relu"),
        ({"config": {"activation": "relu", "lora_rank": 4}}, "lora_rank"),
    ],
)
def test_a_layer_or_a_setting_that_is_not_known_is_refused_by_name(
    changed: Mapping[str, object], named: str
) -> None:
    with pytest.raises(UnsupportedLayer, match=named) as caught:
        Network(_with_layer(2, **changed), models.tensors())
    assert caught.value.name == "hidden"


def test_masking_is_refused_and_not_passed_over() -> None:
    with pytest.raises(UnsupportedLayer, match="mask_zero"):
        Network(_with_layer(0, config={"mask_zero": True}), models.tensors())


@pytest.mark.parametrize(
    ("name", "tensor", "key"),
    [
        ("hidden/kernel", np.zeros((5, 3), np.float32), "hidden: input"),
        ("hidden/bias", np.zeros(4, np.float32), "hidden: bias"),
        ("score/kernel", np.zeros(3, np.float32), "score: kernel"),
        ("embedding/table", np.zeros((0, 4), np.float32), "embedding: table"),
        ("embedding/table", np.zeros((6, 4), np.int64), "embedding: table"),
        ("embedding/table", np.full((6, 4), np.nan, np.float32), "embedding: table"),
        ("score/bias", np.array([np.inf], np.float32), "score: bias"),
    ],
)
def test_weights_that_do_not_fit_are_named(name: str, tensor: Array, key: str) -> None:
    with pytest.raises(BundleMismatch) as caught:
        Network(models.spec(), {**models.tensors(), name: tensor})
    assert caught.value.key == key


def test_missing_and_left_over_weights_are_named() -> None:
    weights = models.tensors()
    with pytest.raises(BundleMismatch, match="extra"):
        Network(models.spec(), {**weights, "extra": weights["score/bias"]})
    del weights["hidden/bias"]
    with pytest.raises(BundleMismatch, match="hidden/bias"):
        Network(models.spec(), weights)


@pytest.mark.parametrize(
    "spec",
    [
        _with_layer(1, inputs=("nowhere",)),
        _with_layer(1, inputs=("score",)),
        _with_layer(1, inputs=()),
        _with_layer(1, name="embedding"),
        _with_layer(1, weights={"kernel": "score/kernel"}),
        replace(models.spec(), outputs=("nowhere",)),
        replace(models.spec(), outputs=()),
        replace(models.spec(), inputs=(InputSpec("ids", (5, 2)),)),
    ],
)
def test_a_graph_that_does_not_hang_together_is_refused(spec: GraphSpec) -> None:
    with pytest.raises(BundleMismatch):
        Network(spec, models.tensors())


def test_a_layer_without_a_bias_adds_none() -> None:
    spec = GraphSpec(
        (InputSpec("x", (2,)),), (LayerSpec("d", "Dense", ("x",), {}, {"kernel": "k"}),), ("d",)
    )
    network = Network(spec, {"k": np.array([[1.0], [10.0]])})
    assert network(np.array([[3.0, 4.0]])).tolist() == [[43.0]]
