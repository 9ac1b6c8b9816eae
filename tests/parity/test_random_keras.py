"""Random Keras models, saved and imported: the same answers, whatever is masked or padded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

from classifier.importers.keras import import_keras, record_keras
from classifier.network import Array, Network
from classifier.parity import first_divergence
from tests.parity.keras_models import NO_PADDING, grow

MODELS = 360
TOLERANCE = 2e-5


@pytest.mark.parametrize("seed", range(MODELS))
def test_a_random_keras_model_answers_the_same(seed: int, tmp_path: Path) -> None:
    grown = grow(seed)
    path = tmp_path / ("model.h5" if seed % 3 == 0 else "model.keras")
    grown.model.save(path)

    network = import_keras(path).network

    found = network.outputs(grown.inputs)
    for ours, theirs in zip(found, grown.answers(), strict=True):
        assert np.isfinite(ours).all()
        defined = _defined(theirs)
        assert defined[NO_PADDING], "only a row of nothing but padding may have no answer"
        np.testing.assert_allclose(ours[defined], theirs[defined], TOLERANCE, TOLERANCE)
    _expect_each_row_alone(network, grown.inputs, found)


@pytest.mark.parametrize("seed", range(0, MODELS, 6))
def test_every_layer_that_keras_shows_answers_the_same(seed: int, tmp_path: Path) -> None:
    grown = grow(seed)
    path = tmp_path / "model.keras"
    grown.model.save(path)

    bundle = record_keras(path, import_keras(path))

    assert bundle.parity is not None
    assert set(bundle.network.spec.outputs) <= bundle.parity.outputs.keys()
    assert first_divergence(bundle.parity, bundle.network, bundle.text) is None


def _defined(answers: Array) -> Array:
    """Keras divides by zero where an average is over no step at all."""
    return np.isfinite(answers.reshape(len(answers), -1)).all(axis=1)


def _expect_each_row_alone(
    network: Network, inputs: Mapping[str, Array], together: Sequence[Array]
) -> None:
    """A row is answered as in its batch."""
    for row in range(len(together[0])):
        alone = network.outputs({name: rows[row : row + 1] for name, rows in inputs.items()})
        for one, many in zip(alone, together, strict=True):
            np.testing.assert_allclose(one[0], many[row], 1e-6, 1e-6)
