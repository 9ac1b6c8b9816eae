from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from classifier import Classifier, ModelError, load_bundle
from classifier.parity import first_divergence
from classifier.training.keras_fit import train

_KERAS = find_spec("keras") is not None and find_spec("torch") is not None
_PLACES = ["Заозёрск", "Речной", "Ольховка", "Северный", "Липки"]
_GOOD = ["открыли мост", "посадили лес", "построили школу", "починили дорогу", "провели праздник"]
_BAD = ["скидки на диваны", "кредит за минуту", "гороскоп для всех", "ставки и выигрыш", "купи"]


def _dataset(path: Path) -> Path:
    rows = [
        {"text": f"{place}: {what} {i}", "label": label, "licence": "made up", "kind": kind}
        for i, place in enumerate(_PLACES * 4)
        for label, kind, whats in ((0, "news", _GOOD), (1, "ad", _BAD))
        for what in whats
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_too_few_rows_are_refused_before_anything_starts(tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    rows = [{"text": f"Мост {i}", "label": int(i < 3)} for i in range(30)]
    data.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(ModelError, match="3 bad rows: at least 10"):
        train(data, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_without_keras_the_extra_is_named(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
sys.modules["keras"] = None  # what the import system sees when a package is not there
from classifier import ModelError
from classifier.training.keras_fit import train
try:
    train(Path(sys.argv[1]), Path(sys.argv[2]))
except ModelError as error:
    print(error)
"""
    arguments = [str(_dataset(tmp_path / "data.jsonl")), str(tmp_path / "model")]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    assert "pip install 'newsieve[train]'" in done.stdout
    assert not (tmp_path / "model").exists()


@pytest.mark.skipif(not _KERAS, reason="needs the train extra")
@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("default")  # what Keras and PyTorch warn of is not ours
def test_keras_trains_a_bundle_that_numpy_runs_alike(tmp_path: Path) -> None:
    data = _dataset(tmp_path / "data.jsonl")
    report = train(data, tmp_path / "model", seed=5)
    bundle = load_bundle(tmp_path / "model")
    assert bundle.parity is not None
    assert first_divergence(bundle.parity, bundle.network, bundle.text) is None
    assert (report.model, report.threshold) == (Classifier(bundle).model, bundle.threshold)
    assert set(report.measures) == {"overall", "news", "ad"}
    assert bundle.provenance["licences"] == {"made up": 200}
    card = (tmp_path / "model" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "made up" in card
    again = train(data, tmp_path / "again", seed=5)
    twin = load_bundle(tmp_path / "again")
    assert again.measures == report.measures
    for name, tensor in bundle.network.tensors.items():
        np.testing.assert_array_equal(tensor, twin.network.tensors[name])
