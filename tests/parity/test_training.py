"""``train`` with Keras: what Keras fitted, numpy runs alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

from classifier import ModelError, load_bundle
from classifier.parity import Recorder, first_divergence
from classifier.training.balance import Balance
from classifier.training.material import material_of
from classifier.training.orders import EngineName, TrainOptions
from classifier.training.train import train
from tests.classifier.labelled import records, write_lines

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "data.jsonl", records())


def test_keras_trains_a_bundle_that_numpy_runs_alike(data: Path, tmp_path: Path) -> None:
    options = TrainOptions(EngineName.KERAS, seed=5, epochs=60)
    report = train(data, tmp_path / "model", options)
    bundle = load_bundle(tmp_path / "model")
    assert bundle.parity is not None
    assert bundle.parity.recorded_by is Recorder.FRAMEWORK
    assert first_divergence(bundle.parity, bundle.network, bundle.text) is None
    assert set(bundle.provenance["framework"]) == {"keras", "backend"}
    assert report.measures["overall"].f1 == 1
    assert len(material_of(bundle).reference) == report.measures["overall"].rows
    assert "polyline" in (tmp_path / "model" / "learning-curves.svg").read_text("utf-8")
    again = train(data, tmp_path / "again", options)
    twin = load_bundle(tmp_path / "again")
    assert again.measures == report.measures
    for name, tensor in bundle.network.tensors.items():
        np.testing.assert_array_equal(tensor, twin.network.tensors[name])


def test_keras_heeds_the_balance_and_the_size_of_the_vocabulary(tmp_path: Path) -> None:
    rows = [row for i, row in enumerate(records()) if not row["label"] or i % 4 == 0]
    data = write_lines(tmp_path / "data.jsonl", rows)
    means = {}
    for balance in Balance:
        out = tmp_path / balance.value
        train(data, out, TrainOptions(EngineName.KERAS, epochs=25, words=25, balance=balance))
        bundle = load_bundle(out)
        assert len(bundle.network.tensors["embedding/table"]) == 25
        means[balance] = float(bundle.network(np.ones((1, 100)))[0, 0])
    assert means[Balance.NONE] < means[Balance.CLASS_WEIGHTS] - 0.05
    assert means[Balance.NONE] < means[Balance.UPSAMPLE] - 0.05


def test_an_interrupted_keras_leaves_the_old_model(data: Path, tmp_path: Path) -> None:
    train(data, tmp_path / "model", TrainOptions(epochs=1))
    before = load_bundle(tmp_path / "model").identity

    def stop(_step: object) -> None:
        raise ModelError("stopped")

    with pytest.raises(ModelError, match="stopped"):
        train(data, tmp_path / "model", TrainOptions(EngineName.KERAS, epochs=1), on_step=stop)
    assert load_bundle(tmp_path / "model").identity == before
