"""Cross-validation as far as no framework is needed: what is read, what is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import BundleMissing, ModelError
from classifier.network import Array
from classifier.training.crossval.designs import FEATURES, IDS, design_of
from classifier.training.crossval.features import Standard, read_array, read_column
from classifier.training.crossval.fold import Texts, learn, pipeline_for
from classifier.training.crossval.learner import Inputs
from classifier.training.crossval.learning_rate import CyclicRate
from classifier.training.crossval.options import Framework, NetworkName, Options
from classifier.training.crossval.report import (
    CrossvalReport,
    NetworkReport,
    figures_by_slice,
    spread_of,
)
from classifier.training.crossval.run import crossval
from classifier.training.crossval.study import read_study
from classifier.training.crossval.vectors import first_table, read_vectors
from classifier.training.crossval.writing import expect_folder, write_report
from classifier.training.dataset import Row
from tests.classifier.labelled import records, write_lines
from tests.classifier.retraining import small_model


def _write(path: Path, rows: Sequence[object]) -> Path:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _rows(count: int = 30, **more: Any) -> list[dict[str, Any]]:
    return [
        {"text": f"Известие {i} о мосте номер {i * 7}", "label": int(i % 3 == 0), **more}
        for i in range(count)
    ]


# -- the learning rate -----------------------------------------------------------------


def test_the_rate_rises_and_falls_in_triangles() -> None:
    rate = CyclicRate(low=1.0, high=3.0, half=4, decay=1.0)
    assert [rate.at(batch) for batch in range(10)] == [1, 1.5, 2, 2.5, 3, 2.5, 2, 1.5, 1, 1.5]


def test_later_triangles_are_lower() -> None:
    rate = CyclicRate(low=1.0, high=3.0, half=4, decay=0.5)
    assert rate.at(4) == pytest.approx(1 + 2 * 0.5**4)
    assert rate.at(12) == pytest.approx(1 + 2 * 0.5**12)
    assert rate.at(8) == 1


@pytest.mark.parametrize("batches", [1, 2, 7, 100, 10_000])
def test_however_short_a_training_is_the_rate_reaches_its_peak(batches: int) -> None:
    rate = CyclicRate.over(batches)
    reached = max(rate.at(batch) for batch in range(batches))
    assert reached > rate.high * 0.95 or batches == 1


# -- features --------------------------------------------------------------------------


def test_features_are_a_list_of_numbers_in_each_row(tmp_path: Path) -> None:
    path = _write(tmp_path / "data.jsonl", [{"features": [1, 2.5]}, {"features": [-3, 0]}])
    np.testing.assert_array_equal(read_column(path), [[1, 2.5], [-3, 0]])


def test_in_csv_they_are_written_as_json(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text('text,features\nмост,"[1, 2.5]"\nпарк,"[0, 1]"\n', encoding="utf-8")
    np.testing.assert_array_equal(read_column(path), [[1, 2.5], [0, 1]])


@pytest.mark.parametrize(
    ("second", "mistake"),
    [
        ({}, "line 2: column 'features' must be a list of numbers"),
        ({"features": []}, "line 2: column 'features' must"),
        ({"features": [1, "2"]}, "line 2: column 'features' must"),
        ({"features": [1, True]}, "line 2: column 'features' must"),
        ({"features": [1, float("nan")]}, "line 2: column 'features' must"),
        ({"features": [1, 1e300]}, "line 2: column 'features' must"),
        ({"features": "1, 2"}, "line 2: column 'features' must"),
        ({"features": [1]}, "line 2: 1 features, in the rows before 2"),
    ],
)
def test_features_that_are_none_name_their_line(
    tmp_path: Path, second: dict[str, Any], mistake: str
) -> None:
    path = _write(tmp_path / "data.jsonl", [{"features": [1, 2]}, second])
    with pytest.raises(ModelError, match=mistake):
        read_column(path)


@pytest.mark.parametrize(
    ("array", "mistake"),
    [
        (np.zeros((3, 2)), "2 rows of features are needed"),
        (np.zeros(2), "2 rows of features are needed"),
        (np.zeros((2, 0)), "2 rows of features are needed"),
        (np.array([[1.0], [np.inf]]), "row 1: NaN"),
        (np.array([[1e300], [1.0]]), "row 0: .*beyond"),
        (np.array([["a"], ["b"]]), "not an array of numbers"),
        (np.array([[None], [1]], dtype=object), "not an array of numpy"),
    ],
)
def test_an_array_of_features_must_fit_the_rows(tmp_path: Path, array: Array, mistake: str) -> None:
    np.save(tmp_path / "features.npy", array)
    with pytest.raises(ModelError, match=mistake):
        read_array(tmp_path / "features.npy", 2)


def test_a_file_that_is_no_array_is_refused(tmp_path: Path) -> None:
    (tmp_path / "features.npy").write_bytes(b"\x93NUMPY damaged")
    with pytest.raises(ModelError, match="not an array of numpy"):
        read_array(tmp_path / "features.npy", 2)
    with pytest.raises(BundleMissing, match="no such file"):
        read_array(tmp_path / "none.npy", 2)


def test_a_feature_that_never_changes_is_not_divided_by_nothing() -> None:
    standard = Standard.of(np.array([[1, 5], [3, 5]], dtype=np.float32))
    np.testing.assert_array_equal(standard.mean, [2, 5])
    np.testing.assert_array_equal(standard.variance, [1, 1])


# -- vectors ---------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["3 2\n", ""])
def test_vectors_are_read_as_word2vec_writes_them(tmp_path: Path, header: str) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(f"{header}мост 1 2\nпарк 3 4.5 \nснег 0 0\n", encoding="utf-8")
    found = read_vectors(path, {"мост", "парк", "дом"})
    assert found.size == 2
    assert {word: vector.tolist() for word, vector in found.by_word.items()} == {
        "мост": [1, 2],
        "парк": [3, 4.5],
    }


def test_vectors_may_be_an_array_with_its_words_beside_it(tmp_path: Path) -> None:
    np.save(tmp_path / "navec.npy", np.array([[1, 2], [3, 4]], dtype=np.float16))
    (tmp_path / "navec.txt").write_text("мост\nпарк\n", encoding="utf-8")
    found = read_vectors(tmp_path / "navec.npy", {"парк"})
    assert found.by_word["парк"].tolist() == [3, 4]
    (tmp_path / "navec.txt").write_text("мост\n", encoding="utf-8")
    with pytest.raises(ModelError, match="but 1 words"):
        read_vectors(tmp_path / "navec.npy", {"парк"})


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("мост 1 2\nпарк 1\n", "line 2: 1 numbers, in the lines before 2"),
        ("мост 1 x\n", "line 1: not a word and its numbers"),
        ("мост 1 nan\n", "vector of 'мост'"),
        ("дом 1 2\n", "none of the words"),
        ("", "none of the words"),
    ],
)
def test_wrong_vectors_are_told(tmp_path: Path, content: str, mistake: str) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=mistake):
        read_vectors(path, {"мост", "парк"})


def test_vectors_in_another_encoding_are_told(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_bytes("мост 1 2\n".encode("cp1251"))
    with pytest.raises(ModelError, match="not UTF-8"):
        read_vectors(path, {"мост"})


def test_known_words_start_with_their_vectors_and_padding_with_nothing(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("мост 1 2\nпарк 3 4\n", encoding="utf-8")
    words = ["", "[UNK]", "парк", "дом"]
    table = first_table(words, 40, read_vectors(path, {"мост", "парк"}), seed=1)
    assert table.shape == (4, 2)
    assert table[0].tolist() == [0, 0]
    assert table[2].tolist() == [3, 4]
    assert np.isfinite(table[3]).all()


# -- what is refused before anything is fitted -----------------------------------------


@pytest.mark.parametrize(
    ("rows", "mistake"),
    [
        (_rows(10), "6 good rows: at least 10 are needed"),
        ([{"text": "Один и тот же текст о мосте", "label": i % 2} for i in range(20)], "folds"),
        (_rows(21), "7 bad rows: at least 10 are needed"),
        ([], "no rows"),
        ([{"text": "мост", "label": 0}] * 9, "every row is good"),
        ([*_rows(), {"text": "мост", "label": 7}], "line 31: label is 7"),
        ([*_rows(), {"label": 0}], "line 31: column 'text' is missing"),
    ],
)
def test_too_few_or_wrong_rows_are_refused(
    tmp_path: Path, rows: Sequence[object], mistake: str
) -> None:
    with pytest.raises(ModelError, match=mistake):
        read_study(_write(tmp_path / "data.jsonl", rows), Options())


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        ({"label": 0}, "line 1: title and text are missing"),
        ({"text": 5}, "line 1: title and text must be strings"),
        ({"text": "мост", "label": "maybe"}, "line 1: label is 'maybe'"),
    ],
)
def test_a_wrong_test_file_names_its_line(tmp_path: Path, row: object, mistake: str) -> None:
    data = _write(tmp_path / "data.jsonl", _rows())
    test = _write(tmp_path / "test.jsonl", [row])
    with pytest.raises(ModelError, match=mistake):
        read_study(data, Options(test=test))


def test_a_test_file_with_fewer_features_is_refused(tmp_path: Path) -> None:
    data = _write(tmp_path / "data.jsonl", _rows(features=[1, 2]))
    test = _write(tmp_path / "test.jsonl", _rows(features=[1]))
    with pytest.raises(ModelError, match="2 features in the data, 1 in the test file"):
        read_study(data, Options(test=test, features="columns"))


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        ({"folds": 1}, "1 folds: two at least"),
        ({"epochs": 0}, "0 epochs"),
        ({"seed": 2**32}, "seed is 4294967296"),
        ({"features": "f.npy", "test": Path("t.jsonl")}, "go together"),
        ({"test_features": Path("t.npy")}, "those of the data are missing"),
    ],
)
def test_options_that_do_not_go_together_are_refused(wrong: dict[str, Any], mistake: str) -> None:
    with pytest.raises(ModelError, match=mistake):
        Options(**wrong)


def test_a_test_file_needs_no_labels(tmp_path: Path) -> None:
    data = _write(tmp_path / "data.jsonl", _rows())
    test = _write(tmp_path / "test.jsonl", [{"title": "Мост", "text": "открыт"}, {"text": "Снег"}])
    study = read_study(data, Options(test=test))
    assert study.test is not None
    assert (list(study.test.texts), study.test_rows) == (["Мост\nоткрыт", "Снег"], None)


def test_texts_with_both_labels_are_told(tmp_path: Path) -> None:
    rows = [*_rows(), {"text": "Известие 0 о мосте номер 0", "label": 0}]
    study = read_study(_write(tmp_path / "data.jsonl", rows), Options())
    assert "labelled good and bad: 1 of the texts, the first in rows 31 and 1" in study.notes


def test_a_vocabulary_that_the_texts_do_not_fill_is_told(tmp_path: Path) -> None:
    data = _write(tmp_path / "data.jsonl", _rows())
    networks = (NetworkName.ARTICLE, NetworkName.LSTM)
    first, second = read_study(data, Options(networks=networks)).notes
    assert first.endswith("words, article has room for 1,000")
    assert second.endswith("words, lstm has room for 5,000")


def test_a_file_where_the_folder_should_be_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    for out in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(ModelError, match="out: is not a folder"):
            expect_folder(out)
    expect_folder(tmp_path / "new" / "deeper")
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]


@pytest.mark.parametrize("name", ["oof.csv", "test.csv", "report.json"])
def test_a_file_that_no_cross_validation_wrote_is_not_overwritten(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("text,label\n", encoding="utf-8")
    for write in (expect_folder, partial(write_report, _report())):
        with pytest.raises(ModelError, match=f"{name}: exists and is not of a cross-validation"):
            write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "text,label\n"


def test_another_cross_validation_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    tested = replace(_report().networks[0], test_scores=np.array([0.5]))
    written = write_report(replace(_report(), networks=[tested]), tmp_path)
    assert [path.name for path in written] == ["oof.csv", "test.csv", "report.json"]
    write_report(_report(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["oof.csv", "report.json"]


def _with_bundles(folds: int) -> CrossvalReport:
    network = _report().networks[0]
    bundles = [replace(small_model(), name=f"article-{n + 1}") for n in range(folds)]
    return replace(_report(), networks=[replace(network, bundles=bundles)])


@pytest.mark.parametrize(
    ("folds", "left"), [(2, ["fold-1", "fold-2", "fold-mine"]), (0, ["fold-mine"])]
)
def test_bundles_of_folds_that_are_no_more_go_and_whatever_else_is_there_stays(
    tmp_path: Path, folds: int, left: list[str]
) -> None:
    write_report(_with_bundles(3), tmp_path)
    (tmp_path / "article" / "fold-mine").mkdir()
    write_report(_with_bundles(folds), tmp_path)
    assert sorted(path.name for path in (tmp_path / "article").iterdir()) == left


def test_a_folder_of_folds_that_is_empty_goes_too(tmp_path: Path) -> None:
    write_report(_with_bundles(2), tmp_path)
    write_report(_report(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["oof.csv", "report.json"]


def test_a_file_that_is_read_is_not_written_over(tmp_path: Path) -> None:
    write_report(_with_bundles(2), tmp_path)
    inside = write_lines(tmp_path / "article" / "fold-2" / "data.jsonl", records(2))
    other = tmp_path / "scores.csv"
    other.hardlink_to(tmp_path / "oof.csv")
    for given, told in ((inside, "fold-2: would be replaced"), (other, r"oof\.csv: is read")):
        with pytest.raises(ModelError, match=told):
            expect_folder(tmp_path, [None, given])
    expect_folder(tmp_path, [write_lines(tmp_path / "data.jsonl", records(2)), None])


def test_what_cannot_be_written_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "oof.csv").mkdir()
    with pytest.raises(ModelError, match=r"oof\.csv"):
        write_report(_report(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["oof.csv"]


def _report() -> CrossvalReport:
    rows = [Row("мост", 0), Row("скидка", 1)]
    scores = np.array([0.25, 0.75])
    figures = figures_by_slice(rows, scores, 0.5)
    network = NetworkReport(
        NetworkName.ARTICLE, 0.5, scores, [figures, figures], [0.1, 0.2], figures, {}
    )
    return CrossvalReport(rows, [1, 2], {"none": "0"}, 1, [network])


@pytest.mark.parametrize(("framework", "package"), [("torch", "torch"), ("keras", "keras")])
def test_a_framework_that_is_not_installed_is_named_with_its_extra(
    tmp_path: Path, framework: str, package: str
) -> None:
    if find_spec(package):
        pytest.skip(f"{package} is installed")
    data = _write(tmp_path / "data.jsonl", _rows())
    with pytest.raises(ModelError, match=r"pip install 'newsieve\[train\]'"):
        crossval(data, Options(framework=Framework(framework)))


# -- the loop --------------------------------------------------------------------------


class _Counting:
    """A learner that only remembers what it was given."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.rates: list[float] = []

    def learn(self, inputs: Inputs, labels: Array, rate: float) -> float:
        assert (inputs[IDS][:, 0] % 2 == labels).all()  # rows and labels stay together
        assert (inputs[FEATURES][:, 0] == inputs[IDS][:, 0]).all()
        self.seen += inputs[IDS][:, 0].tolist()
        self.rates.append(rate)
        return 1.0

    def score(self, inputs: Inputs) -> Array:
        return np.zeros(len(inputs[IDS]))

    def to_bundle(self, text: Any) -> Any:
        raise AssertionError("nobody asked for one")


def test_each_epoch_shows_every_row_once_in_another_order() -> None:
    rows = np.arange(150)[:, None]
    inputs, labels = {IDS: rows, FEATURES: rows}, (rows[:, 0] % 2).astype(np.float64)
    learner, told = _Counting(), list[tuple[int, float]]()
    learn(learner, inputs, labels, 2, 7, lambda epoch, loss: told.append((epoch, loss)))
    first, second = learner.seen[:150], learner.seen[150:]
    assert sorted(first) == sorted(second) == list(range(150))
    assert first != second
    assert told == [(1, 1.0), (2, 1.0)]
    again = _Counting()
    learn(again, inputs, labels, 2, 7, lambda epoch, loss: None)
    assert (again.seen, again.rates) == (learner.seen, learner.rates)


def test_words_come_from_the_texts_that_are_learned_from_and_padding_stands_in_front() -> None:
    text = pipeline_for(["Мост открыт", "Мост закрыт"], design_of(NetworkName.LSTM, features=False))
    ids = text.ids(["мост ледокол"])
    assert ids.shape == (1, 60)
    assert ids[0, :-2].any() == np.False_
    assert ids[0, -2:].tolist() == [2, 1]


def test_features_follow_their_texts() -> None:
    texts = Texts(["а", "б", "в"], np.array([[1], [2], [3]], dtype=np.float32))
    chosen = texts.of(np.array([2, 0]))
    assert chosen.features is not None
    assert (list(chosen.texts), chosen.features.ravel().tolist()) == (["в", "а"], [3, 1])


# -- the figures -----------------------------------------------------------------------


def test_figures_are_told_by_slice_and_how_far_folds_lie_apart() -> None:
    rows = [Row("а", 1, "ad"), Row("б", 0, "news"), Row("в", 1, "news")]
    sure = figures_by_slice(rows, np.array([0.9, 0.1, 0.8]), 0.5)
    assert (sure["overall"]["f1"], sure["ad"]["auc"], sure["news"]["auc"]) == (1, None, 1)
    unsure = figures_by_slice(rows, np.array([0.1, 0.1, 0.8]), 0.5)
    spread = spread_of([sure, unsure])
    assert spread["overall"]["recall"] == pytest.approx(np.std([1, 0.5], ddof=1))
    assert spread["ad"]["auc"] is None
