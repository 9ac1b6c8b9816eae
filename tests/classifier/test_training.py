from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from classifier import Classifier, ModelError, load_bundle
from classifier.bundle import MANIFEST
from classifier.parity import Recorder, first_divergence
from classifier.training.aim import Aim
from classifier.training.balance import Balance
from classifier.training.cleaner import CLEANER
from classifier.training.fit import FitOptions, fit
from classifier.training.material import material_of
from classifier.training.orders import EngineName, TrainOptions
from classifier.training.report import best_threshold
from classifier.training.train import Step, train
from tests.classifier.labelled import records, write_lines

_SHORT = TrainOptions(epochs=4)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "data.jsonl", records())


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# -- what comes of it ------------------------------------------------------------


def test_numpy_trains_a_bundle_that_tells_good_from_bad(data: Path, tmp_path: Path) -> None:
    report = train(data, tmp_path / "model", TrainOptions(epochs=60))
    bundle = load_bundle(tmp_path / "model")
    good, bad = Classifier(bundle).score(["Липки: открыли мост", "Речной: скидки на диваны"])
    assert good.value < bundle.threshold < bad.value
    assert (report.model, report.threshold) == (bundle.identity, bundle.threshold)
    assert set(report.measures) == {"overall", "news", "ad"}
    assert report.measures["overall"].f1 == 1
    assert report.trained_on + report.measures["overall"].rows == 160
    assert bundle.provenance["engine"] == "numpy"
    assert set(bundle.provenance["framework"]) == {"numpy"}
    assert bundle.provenance["licences"] == {"made up": 160}
    assert bundle.parity is not None
    assert bundle.parity.recorded_by is Recorder.SELF
    assert first_divergence(bundle.parity, bundle.network, bundle.text) is None


def test_the_same_seed_gives_the_same_model_to_the_bit(data: Path, tmp_path: Path) -> None:
    reports = [train(data, tmp_path / str(i) / "model", _SHORT) for i in range(2)]
    assert reports[0].model == reports[1].model
    other = train(data, tmp_path / "other" / "model", TrainOptions(epochs=4, seed=2))
    assert other.model != reports[0].model
    names = set(_left(tmp_path / "0" / "model")) - {MANIFEST}  # the day stands in there
    for name in names:
        first, second = (tmp_path / str(i) / "model" / name for i in range(2))
        assert name == "learning-curves.svg" or first.read_bytes() == second.read_bytes(), name


def test_the_card_tells_engine_aim_data_and_every_figure_with_its_interval(
    data: Path, tmp_path: Path
) -> None:
    options = TrainOptions(epochs=4, aim=Aim(0.1), balance=Balance.CLASS_WEIGHTS, words=30)
    train(data, tmp_path / "model", options)
    card = (tmp_path / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "the highest recall with at most 10 % false alarms" in card
    assert "numpy " in card
    assert "4 epochs, balance: class-weights" in card
    assert "`data.jsonl`, 160 labelled texts, 80 of them bad" in card
    assert "| 160 | made up |" in card
    assert "Embedding 30×40" in card
    figures = load_bundle(tmp_path / "model").metrics["held_out"]["overall"]
    low, high = figures["recall_between"]
    assert f"{figures['recall']:.3f} ({low:.3f}–{high:.3f})" in card


def test_the_curves_are_drawn_beside_the_card_and_no_score_depends_on_them(
    data: Path, tmp_path: Path
) -> None:
    train(data, tmp_path / "model", _SHORT)
    picture = tmp_path / "model" / "learning-curves.svg"
    drawn = ET.parse(picture).getroot()
    assert len(drawn.findall("{http://www.w3.org/2000/svg}polyline")) == 2  # learned, held out
    assert "](learning-curves.svg)" in (tmp_path / "model/MODEL_CARD.md").read_text("utf-8")
    before = load_bundle(tmp_path / "model").identity
    picture.unlink()
    assert load_bundle(tmp_path / "model").identity == before


def test_what_was_trained_can_be_retrained_with_what_it_brings(data: Path, tmp_path: Path) -> None:
    report = train(data, tmp_path / "model", _SHORT)
    bundle = load_bundle(tmp_path / "model")
    material = material_of(bundle)
    assert len(material.learned) == report.trained_on
    assert len(material.reference) == report.measures["overall"].rows
    assert bundle.text is not None
    texts = [record["text"] for record in records()]
    known = {ids.tobytes() for ids in bundle.text.ids(texts)}
    assert {ids.tobytes() for ids in material.learned.ids.astype(np.int64)} <= known
    again = fit(bundle.network, material.learned.ids, material.learned.labels, FitOptions(epochs=2))
    assert again.history[-1].loss < again.history[0].loss


def test_each_epoch_is_told_with_how_far_it_is(data: Path, tmp_path: Path) -> None:
    steps: list[Step] = []
    train(data, tmp_path / "model", _SHORT, on_step=steps.append)
    assert [step.done for step in steps] == list(range(1, 21))
    assert {step.total for step in steps} == {20}
    assert (steps[0].name, steps[-1].name) == ("out of fold, 1 of 4", "the network")


def test_a_vocabulary_smaller_than_asked_is_told(data: Path, tmp_path: Path) -> None:
    report = train(data, tmp_path / "model", TrainOptions(epochs=1, words=5000))
    (note,) = report.notes
    bundle = load_bundle(tmp_path / "model")
    words = bundle.provenance["words"]
    assert note == f"the texts have {words} words, 5,000 were asked for"
    assert len(bundle.network.tensors["embedding/table"]) == words
    assert note in (tmp_path / "model/MODEL_CARD.md").read_text("utf-8")


def test_contradictory_labels_are_told_and_trained_with(tmp_path: Path) -> None:
    rows = records()
    rows.append({**rows[0], "text": rows[0]["text"].upper(), "label": 1})
    data = write_lines(tmp_path / "data.jsonl", rows)
    report = train(data, tmp_path / "model", TrainOptions(epochs=1, words=10))
    assert report.notes == ("labelled good and bad: 1 of the texts, the first in rows 1 and 161",)


# -- the aim ---------------------------------------------------------------------


def test_an_aim_at_few_false_alarms_finds_as_much_as_they_allow() -> None:
    labels = np.array([0.0] * 10 + [1.0] * 4)
    scores = np.array([*np.linspace(0.05, 0.5, 10), 0.3, 0.46, 0.7, 0.9])
    threshold = Aim(0.1).threshold(labels, scores)
    assert 0.45 <= threshold < 0.46  # one good score, 0.5, above it; 0.46 is found
    assert 0.5 <= Aim(0.0).threshold(labels, scores) < 0.7
    assert Aim().threshold(labels, scores) == best_threshold(labels, scores)


def test_an_aim_that_no_threshold_reaches_is_told_with_what_would_do() -> None:
    labels, scores = np.array([0.0, 0, 0, 0, 1, 1]), np.array([0.1, 0.2, 0.3, 0.9, 0.2, 0.9])
    with pytest.raises(ModelError, match="no threshold finds a bad text with at most 10 % false"):
        Aim(0.1).threshold(labels, scores)
    with pytest.raises(ModelError, match="the fewest are 25 %"):
        Aim(0.2).threshold(labels, scores)
    assert 0.3 <= Aim(0.25).threshold(labels, scores) < 0.9


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan")])
def test_a_share_that_is_none_is_no_aim(share: float) -> None:
    with pytest.raises(ValueError, match="false alarms"):
        Aim(share)


# -- what cannot be used ---------------------------------------------------------

_FEW = [*records(1), {"text": "Снег", "label": 0}, {"text": "Купи", "label": 1}]  # 10 rows


@pytest.mark.parametrize(
    ("rows", "mistake"),
    [
        ([], "no rows"),
        ([row for row in records() if row["label"] == 0], "every row is good"),
        ([row for row in records() if row["label"] == 1], "every row is bad"),
        (_FEW, "5 good rows: at least 10 are needed"),
        ([*records(), {"label": 1}], "line 161: column 'text' is missing"),
        ([*records(), {"text": "Снег"}], "line 161: column 'label' is missing"),
        ([*records(), {"text": "Снег", "label": "spam"}], "line 161: label is 'spam'"),
        (
            [row for row in records() if not row["label"]] + [{"text": "Купи", "label": 1}] * 20,
            "the bad rows are copies of each other",
        ),
        (
            [{"text": f"<x{i}></x{i}>", "label": i % 2} for i in range(40)],
            "no words to learn from",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_data_that_cannot_be_used_leave_nothing_behind(
    tmp_path: Path, rows: list[dict[str, Any]], mistake: str
) -> None:
    data = write_lines(tmp_path / "data.jsonl", rows)
    with pytest.raises(ModelError, match=mistake):
        train(data, tmp_path / "model", _SHORT)
    assert _left(tmp_path) == ["data.jsonl"]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "koi8-r"])
def test_a_broken_encoding_is_named(tmp_path: Path, encoding: str) -> None:
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in records())
    (tmp_path / "data.jsonl").write_bytes(lines.encode(encoding))
    with pytest.raises(ModelError, match="not UTF-8 at byte"):
        train(tmp_path / "data.jsonl", tmp_path / "model", _SHORT)
    assert _left(tmp_path) == ["data.jsonl"]


def test_an_aim_out_of_reach_writes_nothing(tmp_path: Path) -> None:
    rows = [{"text": f"Снег {'и лёд ' * (i % 3)}", "label": i % 2} for i in range(60)]
    data = write_lines(tmp_path / "data.jsonl", rows)
    with pytest.raises(ModelError, match=r"copies of each other|no threshold finds a bad text"):
        train(data, tmp_path / "model", TrainOptions(epochs=1, aim=Aim(0.0)))
    assert _left(tmp_path) == ["data.jsonl"]


def test_a_folder_that_is_no_bundle_is_refused_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "thesis.txt").write_text("Years of work", encoding="utf-8")
    with pytest.raises(ModelError, match="no bundle: nothing is overwritten"):
        train(tmp_path / "nowhere.jsonl", tmp_path / "model")
    with pytest.raises(ModelError, match=r"cannot be written: .*thesis.txt is no folder"):
        train(tmp_path / "nowhere.jsonl", tmp_path / "model" / "thesis.txt" / "model")


def test_data_in_the_folder_that_would_be_replaced_are_not_lost(tmp_path: Path) -> None:
    data = write_lines(tmp_path / "data.jsonl", records())
    train(data, tmp_path / "model", _SHORT)
    inside = write_lines(tmp_path / "model" / "data.jsonl", records())
    (tmp_path / "linked.jsonl").symlink_to(inside)
    for named in (inside, tmp_path / "linked.jsonl"):
        with pytest.raises(ModelError, match=r"model: would be replaced, and .*jsonl in it"):
            train(named, tmp_path / "model", _SHORT)
    assert inside.exists()


def test_texts_are_cleaned_once_and_give_the_ids_they_would_otherwise(
    data: Path, tmp_path: Path
) -> None:
    train(data, tmp_path / "model", _SHORT)
    bundle = load_bundle(tmp_path / "model")
    assert bundle.text is not None
    texts = [row["text"] for row in records()]
    words = [tuple(CLEANER.words(text)) for text in texts]
    np.testing.assert_array_equal(bundle.text.vectorizer.ids(words), bundle.text.ids(texts))


class _Interrupted(Exception):
    pass


def test_an_interrupted_training_leaves_the_old_model(data: Path, tmp_path: Path) -> None:
    train(data, tmp_path / "model", _SHORT)
    before = load_bundle(tmp_path / "model").identity

    def stop(step: Step) -> None:
        if step.name == "the network":
            raise _Interrupted

    with pytest.raises(_Interrupted):
        train(data, tmp_path / "model", TrainOptions(epochs=4, seed=2), on_step=stop)
    assert load_bundle(tmp_path / "model").identity == before
    assert _left(tmp_path) == ["data.jsonl", "model"]


def test_another_training_takes_the_place_of_the_old_model(data: Path, tmp_path: Path) -> None:
    before = train(data, tmp_path / "model", _SHORT).model
    after = train(data, tmp_path / "model", TrainOptions(epochs=4, seed=2)).model
    assert load_bundle(tmp_path / "model").identity == after != before
    assert _left(tmp_path) == ["data.jsonl", "model"]


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"words": 2}, {"seed": -1}, {"seed": 2**32}])
def test_options_that_mean_nothing_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TrainOptions(**wrong)  # type: ignore[arg-type]


def test_without_keras_the_extra_is_named(data: Path, tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
sys.modules["keras"] = None  # what the import system sees when a package is not there
from classifier import ModelError
from classifier.training.orders import EngineName, TrainOptions
from classifier.training.train import train
try:
    train(Path(sys.argv[1]), Path(sys.argv[2]), TrainOptions(EngineName.KERAS))
except ModelError as error:
    print(error)
"""
    arguments = [str(data), str(tmp_path / "model")]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    assert "pip install 'newsieve[train]'" in done.stdout
    assert not (tmp_path / "model").exists()


def test_numpy_alone_trains_where_nothing_else_is(data: Path, tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
for name in ("keras", "torch", "sklearn", "matplotlib", "h5py"):
    sys.modules[name] = None
from classifier.training.orders import TrainOptions
from classifier.training.train import train
print(train(Path(sys.argv[1]), Path(sys.argv[2]), TrainOptions(epochs=1)).model)
"""
    arguments = [str(data), str(tmp_path / "model")]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True, text=True, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.stdout.strip() == load_bundle(tmp_path / "model").identity


def test_engines_are_numpy_and_keras() -> None:
    assert {name.value for name in EngineName} == {"numpy", "keras"}
