"""Training by numpy beside PyTorch's gradients and Keras's training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

import keras
import torch
from torch.nn import functional

from classifier.network import Array, LayerSpec, Network
from classifier.network.inputs import read_inputs
from classifier.training import article_network, keras_network
from classifier.training.balance import Balance
from classifier.training.fit import FitOptions, fit
from classifier.training.gradients import TrainingGraph
from classifier.training.initial import initial_network
from classifier.training.keras_engine import KerasEngine
from classifier.training.objective import Objective
from classifier.training.optimizer import Adam, AdamOptions
from classifier.training.orders import TrainOptions
from classifier.training.report import best_threshold, measure
from classifier.training.rows import Rows
from tests.classifier.trained import NETWORKS, Grown

_BY_CHANCE = ("Dropout", "SpatialDropout1D")
_EPSILON = 1e-3


# -- gradients -------------------------------------------------------------------


def _activation(x: Any, config: Mapping[str, Any]) -> Any:
    told = config.get("activation", "linear")
    arguments: dict[str, Any] = {"name": told} if isinstance(told, str) else dict(told)
    name = arguments.pop("name")
    if name == "relu" and arguments:
        return _relu(x, **arguments)
    plain: dict[str, Callable[..., Any]] = {
        "linear": lambda x: x,
        "exponential": torch.exp,
        "relu6": functional.relu6,
        "hard_sigmoid": functional.hardsigmoid,
        "leaky_relu": lambda x: functional.leaky_relu(x, 0.2),
        "softmax": lambda x: torch.softmax(x, -1),
    }
    return (plain.get(name) or getattr(functional, name))(x, **arguments)


def _relu(
    x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Any:
    above = torch.where(x > threshold, x, torch.zeros_like(x))
    above = above if max_value is None else above.clamp(max=max_value)
    return above + negative_slope * (x - threshold).clamp(max=0)


def _mean(x: Any, mask: Any, config: Mapping[str, Any]) -> Any:
    keep = bool(config.get("keepdims"))
    if mask is None:
        return x.mean(1, keepdim=keep)
    counted = mask[..., None].to(x.dtype)
    return (x * counted).sum(1, keepdim=keep) / counted.sum(1, keepdim=keep).clamp(min=1)


def _normalized(x: Any, weights: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    """Over all but the last axis, as a batch in training; over the last one without moments."""
    epsilon = config.get("epsilon", _EPSILON)
    axes = tuple(range(x.ndim - 1)) if "moving_mean" in weights else (-1,)
    mean, variance = x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)
    return (x - mean) / torch.sqrt(variance + epsilon) * weights["gamma"] + weights["beta"]


def _padded(x: Any, size: int, config: Mapping[str, Any]) -> tuple[Any, int]:
    """Return (rows, size, steps) with the padding of Keras, and the stride."""
    stride = int(config.get("strides") or (1 if "pool_size" not in config else size))
    reach = (size - 1) * int(config.get("dilation_rate", 1)) + 1
    steps, padding = x.shape[1], config.get("padding", "valid")
    total = max((-(-steps // stride) - 1) * stride + reach - steps, 0)
    left, right = {
        "valid": (0, 0),
        "causal": (reach - 1, 0),
        "same": (total // 2, total - total // 2),
    }[padding]
    return functional.pad(x.transpose(1, 2), (left, right), value=_padding_of(config)), stride


def _padding_of(config: Mapping[str, Any]) -> float:
    return -np.inf if "pool_size" in config else 0.0


def _convolved(x: Any, weights: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    kernel = weights["kernel"].permute(2, 1, 0)
    padded, stride = _padded(x, kernel.shape[2], config)
    found = functional.conv1d(
        padded,
        kernel,
        weights.get("bias"),
        stride,
        dilation=config.get("dilation_rate", 1),
        groups=config.get("groups", 1),
    )
    return _activation(found.transpose(1, 2), config)


def _pooled(x: Any, config: Mapping[str, Any], *, largest: bool) -> Any:
    """Of padding, which is infinitely small, no window counts anything."""
    padded, stride = _padded(x, config["pool_size"], config)
    windows = padded.unfold(2, config["pool_size"], stride)
    if largest:
        return windows.max(-1).values.transpose(1, 2)
    counted = torch.isfinite(windows)
    sums = torch.where(counted, windows, torch.zeros_like(windows)).sum(-1)
    return (sums / counted.sum(-1)).transpose(1, 2)


def _merge(kind: str, given: Sequence[Any], config: Mapping[str, Any]) -> Any:
    rank = max(x.ndim for x in given)
    rest = iter(x.reshape(len(x), *[1] * (rank - x.ndim), *x.shape[1:]) for x in given)
    told = config.get("constants", [None] * len(given))
    x, *others = [next(rest) if one is None else torch.tensor(one).double() for one in told]
    for other in others:
        x = {"Subtract": torch.sub, "Multiply": torch.mul}.get(kind, torch.add)(x, other)
    return x / len(told) if kind == "Average" else x


def _step(layer: LayerSpec, given: list[Any], weights: dict[str, Any], mask: Any) -> Any:
    x = given[0]
    config: dict[str, Any] = dict(layer.config)
    return {
        "Embedding": lambda: weights["table"][x.long()],
        "Dense": lambda: _activation(x @ weights["kernel"] + weights.get("bias", 0), config),
        "Activation": lambda: _activation(x, config),
        "ReLU": lambda: _relu(x, **config),
        "LeakyReLU": lambda: functional.leaky_relu(x, config["negative_slope"]),
        "ELU": lambda: functional.elu(x, config["alpha"]),
        "Softmax": lambda: torch.softmax(x, -1),
        "NotEqual": lambda: x != 0,
        "MaskOf": lambda: (x != 0).any(-1),
        "Conv1D": lambda: _convolved(x, weights, config),
        "MaxPooling1D": lambda: _pooled(x, config, largest=True),
        "AveragePooling1D": lambda: _pooled(x, config, largest=False),
        "GlobalAveragePooling1D": lambda: _mean(x, mask, config),
        "GlobalMaxPooling1D": lambda: x.max(1, keepdim=bool(config.get("keepdims"))).values,
        "Concatenate": lambda: torch.cat(given, -1),
        "Flatten": lambda: x.flatten(1),
        "Reshape": lambda: x.reshape(len(x), *config["target_shape"]),
        "BatchNormalization": lambda: _normalized(x, weights, config),
        "LayerNormalization": lambda: _normalized(x, weights, config),
    }.get(layer.kind, lambda: _merge(layer.kind, given, config))()


def _of_pytorch(grown: Grown) -> dict[str, Array]:
    """Return the gradients that autograd finds of the cross-entropy of the score."""
    spec = grown.network.spec
    tensors = {name: torch.tensor(x, requires_grad=True) for name, x in _tensors(grown).items()}
    values = {name: torch.tensor(x) for name, x in grown.inputs.items()}
    for layer in spec.layers:
        weights = {role: tensors[name] for role, name in layer.weights.items()}
        mask = None if layer.mask is None else values[layer.mask]
        values[layer.name] = _step(layer, [values[name] for name in layer.inputs], weights, mask)
    score, labels = values[spec.outputs[0]][:, -1], torch.tensor(grown.labels)
    score = score.clamp(1e-7, 1 - 1e-7)
    functional.binary_cross_entropy(score, labels, reduction="sum").backward()
    return {name: x.grad.numpy() for name, x in tensors.items() if x.grad is not None}


def _tensors(grown: Grown) -> dict[str, Array]:
    return {name: np.array(tensor) for name, tensor in grown.network.tensors.items()}


@pytest.mark.parametrize("name", [name for name in NETWORKS if name not in _BY_CHANCE])
def test_gradients_are_those_of_pytorch(name: str) -> None:
    grown = NETWORKS[name]()
    objective = Objective.of(grown.network)
    graph = TrainingGraph(objective.spec, _tensors(grown), objective.output)
    inputs = read_inputs(grown.network.spec.inputs, grown.inputs, grown.network.dtype)
    output, backward = graph.forward(inputs, np.random.default_rng(0))
    found, expected = backward(objective.loss(output, grown.labels)[1]), _of_pytorch(grown)
    assert found.keys() == expected.keys()
    for tensor, gradient in found.items():
        # PyTorch keeps some constants in single precision even here.
        np.testing.assert_allclose(gradient, expected[tensor], rtol=1e-7, atol=1e-10)


# -- Adam ------------------------------------------------------------------------


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_a_step_of_adam_is_that_of_pytorch(weight_decay: float) -> None:
    """PyTorch adds epsilon after the correction: with gradients of about 1 that is all one."""
    random = np.random.default_rng(0)
    weight, gradient = random.normal(size=(40, 7)), random.normal(size=(40, 7))
    gradient += np.sign(gradient)
    expected = torch.tensor(weight, requires_grad=True)
    options: dict[str, Any] = {"lr": 1e-3, "eps": 1e-7, "weight_decay": weight_decay}
    theirs = torch.optim.AdamW([expected], **options)
    ours = Adam({"w": weight}, AdamOptions(weight_decay=weight_decay))
    for _ in range(3):
        expected.grad = torch.tensor(gradient)
        theirs.step()
        ours.step({"w": gradient})
    np.testing.assert_allclose(weight, expected.detach().numpy(), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("weight_decay", [None, 0.1])
def test_steps_of_adam_are_those_of_keras(weight_decay: float | None) -> None:
    random = np.random.default_rng(1)
    weight = random.normal(size=(40, 7)).astype(np.float32)
    variable = keras.Variable(weight)
    theirs = keras.optimizers.Adam(weight_decay=weight_decay)
    theirs.build([variable])
    ours = Adam({"w": weight}, AdamOptions(weight_decay=weight_decay or 0.0))
    for _ in range(20):
        gradient = (random.normal(size=(40, 7)) * 1e-4).astype(np.float32)
        theirs.apply([keras.ops.convert_to_tensor(gradient)])
        ours.step({"w": gradient})
    np.testing.assert_allclose(weight, keras.ops.convert_to_numpy(variable), rtol=1e-6, atol=1e-7)


# -- whole trainings -------------------------------------------------------------


def _texts(rows: int, seed: int) -> tuple[Array, Array]:
    """Invented rows of ids, a third of them bad: some words lean to one side, few are certain."""
    random = np.random.default_rng(seed)
    leaning = np.random.default_rng(99).normal(scale=1.2, size=article_network.WORDS)
    often = 1 / np.arange(1, article_network.WORDS)
    ids = random.choice(
        np.arange(1, article_network.WORDS), (rows, article_network.LENGTH), p=often / often.sum()
    )
    ids[np.arange(article_network.LENGTH) >= random.integers(8, 60, rows)[:, None]] = 0
    leaning[0] = 0
    tilt = leaning[ids].sum(axis=1) / np.sqrt((ids > 0).sum(axis=1))
    labels = tilt + random.normal(scale=0.4, size=rows) > np.quantile(tilt, 0.67)
    return ids, labels.astype(np.float64)


def _keras_model(network: Network) -> Any:
    model = keras_network._build(keras, article_network.WORDS)
    model.set_weights([network.tensors[name] for name in article_network.shapes()])
    return model


def test_epochs_of_one_batch_end_where_keras_ends() -> None:
    """With all rows in a batch their order is all one, and each weight goes the same way."""
    ids, labels = _texts(200, seed=1)
    weights = np.random.default_rng(2).random(200)
    start = initial_network(article_network.SPEC, article_network.shapes(), seed=3)
    model = _keras_model(start)
    model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.01))
    told = model.fit(ids, labels, sample_weight=weights, batch_size=200, epochs=12, verbose=0)
    options = FitOptions(12, batch_size=200, learning_rate=0.01, balance=Balance.NONE)
    fitted = fit(start, ids, labels, options, weights=weights)
    losses = [epoch.loss for epoch in fitted.history]
    np.testing.assert_allclose(losses, told.history["loss"], rtol=1e-4)
    np.testing.assert_allclose(fitted.network(ids), model.predict(ids, verbose=0), atol=1e-4)


def test_scores_on_unseen_rows_are_as_good_as_keras_has_them() -> None:
    """Over three seeds: the loss within 0.02 and the F1 within 0.02 of Keras's, on average."""
    ids, labels = _texts(1500, seed=4)
    unseen, truth = _texts(1500, seed=5)
    ours, theirs = [], []
    for seed in (1, 2, 3):
        start = initial_network(article_network.SPEC, article_network.shapes(), seed=seed)
        ours.append(fit(start, ids, labels, FitOptions(seed=seed)).network(unseen)[:, 0])
        rows, options = Rows({"ids": ids}, labels, np.ones(1500)), TrainOptions(seed=seed)
        theirs.append(KerasEngine().fit(rows, 1000, options).network(unseen)[:, 0])
    for quality in (_loss, _f1):
        found, expected = (np.mean([quality(s, truth) for s in all]) for all in (ours, theirs))
        assert found == pytest.approx(expected, abs=0.02)
    assert np.mean([_f1(scores, truth) for scores in ours]) > 0.7  # by chance it is 0.5


def _loss(scores: Array, labels: Array) -> float:
    scores = np.clip(scores, 1e-6, 1 - 1e-6)
    return float(-np.mean(labels * np.log(scores) + (1 - labels) * np.log(1 - scores)))


def _f1(scores: Array, labels: Array) -> float:
    return measure(labels, scores, best_threshold(labels, scores)).f1 or 0.0
