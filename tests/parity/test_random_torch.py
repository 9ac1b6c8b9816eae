"""Random PyTorch models, imported by state_dict and spec file: the same answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from classifier.importers import import_torch
from tests.parity.torch_models import grow

MODELS = 200
TOLERANCE = 2e-5


@pytest.mark.parametrize("seed", range(MODELS))
def test_a_random_pytorch_model_answers_the_same(seed: int, tmp_path: Path) -> None:
    grown = grow(seed)

    network = import_torch(*grown.write(tmp_path)).network

    found = network.outputs(grown.inputs)
    for ours, theirs in zip(found, grown.answers(), strict=True):
        np.testing.assert_allclose(ours, theirs, TOLERANCE, TOLERANCE)


@pytest.mark.parametrize("seed", range(0, MODELS, 10))
def test_a_row_alone_is_answered_as_in_its_batch(seed: int, tmp_path: Path) -> None:
    grown = grow(seed)
    network = import_torch(*grown.write(tmp_path)).network
    together = network.outputs(grown.inputs)
    for row in range(len(together[0])):
        alone = network.outputs({name: rows[row : row + 1] for name, rows in grown.inputs.items()})
        for one, many in zip(alone, together, strict=True):
            np.testing.assert_allclose(one[0], many[row], 1e-6, 1e-6)
