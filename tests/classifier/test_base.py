"""Base data: what a bundle brings along to be retrained with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifier import BundleMismatch, BundleMissing, ModelError, load_bundle
from classifier.base import BaseData, read_base, write_base
from classifier.bundle import BASE, BaseFile, ModelBundle, read_fingerprint
from classifier.safetensors import read_tensors, write_tensors
from classifier.saving import write_bundle
from classifier.text import Cleaner, KerasTokenizer, TextPipeline, TfIdf
from classifier.text.keras_tokenizer import Side
from classifier.training.base import base_of
from classifier.training.dataset import Row
from tests.classifier import models

_ROWS = (
    Row("Дождь над мостом", 0),
    Row("", 0),
    Row("скидка! скидка! скидка! скидка!", 1),
    Row("мост", 1),
)
_REFERENCE = (False, True, False, True)


def _with_base() -> ModelBundle:
    bundle = models.bundle()
    assert bundle.text is not None
    return replace(bundle, base=base_of(bundle.text, _ROWS, _REFERENCE))


def _base() -> BaseData:
    base = _with_base().base_data()
    assert base is not None
    return base


def test_base_data_comes_back_as_the_ids_that_the_texts_gave(tmp_path: Path) -> None:
    written = write_bundle(_with_base(), tmp_path / "model")
    assert isinstance(written.base, BaseFile)
    assert written.text is not None
    base = written.base_data()
    assert base is not None
    expected = written.text.ids([row.text for row in _ROWS])
    np.testing.assert_array_equal(base.padded(written.text), expected)
    assert base.labels.tolist() == [0, 0, 1, 1]
    assert base.reference.tolist() == [0, 1, 0, 1]
    assert read_tensors((tmp_path / "model" / BASE).read_bytes(), BASE)["ids"].dtype == np.uint16


def test_padding_in_front_comes_back_too() -> None:
    words = {word: number for number, word in enumerate(("дождь", "мост"), 1)}
    text = TextPipeline(Cleaner(), KerasTokenizer(words, length=4, padding=Side.PRE))
    base = base_of(text, _ROWS, _REFERENCE)
    np.testing.assert_array_equal(base.padded(text), text.ids([row.text for row in _ROWS]))


def test_a_bundle_written_again_keeps_its_base_data(tmp_path: Path) -> None:
    first = write_bundle(_with_base(), tmp_path / "first")
    write_bundle(first, tmp_path / "second")
    files = [(tmp_path / name / BASE).read_bytes() for name in ("first", "second")]
    assert files[0] == files[1]


def test_whoever_only_scores_does_not_read_the_base_data(tmp_path: Path) -> None:
    write_bundle(_with_base(), tmp_path / "model")
    (tmp_path / "model" / BASE).write_bytes(b"damaged")
    bundle = load_bundle(tmp_path / "model")
    with pytest.raises(BundleMismatch, match=r"base\.safetensors: sha256"):
        bundle.base_data()


def test_base_data_do_not_change_who_a_model_is(tmp_path: Path) -> None:
    plain = write_bundle(models.bundle(), tmp_path / "plain").fingerprint
    assert write_bundle(_with_base(), tmp_path / "full").fingerprint == plain
    assert read_fingerprint(tmp_path / "full") == plain
    assert load_bundle(tmp_path / "plain").base_data() is None


def test_base_data_that_are_missing_are_named(tmp_path: Path) -> None:
    write_bundle(_with_base(), tmp_path / "model")
    (tmp_path / "model" / BASE).unlink()
    with pytest.raises(BundleMissing, match=r"base\.safetensors"):
        load_bundle(tmp_path / "model")


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("labels", np.array([0, 0, 1, 2], np.uint8), "labels: expected 0 or 1"),
        ("labels", np.zeros(3, np.uint8), "labels: expected 4 rows"),
        ("reference", np.zeros(5, np.uint8), "reference: expected 4 rows"),
        ("offsets", np.array([0, 9, 2, 3, 4], np.int32), "offsets"),
        ("offsets", np.array([1, 2, 2, 3, 4], np.int32), "offsets"),
        ("offsets", np.zeros(0, np.int32), "offsets"),
        ("ids", np.array([[1], [2]], np.int32), "ids"),
        ("ids", np.array([-1] * 12, np.int32), "ids"),
        ("features.x", np.zeros((3, 2), np.float32), r"features\.x: expected 4 rows"),
        ("offsets", None, "offsets: expected an array, found nothing"),
    ],
)
def test_base_data_that_do_not_fit_are_refused(
    name: str, values: np.ndarray | None, complaint: str
) -> None:
    tensors = dict(read_tensors(write_base(_base()), BASE))
    tensors.pop(name, None)
    if values is not None:
        tensors[name] = values
    with pytest.raises(BundleMismatch, match=complaint):
        read_base(write_tensors(tensors), BASE)


def test_ids_that_the_text_part_never_gives_are_refused() -> None:
    text, base = models.bundle().text, _base()
    assert text is not None
    with pytest.raises(BundleMismatch, match="ids: expected below 6, found 60"):
        replace(base, ids=base.ids * 10 + 10).padded(text)
    one = np.array([0, len(base.ids)])
    long = BaseData(base.ids, one, base.labels[:1], base.reference[:1])
    with pytest.raises(BundleMismatch, match="rows of at most 5"):
        long.padded(text)


def test_features_travel_with_the_rows() -> None:
    text = models.bundle().text
    assert text is not None
    features = {"numbers": np.arange(8, dtype=np.float32).reshape(4, 2)}
    read = read_base(write_base(base_of(text, _ROWS, _REFERENCE, features=features)), BASE)
    np.testing.assert_array_equal(read.features["numbers"], features["numbers"])


def test_weights_of_words_are_no_ids() -> None:
    text = TextPipeline(Cleaner(), TfIdf(("мост",), idf=(1.0,)))
    with pytest.raises(ModelError, match="weights of words"):
        base_of(text, _ROWS, _REFERENCE)
