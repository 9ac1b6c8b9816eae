"""How far a model goes to heed new labels: no further than what it knows allows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from classifier.network import Array
from classifier.training.fine_tune import Tuned, TuneOptions, fine_tune
from classifier.training.fit import FitOptions
from classifier.training.material import Measured, material_of, scores_of
from tests.classifier.retraining import BARGAIN, LOTTERY, TOWN, small_model, texts

_NONE = Measured(np.zeros((0, 100), dtype=np.int64), np.zeros(0))
_QUICK = TuneOptions(fit=FitOptions(epochs=6, batch_size=32, learning_rate=1e-3, patience=3))


def _ids(said: list[str]) -> Array:
    text = small_model().text
    assert text is not None
    return text.ids(said)


def _tuned(said: list[str], options: TuneOptions = _QUICK) -> Tuned:
    bundle = small_model()
    taught = Measured(_ids(said), np.ones(len(said)))
    base = material_of(bundle).learned
    return fine_tune(bundle.network, base, _NONE, taught, options, threshold=0.5)


def _spoilt(tuned: Tuned) -> float:
    """Return which share of the base data was right and is wrong."""
    base = material_of(small_model()).learned
    before, after = (
        (scores_of(network, base.ids) > 0.5) == (base.labels == 1)
        for network in (small_model().network, tuned.network)
    )
    return float((before & ~after).mean())


def _right(tuned: Tuned, said: list[str]) -> float:
    return float((scores_of(tuned.network, _ids(said)) > 0.5).mean())


def test_labels_that_spoil_nothing_are_heeded_by_the_shortest_way() -> None:
    said = texts(40, LOTTERY, 50)
    tuned = _tuned(said)
    assert _right(tuned, said) >= 0.97
    assert _spoilt(tuned) < 0.01
    assert 0.1 < tuned.way < 1.0
    shorter = tuple(way for way in _QUICK.ways if way < tuned.way)
    assert _right(_tuned(said, replace(_QUICK, ways=shorter)), said) < 0.98


def test_labels_that_it_knows_already_change_next_to_nothing() -> None:
    assert _tuned(texts(40, BARGAIN, 50)).way == 0.1


def test_labels_against_what_it_knows_are_heeded_only_so_far() -> None:
    contrary = texts(150, TOWN, 70)
    wholly = _tuned(contrary, replace(_QUICK, ways=(1.0,)))
    assert _spoilt(wholly) > 0.02
    part = _tuned(contrary)
    assert part.way < 1.0
    assert _spoilt(part) < _spoilt(wholly)
    before = scores_of(small_model().network, _ids(contrary)).mean()
    assert before < scores_of(part.network, _ids(contrary)).mean()


def test_where_every_way_spoils_too_much_the_shortest_is_gone() -> None:
    tuned = _tuned(texts(150, TOWN, 70), replace(_QUICK, ways=(0.9, 1.0), spoilt_share=0.0))
    assert tuned.way == 0.9
