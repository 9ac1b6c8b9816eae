"""Files of every Keras, with what it answered: see ``tests/recorded``."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import h5py
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
from classifier.importers import import_keras, import_tokenizer
from classifier.network import Array, Network
from classifier.parity import tolerance_of
from classifier.saving import write_bundle

RECORDED = Path(__file__).parents[1] / "recorded"
GATES = RECORDED / "gates.py"
_TEXTS = ("keras2/text.keras", "keras3/text.keras")
_UNTOLD = "keras1/convolution.h5"
_FILES = sorted(
    str(path.relative_to(RECORDED))
    for folder in ("keras1", "keras2", "keras3")
    for path in (RECORDED / folder).iterdir()
    if path.suffix in (".h5", ".keras")
)
_OF_ARRAYS = [name for name in _FILES if name not in (*_TEXTS, _UNTOLD)]


def _imported(name: str) -> Network:
    return import_keras(RECORDED / name, custom=GATES if "custom" in name else None).network


def _record(name: str) -> tuple[Any, dict[str, Array]]:
    """Return the inputs, one alone as an array, and what was answered."""
    with np.load((RECORDED / name).with_suffix(".npz")) as file:
        record = dict(file)
    inputs = {key[6:]: record.pop(key) for key in list(record) if key.startswith("input/")}
    return (inputs if len(inputs) > 1 else next(iter(inputs.values()))), record


def test_every_version_is_recorded() -> None:
    assert {Path(name).parent.name for name in _FILES} == {"keras1", "keras2", "keras3"}
    assert len(_FILES) > 30


@pytest.mark.parametrize("name", _OF_ARRAYS)
def test_answers_are_those_of_the_framework(name: str) -> None:
    inputs, record = _record(name)
    answers = _imported(name).outputs(inputs)
    assert len(answers) == sum(key.startswith("output/") for key in record)
    for i, answer in enumerate(answers):
        _expect_close(answer, record[f"output/{i}"], 1e-5)


@pytest.mark.parametrize("name", [name for name in _OF_ARRAYS if not name.startswith("keras3")])
def test_every_recorded_layer_answers_the_same(name: str) -> None:
    inputs, record = _record(name)
    network = _imported(name)
    layers = {layer.name: layer for layer in network.spec.layers}
    for ref, answer in network.activations(inputs).items():
        if (recorded := record.get(f"layer/{ref}")) is not None:
            _expect_close(answer, recorded, 2 * tolerance_of(layers[ref]).absolute)


@pytest.mark.parametrize("name", _OF_ARRAYS)
def test_a_row_alone_is_answered_as_in_its_batch(name: str) -> None:
    inputs, _ = _record(name)
    network = _imported(name)
    together = network.outputs(inputs)
    for row in range(len(together[0])):
        one = (
            {key: value[[row]] for key, value in inputs.items()}
            if isinstance(inputs, dict)
            else inputs[[row]]
        )
        for answer, all_rows in zip(network.outputs(one), together, strict=True):
            np.testing.assert_allclose(answer[0], all_rows[row], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", _OF_ARRAYS)
def test_a_bundle_of_it_answers_the_same(name: str, tmp_path: Path) -> None:
    inputs, _ = _record(name)
    bundle = import_keras(RECORDED / name, custom=GATES if "custom" in name else None)
    written = write_bundle(bundle, tmp_path / "bundle")
    for ours, again in zip(
        bundle.network.outputs(inputs), written.network.outputs(inputs), strict=True
    ):
        np.testing.assert_array_equal(ours, again)
    assert written.provenance["source"] == Path(name).name
    assert written.provenance["framework"]["keras"].startswith(name[5])


@pytest.mark.parametrize("name", _TEXTS)
def test_the_text_layer_of_a_file_reads_raw_text(name: str, tmp_path: Path) -> None:
    texts, record = _record(name)
    write_bundle(import_keras(RECORDED / name), tmp_path / "bundle")
    scores = Classifier(load_bundle(tmp_path / "bundle")).score(texts[:, 0].tolist())
    _expect_close(np.array([[score.value] for score in scores]), record["output/0"], 1e-5)


@pytest.mark.parametrize("name", ["keras1/average.h5", "keras2/average.h5", "keras3/average.keras"])
def test_rows_of_a_tokenizer_are_as_long_as_the_network_takes(name: str) -> None:
    tokenizer = RECORDED / "tokenizer/few.json"
    bundle = import_keras(RECORDED / name, text=import_tokenizer(tokenizer))
    assert bundle.text is not None
    (length,) = bundle.network.spec.inputs[0].shape
    assert bundle.text.vectorizer.length == length
    assert bundle.text.ids(["дождь"]).shape == (1, length)
    with pytest.raises(BundleMismatch, match="expected 4 values"):
        import_keras(RECORDED / name, text=import_tokenizer(tokenizer, maxlen=4))


@pytest.mark.parametrize("backend", ["theano", "tensorflow"])
def test_theano_turned_its_kernels_and_keras_1_did_not_say_where_it_ran(
    backend: str, tmp_path: Path
) -> None:
    inputs, record = _record(_UNTOLD)
    with pytest.raises(UnsupportedLayer, match=r"convolution1d_1.*unknown backend"):
        import_keras(RECORDED / _UNTOLD)
    told = shutil.copy(RECORDED / _UNTOLD, tmp_path / "told.h5")
    with h5py.File(told, "a") as file:
        file.attrs["backend"] = backend
    answer = import_keras(told).network(inputs)
    assert np.allclose(answer, record["output/0"], atol=1e-5) == (backend == "theano")


@pytest.mark.parametrize("name", [name for name in _FILES if "custom" in name])
def test_a_layer_of_ones_own_is_named_when_nobody_registered_it(name: str) -> None:
    # What is registered stays so until the process ends: this is one of its own.
    code = f"from classifier.importers import import_keras; import_keras({str(RECORDED / name)!r})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    class_name = "own>Scaled" if name.endswith("_registered.h5") else "Scaled"
    assert re.search(rf"UnsupportedLayer: .*layer 'scaled\w*': class '{class_name}'", run.stderr)


def test_a_custom_file_that_is_missing_or_fails_is_named(tmp_path: Path) -> None:
    path, custom = RECORDED / "keras3/custom_registered.keras", tmp_path / "own.py"
    with pytest.raises(BundleMissing, match=r"own\.py"):
        import_keras(path, custom=custom)
    for code in ("import nowhere_to_be_found", "register_layer(", "1 / 0"):
        custom.write_text(code)
        with pytest.raises(ModelError, match=r"own\.py"):
            import_keras(path, custom=custom)


def _expect_close(found: Array, recorded: Array, tolerance: float) -> None:
    """A masked average over nothing is not a number in Keras; here it is one."""
    assert found.shape == recorded.shape
    assert np.isfinite(found).all()
    defined = np.isfinite(recorded)
    assert defined[:-1].all(), "only a row of nothing but padding may have no answer"
    np.testing.assert_allclose(found[defined], recorded[defined], rtol=tolerance, atol=tolerance)
