"""Cases recorded where the old framework still runs, and those that no framework recorded."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import BundleMismatch, BundleMissing, ModelBundle, ModelError
from classifier.bundle import PARITY, read_bundle
from classifier.importers.cases import baseline
from classifier.importers.importing import gather, import_model, with_baseline
from classifier.importers.recorded import record_by_hand
from classifier.network import Array
from classifier.parity import Recorder, first_divergence
from classifier.saving import write_bundle
from tests.classifier import models

RECORDED = Path(__file__).parents[1] / "recorded"
GATES = RECORDED / "gates.py"
OLD = ["keras1/stacked_lstm.h5", "keras1/average.h5", "keras2/convolution.h5", "keras2/average.h5"]
HEADER = "{{'descr': '<f4', 'fortran_order': False, 'shape': ({},)}}"
MANY = ["keras1/functional.h5", "keras2/functional.h5"]


def _given(name: str, folder: Path, *, off: float = 0.0) -> Path:
    """Write what the framework answered as a user would; the last number is ``off``."""
    with np.load((RECORDED / name).with_suffix(".npz")) as arrays:
        given = {key.replace("/", ":"): arrays[key] for key in arrays if "layer" not in key}
    whole = [np.isfinite(array.reshape(len(array), -1)).all(axis=1) for array in given.values()]
    kept = np.logical_and.reduce(whole)
    given = {key: array[kept] for key, array in given.items()}
    given["output:0"].reshape(-1)[-1] += off
    alone = {"input:given": "input", "output:0": "output"} if len(given) == 2 else {}
    return _saved(folder, {alone.get(key, key): array for key, array in given.items()})


def _saved(folder: Path, arrays: Mapping[str, Any]) -> Path:
    path = folder / "recorded.npz"
    np.savez(path, **arrays)
    return path


def _cases(bundle: ModelBundle) -> dict[str, Array]:
    ids = np.array([[2, 3, 4, 0, 0], [5, 1, 1, 1, 1]])
    return {"input": ids, "output": bundle.network(ids)}


@pytest.mark.parametrize("name", OLD + MANY)
def test_what_an_old_keras_answered_becomes_the_cases(name: str, tmp_path: Path) -> None:
    source = replace(gather([RECORDED / name]), recorded=_given(name, tmp_path))
    imported = import_model(source)
    assert imported.notes == ()
    assert imported.difference is not None
    assert imported.difference < 1e-5
    written = write_bundle(imported.bundle, tmp_path / "bundle")
    assert written.parity is not None
    assert written.parity.recorded_by is Recorder.HAND
    assert first_divergence(written.parity, written.network, written.text) is None
    assert written.provenance["cases"].startswith(f"recorded by hand with keras {name[5]}")
    assert written.provenance["cases"].endswith(", as given")
    assert written.provenance["cases_file"] == "recorded.npz"


def test_a_layer_of_ones_own_is_held_to_what_was_recorded(tmp_path: Path) -> None:
    name = "keras3/custom_unregistered.keras"
    source = replace(gather([RECORDED / name]), custom=GATES, recorded=_given(name, tmp_path))
    assert import_model(source).difference is not None


@pytest.mark.parametrize("name", OLD + MANY)
def test_an_answer_that_is_not_ours_is_refused(name: str, tmp_path: Path) -> None:
    source = gather([RECORDED / name])
    path = _given(name, tmp_path, off=1e-3)
    with pytest.raises(BundleMismatch) as caught:
        import_model(replace(source, recorded=path))
    assert caught.value.key == import_model(source).bundle.network.spec.outputs[0]
    assert f"what keras {name[5]}" in str(caught.value.expected)
    assert "1.00e-03 off (allowed: " in str(caught.value.found)
    assert caught.value.path == path


def test_an_input_for_text_may_be_recorded_as_text(tmp_path: Path) -> None:
    bundle = models.bundle()
    assert bundle.text is not None
    texts = np.array([["мост"], ["дождь над мостом"]])
    answers = bundle.network(bundle.text.ids(texts[:, 0].tolist()))
    recorded = record_by_hand(bundle, _saved(tmp_path, {"input": texts, "output": answers}))
    assert recorded.parity is not None
    assert recorded.parity.texts == ("мост", "дождь над мостом")
    with pytest.raises(BundleMismatch, match="one text a row"):
        record_by_hand(
            bundle, _saved(tmp_path, {"input": texts.reshape(1, 2), "output": answers[:1]})
        )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"output": None}, "output: expected one array, found input"),
        ({"input": None}, "input: expected one array, found output"),
        ({"input:ids": np.zeros((2, 5))}, "input: expected one array, found input:ids, input"),
        ({"hidden": np.zeros((2, 3))}, "hidden: expected only input, output"),
        ({"output": np.zeros(2)}, r"output: expected \(2, 1\), found \(2,\)"),
        ({"output": np.zeros((3, 1))}, "rows: expected the same number in each array"),
        ({"output": np.float32(1)}, "rows: expected the same number in each array"),
        ({"input": np.zeros((0, 5)), "output": np.zeros((0, 1))}, "and at least one"),
        ({"input": np.zeros((2, 4))}, r"input 'ids': expected \('rows', 5\), found \(2, 4\)"),
        ({"input": np.full((2, 5), 6)}, "ids"),
        ({"input": np.full((2, 5), 0.5)}, "whole numbers"),
        ({"input": np.full((2, 5), 1j)}, "input: expected numbers, found complex128"),
        ({"output": np.array([["a"], ["b"]])}, "output: expected numbers, found <U1"),
        ({"output": np.array([[0.5], [np.nan]])}, "output: row 1: expected finite numbers"),
        ({"output": np.array([[np.inf], [0.5]])}, "output: row 0: expected finite numbers"),
        ({"output": np.array([[None], [1]], dtype=object)}, "allow_pickle=False"),
    ],
)
def test_arrays_that_do_not_fit_are_named(
    change: dict[str, Any], told: str, tmp_path: Path
) -> None:
    bundle = models.bundle()
    arrays = {**_cases(bundle), **change}
    path = _saved(tmp_path, {key: array for key, array in arrays.items() if array is not None})
    with pytest.raises(ModelError, match=told) as caught:
        record_by_hand(bundle, path)
    assert caught.value.path == path


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _npy(header: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + (len(header) + 1).to_bytes(2, "little") + f"{header}\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not an npz",
        pickle.dumps({"input": [1]}),
        b"PK\x03\x04 and no zip",
        _zip(),
        _zip(**{"input.txt": b"words", "output.npy": b"no header"}),
        _zip(**{"input.npy": _npy(HEADER.format(9999))}),
        _zip(**{"input.npy": _npy(HEADER.format(1 << 60))}),
        _zip(**{"input.npy": _npy(HEADER.format(1).replace("<f4", "nothing"))}),
        _zip(**{"input.npy": _npy("__import__('os')")}),
    ],
)  # fmt: skip
def test_what_is_no_npz_of_arrays_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "recorded.npz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"recorded\.npz"):
        record_by_hand(models.bundle(), path)


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    data = _saved(tmp_path, _cases(models.bundle())).read_bytes()
    path = tmp_path / "cut.npz"
    for length in range(4, len(data), 37):
        path.write_bytes(data[:length])
        with pytest.raises(ModelError, match=r"cut\.npz"):
            record_by_hand(models.bundle(), path)


def test_a_file_that_is_not_there_is_missed(tmp_path: Path) -> None:
    with pytest.raises(BundleMissing):
        record_by_hand(models.bundle(), tmp_path / "nowhere.npz")


def test_a_file_that_unpacks_without_end_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "recorded.npz"
    path.write_bytes(_zip(**{"input.npy": b"x"}))
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 24  # where the directory says how large it will be
    data[place : place + 4] = (1 << 31).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(ModelError, match="at most 1 GiB"):
        record_by_hand(models.bundle(), path)


def test_what_no_framework_recorded_says_so(tmp_path: Path) -> None:
    imported = import_model(gather([RECORDED / "keras1/masked.h5"]))
    assert imported.bundle.parity is None
    assert "not compared with its framework" in imported.notes[0]
    kept = with_baseline(imported)
    assert kept.difference is None
    written = write_bundle(kept.bundle, tmp_path / "bundle")
    assert json.loads((tmp_path / "bundle" / PARITY).read_bytes())["recorded_by"] == "newsieve"
    assert written.parity is not None
    assert written.parity.recorded_by is Recorder.SELF
    assert written.parity.outputs.keys() == written.network.shapes.keys() - {
        given.name for given in written.network.spec.inputs
    }
    assert first_divergence(written.parity, written.network, written.text) is None


def test_cases_of_the_framework_are_not_replaced() -> None:
    imported = import_model(gather([RECORDED / "sklearn/log_loss.json"]))
    assert with_baseline(imported) is imported


def test_a_baseline_begins_with_texts_where_the_model_reads_any() -> None:
    cases = baseline(replace(models.bundle(), parity=None))
    assert cases is not None
    assert cases.texts[0] == ""
    assert None in cases.texts


def test_a_bundle_from_before_was_recorded_with_its_framework(tmp_path: Path) -> None:
    folder = models.saved(tmp_path / "bundle")
    data = models.edit_json(folder / PARITY, lambda content: content.pop("recorded_by"))
    models.rewrite(folder, PARITY, data)
    cases = read_bundle(folder).parity
    assert cases is not None
    assert cases.recorded_by is Recorder.FRAMEWORK


def test_who_recorded_must_be_known(tmp_path: Path) -> None:
    folder = models.saved(tmp_path / "bundle")
    data = models.edit_json(folder / PARITY, lambda content: content.update(recorded_by="someone"))
    models.rewrite(folder, PARITY, data)
    with pytest.raises(BundleMismatch, match="recorded_by: expected one of framework, hand"):
        read_bundle(folder)


def test_classes_of_keras_go_with_a_keras_model_only() -> None:
    source = gather([RECORDED / "torch/pooled.safetensors", RECORDED / "torch/pooled.toml"])
    with pytest.raises(ModelError, match="a safetensors file has no layers of Keras"):
        import_model(replace(source, keras_layers=GATES))
