"""What the benchmark measures beside ours gives the same answers."""

from __future__ import annotations

import numpy as np
import pytest

from bot.bench import recurrent
from bot.bench.one_hot import OneHotNetwork
from bot.bench.rivals import rivals
from classifier import article_bundle_path, load_bundle
from classifier.network import fuse

pytest.importorskip("torch")


def test_every_runtime_scores_as_the_folded_network_does() -> None:
    bundle = load_bundle(article_bundle_path())
    ids = np.random.default_rng(3).integers(0, 1000, (50, 100))
    expected = fuse(bundle.network)(ids)[:, 0]
    found = {name: run(ids) for name, run in rivals(OneHotNetwork.of(bundle))}
    assert "PyTorch, eager" in found
    for name, scores in found.items():
        np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-5, err_msg=name)


def test_the_recurrent_network_answers_as_its_modules_do() -> None:
    modules = recurrent.InTorch()
    shape = (3, recurrent.STEPS, recurrent.SIZE)
    x = np.random.default_rng(4).normal(size=shape).astype(np.float32)
    found = recurrent.network_of(modules)(x)
    np.testing.assert_allclose(found, modules(x), rtol=2e-5, atol=2e-5)
