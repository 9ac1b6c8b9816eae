"""Convolutions over words that are pooled under a mask: joined, they answer as one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from classifier import Classifier
from classifier.bundle import ModelBundle
from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.explain import Push, explain
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network, fuse
from classifier.network.pooled import PooledConvolutions
from classifier.network.registry import build_layer
from classifier.text import TextPipeline, TextVectorization
from tests.classifier.trained import SIZE, WORDS, Plan

STEPS, FILTERS = 9, 5


class Phrases(Plan):
    """A plan of a network that looks for phrases."""

    def __init__(self, steps: int | None = STEPS) -> None:
        super().__init__()
        self.inputs.append(InputSpec("ids", (steps,), "int"))
        self.mask = self.layer("NotEqual", "ids", value=0)
        self.column = self.layer("Reshape", self.mask, target_shape=[-1, 1])

    def found(self, x: str, size: int, **config: Any) -> str:
        config = {"padding": "same", "activation": "relu", **config}
        return self.convolution(x, size, FILTERS, **config)

    def mean(self, x: str, **config: Any) -> str:
        return self.layer("GlobalAveragePooling1D", x, mask=self.mask, **config)

    def largest(self, x: str, **config: Any) -> str:
        known = self.layer("Multiply", x, self.column)
        return self.layer("GlobalMaxPooling1D", known, **config)

    def network(self, *pools: str, dtype: str = "float32", seed: int = 0) -> Network:
        score = self.score(self.layer("Concatenate", *pools), FILTERS * len(pools))
        random = np.random.default_rng(seed)
        spec = GraphSpec(tuple(self.inputs), tuple(self.layers), (score,))
        tensors = {name: random.normal(size=shape) for name, shape in self.shapes.items()}
        return Network(spec, tensors, dtype=dtype)


def rows(count: int = 60, steps: int = STEPS) -> Array:
    """Ids padded behind, in front, between; rows of padding alone and without any."""
    random = np.random.default_rng(count)
    ids = random.integers(1, WORDS, (count, steps))
    ids[np.arange(steps) >= random.integers(0, 2 * steps, count)[:, None]] = 0
    ids[1::5] = ids[1::5, ::-1]
    ids[2::5][random.random(ids[2::5].shape) < 0.3] = 0
    return ids


def kinds(network: Network) -> list[str]:
    return [layer.kind for layer in network.spec.layers]


def joined(network: Network, ids: Array) -> Network:
    """Return the network with its convolutions joined, having seen that it answers the same."""
    found = fuse(network)
    assert "PooledConvolutions" in kinds(found)
    assert not {"Conv1D", "Embedding", "GlobalMaxPooling1D", "Multiply"} & set(kinds(found))
    tolerance = 1e-6 if network.dtype == np.float32 else 1e-13
    np.testing.assert_allclose(found(ids), network(ids), rtol=tolerance, atol=tolerance)
    assert found(ids).dtype == network.dtype
    return found


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("padding", ["same", "causal"])
def test_convolutions_of_several_sizes_become_one_layer(padding: str, dtype: str) -> None:
    plan = Phrases()
    words = plan.embedding("ids")
    found = [plan.found(words, size, padding=padding) for size in (1, 2, 3, 4)]
    pools = [pool(x) for x in found for pool in (plan.mean, plan.largest)]
    assert kinds(joined(plan.network(*pools, dtype=dtype), rows())) == [
        "NotEqual", "PooledConvolutions", "Concatenate", "Dense"
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 3, 700])
def test_a_batch_of_any_size_and_rows_of_any_length_are_pooled(count: int) -> None:
    plan = Phrases(steps=None)
    x = plan.found(plan.embedding("ids"), 3)
    network = plan.network(plan.mean(x), plan.largest(x))
    for steps in (1, 2, 40):
        joined(network, rows(count, steps))
    joined(network, rows(2, 3000))


def test_only_means_or_only_largest_values_may_be_asked_for() -> None:
    for pool in ("mean", "largest"):
        plan = Phrases()
        words = plan.embedding("ids")
        found = [plan.found(words, size, bias=size > 1) for size in (1, 3)]
        joined(plan.network(*(getattr(plan, pool)(x) for x in found)), rows())


def test_the_mean_of_what_is_multiplied_by_the_mask_is_the_same() -> None:
    plan = Phrases()
    known = plan.layer("Multiply", plan.column, plan.found(plan.embedding("ids"), 2))
    joined(plan.network(plan.mean(known), plan.layer("GlobalMaxPooling1D", known)), rows())


def test_layers_that_only_train_do_not_matter() -> None:
    plan = Phrases()
    words = plan.layer("Identity", plan.embedding("ids"), of="SpatialDropout1D", rate=0.2)
    x = plan.layer("Identity", plan.found(words, 2), of="Dropout", rate=0.2)
    pools = [plan.layer("Identity", one, of="Dropout") for one in (plan.mean(x), plan.largest(x))]
    joined(plan.network(*pools), rows())


def test_any_mask_of_steps_will_do() -> None:
    plan = Phrases()
    words = plan.embedding("ids")
    plan.mask = plan.layer("MaskOf", words, mask_value=0)
    x = plan.found(words, 2)
    network = plan.network(plan.mean(x))
    found = fuse(network)
    assert kinds(found) == [
        "NotEqual", "Embedding", "MaskOf", "PooledConvolutions", "Concatenate", "Dense"
    ][1:]  # fmt: skip
    np.testing.assert_allclose(found(rows()), network(rows()), rtol=1e-6, atol=1e-6)


def test_title_and_text_are_joined_each_for_itself() -> None:
    plan = Phrases()
    x = plan.found(plan.embedding("ids"), 2)
    pools = [plan.mean(x)]
    plan.ids("title", 4)
    plan.mask = plan.layer("NotEqual", "title", value=0)
    plan.column = plan.layer("Reshape", plan.mask, target_shape=[4, 1])
    y = plan.found(plan.embedding("title"), 3)
    network = plan.network(*pools, plan.largest(y), plan.mean(y))
    found = fuse(network)
    assert kinds(found).count("PooledConvolutions") == 2
    inputs = {"ids": rows(), "title": rows()[:, 3:7]}
    np.testing.assert_allclose(found(inputs), network(inputs), rtol=1e-6, atol=1e-6)


def test_what_is_pooled_may_be_what_the_network_answers() -> None:
    plan = Phrases()
    x = plan.found(plan.embedding("ids"), 2)
    outputs = (plan.largest(x), plan.mean(x))
    network = plan.network(*outputs)
    spec = replace(network.spec, layers=network.spec.layers[:-2], outputs=outputs)
    tensors = {name: network.tensors[name] for name in plan.shapes if not name.endswith("_9")}
    plain = Network(spec, {k: v for k, v in tensors.items() if _is_used(spec, k)})
    found = fuse(plain)
    assert kinds(found) == ["NotEqual", "PooledConvolutions"]
    for ours, theirs in zip(found(rows()), plain(rows()), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


def _is_used(spec: GraphSpec, tensor: str) -> bool:
    return any(tensor in layer.weights.values() for layer in spec.layers)


def _unmasked_mean(plan: Phrases, words: str) -> list[str]:
    return [plan.layer("GlobalAveragePooling1D", plan.found(words, 2))]


def _largest_of_all_steps(plan: Phrases, words: str) -> list[str]:
    return [plan.layer("GlobalMaxPooling1D", plan.found(words, 2))]


def _mean_of_masked_values(plan: Phrases, words: str) -> list[str]:
    known = plan.layer("Multiply", plan.found(words, 2), plan.column)
    return [plan.layer("GlobalAveragePooling1D", known)]


def _read_by_another(plan: Phrases, words: str) -> list[str]:
    x = plan.found(words, 2)
    flat = plan.dense(plan.layer("Flatten", x), STEPS * FILTERS, FILTERS)
    return [plan.mean(x), plan.largest(x), flat]


def _kept_axis(plan: Phrases, words: str) -> list[str]:
    flat = plan.layer("Flatten", plan.mean(plan.found(words, 2), keepdims=True))
    return [flat]


def _convolved_twice(plan: Phrases, words: str) -> list[str]:
    once = plan.convolution(words, 2, SIZE, padding="same", activation="relu")
    return [plan.mean(plan.found(once, 2))]


def _masks_that_differ(plan: Phrases, words: str) -> list[str]:
    other = plan.layer("NotEqual", "ids", value=1)
    known = plan.layer("Multiply", plan.found(words, 2), plan.column)
    return [plan.layer("GlobalAveragePooling1D", known, mask=other)]


def _times_numbers(plan: Phrases, words: str) -> list[str]:
    numbers = plan.layer("Reshape", plan.dense(words, SIZE, 1), target_shape=[-1, 1])
    known = plan.layer("Multiply", plan.found(words, 2), numbers)
    return [plan.layer("GlobalMaxPooling1D", known)]


def _with(**config: Any) -> Callable[[Phrases, str], list[str]]:
    def build(plan: Phrases, words: str) -> list[str]:
        x = plan.found(words, 2, **config)
        return [plan.mean(x), plan.largest(x)]

    return build


@pytest.mark.parametrize(
    "build",
    [
        _unmasked_mean,
        _largest_of_all_steps,
        _mean_of_masked_values,
        _read_by_another,
        _kept_axis,
        _convolved_twice,
        _masks_that_differ,
        _times_numbers,
        _with(activation="tanh"),
        _with(activation="linear"),
        _with(activation={"name": "relu", "negative_slope": 0.1}),
        _with(dilation_rate=2),
        _with(groups=1, inputs=SIZE, dilation_rate=[3]),
    ],
)
def test_what_is_no_such_network_runs_as_it_is(build: Any) -> None:
    plan = Phrases()
    network = plan.network(*build(plan, plan.embedding("ids")))
    assert fuse(network) is network


@pytest.mark.parametrize("wrong", [-1, WORDS])
def test_ids_out_of_range_are_refused_by_the_joined_network_too(wrong: int) -> None:
    plan = Phrases()
    x = plan.found(plan.embedding("ids"), 3)
    found = fuse(plan.network(plan.mean(x)))
    with pytest.raises(BundleMismatch, match="pooled: ids"):
        found(np.full((1, STEPS), wrong))


def test_small_ids_may_come_in_few_bits() -> None:
    plan = Phrases()
    plan.shapes["table"] = (128, SIZE)
    x = plan.found(plan._weighted("Embedding", "ids", {"table": "table"}), 3)
    network = plan.network(plan.mean(x), plan.largest(x))
    joined(network, rows().astype(np.int8))


def test_words_are_explained_by_leaving_them_out() -> None:
    plan = Phrases()
    x = plan.found(plan.embedding("ids"), 2)
    network = plan.network(plan.mean(x), plan.largest(x), seed=2)
    text = TextPipeline(None, TextVectorization(("", "[UNK]", *"абвгдеж"), STEPS))
    bundle = ModelBundle("phrases", 0.5, network, text, "")
    explanation = explain(bundle, "а б в г")
    whole, less = network.astype(np.float64)(text.ids(["а б в г", "а в г"]))[:, 0]
    assert explanation.score == pytest.approx(whole, abs=1e-12)
    taken = np.log(whole / (1 - whole)) - np.log(less / (1 - less))
    assert explanation.pushes[1] == Push("б", pytest.approx(taken, abs=1e-9))
    (score,) = Classifier(bundle).score(["а б в г"])
    assert score.value == pytest.approx(whole, abs=1e-6)


_KERNELS = {"table": (WORDS, SIZE), "kernel_0": (2, SIZE, 3), "bias_0": (3,)}


def _built(shapes: dict[str, tuple[int, ...]] = _KERNELS, **config: Any) -> Any:
    config = {"before": [0], "pools": [["mean", 0]], **config}
    spec = LayerSpec("tested", "PooledConvolutions", ("ids",), config, {}, "mask")
    return build_layer(spec, {name: np.ones(shape) for name, shape in shapes.items()})


def test_the_layer_stands_in_a_graph_of_its_own_right() -> None:
    layer = _built(pools=[["largest", 0], ["mean", 0]])
    assert isinstance(layer, PooledConvolutions)
    assert layer.shape([(STEPS,)]) == ((3,), (3,))
    largest, mean = layer([np.ones((1, 2), int)], None)
    assert largest.tolist() == [[2 * SIZE + 1] * 3], "the last step has nothing after it"
    assert mean.tolist() == [[1.5 * SIZE + 1] * 3]


@pytest.mark.parametrize(
    "config",
    [
        {"before": [2]},
        {"before": [-1]},
        {"before": [0, 0]},
        {"before": 0},
        {"before": [True]},
        {"pools": []},
        {"pools": "mean"},
        {"pools": [["mean", 1]]},
        {"pools": [["mean", -1]]},
        {"pools": [["median", 0]]},
        {"pools": [["mean"]]},
        {"padding": "same"},
    ],
)
def test_settings_that_mean_nothing_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedLayer, match=next(iter(config))):
        _built(**config)


@pytest.mark.parametrize(
    "shapes",
    [
        {"kernel_0": (2, SIZE + 1, 3)},
        {"bias_0": (4,)},
        {"kernel_1": (2, SIZE, 3)},
        {"kernel": (2, SIZE, 3)},
        {"table": (WORDS,)},
    ],
)
def test_weights_that_do_not_fit_are_refused(shapes: dict[str, tuple[int, ...]]) -> None:
    with pytest.raises((BundleMismatch, UnsupportedLayer)):
        _built({**_KERNELS, **shapes})
