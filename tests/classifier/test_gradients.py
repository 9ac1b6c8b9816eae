"""Gradients beside differences: each weight is moved a little to either side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from classifier.errors import UnsupportedLayer
from classifier.network import Array, Network
from classifier.network.inputs import read_inputs
from classifier.training.gradients import TrainingGraph, WeightGradients
from classifier.training.objective import Objective
from tests.classifier.trained import NETWORKS, SIZE, Grown, Plan, activated, dropped, normalized

_LITTLE = 1e-6
_SEED = 11
_EITHER = [pytest.param(None, id="scoring"), pytest.param(_SEED, id="training")]


class _Trained:
    """The loss of a grown network and its gradients, with the same chance each time."""

    def __init__(
        self, grown: Grown, chance: int | None, frozen: frozenset[str] = frozenset()
    ) -> None:
        network = grown.network
        self.tensors: dict[str, Array] = {
            name: tensor.copy() for name, tensor in network.tensors.items()
        }
        self._objective = objective = Objective.of(network)
        self.graph = TrainingGraph(objective.spec, self.tensors, objective.output, frozen=frozen)
        self._inputs = read_inputs(network.spec.inputs, grown.inputs, network.dtype)
        self._labels, self._chance = grown.labels, chance

    def loss(self) -> float:
        return float(self._run()[0].sum())

    def gradients(self) -> Mapping[str, Array]:
        _, slope, backward = self._run()
        return backward(slope)

    def differences(self, name: str) -> Array:
        """Return how the loss grows with each value of a tensor, by central differences."""
        flat = self.tensors[name].reshape(-1)
        found = np.zeros_like(flat)
        for place, value in enumerate(flat.copy()):
            flat[place] = value + _LITTLE
            above = self.loss()
            flat[place] = value - _LITTLE
            found[place] = (above - self.loss()) / (2 * _LITTLE)
            flat[place] = value
        return found.reshape(self.tensors[name].shape)

    def _run(self) -> tuple[Array, Array, WeightGradients]:
        random = None if self._chance is None else np.random.default_rng(self._chance)
        output, backward = self.graph.forward(self._inputs, random)
        return (*self._objective.loss(output, self._labels), backward)


@pytest.mark.parametrize("chance", _EITHER)
@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_are_the_slopes_that_differences_find(name: str, chance: int | None) -> None:
    trained = _Trained(NETWORKS[name](), chance)
    gradients = trained.gradients()
    moving = {name for name in trained.tensors if "moving" in name}
    assert gradients.keys() == trained.tensors.keys() - moving
    assert any(np.abs(gradient).max() > 1e-3 for gradient in gradients.values())
    for tensor, gradient in gradients.items():
        expected = trained.differences(tensor)
        np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7, err_msg=tensor)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", NETWORKS)
def test_forward_without_chance_is_what_the_network_answers(name: str, dtype: type) -> None:
    grown = NETWORKS[name]()
    network = grown.network.astype(dtype)
    tensors: dict[str, Array] = {
        name: tensor.astype(dtype) for name, tensor in network.tensors.items()
    }
    spec = Objective.of(network).spec
    inputs = read_inputs(spec.inputs, grown.inputs, network.dtype)
    found, _ = TrainingGraph(spec, tensors, spec.outputs[0]).forward(inputs)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, network(grown.inputs), rtol=1e-5, atol=1e-6)


def test_the_padding_of_a_masked_mean_learns_nothing() -> None:
    gradients = _Trained(NETWORKS["masked mean"](), _SEED).gradients()
    assert not gradients["table"][0].any()
    assert gradients["table"][1:].any(axis=1).sum() > 3


@pytest.mark.parametrize(
    ("of", "shape"), [("Dropout", (200, 50, 8)), ("SpatialDropout1D", (200, 1, 8))]
)
def test_dropout_lets_a_share_go_and_keeps_the_mean(of: str, shape: tuple[int, ...]) -> None:
    plan = Plan()
    x = plan.layer("Identity", plan.features("x", 50, 8), of=of, rate=0.3)
    network = plan.grow(plan.score(plan.layer("Flatten", x), 400), dtype=np.float32).network
    graph = TrainingGraph(network.spec, network.tensors, x)
    found, _ = graph.forward({"x": np.ones((200, 50, 8), np.float32)}, np.random.default_rng(1))
    assert set(np.unique(found)) == {np.float32(0), np.float32(1) / np.float32(0.7)}
    chances = shape[0] * shape[1] * shape[2]
    assert abs((found == 0).mean() - 0.3) < 4 * np.sqrt(0.21 / chances)
    if of == "SpatialDropout1D":  # a value is dropped in all steps of a row or in none
        assert (found == found[:, :1]).all()
    assert (graph.forward({"x": np.ones((2, 50, 8), np.float32)})[0] == 1).all()


def test_in_training_a_batch_is_normalized_by_itself_and_the_moving_values_follow() -> None:
    trained = _Trained(normalized("BatchNormalization", steps=False), _SEED)
    before = {name: tensor.copy() for name, tensor in trained.tensors.items()}
    trained.gradients()
    for name, tensor in trained.tensors.items():
        assert np.array_equal(tensor, before[name]) == ("moving" not in name)


def test_frozen_moving_values_stay_and_the_batch_is_normalized_by_them() -> None:
    grown = normalized("BatchNormalization", steps=False)
    frozen = frozenset(name for name in grown.network.tensors if "moving" in name)
    trained = _Trained(grown, _SEED, frozen)
    for name in frozen:
        trained.tensors[name].flags.writeable = False
    scored = _Trained(grown, None)
    assert trained.loss() == scored.loss()
    for name, gradient in scored.gradients().items():
        np.testing.assert_array_equal(trained.gradients()[name], gradient)


@pytest.mark.parametrize("name", ["two tables", "batch", "flatten"])
def test_frozen_tensors_get_no_gradient_and_the_others_the_same(name: str) -> None:
    everything = _Trained(NETWORKS[name](), _SEED).gradients()
    for frozen in everything:
        gradients = _Trained(NETWORKS[name](), _SEED, frozenset({frozen})).gradients()
        assert gradients.keys() == everything.keys() - {frozen}
        for tensor, gradient in gradients.items():
            np.testing.assert_allclose(gradient, everything[tensor], rtol=1e-12, atol=1e-15)


def test_a_layer_without_a_gradient_is_refused_by_name() -> None:
    plan = Plan()
    words = plan.embedding(plan.ids())
    grown = plan.grow(plan.score(plan.layer("GlobalMaxPooling1D", plan.layer("Square", words))))
    with pytest.raises(UnsupportedLayer, match="'Square' cannot be trained with numpy") as caught:
        _Trained(grown, None)
    assert caught.value.name == "square_1"


def test_before_all_that_learns_any_layer_may_stand() -> None:
    plan = Plan()
    words = plan.embedding(plan.ids())
    grown = plan.grow(plan.score(plan.layer("GlobalMaxPooling1D", plan.layer("Square", words))))
    trained = _Trained(grown, None, frozenset({"table"}))
    assert trained.gradients().keys() == {"kernel_3", "bias_3"}


@pytest.mark.parametrize("activation", ["mish", "gelu", {"name": "softmax", "axis": -1}])
def test_an_activation_without_a_gradient_is_refused_by_its_layer(activation: object) -> None:
    grown = activated(activation)
    if activation == {"name": "softmax", "axis": -1}:
        _Trained(grown, None)
        return
    with pytest.raises(UnsupportedLayer, match=rf"dense_0.*Activation\({activation}\).*trained"):
        _Trained(grown, None)


@pytest.mark.parametrize("of", ["GaussianNoise", "AlphaDropout"])
def test_noise_of_another_kind_is_refused(of: str) -> None:
    with pytest.raises(UnsupportedLayer, match=of):
        _Trained(dropped(of, 0.0), None)


def test_a_dropout_whose_rate_was_not_kept_drops_nothing() -> None:
    grown = dropped("Dropout", 0.0)
    assert _Trained(grown, _SEED).loss() == _Trained(grown, None).loss()


def test_layers_beside_the_way_to_the_score_do_not_matter() -> None:
    plan = Plan()
    x = plan.features()
    plan.layer("Square", plan.dense(x, SIZE, SIZE))
    grown = plan.grow(plan.score(x))
    assert _Trained(grown, None).graph.learning == {"kernel_2", "bias_2"}
    assert isinstance(grown.network, Network)
