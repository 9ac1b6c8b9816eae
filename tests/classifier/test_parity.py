from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from classifier.network import LayerSpec, Network
from classifier.parity import ParityCases, compare, first_divergence, tolerance_of
from classifier.text import TextPipeline, TextVectorization
from tests.classifier import models


@pytest.fixture
def cases() -> ParityCases:
    cases = models.bundle().parity
    assert cases is not None
    return cases


def test_a_network_that_answers_as_recorded_does_not_diverge(cases: ParityCases) -> None:
    bundle = models.bundle()
    assert first_divergence(cases, bundle.network, bundle.text) is None


@pytest.mark.parametrize(
    ("tensor", "layer"),
    [
        ("embedding/table", "embedding"),
        ("hidden/bias", "hidden"),
        ("score/kernel", "score"),
    ],
)
def test_the_first_layer_that_differs_is_named(cases: ParityCases, tensor: str, layer: str) -> None:
    tensors = models.tensors()
    tensors[tensor] = tensors[tensor] + np.float32(0.25)
    divergence = first_divergence(cases, Network(models.spec(), tensors), None)
    assert divergence is not None
    assert divergence.place == layer
    assert 0 < divergence.difference < 5


def test_other_ids_are_a_divergence_of_their_own(cases: ParityCases) -> None:
    words = ("", "[UNK]", "мост", "дождь", "скидка", "!")
    text = TextPipeline(None, TextVectorization(words, models.LENGTH))
    network = models.bundle().network
    divergence = first_divergence(cases, network, text)
    assert divergence is not None
    assert divergence.place == "ids"


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_what_is_not_a_number_never_matches(cases: ParityCases, number: float) -> None:
    outputs = {**cases.outputs, "score": np.full((2, 1), number, np.float32)}
    divergence = first_divergence(replace(cases, outputs=outputs), models.bundle().network, None)
    assert divergence is not None
    assert (divergence.place, divergence.difference) == ("score", float("inf"))


def test_an_array_of_another_shape_never_matches(cases: ParityCases) -> None:
    outputs = {**cases.outputs, "score": cases.outputs["score"][:, 0]}
    divergence = first_divergence(replace(cases, outputs=outputs), models.bundle().network, None)
    assert divergence is not None
    assert (divergence.place, divergence.difference) == ("score", float("inf"))


@pytest.mark.parametrize(("off", "close"), [(5e-6, True), (2e-5, False)])
def test_a_probability_may_be_off_by_a_hundred_thousandth(
    cases: ParityCases, off: float, close: bool
) -> None:
    outputs = {**cases.outputs, "score": cases.outputs["score"] + np.float32(off)}
    *_, score = compare(replace(cases, outputs=outputs), models.bundle().network, None)
    assert (score.place, score.close) == ("score", close)
    assert score.difference == pytest.approx(off, rel=0.05)


def test_a_larger_number_may_be_off_by_more() -> None:
    dense, lstm = (LayerSpec("x", kind, ("ids",)) for kind in ("Dense", "LSTM"))
    sigmoid = LayerSpec("x", "Dense", ("ids",), {"activation": "sigmoid"})
    limits = [tolerance_of(layer) for layer in (sigmoid, dense, lstm)]
    assert [limit.absolute + limit.relative * 10 for limit in limits] == [1e-5, 1.1e-4, 2.2e-4]


def test_every_layer_is_compared_after_what_is_made_of_the_text(cases: ParityCases) -> None:
    bundle = models.bundle()
    found = list(compare(cases, bundle.network, bundle.text))
    assert [comparison.place for comparison in found] == [
        "ids", "embedding", "average", "hidden", "score",
    ]  # fmt: skip
    assert all(comparison.close for comparison in found)


def test_a_layer_that_the_record_leaves_out_is_passed_over(cases: ParityCases) -> None:
    outputs = {name: value for name, value in cases.outputs.items() if name != "hidden"}
    found = compare(replace(cases, outputs=outputs), models.bundle().network, None)
    assert [comparison.place for comparison in found] == ["embedding", "average", "score"]


def test_cases_may_start_from_ids_alone(cases: ParityCases) -> None:
    bundle = models.bundle()
    shuffled = replace(cases, texts=(None, cases.texts[1]))
    assert first_divergence(shuffled, bundle.network, bundle.text) is None
