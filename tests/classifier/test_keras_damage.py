"""Keras files that are broken, hostile or not what they claim: each is refused by name."""

from __future__ import annotations

import io
import json
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from classifier import BundleMismatch, BundleMissing, ModelError
from classifier.importers import import_keras
from tests.classifier.keras_made import (
    DENSE,
    EMBEDDING,
    dense,
    embedding,
    given,
    numbers,
    sequential,
    write_h5,
    write_keras,
)

_SMALL = sequential(given(2), dense())
_NAMED = {"given": {}, "dense": {"dense/kernel": numbers(2, 2), "dense/bias": numbers(2)}}


def _h5(path: Path) -> Path:
    return write_h5(path, _SMALL, _NAMED)


def _keras(path: Path) -> Path:
    return write_keras(path, _SMALL, DENSE)


def _weights(change: Callable[[Any], None]) -> dict[str, bytes]:
    """Return the weights of the small ``.keras``, changed."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file["layers/dense/vars/0"], file["layers/dense/vars/1"] = DENSE["dense"]
        change(file)
    return {"model.weights.h5": buffer.getvalue()}


@pytest.mark.parametrize("make", [_h5, _keras])
def test_the_small_model_is_fine_as_it_is(make: Callable[[Path], Path], tmp_path: Path) -> None:
    network = import_keras(make(tmp_path / "small")).network
    kernel, bias = DENSE["dense"]
    np.testing.assert_allclose(network(np.ones((1, 2))), [kernel.sum(axis=0) + bias], atol=1e-6)


@pytest.mark.parametrize("make", [_h5, _keras])
@pytest.mark.parametrize("part", [0.1, 0.4, 0.7, 0.95])
def test_a_file_cut_short_is_refused(
    make: Callable[[Path], Path], part: float, tmp_path: Path
) -> None:
    path = make(tmp_path / "small.keras")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(ModelError, match=r"small\.keras"):
        import_keras(path)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", pickle.dumps([1]), b"\0" * 5000]
)
def test_a_file_that_is_no_model_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "some.h5").write_bytes(data)
    with pytest.raises(BundleMismatch, match=r"some\.h5"):
        import_keras(tmp_path / "some.h5")


def test_bytes_turned_over_anywhere_never_end_in_an_untyped_error(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    for make in (_h5, _keras):
        path = make(tmp_path / "small")
        data = path.read_bytes()
        for _ in range(60):
            changed = bytearray(data)
            for place in random.integers(0, len(data), 20):
                changed[place] ^= int(random.integers(1, 256))
            path.write_bytes(changed)
            try:
                import_keras(path)
            except ModelError as error:
                assert str(error)


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BundleMissing):
        import_keras(tmp_path / "nowhere.keras")


@pytest.mark.parametrize("name", ["metadata.json", "config.json", "model.weights.h5"])
def test_a_missing_member_of_the_zip_is_named(name: str, tmp_path: Path) -> None:
    path = _keras(tmp_path / "small.keras")
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist() if one != name}
    with zipfile.ZipFile(path, "w") as archive:
        for one, data in members.items():
            archive.writestr(one, data)
    with pytest.raises(BundleMismatch, match=name.replace(".", r"\.")):
        import_keras(path)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    config = json.dumps(_SMALL).encode() + b" " * (65 << 20)
    path = write_keras(tmp_path / "bomb.keras", _SMALL, DENSE, members={"config.json": config})
    assert path.stat().st_size < 1 << 20
    with pytest.raises(BundleMismatch, match="at most"):
        import_keras(path)


def test_a_link_out_of_the_file_is_not_followed(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["kernel"] = numbers(2, 2)
    links = {
        "ExternalLink": h5py.ExternalLink(str(tmp_path / "other.h5"), "kernel"),
        "SoftLink": h5py.SoftLink("/layers/dense/vars/1"),
    }
    for kind, link in links.items():

        def change(file: Any, link: Any = link) -> None:
            del file["layers/dense/vars/0"]
            file["layers/dense/vars/0"] = link

        path = write_keras(tmp_path / "l.keras", _SMALL, DENSE, members=_weights(change))
        with pytest.raises(BundleMismatch, match=kind) as caught:
            import_keras(path)
        assert caught.value.key.endswith("layers/dense/vars/0")


def test_a_group_that_is_linked_is_not_followed(tmp_path: Path) -> None:
    def change(file: Any) -> None:
        file["elsewhere"] = file["layers/dense"]
        del file["layers/dense"]
        file["layers/dense"] = h5py.SoftLink("/elsewhere")

    path = write_keras(tmp_path / "l.keras", _SMALL, DENSE, members=_weights(change))
    with pytest.raises(BundleMismatch, match="SoftLink"):
        import_keras(path)


def test_data_in_other_files_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(bytes(16))

    def external(file: Any) -> None:
        del file["layers/dense/vars/0"]
        place = [(str(tmp_path / "secret"), 0, 16)]
        file.create_dataset("layers/dense/vars/0", (2, 2), "f4", external=place)

    def virtual(file: Any) -> None:
        del file["layers/dense/vars/0"]
        layout = h5py.VirtualLayout((2, 2), "f4")
        layout[:] = h5py.VirtualSource(str(tmp_path / "secret"), "kernel", (2, 2))
        file.create_virtual_dataset("layers/dense/vars/0", layout)

    for change in (external, virtual):
        path = write_keras(tmp_path / "e.keras", _SMALL, DENSE, members=_weights(change))
        with pytest.raises(BundleMismatch, match="another one"):
            import_keras(path)


def test_an_array_larger_than_the_file_is_not_allocated(tmp_path: Path) -> None:
    def change(file: Any) -> None:
        del file["layers/dense/vars/0"]
        file.create_dataset("layers/dense/vars/0", (1 << 40, 2), "f4", chunks=(1024, 2))

    path = write_keras(tmp_path / "b.keras", _SMALL, DENSE, members=_weights(change))
    with pytest.raises(BundleMismatch, match="no more values than the file holds"):
        import_keras(path)


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (numbers(3, 2), "3 values a row"),
        (numbers(2, 3), r"\(2, 3\)"),
        (numbers(4), r"\(4,\)"),
        (np.array([[b"a", b"b"]] * 2), "S1"),
        (np.full((2, 2), np.nan, np.float32), "NaN"),
        (np.full((2, 2), np.inf, np.float32), "infinity"),
        (np.full((2, 2), 1e300), "infinity"),
        (np.ones((2, 2), np.int32), "int32"),
    ],
)
@pytest.mark.parametrize("extension", ["keras", "h5"])
def test_weights_that_do_not_fit_are_named(
    array: np.ndarray[Any, Any], found: str, extension: str, tmp_path: Path
) -> None:
    path, bias = tmp_path / f"small.{extension}", numbers(2)
    if extension == "keras":
        write_keras(path, _SMALL, {"dense": (array, bias)})
    else:
        named = {"dense": {"dense/kernel": array, "dense/bias": bias}}
        write_h5(path, _SMALL, named)
    with pytest.raises(BundleMismatch, match=found) as caught:
        import_keras(path)
    assert "dense" in caught.value.key


def test_missing_and_left_over_weights_are_named(tmp_path: Path) -> None:
    path = write_keras(tmp_path / "w.keras", _SMALL, {"dense": (numbers(2, 2),)})
    with pytest.raises(BundleMismatch, match="layers/dense/vars/1"):
        import_keras(path)
    for extra in ({"dense/kernel": numbers(2, 2)}, {**_NAMED["dense"], "dense/more": numbers(1)}):
        with pytest.raises(BundleMismatch, match="2 arrays"):
            import_keras(write_h5(tmp_path / "w.h5", _SMALL, {"dense": extra}))
    with pytest.raises(BundleMismatch, match="2 arrays"):
        import_keras(write_h5(tmp_path / "w.h5", _SMALL, {}))


def test_weights_in_another_order_than_their_names_are_refused(tmp_path: Path) -> None:
    turned = {"dense/bias": numbers(2), "dense/kernel": numbers(2, 2)}
    with pytest.raises(BundleMismatch, match="expected kernel, found dense/bias"):
        import_keras(write_h5(tmp_path / "w.h5", _SMALL, {"dense": turned}))


def test_names_that_were_split_or_padded_are_read(tmp_path: Path) -> None:
    path = _h5(tmp_path / "split.h5")
    with h5py.File(path, "a") as file:
        group = file["model_weights/dense"]
        names = list(group.attrs["weight_names"])
        del group.attrs["weight_names"]
        group.attrs["weight_names0"] = np.array(names[:1])
        group.attrs["weight_names1"] = [name.decode() for name in names[1:]]
    assert import_keras(path).network.output_shapes == ((2,),)


def test_weights_without_a_model_are_told_as_such(tmp_path: Path) -> None:
    path = _h5(tmp_path / "small.h5")
    with h5py.File(path, "a") as file:
        del file.attrs["model_config"]
    with pytest.raises(BundleMismatch, match="its weights alone"):
        import_keras(path)


@pytest.mark.parametrize("version", ["4.0.0", "0.9", "17", "new"])
def test_a_version_nobody_knows_is_refused(version: str, tmp_path: Path) -> None:
    with pytest.raises(BundleMismatch, match="keras_version"):
        import_keras(write_keras(tmp_path / "v.keras", _SMALL, DENSE, version=version))


def test_a_vocabulary_larger_than_its_table_is_refused(tmp_path: Path) -> None:
    text = {"class_name": "TextVectorization", "config": {
        "name": "words", "vocabulary": ["а", "б", "в", "г"], "split": "whitespace",
        "output_mode": "int", "output_sequence_length": 3, "standardize": None,
    }}  # fmt: skip
    model = sequential(given(1, dtype="string"), text, embedding(), dense())
    with pytest.raises(BundleMismatch, match="vocabulary"):
        import_keras(write_keras(tmp_path / "t.keras", model, {**EMBEDDING, **DENSE}))


def test_without_h5py_the_error_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['h5py'] = None; from classifier.importers import import_keras\n"
        "try: import_keras(sys.argv[1])\nexcept Exception as error: print(type(error), error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(_keras(tmp_path / "small.keras"))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "ModelError" in run.stdout
    assert "newsieve[import]" in run.stdout
