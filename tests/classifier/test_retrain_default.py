"""The gate with the model that is shipped: it learns from honest labels and from no others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from classifier import Classifier, load_bundle
from classifier.bundle import ModelBundle
from classifier.loading import default_bundle_path
from classifier.saving import write_bundle
from classifier.training.gate import Answer
from classifier.training.retrain import retrain
from tests.classifier.notices import chess, outages, vacancies
from tests.classifier.retraining import lessons

pytestmark = [pytest.mark.process, pytest.mark.timeout(600)]  # ten seconds and more of a core each

_MOST_BYTES = 5_000_000


@cache
def _shipped() -> ModelBundle:
    return load_bundle(default_bundle_path())


def _called_bad(bundle: ModelBundle, texts: list[str]) -> float:
    scores = Classifier(bundle).score(texts)
    return sum(score.value > bundle.threshold for score in scores) / len(scores)


def _poisoned(seed: int) -> list[tuple[str, int]]:
    """Return sixty labels of three kinds, of which every second one is flipped."""
    kinds = ((outages, 1), (chess, 0), (vacancies, 1))
    said = [(text, label) for kind, label in kinds for text in kind(20, seed)]
    order = np.random.default_rng(seed).permutation(len(said))
    return [(said[i][0], 1 - said[i][1] if n % 2 else said[i][1]) for n, i in enumerate(order)]


def test_sixty_honest_corrections_of_one_mistake_are_accepted_and_cure_it(tmp_path: Path) -> None:
    unseen = outages(100, 999)
    assert _called_bad(_shipped(), unseen) < 0.1
    said = lessons([(text, 1) for text in outages(60, 1)])
    found = retrain(_shipped(), _shipped(), said)
    assert found.report.answer is Answer.ACCEPTED, found.report.reason
    assert found.candidate is not None
    assert _called_bad(found.candidate, unseen) > 0.9
    assert _called_bad(found.candidate, chess(100, 999)) < 0.1
    write_bundle(found.candidate, tmp_path / "model")
    files = (tmp_path / "model").iterdir()
    assert sum(path.stat().st_size for path in files) <= _MOST_BYTES


def test_a_batch_of_labels_of_which_half_are_flipped_is_refused() -> None:
    report = retrain(_shipped(), _shipped(), lessons(_poisoned(seed=1))).report
    assert report.answer is Answer.REFUSED, report.reason
