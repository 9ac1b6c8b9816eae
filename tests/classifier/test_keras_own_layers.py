"""Live Keras answers for layers of one's own if their classes are given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from classifier import BundleMismatch, ModelError
from classifier.importers.importing import Source, gather, import_model
from classifier.parity import Recorder, compare
from classifier.saving import write_bundle

os.environ["KERAS_BACKEND"] = "torch"
keras = pytest.importorskip("keras")

pytestmark = [pytest.mark.parity, pytest.mark.filterwarnings("ignore")]

RECORDED = Path(__file__).parents[1] / "recorded"
KERAS_GATES = RECORDED / "keras_gates.py"
NAMES = ["custom_registered.keras", "custom_unregistered.keras", "custom_registered.h5",
         "custom_unregistered.h5"]  # fmt: skip


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What a file registers in Keras is not there for the next test."""
    yield
    keras.saving.get_custom_objects().clear()


def _source(name: str, keras_layers: Path | None) -> Source:
    source = gather([RECORDED / "keras3" / name])
    return replace(source, custom=RECORDED / "gates.py", keras_layers=keras_layers)


@pytest.mark.parametrize("name", NAMES)
def test_registered_or_not_keras_records_the_cases(name: str, tmp_path: Path) -> None:
    without = import_model(_source(name, None))
    assert without.bundle.parity is None
    assert "Keras cannot read it" in without.notes[0]

    imported = import_model(_source(name, KERAS_GATES))
    assert imported.notes == ()
    written = write_bundle(imported.bundle, tmp_path / "bundle")
    assert written.parity is not None
    assert written.parity.recorded_by is Recorder.FRAMEWORK
    found = list(compare(written.parity, written.network, written.text))
    assert {"gate", "gate_1", "gate_2", "gate_3"} & {one.place for one in found}
    assert all(one.close for one in found)


def test_classes_that_keras_registers_itself_are_found_too(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    code = KERAS_GATES.read_text(encoding="utf-8")
    path.write_text(
        code.replace("class ", '@keras.saving.register_keras_serializable("own")\nclass ')
    )
    assert import_model(_source("custom_registered.keras", path)).difference is not None


def test_a_numpy_layer_that_is_not_that_of_keras_stops_the_import(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    code = KERAS_GATES.read_text(encoding="utf-8")
    path.write_text(code.replace("+ self.shift", "- self.shift"), encoding="utf-8")
    with pytest.raises(BundleMismatch, match="what its framework answers"):
        import_model(_source("custom_unregistered.keras", path))


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import keras", "has no class of a Keras layer"),
        ("import keras\n\nclass Other(keras.layers.Layer): pass", "Keras cannot read it"),
        ("import keras\n\nclass Gate(", "SyntaxError"),
        (None, "no such file"),
    ],
)
def test_classes_that_do_not_help_are_no_mere_note(
    code: str | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "layers.py"
    if code is not None:
        path.write_text(code)
    with pytest.raises(ModelError, match=told):
        import_model(_source("custom_unregistered.keras", path))
