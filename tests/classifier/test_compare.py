from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from classifier import BundleMissing, ModelError
from classifier.training.balance import Balance
from classifier.training.compare.candidate import Part
from classifier.training.compare.candidates import all_candidates, choose
from classifier.training.compare.clock import Clock
from classifier.training.compare.outcome import Comparison, LeftOut, f1_interval, rank_slices
from classifier.training.compare.running import compare
from classifier.training.compare.vectors import GivenVectors
from classifier.training.dataset import Row
from classifier.training.extras import bring
from tests.classifier.compared import Absent, WordSpotter, rows


def _compared(*candidates: WordSpotter | Absent, balance: Balance = Balance.UPSAMPLE) -> Comparison:
    return compare(rows(), candidates, Clock(), data="news.jsonl", balance=balance)


def test_every_candidate_is_measured_on_the_same_held_out_texts() -> None:
    spotter, blind = WordSpotter(), WordSpotter(words=("нет такого",), name="blind")
    comparison = _compared(spotter, blind)
    assert [result.name for result in comparison.results] == ["word spotter", "blind"]
    (one,), (other,) = spotter.lessons, blind.lessons
    assert one.part.texts == other.part.texts
    held_out = {row.text for row in comparison.held_out}
    assert held_out.isdisjoint(one.part.texts)
    assert len(held_out) + len(one.part.texts) == comparison.rows == 90


def test_measures_are_told_by_slice_and_overall() -> None:
    (result,) = _compared(WordSpotter()).results
    whole, ads, news = (result.slices[name] for name in ("overall", "ad", "news"))
    # Four advertisements are held out and spotted, two horoscopes are not.
    assert (ads.called.rows, ads.called.bad, ads.called.recall) == (4, 4, 1)
    assert (news.called.bad, news.called.recall, news.called.false_alarms) == (2, 0, 0)
    assert (whole.called.precision, whole.called.recall) == (1, pytest.approx(4 / 6))
    assert (ads.auc, ads.average_precision) == (None, None)
    # 12 good rows: 4 × 12 pairs are right, 2 × 12 are ties.
    assert whole.auc == pytest.approx((48 + 12) / 72)


def test_two_comparisons_give_the_same_figures() -> None:
    first, second = (_compared(WordSpotter()).as_json() for _ in range(2))
    for told in (first, second):
        for model in told["models"]:
            assert model.pop("fit_seconds") >= 0
            assert model.pop("score_seconds") >= 0
    assert first == second
    json.dumps(first, allow_nan=False)


def test_another_seed_holds_out_other_texts() -> None:
    held_out = [compare(rows(), [WordSpotter()], Clock(), seed=seed).held_out for seed in (1, 2)]
    assert held_out[0] != held_out[1]


def test_upsampling_draws_the_rarer_label_again() -> None:
    spotter = WordSpotter()
    _compared(spotter)
    (lesson,) = spotter.lessons
    labels = lesson.labels[lesson.order]
    assert (labels == 1).sum() == (labels == 0).sum() == 48
    assert set(lesson.order) == set(range(len(lesson.labels)))
    assert (lesson.weights == 1).all()


def test_class_weights_leave_the_texts_and_weigh_both_labels_alike() -> None:
    spotter = WordSpotter()
    _compared(spotter, balance=Balance.CLASS_WEIGHTS)
    (lesson,) = spotter.lessons
    assert lesson.order.tolist() == list(range(72))
    bad = lesson.labels == 1
    assert lesson.weights[bad].sum() == pytest.approx(lesson.weights[~bad].sum())


def test_what_is_not_installed_is_left_out_with_its_extra() -> None:
    comparison = _compared(Absent(), WordSpotter())
    assert comparison.left_out == (LeftOut("absent", "absent model", "needs newsieve[encoder]"),)
    assert len(comparison.results) == 1


def test_when_nobody_can_run_the_extras_are_named_once() -> None:
    with pytest.raises(ModelError, match=r"^no model can run: needs newsieve\[encoder\]$"):
        _compared(Absent(), Absent())


def test_a_module_that_is_missing_names_its_extra() -> None:
    with pytest.raises(ModelError, match=r"needs newsieve\[train\]"):
        bring("no_such_module_anywhere", "train")


def test_each_turn_is_told() -> None:
    turns: list[str] = []
    compare(rows(), [WordSpotter(), Absent()], Clock(), on_step=turns.append)
    assert turns == ["word spotter", "absent model"]


def test_contradictory_labels_are_reported_and_do_no_harm() -> None:
    horoscope = "Гороскоп на завтра для весов и рыб"
    data = [*rows(), Row(horoscope, 1), Row(horoscope, 0)]
    (warning,) = compare(data, [WordSpotter()], Clock()).warnings
    assert warning == f"labelled good in row 92 and bad in row 91: {horoscope}"


@pytest.mark.parametrize(
    ("data", "mistake"),
    [
        ([Row(f"Мост {i}", int(i < 5)) for i in range(10)], "5 good rows: at least 10 are needed"),
        ([Row(f"Мост {i}", int(i < 3)) for i in range(40)], "3 bad rows: at least 10"),
        ([Row(f"М{i} открыт", 0) for i in range(40)] + [Row("Купи!", 1)] * 12, "bad rows are cop"),
    ],
)
def test_too_few_texts_are_refused_before_anybody_learns(data: Sequence[Row], mistake: str) -> None:
    spotter = WordSpotter()
    with pytest.raises(ModelError, match=mistake):
        compare(data, [spotter], Clock())
    assert spotter.lessons == []


def test_the_interval_holds_the_f1_and_shrinks_with_more_texts() -> None:
    few = [Row("a", int(i % 3 == 0)) for i in range(30)]
    scores = np.array([0.9 if i % 3 == 0 or i % 7 == 0 else 0.1 for i in range(30)])
    f1 = rank_slices(few, scores)["overall"].called.f1
    low, high = f1_interval(few, scores, seed=1)
    assert f1 is not None
    assert 0 < low < f1 < high <= 1
    narrow, wide = f1_interval(few * 20, np.tile(scores, 20), seed=1)
    assert wide - narrow < (high - low) / 3


def _keys(*wanted: str) -> list[str]:
    candidates = all_candidates(Clock(), words=(1000, 20_000))
    return [candidate.key for candidate in choose(candidates, wanted)]


def test_all_take_part_unless_some_are_named() -> None:
    keys = _keys()
    assert len(keys) == len(set(keys)) == 12
    assert _keys("network") == ["network-1000", "network-20000"]
    assert _keys("encoder-svc", "tfidf-bayes") == ["tfidf-bayes", "encoder-svc"]


def test_a_name_that_nobody_has_is_told_with_those_there_are() -> None:
    with pytest.raises(ModelError, match=r"'bert'; there are tfidf-forest, .*encoder-svc"):
        _keys("bert")
    with pytest.raises(ModelError, match="'net'"):
        _keys("net")


def test_given_vectors_bring_candidates_of_their_own() -> None:
    vectors = GivenVectors("mine", np.zeros((3, 2)))
    candidates = choose(all_candidates(Clock(), vectors=vectors), ["vectors"])
    assert "vectors-svc" in [candidate.key for candidate in candidates]


def test_vectors_are_read_by_row(tmp_path: Path) -> None:
    np.save(tmp_path / "mine.npy", np.arange(6.0).reshape(3, 2))
    given = GivenVectors.read(tmp_path / "mine.npy", 3)
    part = Part(("б", "а"), np.array([2, 0]))
    assert given.learn(part).read(part).tolist() == [[4, 5], [0, 1]]
    assert given.name == "vectors of mine.npy"


@pytest.mark.parametrize(
    ("array", "mistake"),
    [
        (np.zeros((4, 2)), r"each of the 3 rows.*found shape \(4, 2\)"),
        (np.zeros(3), r"found shape \(3,\)"),
        (np.zeros((3, 0)), r"found shape \(3, 0\)"),
        (np.array([["а"]] * 3), "expected numbers, found <U1"),
        (np.array([[1.0], [np.nan], [2.0]]), "row 1: NaN, or beyond single precision"),
        (np.array([[1.0], [2.0], [1e300]]), "row 2: NaN, or beyond single precision"),
    ],
)
def test_vectors_that_do_not_fit_are_refused(
    tmp_path: Path, array: np.ndarray, mistake: str
) -> None:
    np.save(tmp_path / "mine.npy", array)
    with pytest.raises(ModelError, match=mistake):
        GivenVectors.read(tmp_path / "mine.npy", 3)


def test_a_file_that_holds_no_vectors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleMissing, match=r"none\.npy"):
        GivenVectors.read(tmp_path / "none.npy", 3)
    (tmp_path / "text.npy").write_text("[1, 2]")
    (tmp_path / "empty.npy").write_bytes(b"")
    np.save(tmp_path / "objects.npy", np.array([{}, {}, {}]), allow_pickle=True)
    np.savez(tmp_path / "several.npz", a=np.zeros((3, 2)))
    for name in ("text.npy", "empty.npy", "objects.npy", "several.npz", "."):
        with pytest.raises(ModelError, match=r"npy|irectory"):
            GivenVectors.read(tmp_path / name, 3)


def test_remembered_work_is_paid_for_on_the_clock() -> None:
    clock = Clock()
    began = clock.now()
    clock.advance(100)
    assert 100 <= clock.now() - began < 110
