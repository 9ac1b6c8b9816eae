from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import (
    BundleMismatch,
    BundleMissing,
    Classifier,
    ModelError,
    UnsupportedLayer,
    load_bundle,
)
from classifier.bundle import FILES, GRAPH, MANIFEST, PARITY, PARITY_TENSORS, TEXT, WEIGHTS
from classifier.importers import import_weights_json
from classifier.safetensors import write_tensors
from classifier.saving import write_bundle
from tests.classifier import models


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return models.saved(tmp_path / "small")


def test_a_bundle_is_read_as_it_was_written(folder: Path) -> None:
    written, read = models.bundle(), load_bundle(str(folder))
    assert (read.name, read.threshold, read.provenance) == ("small", 0.4, {"framework": {}})
    assert read.text == written.text
    assert read.network.spec == written.network.spec
    ids = np.array([[2, 3, 4, 5, 0]])
    np.testing.assert_array_equal(read.network(ids), written.network(ids))
    assert read.parity is not None
    assert read.parity.texts == ("дождь над мостом", "скидка!")


def test_the_folder_holds_the_files_of_the_format(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {MANIFEST, *FILES}
    text = json.loads((folder / TEXT).read_text(encoding="utf-8"))
    assert text["vectorizer"]["vocabulary"] == list(models.WORDS)
    assert text["cleaner"]["marks"] is True


def test_a_model_is_known_by_what_its_scores_depend_on(tmp_path: Path) -> None:
    first = load_bundle(models.saved(tmp_path / "a")).fingerprint
    assert load_bundle(models.saved(tmp_path / "b")).fingerprint == first
    changed = {"score/bias": np.array([0.5], np.float32)}
    write_bundle(models.bundle(**changed), tmp_path / "c")
    assert load_bundle(tmp_path / "c").fingerprint != first


def test_a_bundle_takes_the_place_of_the_one_before(folder: Path) -> None:
    before = load_bundle(folder).fingerprint
    written = write_bundle(models.bundle(**{"score/bias": np.zeros(1, np.float32)}), folder)
    assert load_bundle(folder).fingerprint == written.fingerprint != before
    assert [path.name for path in folder.parent.iterdir()] == ["small"]


def test_a_folder_that_is_no_bundle_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "first.txt").write_text("важное", encoding="utf-8")
    with pytest.raises(ModelError, match="nothing is overwritten"):
        write_bundle(models.bundle(), tmp_path / "letters")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["first.txt"]


def test_a_folder_that_cannot_be_made_is_a_model_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be written"):
        write_bundle(models.bundle(), tmp_path / "file" / "model")


@pytest.mark.parametrize("name", [MANIFEST, *FILES])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleMissing, match=name) as caught:
        load_bundle(folder)
    assert caught.value.path == folder / name


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleMissing, match="nowhere"):
        load_bundle(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["a" * 5000, "models/" + "a" * 5000, "a\0b"])
@pytest.mark.parametrize("load", [load_bundle, import_weights_json])
def test_a_path_that_cannot_be_is_a_model_error(load: Callable[[str], object], name: str) -> None:
    with pytest.raises(ModelError):
        load(name)


def test_a_link_in_a_circle_is_a_model_error(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "link")
    with pytest.raises(ModelError, match="link"):
        load_bundle(tmp_path / "link")


def test_a_path_below_a_file_is_missing(folder: Path) -> None:
    with pytest.raises(BundleMissing, match="no such file or folder"):
        load_bundle(folder / MANIFEST / "deeper")


def test_a_file_of_a_bundle_in_place_of_its_folder_is_refused(folder: Path) -> None:
    for name in (MANIFEST, GRAPH, WEIGHTS):
        with pytest.raises(BundleMismatch, match=name):
            load_bundle(folder / name)


def test_a_folder_in_place_of_a_file_is_a_model_error(folder: Path) -> None:
    (folder / GRAPH).unlink()
    (folder / GRAPH).mkdir()
    with pytest.raises(ModelError, match=r"graph\.json.*directory"):
        load_bundle(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
@pytest.mark.parametrize("name", ["", MANIFEST, WEIGHTS])
def test_what_must_not_be_read_is_a_model_error(folder: Path, name: str) -> None:
    before = (folder / name).stat().st_mode
    (folder / name).chmod(0)
    try:
        with pytest.raises(ModelError, match="Permission denied"):
            load_bundle(folder)
    finally:
        (folder / name).chmod(before)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["truncated", "changed"])
def test_a_damaged_file_is_refused_before_it_is_parsed(
    folder: Path, name: str, damage: str
) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:-7] if damage == "truncated" else b"{}" + data)
    with pytest.raises(BundleMismatch) as caught:
        load_bundle(folder)
    assert caught.value.key == f"{name}: sha256"
    assert caught.value.expected != caught.value.found
    assert caught.value.path == folder


@pytest.mark.parametrize("name", [GRAPH, WEIGHTS, TEXT, PARITY, PARITY_TENSORS])
@pytest.mark.parametrize("data", [b"", pickle.dumps({"a": 1}), b"\xff\xfe", b"[]", b"null"])
def test_a_file_of_another_kind_is_refused_and_named(folder: Path, name: str, data: bytes) -> None:
    models.rewrite(folder, name, data)
    with pytest.raises(BundleMismatch, match=name.replace(".", r"\.")):
        load_bundle(folder)


Change = Callable[[dict[str, Any]], object]


def _setter(*keys: str | int, value: object) -> Change:
    def change(content: Any) -> None:
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_setter("schema", value=2), "schema"),
        (_setter("threshold", value=1.5), "threshold"),
        (_setter("threshold", value="0.5"), "threshold"),
        (_setter("threshold", value=10**400), "threshold"),
        (_setter("name", value=None), "name"),
        (_setter("files", "../../secret", value="0" * 64), "files"),
        (_setter("files", "graph.json", value=5), "graph.json"),
        (lambda manifest: manifest["files"].pop(WEIGHTS), "files"),
        (lambda manifest: manifest.pop("metrics"), "metrics"),
    ],
)
def test_a_wrong_manifest_names_its_field(folder: Path, change: Change, named: str) -> None:
    models.edit_json(folder / MANIFEST, change)
    with pytest.raises(BundleMismatch, match=named):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_setter("outputs", value=["nowhere"]), "outputs"),
        (_setter("outputs", value="score"), "outputs"),
        (_setter("inputs", 0, "shape", value=[0]), "shape"),
        (_setter("inputs", 0, "shape", value=[7]), "inputs"),
        (_setter("inputs", 0, "dtype", value="bfloat16"), "dtype"),
        (_setter("layers", 1, "mask", value=["embedding"]), "mask"),
        (_setter("layers", 1, "mask", value="nowhere"), "average: inputs"),
        (_setter("layers", value={}), "layers"),
        (_setter("layers", 0, "inputs", value="ids"), "inputs"),
        (_setter("layers", 0, "weights", value={"table": 1}), "table"),
        (_setter("layers", 1, value=None), r"layers\[1\]"),
    ],
)
def test_a_wrong_graph_names_its_field(folder: Path, change: Change, named: str) -> None:
    models.rewrite(folder, GRAPH, models.edit_json(folder / GRAPH, change))
    with pytest.raises(BundleMismatch, match=named):
        load_bundle(folder)


def test_an_unknown_layer_is_named_with_the_model(folder: Path) -> None:
    change = _setter("layers", 1, "kind", value="Attention")
    models.rewrite(folder, GRAPH, models.edit_json(folder / GRAPH, change))
    with pytest.raises(UnsupportedLayer) as caught:
        load_bundle(folder)
    error = caught.value
    assert (error.name, error.layer_class, error.path) == ("average", "Attention", folder)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_setter("cleaner", "lower", value=1), "lower"),
        (_setter("cleaner", "numbers", value="roman"), "numbers"),
        (_setter("cleaner", "stemming", value=True), "stemming"),
        (lambda text: text["cleaner"].pop("lemmas"), "lemmas"),
        (_setter("vectorizer", "kind", value="letters"), "kind"),
        (_setter("vectorizer", "length", value=0), "length"),
        (_setter("vectorizer", "length", value=10**12), "length: expected 1 to 65536"),
        (_setter("vectorizer", "length", value=6), "inputs"),
        (_setter("vectorizer", "split", value="letters"), "split"),
        (_setter("vectorizer", "vocabulary", value=["а"]), "vocabulary"),
        (_setter("vectorizer", "vocabulary", 3, value=3), "vocabulary"),
        (lambda text: text["vectorizer"]["vocabulary"].append("x"), "at most 6 words"),
    ],
)
def test_a_wrong_text_part_names_its_field(folder: Path, change: Change, named: str) -> None:
    models.rewrite(folder, TEXT, models.edit_json(folder / TEXT, change))
    with pytest.raises(BundleMismatch, match=named):
        load_bundle(folder)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_numbers_are_refused(folder: Path, bad: float) -> None:
    tensors = models.tensors()
    tensors["hidden/kernel"][1, 2] = bad
    models.rewrite(folder, WEIGHTS, write_tensors(tensors))
    with pytest.raises(BundleMismatch, match="hidden: kernel"):
        load_bundle(folder)


def test_parity_cases_of_another_network_are_refused(folder: Path) -> None:
    data = models.edit_json(folder / PARITY, _setter("layers", value=["embedding"]))
    models.rewrite(folder, PARITY, data)
    with pytest.raises(BundleMismatch, match="layers"):
        load_bundle(folder)


def test_a_bundle_without_parity_and_text_scores_arrays_only(folder: Path) -> None:
    for name in (PARITY, PARITY_TENSORS, TEXT):
        (folder / name).unlink()
        models.edit_json(folder / MANIFEST, lambda manifest, name=name: manifest["files"].pop(name))
    bundle = load_bundle(folder)
    assert bundle.network(np.zeros((2, 5), np.int64)).shape == (2, 1)
    with pytest.raises(ModelError, match="arrays only"):
        Classifier(bundle)
