"""A network for the words of some texts learns from them what the whole one learns."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.errors import BundleMismatch
from classifier.network import Array, Network
from classifier.training.balance import Balance
from classifier.training.fit import FitOptions, fit
from classifier.training.initial import initial_network
from classifier.training.narrowing import narrowed
from tests.classifier.trained import SIZE, Plan

_OPTIONS = FitOptions(epochs=3, balance=Balance.NONE, clip_norm=1.0)
_IDS = np.array([[5, 2, 7, 2, 0, 0], [7, 7, 5, 0, 0, 0], [2, 5, 5, 5, 7, 2]])
_LABELS = np.array([1.0, 0.0, 1.0])


def _reader(padding: int = 0) -> Network:
    plan = Plan()
    ids = plan.ids()
    mask = plan.layer("NotEqual", ids, value=padding)
    x = plan.layer("GlobalAveragePooling1D", plan.embedding(ids), mask=mask)
    spec = plan.grow(plan.score(plan.dense(x, SIZE, 3, activation="relu"), 3)).network.spec
    return initial_network(spec, plan.shapes, seed=1)


def _table(network: Network) -> Array:
    (name,) = (name for name in network.tensors if "table" in name)
    return network.tensors[name]


def test_only_the_rows_that_occur_are_left_and_the_answers_are_the_same() -> None:
    whole = _reader()
    narrow = narrowed(whole, _IDS)
    assert len(_table(narrow.network)) == 4  # padding and three words
    assert len(_table(whole)) > 4
    np.testing.assert_array_equal(narrow.network(narrow.ids_of(_IDS)), whole(_IDS))


def test_it_learns_the_same_and_the_other_rows_stay_as_they_were() -> None:
    whole = _reader()
    narrow = narrowed(whole, _IDS)
    learned = fit(narrow.network, narrow.ids_of(_IDS), _LABELS, _OPTIONS).network
    found = narrow.widened(learned)
    expected = fit(whole, _IDS, _LABELS, _OPTIONS).network
    assert not np.array_equal(_table(found), _table(whole))
    for name, tensor in expected.tensors.items():
        np.testing.assert_allclose(found.tensors[name], tensor, rtol=0, atol=1e-6)
    others = np.setdiff1d(np.arange(len(_table(whole))), _IDS)
    np.testing.assert_array_equal(_table(found)[others], _table(whole)[others])


def test_where_the_number_of_a_word_means_more_all_rows_stay() -> None:
    whole = _reader(padding=3)
    narrow = narrowed(whole, _IDS)
    assert narrow.network is whole
    assert narrow.ids_of(_IDS) is _IDS
    assert narrow.widened(whole) is whole


def test_an_id_that_no_table_has_is_refused_by_its_network() -> None:
    whole = _reader()
    beyond = np.full((1, 6), len(_table(whole)))
    with pytest.raises(BundleMismatch, match="ids"):
        narrowed(whole, beyond).network(beyond)
