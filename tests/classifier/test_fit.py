from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from classifier.errors import BundleMismatch, ModelError, UnsupportedLayer
from classifier.network import Array, LayerSpec, Network
from classifier.training import article_network
from classifier.training.balance import Balance
from classifier.training.fit import Epoch, FitOptions, Fitted, fit
from classifier.training.initial import initial_network
from tests.classifier.trained import SIZE, WORDS, Grown, Plan, dropped, normalized, two_tables

_ROWS = 240
_PLAIN = FitOptions(epochs=4, learning_rate=0.01, balance=Balance.NONE)


def _words(rows: int = _ROWS, seed: int = 0, share: float = 0.5) -> tuple[Array, Array]:
    """Rows of ids as a padded array, bad where a word of the last three comes."""
    random = np.random.default_rng(seed)
    labels = (random.random(rows) < share).astype(np.float64)
    ids = random.integers(1, WORDS - 3, (rows, 6))
    ids[np.arange(6) >= random.integers(2, 7, rows)[:, None]] = 0
    bad = np.flatnonzero(labels)
    ids[bad, 0] = random.integers(WORDS - 3, WORDS, len(bad))
    return ids, labels


def _reader(*, mask: bool = True, seed: int = 1) -> Network:
    plan = Plan()
    ids = plan.ids()
    mask_of = plan.layer("NotEqual", ids, value=0) if mask else None
    x = plan.layer("GlobalAveragePooling1D", plan.embedding(ids), mask=mask_of)
    x = plan.dense(plan.layer("Identity", x, of="Dropout", rate=0.2), SIZE, 3, activation="relu")
    spec = plan.grow(plan.score(x, 3)).network.spec
    return initial_network(spec, plan.shapes, seed=seed)


def _linear(last: str = "sigmoid") -> Grown:
    plan = Plan()
    return plan.grow(plan.score(plan.features(), last=last), dtype=np.float32)


def _loss(network: Network, inputs: Array, labels: Array) -> float:
    scores = network.astype(np.float64)(inputs)[:, -1]
    return float(-np.mean(labels * np.log(scores) + (1 - labels) * np.log(1 - scores)))


def _tensors(fitted: Fitted) -> dict[str, Array]:
    return fitted.network.tensors


def test_a_network_learns_which_words_are_bad() -> None:
    ids, labels = _words()
    fitted = fit(_reader(), ids, labels, replace(_PLAIN, epochs=60))
    unseen, expected = _words(seed=5)
    assert ((fitted.network(unseen)[:, 0] > 0.5) == expected).mean() > 0.97
    assert fitted.history[-1].loss < fitted.history[0].loss / 3
    assert all(epoch.seconds > 0 and epoch.held_out_loss is None for epoch in fitted.history)


def test_two_runs_are_the_same_bit_for_bit_and_another_seed_is_not() -> None:
    ids, labels = _words(share=0.3)
    options = FitOptions(epochs=3)
    runs = [fit(_reader(), ids, labels, replace(options, seed=seed)) for seed in (1, 1, 2)]
    first, again, other = ([tensor.tobytes() for tensor in _tensors(run).values()] for run in runs)
    assert first == again
    assert not set(first) & set(other)
    losses = [[epoch.loss for epoch in run.history] for run in runs]
    assert losses[0] == losses[1] != losses[2]


def test_rows_of_about_the_same_length_together_teach_the_same() -> None:
    ids, labels = _words()
    options = replace(_PLAIN, epochs=60, alike=True)
    fitted, again = (fit(_reader(), ids, labels, options) for _ in range(2))
    unseen, expected = _words(seed=5)
    assert ((fitted.network(unseen)[:, 0] > 0.5) == expected).mean() > 0.97
    for name, tensor in _tensors(fitted).items():
        assert tensor.tobytes() == _tensors(again)[name].tobytes()


def test_the_network_that_was_given_stays_as_it_is() -> None:
    network = _reader()
    before = {name: tensor.copy() for name, tensor in network.tensors.items()}
    fitted = fit(network, *_words(), _PLAIN)
    for name, tensor in before.items():
        np.testing.assert_array_equal(network.tensors[name], tensor)
        assert not np.array_equal(_tensors(fitted)[name], tensor)


def test_training_goes_on_from_the_weights_it_is_given() -> None:
    ids, labels = _words()
    first = fit(_reader(), ids, labels, replace(_PLAIN, epochs=40))
    second = fit(first.network, ids, labels, replace(_PLAIN, epochs=1))
    assert second.history[0].loss < first.history[0].loss / 2


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_network_keeps_its_dtype(dtype: type) -> None:
    fitted = fit(_reader().astype(dtype), *_words(), replace(_PLAIN, epochs=1))
    assert fitted.network.dtype == dtype
    assert {tensor.dtype for tensor in _tensors(fitted).values()} == {np.dtype(dtype)}


def test_one_step_over_all_rows_is_a_step_against_the_gradient() -> None:
    """Adam's first step moves each weight by the learning rate, whatever its gradient."""
    grown = _linear()
    options = FitOptions(epochs=1, batch_size=5, learning_rate=0.01, balance=Balance.NONE)
    fitted = fit(grown.network, grown.inputs, grown.labels, options)
    for name, tensor in grown.network.tensors.items():
        np.testing.assert_allclose(np.abs(_tensors(fitted)[name] - tensor), 0.01, rtol=1e-3)


def test_the_loss_is_the_mean_cross_entropy_of_all_rows() -> None:
    x, labels = np.random.default_rng(0).normal(size=(50, SIZE)), np.linspace(0, 1, 50)
    for last in ("sigmoid", "softmax"):
        network = _linear(last).network
        options = FitOptions(epochs=1, batch_size=7, learning_rate=1e-9, balance=Balance.NONE)
        (epoch,) = fit(network, x, labels, options, held_out=(x[:20], labels[:20])).history
        assert epoch.loss == pytest.approx(_loss(network, x, labels), rel=1e-5)
        assert epoch.held_out_loss == pytest.approx(_loss(network, x[:20], labels[:20]), rel=1e-5)


def test_a_teachers_probabilities_are_learned_as_they_are() -> None:
    plan = Plan()
    score = plan.score(plan.layer("GlobalAveragePooling1D", plan.embedding(plan.ids(steps=2))))
    network = initial_network(plan.grow(score).network.spec, plan.shapes, seed=1)
    ids = np.repeat(np.arange(4), 50)[:, None] * [1, 1]
    told = np.array([0.1, 0.35, 0.6, 0.95])
    options = FitOptions(epochs=80, learning_rate=0.02, balance=Balance.NONE)
    fitted = fit(network, ids, told[ids[:, 0]], options)
    np.testing.assert_allclose(fitted.network(ids[::50])[:, 0], told, atol=0.01)


def test_a_row_counts_as_often_as_its_weight_says() -> None:
    ids, labels = _words(60)
    weights = np.resize([0, 1, 2], 60)  # as many rows as before
    repeated = np.repeat(np.arange(60), weights)
    options = FitOptions(epochs=1, batch_size=1000, learning_rate=0.01, balance=Balance.NONE)
    network = _reader(mask=False)
    network = Network(replace(network.spec, layers=_without_dropout(network)), network.tensors)
    once = fit(network, ids, labels, options, weights=weights)
    often = fit(network, ids[repeated], labels[repeated], options)
    for name, tensor in _tensors(once).items():
        np.testing.assert_allclose(_tensors(often)[name], tensor, atol=1e-6)
    assert once.history[0].loss == pytest.approx(often.history[0].loss)


def _without_dropout(network: Network) -> tuple[LayerSpec, ...]:
    return tuple(
        replace(layer, config={"of": "Dropout"}) if layer.kind == "Identity" else layer
        for layer in network.spec.layers
    )


@pytest.mark.parametrize("balance", [Balance.UPSAMPLE, Balance.CLASS_WEIGHTS])
def test_the_rarer_class_counts_as_much_as_the_other(balance: Balance) -> None:
    """With nothing to tell them apart, each class gets half the probability."""
    x = np.zeros((400, SIZE))
    labels = (np.arange(400) < 40).astype(float)
    options = FitOptions(epochs=30, learning_rate=0.02)
    network = _linear().network
    even = fit(network, x, labels, replace(options, balance=balance)).network
    as_it_is = fit(network, x, labels, replace(options, balance=Balance.NONE)).network
    assert even(x[:1])[0, 0] == pytest.approx(0.5, abs=0.03)
    assert as_it_is(x[:1])[0, 0] == pytest.approx(0.1, abs=0.03)


def test_training_ends_when_the_held_out_loss_rises_and_the_best_weights_are_kept() -> None:
    random = np.random.default_rng(0)
    x, labels = random.normal(size=(40, SIZE)), random.integers(0, 2, 40).astype(float)
    held_out = random.normal(size=(40, SIZE)), random.integers(0, 2, 40).astype(float)
    options = FitOptions(epochs=500, learning_rate=0.05, patience=4, balance=Balance.NONE)
    fitted = fit(_linear().network, x, labels, options, held_out=held_out)
    losses = [epoch.held_out_loss or math.nan for epoch in fitted.history]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 4 < 500
    assert _loss(fitted.network, *held_out) == pytest.approx(losses[best], rel=1e-5)
    assert _loss(fitted.network, *held_out) < losses[-1]


def test_gains_that_are_too_small_do_not_prolong_a_training() -> None:
    x = np.random.default_rng(0).normal(size=(60, SIZE))
    labels = (x[:, 0] > 0).astype(float)
    ended = {}
    for gain in (0.0, 0.05):
        options = FitOptions(
            epochs=120, learning_rate=0.02, patience=3, least_gain=gain, balance=Balance.NONE
        )
        fitted = fit(
            _linear().network, x[:40], labels[:40], options, held_out=(x[40:], labels[40:])
        )
        losses = [epoch.held_out_loss or math.nan for epoch in fitted.history]
        assert _loss(fitted.network, x[40:], labels[40:]) == pytest.approx(min(losses), rel=1e-5)
        ended[gain] = len(losses)
    assert ended[0.05] < ended[0.0]


def test_without_patience_the_last_weights_are_kept() -> None:
    ids, labels = _words()
    held_out = _words(seed=2)
    seen = fit(_reader(), ids, labels, _PLAIN, held_out=held_out)
    unseen = fit(_reader(), ids, labels, _PLAIN)
    for name, tensor in _tensors(seen).items():
        np.testing.assert_array_equal(tensor, _tensors(unseen)[name])


def test_frozen_tensors_stay_as_they_are() -> None:
    network = _reader()
    fitted = fit(network, *_words(), replace(_PLAIN, frozen=frozenset({"table", "bias_4"})))
    for name, tensor in _tensors(fitted).items():
        still = name in ("table", "bias_4")
        assert np.array_equal(tensor, network.tensors[name]) == still
        assert tensor.flags.writeable or still


def test_frozen_rows_stay_as_they_are_whatever_decays() -> None:
    network = _reader()
    options = replace(_PLAIN, weight_decay=0.1, frozen_rows={"table": [1, 2, WORDS - 1]})
    table = _tensors(fit(network, *_words(), options))["table"]
    same = (table == network.tensors["table"]).all(axis=1)
    assert np.flatnonzero(same).tolist() == [1, 2, WORDS - 1]


def test_weight_decay_takes_off_what_no_gradient_holds() -> None:
    network = _reader()
    options = replace(_PLAIN, epochs=1, batch_size=_ROWS, weight_decay=0.5)
    table = _tensors(fit(network, *_words(), options))["table"]
    padding = network.tensors["table"][0]  # masked: it has no gradient
    np.testing.assert_allclose(table[0], padding * (1 - 0.01 * 0.5), rtol=1e-6)


def test_clipped_gradients_change_the_way_only_if_they_are_longer() -> None:
    ids, labels = _words()
    runs = [fit(_reader(), ids, labels, replace(_PLAIN, clip_norm=n)) for n in (None, 1e6, 1e-3)]
    plain, loose, tight = (_tensors(run)["table"] for run in runs)
    np.testing.assert_array_equal(plain, loose)
    assert not np.array_equal(plain, tight)


def test_moving_means_are_part_of_what_is_learned() -> None:
    grown = normalized("BatchNormalization", steps=False)
    fitted = fit(grown.network, grown.inputs, grown.labels, _PLAIN)
    assert all(
        not np.array_equal(tensor, grown.network.tensors[name])
        for name, tensor in _tensors(fitted).items()
    )


def test_inputs_are_given_by_name_where_there_are_several() -> None:
    grown = two_tables()
    fitted = fit(grown.network, grown.inputs, grown.labels, replace(_PLAIN, epochs=80))
    assert fitted.history[-1].loss < fitted.history[0].loss
    with pytest.raises(BundleMismatch, match="inputs"):
        fit(grown.network, {"ids": grown.inputs["ids"]}, grown.labels, _PLAIN)


def test_padding_that_a_mask_passes_over_changes_nothing() -> None:
    """Longer rows of padding cost no time: they are left out, batch by batch."""
    ids, labels = _words()
    plan = Plan()
    x = plan.ids(steps=2000)
    mask = plan.layer("NotEqual", x, value=0)
    x = plan.layer("GlobalAveragePooling1D", plan.embedding(x), mask=mask)
    spec = plan.grow(plan.score(x)).network.spec
    wide = initial_network(spec, plan.shapes, seed=1)
    narrow = Network(replace(spec, inputs=(replace(spec.inputs[0], shape=(6,)),)), wide.tensors)
    padded = np.zeros((len(ids), 2000), int)
    padded[:, 997:1003] = ids
    left, right = fit(wide, padded, labels, _PLAIN), fit(narrow, ids, labels, _PLAIN)
    for name, tensor in _tensors(left).items():
        np.testing.assert_allclose(tensor, _tensors(right)[name], rtol=1e-5, atol=1e-6)
    assert sum(epoch.seconds for epoch in left.history) < 1


def test_a_training_that_runs_away_is_an_error_that_says_when() -> None:
    plan = Plan()
    hidden = plan.dense(plan.dense(plan.features(), SIZE, 8), 8, 8)
    grown = plan.grow(plan.score(hidden, 8), dtype=np.float32)
    x, labels = np.random.default_rng(0).normal(size=(_ROWS, SIZE)), _words()[1]
    with pytest.raises(ModelError, match=r"the training diverged at epoch \d"):
        fit(grown.network, x, labels, replace(_PLAIN, learning_rate=1e30))


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e300])
def test_features_that_are_no_finite_numbers_are_named(value: float) -> None:
    x = np.zeros((_ROWS, SIZE))
    x[7, 2] = value
    with pytest.raises(ModelError, match="input 'x', row 7"):
        fit(_linear().network, x, _words()[1], _PLAIN)


def test_whoever_watches_sees_each_epoch_and_may_end_it() -> None:
    seen: list[Epoch] = []

    def watch(epoch: Epoch) -> None:
        seen.append(epoch)
        if len(seen) == 2:
            raise KeyboardInterrupt

    network = _reader()
    before = {name: tensor.copy() for name, tensor in network.tensors.items()}
    with pytest.raises(KeyboardInterrupt):
        fit(network, *_words(), _PLAIN, on_epoch=watch)
    assert len(seen) == 2
    for name, tensor in before.items():
        np.testing.assert_array_equal(network.tensors[name], tensor)


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        ([0, 1, 2], "label of row 2 is 2.0"),
        ([0, math.nan, 1], "label of row 1 is nan"),
        ([0, 1], "3 rows need as many labels"),
        ([0, 0, 0], "every row is good"),
        ([1, 1, 0.7], "every row is bad"),
    ],
)
def test_labels_that_cannot_be_learned_are_refused(labels: Sequence[float], complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        fit(_reader(), _words(3)[0], np.array(labels), FitOptions())


def test_class_weights_need_both_classes() -> None:
    options = FitOptions(balance=Balance.CLASS_WEIGHTS)
    ids, labels = _words(20)
    with pytest.raises(ModelError, match="every row is good"):
        fit(_reader(), ids, labels * 0, options)
    with pytest.raises(ModelError, match="both kinds"):
        fit(_reader(), ids, labels, options, weights=labels == 0)


def test_rows_and_weights_that_are_none_are_refused() -> None:
    ids, labels = _words()
    with pytest.raises(ModelError, match="no rows"):
        fit(_reader(), ids[:0], labels[:0], FitOptions())
    with pytest.raises(ModelError, match=r"weight of row 0 is -1\.0"):
        fit(_reader(), ids, labels, FitOptions(), weights=np.full(len(ids), -1))
    with pytest.raises(BundleMismatch, match="ids"):
        fit(_reader(), ids + 5, labels, FitOptions())


def test_names_that_are_not_there_cannot_be_frozen() -> None:
    ids, labels = _words()
    with pytest.raises(BundleMismatch, match="nowhere"):
        fit(_reader(), ids, labels, FitOptions(frozen=frozenset({"nowhere"})))
    for rows in ({"nowhere": [1]}, {"table": [WORDS]}):
        with pytest.raises(BundleMismatch, match="frozen_rows"):
            fit(_reader(), ids, labels, FitOptions(frozen_rows=rows))
    everything = frozenset(_reader().tensors)
    with pytest.raises(ModelError, match="nothing can learn"):
        fit(_reader(), ids, labels, FitOptions(frozen=everything))


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"batch_size": 0},
        {"patience": 0},
        {"learning_rate": 0.0},
        {"learning_rate": math.nan},
        {"clip_norm": -1.0},
        {"weight_decay": -0.1},
        {"least_gain": 1.0},
    ],
)
def test_options_that_mean_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        FitOptions(**wrong)  # type: ignore[arg-type]


def test_patience_needs_rows_to_be_held_out() -> None:
    with pytest.raises(ValueError, match="held-out"):
        fit(_reader(), *_words(), FitOptions(patience=3))


def test_a_network_that_gives_no_probability_cannot_be_trained() -> None:
    plan = Plan()
    grown = plan.grow(plan.dense(plan.features(), SIZE, 3, activation="softmax"))
    with pytest.raises(ModelError, match=r"output must be .* not of shape \(3,\)"):
        fit(grown.network, grown.inputs, grown.labels, _PLAIN)


def test_a_layer_that_numpy_cannot_train_is_named() -> None:
    with pytest.raises(UnsupportedLayer, match=r"GaussianNoise.*cannot be trained with numpy"):
        grown = dropped("GaussianNoise", 0.1)
        fit(grown.network, grown.inputs, grown.labels, _PLAIN)


def test_fresh_weights_are_those_of_keras_in_kind_and_the_same_for_a_seed() -> None:
    network = initial_network(article_network.SPEC, article_network.shapes(500), seed=4)
    tensors = network.tensors
    assert 0.049 < np.abs(tensors["embedding/table"]).max() <= 0.05
    assert 0.3 < np.abs(tensors["hidden/kernel"]).max() <= math.sqrt(6 / 46)
    assert not tensors["hidden/bias"].any()
    assert {tensor.dtype for tensor in tensors.values()} == {np.dtype(np.float32)}
    again = initial_network(article_network.SPEC, article_network.shapes(500), seed=4).tensors
    other = initial_network(article_network.SPEC, article_network.shapes(500), seed=5).tensors
    for name in ("embedding/table", "hidden/kernel"):
        np.testing.assert_array_equal(tensors[name], again[name])
        assert not np.array_equal(tensors[name], other[name])


def test_fresh_kernels_of_windows_count_every_step_that_they_read() -> None:
    plan = Plan()
    x = plan.convolution(plan.features("x", 9, 40), 3, 60, 20, groups=2)
    spec = plan.grow(plan.score(plan.layer("GlobalMaxPooling1D", x), 60)).network.spec
    kernel = initial_network(spec, plan.shapes, seed=1).tensors["kernel_0"]
    limit = math.sqrt(6 / (3 * (20 + 60)))
    assert 0.99 * limit < np.abs(kernel).max() <= limit
    assert abs(kernel.mean()) < 0.01


def test_a_network_learns_which_words_are_bad_after_which() -> None:
    """A word is bad only right after another one: no network of single words can tell."""
    random = np.random.default_rng(3)
    ids = random.integers(3, WORDS, (600, 12))
    ids[np.arange(12) >= random.integers(6, 13, 600)[:, None]] = 0
    labels, places = (random.random(600) < 0.5).astype(float), random.integers(0, 5, 600)
    rows, after = np.arange(600), np.where(labels, places + 1, (places + 3) % 5)
    ids[rows, places], ids[rows, after] = 1, 2
    ids[rows[labels == 0], places[labels == 0]] = 1
    scores = {}
    for size in (1, 2):
        plan = Plan()
        words = plan.embedding(plan.ids(steps=12))
        x = plan.convolution(words, size, 8, padding="same", activation="relu")
        mask = plan.layer("NotEqual", "ids", value=0)
        mean = plan.layer("GlobalAveragePooling1D", x, mask=mask)
        column = plan.layer("Reshape", mask, target_shape=[-1, 1])
        largest = plan.layer("GlobalMaxPooling1D", plan.layer("Multiply", x, column))
        score = plan.score(plan.layer("Concatenate", mean, largest), 16)
        network = initial_network(plan.grow(score).network.spec, plan.shapes, seed=1)
        options = FitOptions(40, learning_rate=0.01, balance=Balance.NONE)
        fitted = fit(network, ids[:500], labels[:500], options).network
        scores[size] = np.mean((fitted(ids[500:])[:, 0] > 0.5) == labels[500:])
    assert scores[2] > 0.97
    assert scores[1] < 0.8


def test_fresh_weights_need_a_shape_for_each_tensor_and_no_other() -> None:
    shapes = article_network.shapes()
    with pytest.raises(BundleMismatch, match="score/bias"):
        initial_network(article_network.SPEC, {**dict(list(shapes.items())[:-1])}, seed=1)
    with pytest.raises(BundleMismatch, match="extra"):
        initial_network(article_network.SPEC, {**shapes, "extra": (1,)}, seed=1)
    with pytest.raises(BundleMismatch):
        initial_network(article_network.SPEC, {**shapes, "hidden/kernel": (7, 6)}, seed=1)


def test_the_articles_network_learns_in_seconds() -> None:
    random = np.random.default_rng(0)
    ids = random.integers(0, article_network.WORDS, (2875, article_network.LENGTH))
    labels = (random.random(2875) < 0.3).astype(float)
    network = initial_network(article_network.SPEC, article_network.shapes(), seed=1)
    # The clock would also count what else this machine is doing.
    began = time.process_time()
    history = fit(network, ids, labels, FitOptions()).history
    assert time.process_time() - began < 10
    assert len(history) == 16
    assert all(later.loss < earlier.loss for earlier, later in pairwise(history[::5]))
