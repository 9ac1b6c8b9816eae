"""Cross-validation with Keras and PyTorch themselves."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

from classifier import Classifier, ModelError, load_bundle
from classifier.parity import first_divergence
from classifier.training.crossval.designs import FEATURES, IDS, design_of
from classifier.training.crossval.features import Standard
from classifier.training.crossval.keras_learner import KerasWorkshop
from classifier.training.crossval.learner import Inputs, Plan
from classifier.training.crossval.options import Framework, NetworkName, Options, Progress
from classifier.training.crossval.run import crossval
from classifier.training.crossval.torch_learner import TorchWorkshop
from classifier.training.crossval.writing import write_report

GOOD = ["мост", "школа", "парк", "река", "город", "праздник", "область", "житель"]
BAD = ["скидка", "акция", "гороскоп", "распродажа", "выигрыш", "купон", "рецепт", "звони"]
QUICK = Options(
    networks=(NetworkName.COMPETITION,), folds=2, epochs=1, features="columns", bundles=True
)


def _written(path: Path, count: int = 40, *, features: bool = True) -> Path:
    chance = random.Random(3)
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            label = int(i % 2)
            words = chance.choices(BAD if label else GOOD, k=12)
            row: dict[str, Any] = {"text": " ".join(words), "label": label, "kind": "ab"[i % 4 > 1]}
            if features:
                # Far from zero, as a year is; on the scale of nothing; never changing.
                row["features"] = [2020 + chance.gauss(label, 2), chance.random() / 1000, 7]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return _written(tmp_path / "data.jsonl")


@pytest.mark.parametrize("framework", list(Framework))
def test_two_runs_give_identical_numbers(data: Path, tmp_path: Path, framework: Framework) -> None:
    test = _written(tmp_path / "test.jsonl", 10)
    options = replace(QUICK, framework=framework, test=test)
    for name in ("one", "two"):
        write_report(crossval(data, options), _folder(tmp_path / name))
    one = {path.relative_to(tmp_path / "one"): path for path in _files(tmp_path / "one")}
    two = {path.relative_to(tmp_path / "two"): path for path in _files(tmp_path / "two")}
    assert one.keys() == two.keys()
    for name, path in one.items():
        assert path.read_bytes() == two[name].read_bytes(), name
    other = crossval(data, replace(options, seed=2))
    assert other.networks[0].scores.tolist() != crossval(data, options).networks[0].scores.tolist()


@pytest.mark.parametrize("features", [False, True], ids=["text alone", "features"])
@pytest.mark.parametrize("network", list(NetworkName), ids=lambda network: network.value)
@pytest.mark.parametrize("framework", list(Framework))
def test_each_fold_is_a_bundle_that_scores_its_rows_from_raw_text_and_raw_features(
    data: Path, tmp_path: Path, framework: Framework, network: NetworkName, features: bool
) -> None:
    options = replace(
        QUICK, framework=framework, networks=(network,), features="columns" if features else None
    )
    report = crossval(data, options)
    write_report(report, _folder(tmp_path / "out"))
    raw = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    for number in (1, 2):
        bundle = load_bundle(tmp_path / "out" / network.value / f"fold-{number}")
        assert bundle.parity is not None
        assert first_divergence(bundle.parity, bundle.network, bundle.text) is None
        rows = [i for i, fold in enumerate(report.fold_of) if fold == number]
        given = np.array([raw[i]["features"] for i in rows], dtype=np.float32)
        found = Classifier(bundle).score(
            [raw[i]["text"] for i in rows], features=given if features else None
        )
        expected = [report.networks[0].scores[i] for i in rows]
        np.testing.assert_allclose([score.value for score in found], expected, atol=1e-5)
        assert bundle.threshold == report.networks[0].threshold


@pytest.mark.parametrize("framework", list(Framework))
def test_it_learns(tmp_path: Path, framework: Framework) -> None:
    data = _written(tmp_path / "data.jsonl", 120, features=False)
    options = Options(networks=(NetworkName.CONVOLUTION,), folds=2, epochs=25, framework=framework)
    report = crossval(data, options)
    assert report.networks[0].measures["overall"]["auc"] == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("framework", list(Framework))
def test_the_competition_model_leaves_given_vectors_as_they_are(
    data: Path, tmp_path: Path, framework: Framework
) -> None:
    vectors = tmp_path / "vectors.txt"
    lines = [f"{word} {i} {-i} 0.5" for i, word in enumerate((*GOOD, *BAD))]
    vectors.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tables = {}
    for network in (NetworkName.COMPETITION, NetworkName.LSTM):
        options = replace(QUICK, networks=(network,), framework=framework, vectors=vectors)
        (bundle, _) = crossval(data, options).networks[0].bundles
        assert bundle.text is not None
        row = int(bundle.text.ids(["скидка"])[0, -1])
        tables[network] = bundle.network.tensors["embedding/table"][row].tolist()
    assert tables[NetworkName.COMPETITION] == [8, -8, 0.5]
    assert tables[NetworkName.LSTM] != [8, -8, 0.5]


def _learner(framework: Framework, clip: float = 1.0) -> tuple[Any, Inputs, Any]:
    """A network, and a batch for it."""
    design = design_of(NetworkName.COMPETITION, features=True)
    chance = np.random.default_rng(1)
    features = chance.normal(3, 2, (8, 2)).astype(np.float32)
    plan = Plan(
        design=design,
        table=chance.normal(0, 1, (20, 6)).astype(np.float32),
        frozen=False,
        standard=Standard.of(features),
        seed=1,
        clip=clip,
    )
    workshop = TorchWorkshop() if framework is Framework.TORCH else KerasWorkshop()
    inputs = {IDS: chance.integers(0, 20, (8, design.length)), FEATURES: features}
    return workshop.begin(plan), inputs, np.arange(8) % 2


@pytest.mark.parametrize("framework", list(Framework))
def test_each_batch_is_learned_at_the_rate_that_is_said(framework: Framework) -> None:
    learner, inputs, labels = _learner(framework)
    before = learner.score(inputs)
    learner.learn(inputs, labels, 0.0)
    np.testing.assert_array_equal(learner.score(inputs), before)
    losses = [learner.learn(inputs, labels, 0.01) for _ in range(30)]
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("framework", list(Framework))
def test_a_gradient_is_no_longer_than_the_clip(framework: Framework) -> None:
    lengths = []
    for clip in (1e-3, 1e6):
        learner, inputs, labels = _learner(framework, clip)
        learner.learn(inputs, labels, 0.001)
        # After one step Adam's second moments are a thousandth of the squared gradients.
        moments = (
            [state["exp_avg_sq"].numpy() for state in learner._adam.state.values()]
            if framework is Framework.TORCH
            else [one.numpy() for one in learner._adam.variables if "velocity" in one.path]
        )
        lengths.append(np.sqrt(sum(float(moment.sum()) for moment in moments) * 1000))
    assert lengths[0] == pytest.approx(1e-3, rel=1e-3)
    assert lengths[1] > 0.01


@pytest.mark.parametrize("framework", list(Framework))
def test_scoring_draws_no_dropout(framework: Framework) -> None:
    learner, inputs, _ = _learner(framework)
    np.testing.assert_array_equal(learner.score(inputs), learner.score(inputs))


def test_scores_of_the_test_file_are_the_average_over_the_folds(data: Path) -> None:
    """The test file is the data: each row was held out once and learned from otherwise."""
    report = crossval(data, replace(QUICK, test=data, networks=(NetworkName.ARTICLE,)))
    (network,) = report.networks
    assert network.test_scores is not None and network.test is not None
    raw = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in raw]
    given = np.array([row["features"] for row in raw], dtype=np.float32)
    both = [
        [score.value for score in Classifier(bundle).score(texts, features=given)]
        for bundle in _loadable(network.bundles, data.parent)
    ]
    np.testing.assert_allclose(network.test_scores, np.mean(both, axis=0), atol=1e-5)


def test_answers_that_are_no_numbers_are_refused(data: Path, tmp_path: Path) -> None:
    lines = data.read_text(encoding="utf-8").splitlines()
    rows = [{**json.loads(line), "features": [1e-12 * i, 0]} for i, line in enumerate(lines)]
    rows.append({"text": "мост", "label": 0, "features": [3e38, 0]})
    data.write_text("".join(f"{json.dumps(row)}\n" for row in rows[:-1]), encoding="utf-8")
    test = tmp_path / "test.jsonl"
    test.write_text(json.dumps(rows[-1]), encoding="utf-8")
    with pytest.raises(ModelError, match=r"not a number: its features are 3"):
        crossval(data, replace(QUICK, test=test, networks=(NetworkName.ARTICLE,)))


def test_progress_and_files_say_what_was_done(data: Path, tmp_path: Path) -> None:
    told: list[Progress] = []
    networks = (NetworkName.ARTICLE, NetworkName.CONVOLUTION)
    options = replace(QUICK, networks=networks, bundles=False, test=data)
    report = crossval(data, options, on_progress=told.append)
    assert [(one.done, one.total) for one in told] == [(i, 4) for i in range(1, 5)]
    written = write_report(report, _folder(tmp_path / "out"))
    assert [path.name for path in written] == ["oof.csv", "test.csv", "report.json"]
    with (tmp_path / "out/oof.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["network"] for row in rows] == ["article"] * 40 + ["convolution"] * 40
    assert [int(row["row"]) for row in rows] == [*range(40)] * 2
    assert [int(row["label"]) for row in rows[:4]] == [0, 1, 0, 1]
    assert {int(row["fold"]) for row in rows} == {1, 2}
    assert all(0 <= float(row["score"]) <= 1 for row in rows)
    figures = json.loads((tmp_path / "out/report.json").read_text(encoding="utf-8"))
    assert set(figures["networks"][0]["out_of_fold"]) == {"overall", "a", "b"}
    assert len(figures["networks"][0]["folds"]) == 2


def test_the_command_takes_features_of_data_and_test_file_as_arrays(tmp_path: Path) -> None:
    _written(tmp_path / "data.jsonl", features=False)
    _written(tmp_path / "test.jsonl", 6, features=False)
    np.save(tmp_path / "data.npy", np.arange(80.0).reshape(40, 2))
    np.save(tmp_path / "test.npy", np.arange(12).reshape(6, 2))
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "bot", "crossval", "data.jsonl", "-o", "deep/out", "--json"),
            *("--test", "test.jsonl", "--folds", "2", "--epochs", "1", "--save"),
            *("--features", "data.npy", "--test-features", "test.npy"),
            *("--network", "article", "--network", "lstm"),
        ],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert [network["network"] for network in told["networks"]] == ["article", "lstm"]
    assert told["networks"][0]["test"]["overall"]["rows"] == 6
    assert all((tmp_path / path).exists() for path in told["files"])
    assert load_bundle(tmp_path / "deep/out/lstm/fold-2").provenance["fold"] == 2


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _loadable(bundles: Any, folder: Path) -> list[Any]:
    from classifier.saving import write_bundle

    return [write_bundle(bundle, folder / bundle.name) for bundle in bundles]
