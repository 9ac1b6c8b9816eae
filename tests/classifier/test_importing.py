"""Which importer takes which files, told by what they are."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier import BundleMissing, Classifier, ModelError, default_bundle_path
from classifier.importers.importing import Imported, gather, import_model
from classifier.importers.recognise import Format, recognise
from classifier.importers.torch.state import read_state
from classifier.text import Cleaner, KerasTokenizer
from tests.classifier.keras_made import EMBEDDING, embedding, given, sequential, write_keras
from tests.process.model import write_model

RECORDED = Path(__file__).parents[1] / "recorded"
KERAS = RECORDED / "keras3/average.keras"
TORCH = RECORDED / "torch/pooled.safetensors"
SPEC = RECORDED / "torch/pooled.toml"
SKLEARN = RECORDED / "sklearn/log_loss.json"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """A plain dictionary for the recorded networks, which know nine ids."""
    path = tmp_path / "words.json"
    path.write_text(json.dumps({"парк": 2, "мост": 3, "беда": 8}), encoding="utf-8")
    return path


@pytest.fixture
def matrices(tmp_path: Path) -> Path:
    """A dense layer as ``np.savetxt`` writes it."""
    folder = tmp_path / "weights"
    folder.mkdir()
    np.savetxt(folder / "0_param_0.txt", np.array([[1.0], [2.0]]))
    np.savetxt(folder / "0_param_1.txt", np.array([0.5]))
    return folder


def _imported(*files: Path) -> Imported:
    return import_model(gather(files))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (KERAS, Format.KERAS),
        (RECORDED / "keras1/masked.h5", Format.KERAS),
        (TORCH, Format.SAFETENSORS),
        (RECORDED / "torch/pooled.pt", Format.TORCH),
        (SPEC, Format.SPEC),
        (SKLEARN, Format.SKLEARN),
        (RECORDED / "tokenizer/plain.json", Format.TOKENIZER),
    ],
)
def test_files_are_told_by_their_content(path: Path, kind: Format, tmp_path: Path) -> None:
    renamed = tmp_path / ("spec.toml" if kind is Format.SPEC else "something.bin")
    shutil.copy(path, renamed)
    assert recognise(renamed) is kind


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "JSON"),
        (b"[1, 2", "JSON"),
        (b"PK\x03\x04 and no zip", "zip"),
        (b"\x89HDF\r\n\x1a\n and no more", "HDF5"),
        (b"\xff" * 8 + b"{}", "safetensors"),
    ],
)
def test_what_is_no_model_is_refused(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=told):
        _imported(path, SPEC)


def test_a_safetensors_file_may_have_any_name(tmp_path: Path) -> None:
    shutil.copy(TORCH, tmp_path / "weights.bin")
    expected = _imported(TORCH, SPEC).bundle.fingerprint
    assert _imported(tmp_path / "weights.bin", SPEC).bundle.fingerprint == expected


def test_what_is_neither_safetensors_nor_a_pickle_is_refused_without_pytorch(
    tmp_path: Path,
) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(b"<!doctype html><title>404</title>")
    with pytest.raises(ModelError, match="expected a safetensors file or a state_dict, found neit"):
        read_state(path)


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/letter.txt").write_text("no model")
    archive = shutil.make_archive(str(tmp_path / "out"), "zip", tmp_path / "in")
    with pytest.raises(ModelError, match=r"expected config\.json or data\.pkl, found letter\.txt"):
        recognise(Path(archive))


def test_a_file_that_is_not_there_is_missed(tmp_path: Path) -> None:
    with pytest.raises(BundleMissing):
        recognise(tmp_path / "nowhere.keras")


def test_a_bundle_is_no_model_to_import() -> None:
    with pytest.raises(ModelError, match="found a ModelBundle"):
        recognise(default_bundle_path())


def test_one_model_is_imported_at_a_time(words: Path) -> None:
    for files in ([KERAS, TORCH], [words], []):
        with pytest.raises(ModelError, match="expected one model, found"):
            gather(files)
    with pytest.raises(ModelError, match="expected a tokenizer, found"):
        gather([KERAS, words], tokenizer=words)


def test_that_texts_cannot_be_scored_is_told_at_once(words: Path, tmp_path: Path) -> None:
    model = sequential(given(3, dtype="int32"), embedding())
    path = write_keras(tmp_path / "vectors.keras", model, EMBEDDING)
    words.write_text(json.dumps({"парк": 2, "мост": 3}), encoding="utf-8")
    notes = import_model(gather([path, words])).notes
    assert any("its texts cannot be scored" in note for note in notes)
    assert not any("cannot be scored" in note for note in _imported(KERAS).notes)


def test_a_dictionary_beside_a_keras_model_is_cut_to_what_it_takes(words: Path) -> None:
    source = replace(gather([KERAS, words]), padding="post", cleaner=Cleaner())
    bundle = import_model(source).bundle
    assert bundle.text is not None
    vectorizer = bundle.text.vectorizer
    assert isinstance(vectorizer, KerasTokenizer)
    assert (vectorizer.length, vectorizer.padding.value, vectorizer.truncating.value) == (
        6, "post", "pre",
    )  # fmt: skip
    assert bundle.text.ids(["Парком у мостов"]).tolist() == [[2, 1, 3, 0, 0, 0]]


def test_weights_of_pytorch_go_with_their_companions_in_any_order(words: Path) -> None:
    bundle = _imported(words, SPEC, TORCH).bundle
    scores = Classifier(bundle).score(["парк мост", "беда"])
    assert scores[0].value != scores[1].value


@pytest.mark.parametrize("model", [TORCH, "matrices"])
def test_weights_alone_need_a_spec_file(model: Path | str, request: pytest.FixtureRequest) -> None:
    path = model if isinstance(model, Path) else request.getfixturevalue(model)
    with pytest.raises(ModelError, match="it needs a spec file"):
        _imported(path)


def test_matrices_in_a_folder_become_a_network(matrices: Path, tmp_path: Path) -> None:
    spec = tmp_path / "net.toml"
    spec.write_text(
        '[[inputs]]\nname = "x"\nshape = [2]\n[[layers]]\nkind = "Dense"\nactivation = "linear"\n'
    )
    network = _imported(matrices, spec).bundle.network
    assert network(np.array([[1.0, 10.0]])).tolist() == [[21.5]]


def test_a_scikit_learn_pipeline_brings_its_own_cases() -> None:
    imported = _imported(SKLEARN)
    assert imported.bundle.parity is not None
    assert imported.difference is not None
    assert imported.difference < 1e-6
    assert imported.notes == ()


def test_a_one_file_json_is_given_clean_lemmas_unless_told_otherwise(tmp_path: Path) -> None:
    source = gather([write_model(tmp_path / "config.json")])
    cleaners = [
        import_model(replace(source, cleaner=cleaner)).bundle.text for cleaner in (None, Cleaner())
    ]
    assert [text.cleaner for text in cleaners if text is not None] == [None, Cleaner()]


def test_a_layer_that_differs_from_the_record_stops_the_import(tmp_path: Path) -> None:
    content = json.loads(SKLEARN.read_bytes())
    content["classifier"]["intercept"] = content["classifier"]["intercept"] + 1
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ModelError, match=r"expected what its framework answers, found .* off"):
        _imported(wrong)
