"""Which padding may be left out: where it may not, a network would learn something else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from classifier import Classifier
from classifier.bundle import ModelBundle
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network, trim
from classifier.network.trimming import Margins, TrimmedNetwork, trimmable, trimmed
from classifier.text import TextPipeline, TextVectorization
from classifier.training.gradients import TrainingGraph
from classifier.training.objective import Objective
from tests.classifier.trained import SIZE, WORDS, Plan

STEPS = 12
NONE = Margins()


def _network(plan: Plan, *outputs: str, dtype: str = "float64") -> Network:
    random = np.random.default_rng(0)
    spec = GraphSpec(tuple(plan.inputs), tuple(plan.layers), outputs)
    tensors = {name: random.normal(size=shape) for name, shape in plan.shapes.items()}
    return Network(spec, tensors, dtype=dtype)


def _rows(count: int, longest: int, steps: int = STEPS) -> Array:
    """Ids of at most ``longest`` words, some rows without any, some with gaps."""
    random = np.random.default_rng(count)
    ids = random.integers(1, WORDS, (count, steps))
    ids[np.arange(steps) >= random.integers(0, longest + 1, count)[:, None]] = 0
    ids[::7] = 0
    ids[3::5, 1] = 0
    return ids


def _masked_mean(plan: Plan, ids: str, value: int = 0) -> str:
    mask = plan.layer("NotEqual", ids, value=value)
    words = plan.layer("Identity", plan.embedding(ids), of="Dropout", rate=0.2)
    words = plan.dense(words, 4, 4, activation="relu")
    return plan.layer("GlobalAveragePooling1D", words, mask=mask)


def test_padding_that_only_masked_means_read_may_go() -> None:
    plan = Plan()
    both = [_masked_mean(plan, plan.ids(name)) for name in ("words", "pieces")]
    joined = plan.layer("Concatenate", *both, plan.features())
    assert trimmable(_network(plan, plan.score(joined, 12))) == {"words": NONE, "pieces": NONE}


@pytest.mark.parametrize("kind", ["GlobalMaxPooling1D", "GlobalAveragePooling1D", "Flatten"])
def test_padding_that_something_else_reads_stays(kind: str) -> None:
    plan = Plan()
    ids = plan.ids()
    masked = _masked_mean(plan, ids)
    other = plan.layer(kind, plan.embedding(ids))
    joined = plan.layer("Concatenate", masked, other)
    size = SIZE + (SIZE * 6 if kind == "Flatten" else SIZE)
    assert not trimmable(_network(plan, plan.score(joined, size)))
    assert not trimmable(_network(plan, masked, plan.embedding(ids)))


def test_a_mask_of_another_id_or_another_input_is_none() -> None:
    plan = Plan()
    mean = _masked_mean(plan, plan.ids(), value=1)
    assert not trimmable(_network(plan, plan.score(mean)))
    plan = Plan()
    ids, others = plan.ids(), plan.ids("others")
    mask = plan.layer("NotEqual", others, value=0)
    mean = plan.layer("GlobalAveragePooling1D", plan.embedding(ids), mask=mask)
    assert not trimmable(_network(plan, plan.score(mean)))


def test_padding_that_a_softmax_over_the_steps_reads_stays() -> None:
    plan = Plan()
    ids = plan.ids()
    shares = plan.layer(
        "Activation", plan.embedding(ids), activation={"name": "softmax", "axis": 1}
    )
    mask = plan.layer("NotEqual", ids, value=0)
    mean = plan.layer("GlobalAveragePooling1D", shares, mask=mask)
    assert not trimmable(_network(plan, plan.score(mean)))


def test_features_have_no_padding() -> None:
    x = LayerSpec("same", "Identity", ("x",))
    assert not trimmable(Network(GraphSpec((InputSpec("x", (4,)),), (x,), ("same",)), {}))


def test_columns_of_padding_go_wherever_they_stand() -> None:
    ids = np.array([[0, 3, 0, 0, 0], [0, 0, 0, 2, 0]])
    found = trimmed({"ids": ids, "others": ids}, {"ids": NONE})
    assert found["ids"].tolist() == [[3, 0], [0, 2]]
    assert found["others"] is ids
    assert trimmed({"ids": ids * 0}, {"ids": NONE})["ids"].tolist() == [[0], [0]]


def test_as_many_columns_of_padding_stay_as_are_read() -> None:
    ids = np.array([[0, 0, 0, 3, 0, 0, 0, 0, 0, 5, 0, 0]])
    for margins, expected in {
        (1, 0): [0, 3, 0, 5],
        (0, 2): [3, 0, 0, 5, 0, 0],
        (1, 1): [0, 3, 0, 0, 5, 0],
        (9, 9): ids[0].tolist(),
        (70, 0): ids[0, :10].tolist(),
    }.items():
        assert trimmed({"ids": ids}, {"ids": Margins(*margins)})["ids"].tolist() == [expected]


# -- convolutions ----------------------------------------------------------------


def _convolved(plan: Plan, x: str, size: int, **config: object) -> str:
    return plan.convolution(x, size, SIZE, **{"padding": "same", **config})


def _two_steps(plan: Plan, words: str) -> tuple[str, Margins]:
    """Convolutions one after the other reach further."""
    x = _convolved(plan, _convolved(plan, words, 3, activation="tanh"), 4, activation="elu")
    return x, Margins(2, 3)


def _causal(plan: Plan, words: str) -> tuple[str, Margins]:
    return _convolved(plan, words, 3, padding="causal", dilation_rate=2), Margins(4, 0)


def _dilated(plan: Plan, words: str) -> tuple[str, Margins]:
    x = plan.convolution(words, 2, SIZE, SIZE // 2, padding="same", dilation_rate=3, groups=2)
    return x, Margins(1, 2)


def _single(plan: Plan, words: str) -> tuple[str, Margins]:
    return _convolved(plan, words, 1, padding="valid"), NONE


@pytest.mark.parametrize("build", [_two_steps, _causal, _dilated, _single])
@pytest.mark.parametrize("pooled", ["mean", "largest"])
def test_convolutions_keep_the_padding_that_they_reach(build: Any, pooled: str) -> None:
    """Row 0 of the table is not 0: what stands beside a text changes its last windows."""
    plan = Plan()
    ids = plan.ids(steps=STEPS)
    mask = plan.layer("NotEqual", ids, value=0)
    x, margins = build(plan, plan.embedding(ids))
    if pooled == "mean":
        found = plan.layer("GlobalAveragePooling1D", x, mask=mask)
    else:
        column = plan.layer("Reshape", mask, target_shape=[-1, 1])
        known = plan.layer("Identity", plan.layer("Multiply", column, x), of="Dropout")
        found = plan.layer("GlobalMaxPooling1D", known)
        margins |= Margins(1, 1)
    network = _network(plan, plan.score(found))
    assert trimmable(network) == {ids: margins}
    short = trim(network)
    assert isinstance(short, TrimmedNetwork)
    for longest in (0, 1, 2, 5, STEPS):
        for rows in (_rows(200, longest), _rows(3, longest)[:, ::-1]):
            np.testing.assert_allclose(short({ids: rows}), network(rows), rtol=1e-12)


@pytest.mark.parametrize(
    "config",
    [
        {"strides": 2},
        {"padding": "valid"},
        {"activation": {"name": "softmax", "axis": 1}},
    ],
)
def test_convolutions_that_move_or_mix_the_steps_read_all_padding(config: Any) -> None:
    plan = Plan()
    ids = plan.ids(steps=STEPS)
    x = _convolved(plan, plan.embedding(ids), 3, **config)
    mask = plan.layer("NotEqual", ids, value=0)
    steps = _network(plan, x).output_shapes[0][0]
    if steps != STEPS:
        x = plan.layer("ZeroPadding1D", x, padding=[0, STEPS - int(steps or 0)])
    found = plan.layer("GlobalAveragePooling1D", x, mask=mask)
    assert not trimmable(_network(plan, plan.score(found)))


def test_the_largest_of_what_is_not_times_the_mask_reads_all_padding() -> None:
    plan = Plan()
    ids = plan.ids(steps=STEPS)
    mask = plan.layer("NotEqual", ids, value=0)
    column = plan.layer("Reshape", mask, target_shape=[-1, 1])
    known = plan.layer("Multiply", plan.embedding(ids), column)
    # A sigmoid makes 1/2 of the zeros that the product put there.
    x = plan.layer("Activation", known, activation="sigmoid")
    assert not trimmable(_network(plan, plan.score(plan.layer("GlobalMaxPooling1D", x))))


@pytest.mark.parametrize("steps", [STEPS, None])
def test_rows_come_back_in_their_order_with_their_features(steps: int | None) -> None:
    plan = Plan()
    plan.inputs.append(InputSpec("ids", (steps,), "int"))
    mask = plan.layer("NotEqual", "ids", value=0)
    words = _convolved(plan, plan.embedding("ids"), 2)
    mean = plan.layer("GlobalAveragePooling1D", words, mask=mask)
    network = _network(plan, plan.score(plan.layer("Concatenate", mean, plan.features()), 8))
    short = trim(network)
    x = np.random.default_rng(0).normal(size=(300, SIZE))
    inputs = {"ids": _rows(300, STEPS), "x": x}
    assert isinstance(short, TrimmedNetwork)
    np.testing.assert_allclose(short(inputs), network(inputs), rtol=1e-12)
    one = {name: rows[:1] for name, rows in inputs.items()}
    np.testing.assert_allclose(short(one), network(one), rtol=1e-12)


def test_a_batch_without_that_padding_teaches_the_same() -> None:
    """Of the id 0 as well, which stands beside the words."""
    plan = Plan()
    ids = plan.ids(steps=STEPS)
    mask = plan.layer("NotEqual", ids, value=0)
    x, _ = _two_steps(plan, plan.embedding(ids))
    network = _network(plan, plan.score(plan.layer("GlobalAveragePooling1D", x, mask=mask)))
    objective = Objective.of(network)
    graph = TrainingGraph(objective.spec, network.tensors, objective.output)
    inputs: dict[str, Array] = {ids: _rows(20, 5)}
    labels, found = np.linspace(0, 1, 20), []
    for given in (inputs, trimmed(inputs, trimmable(network))):
        output, backward = graph.forward(given)
        found.append(backward(objective.loss(output, labels)[1]))
    assert found[0]["table"][0].any()
    for name, gradient in found[0].items():
        np.testing.assert_allclose(found[1][name], gradient, rtol=1e-10, atol=1e-13)


def test_a_network_that_reads_its_padding_or_has_no_convolution_stays_as_it_is() -> None:
    plan = Plan()
    network = _network(
        plan, plan.score(plan.layer("GlobalMaxPooling1D", plan.embedding(plan.ids())))
    )
    assert trim(network) is network
    plan = Plan()
    network = _network(plan, plan.score(_masked_mean(plan, plan.ids())))
    assert trimmable(network)
    assert trim(network) is network


def test_a_classifier_answers_as_its_network_does_with_all_padding() -> None:
    plan = Plan()
    ids = plan.ids(steps=STEPS)
    mask = plan.layer("NotEqual", ids, value=0)
    x = _convolved(plan, plan.embedding(ids), 3, activation="tanh")
    network = _network(plan, plan.score(plan.layer("GlobalAveragePooling1D", x, mask=mask)))
    words = [*"абвгдеж"]
    text = TextPipeline(None, TextVectorization(("", "[UNK]", *words), STEPS))
    random = np.random.default_rng(0)
    texts = [" ".join(random.choice(words, random.integers(0, 20))) for _ in range(300)]
    found = [
        score.value for score in Classifier(ModelBundle("m", 0.5, network, text, "")).score(texts)
    ]
    np.testing.assert_allclose(found, network(text.ids(texts))[:, 0], rtol=1e-6)
