"""Which padding may be left out: where it may not, a network would learn something else."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.network import GraphSpec, InputSpec, LayerSpec
from classifier.training.trimming import trimmable, trimmed
from tests.classifier.trained import Plan


def _spec(plan: Plan, *outputs: str) -> GraphSpec:
    return GraphSpec(tuple(plan.inputs), tuple(plan.layers), outputs)


def _masked_mean(plan: Plan, ids: str, value: int = 0) -> str:
    mask = plan.layer("NotEqual", ids, value=value)
    words = plan.layer("Identity", plan.embedding(ids), of="Dropout", rate=0.2)
    words = plan.dense(words, 4, 4, activation="relu")
    return plan.layer("GlobalAveragePooling1D", words, mask=mask)


def test_padding_that_only_masked_means_read_may_go() -> None:
    plan = Plan()
    both = [_masked_mean(plan, plan.ids(name)) for name in ("words", "pieces")]
    joined = plan.layer("Concatenate", *both, plan.features())
    assert trimmable(_spec(plan, plan.score(joined, 12))) == {"words", "pieces"}


@pytest.mark.parametrize("kind", ["GlobalMaxPooling1D", "GlobalAveragePooling1D", "Flatten"])
def test_padding_that_something_else_reads_stays(kind: str) -> None:
    plan = Plan()
    ids = plan.ids()
    masked = _masked_mean(plan, ids)
    other = plan.layer(kind, plan.embedding(ids))
    joined = plan.layer("Concatenate", masked, other)
    assert not trimmable(_spec(plan, plan.score(joined, 8)))
    assert not trimmable(_spec(plan, masked, plan.embedding(ids)))


def test_a_mask_of_another_id_or_another_input_is_none() -> None:
    plan = Plan()
    mean = _masked_mean(plan, plan.ids(), value=1)
    assert not trimmable(_spec(plan, plan.score(mean)))
    plan = Plan()
    ids, others = plan.ids(), plan.ids("others")
    mask = plan.layer("NotEqual", others, value=0)
    mean = plan.layer("GlobalAveragePooling1D", plan.embedding(ids), mask=mask)
    assert not trimmable(_spec(plan, plan.score(mean)))


def test_padding_that_a_softmax_over_the_steps_reads_stays() -> None:
    plan = Plan()
    ids = plan.ids()
    shares = plan.layer(
        "Activation", plan.embedding(ids), activation={"name": "softmax", "axis": 1}
    )
    mask = plan.layer("NotEqual", ids, value=0)
    mean = plan.layer("GlobalAveragePooling1D", shares, mask=mask)
    assert not trimmable(_spec(plan, plan.score(mean)))


def test_features_have_no_padding() -> None:
    x = LayerSpec("same", "Identity", ("x",))
    assert not trimmable(GraphSpec((InputSpec("x", (4,)),), (x,), ("same",)))


def test_columns_of_padding_go_wherever_they_stand() -> None:
    ids = np.array([[0, 3, 0, 0, 0], [0, 0, 0, 2, 0]])
    found = trimmed({"ids": ids, "others": ids}, {"ids"})
    assert found["ids"].tolist() == [[3, 0], [0, 2]]
    assert found["others"] is ids
    assert trimmed({"ids": ids * 0}, {"ids"})["ids"].tolist() == [[0], [0]]
