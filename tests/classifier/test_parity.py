from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from classifier.network import Network
from classifier.parity import Divergence, ParityCases, first_divergence
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
    assert first_divergence(cases, network, text) == Divergence("ids", float("inf"))


def test_what_is_not_a_number_never_matches(cases: ParityCases) -> None:
    outputs = {**cases.outputs, "score": np.full((2, 1), np.nan, np.float32)}
    divergence = first_divergence(replace(cases, outputs=outputs), models.bundle().network, None)
    assert divergence == Divergence("score", float("inf"))


def test_cases_may_start_from_ids_alone(cases: ParityCases) -> None:
    bundle = models.bundle()
    shuffled = replace(cases, texts=(None, cases.texts[1]))
    assert first_divergence(shuffled, bundle.network, bundle.text) is None
