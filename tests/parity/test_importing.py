"""A model is imported where its framework is installed: that is asked, and must agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

from classifier import BundleMismatch
from classifier.importers.importing import Imported, gather, import_model
from classifier.parity import compare
from classifier.saving import write_bundle

RECORDED = Path(__file__).parents[1] / "recorded"
GATES = RECORDED / "gates.py"


def _imported(*files: Path, custom: Path | None = None) -> Imported:
    return import_model(replace(gather(files), custom=custom))


@pytest.mark.parametrize("name", ["average", "competition", "functional", "stacked_lstm"])
def test_keras_answers_for_its_file_layer_by_layer(name: str, tmp_path: Path) -> None:
    imported = _imported(RECORDED / f"keras3/{name}.keras")
    assert imported.notes == ()
    assert imported.difference is not None
    assert imported.difference < 1e-5
    written = write_bundle(imported.bundle, tmp_path / "bundle")
    assert written.parity is not None
    found = list(compare(written.parity, written.network, written.text))
    assert len(found) >= len(written.network.spec.outputs)
    assert all(comparison.close for comparison in found)


@pytest.mark.parametrize("state", ["pooled.pt", "pooled.safetensors"])
def test_pytorch_answers_for_its_weights(state: str) -> None:
    imported = _imported(RECORDED / "torch" / state, RECORDED / "torch/pooled.toml")
    assert imported.notes == ()
    assert imported.difference is not None
    assert imported.difference < 1e-5


@pytest.mark.parametrize("name", ["keras2/masked.h5", "keras3/masks_3_3.keras"])
def test_a_keras_with_other_masks_is_not_asked(name: str) -> None:
    imported = _imported(RECORDED / name)
    assert imported.bundle.parity is None
    assert "does not answer for it" in imported.notes[0]


def test_a_layer_of_ones_own_that_is_written_wrongly_stops_the_import(tmp_path: Path) -> None:
    """The file has the class for Keras, which is right, and one for numpy, which is not."""
    custom = tmp_path / "layers.py"
    custom.write_text(
        """
import keras
from classifier.network import register_layer

@keras.saving.register_keras_serializable("mine")
class Doubled(keras.layers.Layer):
    def call(self, x):
        return x * 2

class Numpy:
    def __init__(self, spec, weights): pass
    def shape(self, shapes): return (shapes[0],)
    def __call__(self, inputs, mask): return (inputs[0] * 3,)

register_layer("Doubled", Numpy)
""",
        encoding="utf-8",
    )
    from runpy import run_path

    import keras

    doubled = run_path(str(custom))["Doubled"]
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(2, name="first"), doubled(name="twice")]
    )
    model.save(tmp_path / "model.keras")
    with pytest.raises(BundleMismatch, match="what its framework answers") as caught:
        _imported(tmp_path / "model.keras", custom=custom)
    assert caught.value.key == "twice"
