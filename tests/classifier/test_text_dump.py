"""The network of two LSTMs and a softmax, written out matrix by matrix as Keras 1 kept it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from classifier import BundleMismatch, BundleMissing, ModelBundle, ModelError, UnsupportedLayer
from classifier.importers import import_text_dump
from classifier.network import Array
from classifier.saving import write_bundle

INPUTS, UNITS, CLASSES = 11, 15, 3
SPEC = """
[[inputs]]
name = "vectors"
shape = ["any", 11]

[[layers]]
kind = "LSTM"
return_sequences = true

[[layers]]
kind = "Dropout"
p = 0.5

[[layers]]
kind = "LSTM"

[[layers]]
kind = "Dense"
activation = "softmax"
"""

Layer = dict[str, Array]
Dump = list[Layer]


@pytest.fixture
def dump() -> Dump:
    """By layer, the matrices in the order of Keras 1: i, c, f, o, each as W, U, b."""
    random = np.random.default_rng(5)

    def lstm(number: int, inputs: int) -> Layer:
        shapes = {"W": (inputs, UNITS), "U": (UNITS, UNITS), "b": (UNITS,)}
        return {
            f"lstm_{number}_{matrix}_{gate}": random.normal(size=shape)
            for gate in "icfo"
            for matrix, shape in shapes.items()
        }

    dense = {
        "dense_1_W": random.normal(size=(UNITS, CLASSES)),
        "dense_1_b": random.normal(size=CLASSES),
    }
    return [lstm(1, INPUTS), lstm(2, UNITS), dense]


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return _spec(tmp_path, SPEC)


def _spec(folder: Path, content: str) -> Path:
    path = folder / "network.toml"
    path.write_text(content)
    return path


def named_texts(folder: Path, dump: Dump) -> Path:
    texts = folder / "named"
    texts.mkdir()
    for i, layer in enumerate(dump):
        for name, matrix in layer.items():
            np.savetxt(texts / f"{i}_{name}.txt", matrix)
    return texts


def numbered_texts(folder: Path, dump: Dump) -> Path:
    texts = folder / "numbered"
    texts.mkdir()
    for i, layer in enumerate(dump):
        for number, matrix in enumerate(layer.values()):
            np.savetxt(texts / f"{i}_param_{number}.txt", matrix)
    return texts


def numbered_groups(folder: Path, dump: Dump) -> Path:
    path = folder / "groups.hdf5"
    with h5py.File(path, "w") as file:
        for i, layer in enumerate(dump):
            group = file.create_group(f"layer_{i}")
            group.attrs["nb_params"] = len(layer)
            for number, matrix in enumerate(layer.values()):
                group.create_dataset(f"param_{number}", data=matrix)
    return path


def saved_weights(folder: Path, dump: Dump) -> Path:
    path = folder / "weights.h5"
    with h5py.File(path, "w") as file:
        names = ["lstm_1", "dropout_1", "lstm_2", "dense_1"]
        file.attrs["layer_names"] = [name.encode() for name in names]
        layers = [dump[0], {}, dump[1], dump[2]]
        for layer, matrices in zip(names, layers, strict=True):
            group = file.create_group(layer)
            group.attrs["weight_names"] = [name.encode() for name in matrices]
            for name, matrix in matrices.items():
                group.create_dataset(name, data=matrix)
    return path


def by_hand(dump: Dump, x: Array) -> Array:
    """One step at a time, one gate at a time, with nothing taken from the classifier."""
    sequence = _lstm(dump[0], "lstm_1", x)
    last = _lstm(dump[1], "lstm_2", sequence)[:, -1]
    logits = last @ dump[2]["dense_1_W"] + dump[2]["dense_1_b"]
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))


def _lstm(layer: Layer, name: str, x: Array) -> Array:
    def gate(of: str, step: Array, state: Array) -> Array:
        parts = (layer[f"{name}_{matrix}_{of}"] for matrix in "WUb")
        kernel, recurrent, bias = parts
        return np.asarray(step @ kernel + state @ recurrent + bias)

    def hard(value: Array) -> Array:
        return np.minimum(np.maximum(0.2 * value + 0.5, 0), 1)

    state = cell = np.zeros((len(x), UNITS))
    shown = []
    for step in x.transpose(1, 0, 2):
        before = state
        cell = hard(gate("f", step, before)) * cell
        cell = cell + hard(gate("i", step, before)) * np.tanh(gate("c", step, before))
        state = hard(gate("o", step, before)) * np.tanh(cell)
        shown.append(state)
    return np.stack(shown, axis=1)


Write = Callable[[Path, Dump], Path]


@pytest.mark.parametrize("write", [named_texts, numbered_texts, numbered_groups, saved_weights])
def test_every_kind_of_dump_gives_the_network_that_was_written_out(
    tmp_path: Path, dump: Dump, spec: Path, write: Write
) -> None:
    bundle = import_text_dump(write(tmp_path, dump), spec)
    x = np.random.default_rng(1).normal(size=(4, 7, INPUTS))
    found = bundle.network.astype(np.float64)(x)
    assert found.shape == (4, CLASSES)
    np.testing.assert_allclose(found, by_hand(dump, x), atol=1e-12)


def test_a_matrix_of_text_with_one_row_or_one_column_keeps_its_shape(tmp_path: Path) -> None:
    texts = tmp_path / "thin"
    texts.mkdir()
    np.savetxt(texts / "0_param_0.txt", np.array([[1.0, 2.0, 3.0]]))
    np.savetxt(texts / "0_param_1.txt", np.array([0.5, 0.25, 0.0]))
    np.savetxt(texts / "1_param_0.txt", np.array([[1.0], [10.0], [100.0]]))
    np.savetxt(texts / "1_param_1.txt", np.array([7.0]))
    dense = '[[layers]]\nkind = "Dense"\n'
    spec = _spec(tmp_path, f'[[inputs]]\nname = "x"\nshape = [1]\n{dense}{dense}')
    bundle = import_text_dump(texts, spec)
    assert bundle.network(np.array([[2.0]])).tolist() == [[2.5 + 42.5 + 600 + 7]]


def test_a_layer_of_ids_hides_its_padding_from_the_layers_behind_it(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    layers: Dump = [
        {"embedding_1_W": random.normal(size=(6, INPUTS))},
        {
            f"lstm_1_{matrix}_{gate}": random.normal(size=shape)
            for gate in "icfo"
            for matrix, shape in {"W": (INPUTS, UNITS), "U": (UNITS, UNITS), "b": (UNITS,)}.items()
        },
    ]
    spec = _spec(
        tmp_path,
        '[[inputs]]\nname = "ids"\nshape = ["any"]\n'
        '[[layers]]\nkind = "Embedding"\nmask_zero = true\n[[layers]]\nkind = "LSTM"\n',
    )
    bundle = import_text_dump(named_texts(tmp_path, layers), spec)
    assert bundle.network.spec.inputs[0].dtype == "int"
    padded, plain = bundle.network([[0, 0, 3, 5]]), bundle.network([[3, 5]])
    np.testing.assert_allclose(padded, plain, atol=1e-7)


def test_keras_2_is_read_with_its_own_names_and_order(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    layer = {
        "lstm_1_bias": random.normal(size=4 * UNITS),
        "lstm_1_kernel": random.normal(size=(INPUTS, 4 * UNITS)),
        "lstm_1_recurrent_kernel": random.normal(size=(UNITS, 4 * UNITS)),
    }
    spec = _spec(
        tmp_path,
        '[framework]\nkeras = "2.1.6"\n'
        '[[inputs]]\nname = "x"\nshape = ["any", 11]\n[[layers]]\nkind = "LSTM"\n',
    )
    network = import_text_dump(named_texts(tmp_path, [layer]), spec).network.astype(np.float64)
    gates = {
        f"lstm_1_{matrix}_{gate}": part
        for matrix, name in (("W", "kernel"), ("U", "recurrent_kernel"), ("b", "bias"))
        for gate, part in zip("ifco", np.split(layer[f"lstm_1_{name}"], 4, axis=-1), strict=True)
    }
    x = random.normal(size=(2, 5, INPUTS))
    np.testing.assert_allclose(network(x), _lstm(gates, "lstm_1", x)[:, -1], atol=1e-12)


def test_the_bundle_can_be_saved_and_says_where_it_is_from(
    tmp_path: Path, dump: Dump, spec: Path
) -> None:
    bundle = import_text_dump(named_texts(tmp_path, dump), spec)
    saved = write_bundle(bundle, tmp_path / "bundle")
    x = np.ones((1, 3, INPUTS))
    assert np.array_equal(saved.network(x), bundle.network(x))
    assert saved.provenance["source"] == "named"
    assert saved.provenance["source_sha256"] == bundle.fingerprint


def test_a_true_file_of_keras_1_written_out_answers_as_keras_did(tmp_path: Path) -> None:
    recorded = Path(__file__).parent.parent / "recorded" / "keras1"
    with h5py.File(recorded / "stacked_lstm.h5") as file, h5py.File(tmp_path / "w.h5", "w") as bare:
        weights = file["model_weights"]
        bare.attrs["layer_names"] = weights.attrs["layer_names"]
        for layer in weights:
            weights.copy(layer, bare)
    with np.load(recorded / "stacked_lstm.npz") as arrays:
        (x,) = (arrays[key] for key in arrays if key.startswith("input/"))
        expected = arrays["output/0"]
    bundle = import_text_dump(tmp_path / "w.h5", _spec(tmp_path, SPEC))
    np.testing.assert_allclose(bundle.network(x), expected, rtol=0, atol=1e-6)


def _imported(folder: Path, spec: Path) -> ModelBundle:
    return import_text_dump(folder, spec)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("0_lstm_1_W_i.txt", "one two\n", "0_lstm_1_W_i.txt: expected rows of numbers"),
        ("0_lstm_1_W_i.txt", "", "0_lstm_1_W_i.txt: expected rows of numbers, found nothing"),
        ("0_lstm_1_W_i.txt", "1 2\n3\n", "0_lstm_1_W_i.txt"),
        (
            "0_lstm_1_W_i.txt",
            "1 2\n3 4\n",
            r"0_lstm_1_W_i.txt: expected \(None, 15\), found \(2, 2\)",
        ),
        ("0_lstm_1_b_i.txt", "nan\n" * 15, "lstm_1: bias: expected finite numbers"),
        ("notes.txt", "1\n", "notes.txt: expected a name as"),
        ("2_dense_1_c.txt", "1\n", "dense_1: weights: expected 2 matrices"),
        ("3_dense_2_W.txt", "1\n", "layers with weights: expected 3, found 4 in the dump"),
    ],
)
def test_what_does_not_fit_is_named(
    tmp_path: Path, dump: Dump, spec: Path, name: str, content: str, message: str
) -> None:
    folder = named_texts(tmp_path, dump)
    (folder / name).write_text(content)
    with pytest.raises(BundleMismatch, match=message):
        _imported(folder, spec)


def test_a_missing_matrix_is_named(tmp_path: Path, dump: Dump, spec: Path) -> None:
    folder = named_texts(tmp_path, dump)
    (folder / "1_lstm_2_U_f.txt").rename(folder / "1_lstm_2_U_x.txt")
    with pytest.raises(BundleMismatch, match="lstm_2: U_f: expected a matrix of this name"):
        _imported(folder, spec)


def test_nothing_there_is_said(tmp_path: Path, spec: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(BundleMissing):
            _imported(path, spec)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n" + bytes(100)])
def test_a_file_that_is_no_dump_is_refused(tmp_path: Path, spec: Path, data: bytes) -> None:
    (tmp_path / "weights.h5").write_bytes(data)
    with pytest.raises(ModelError, match=r"weights\.h5"):
        _imported(tmp_path / "weights.h5", spec)


def test_a_link_out_of_the_file_is_refused(tmp_path: Path, dump: Dump, spec: Path) -> None:
    path = numbered_groups(tmp_path, dump)
    with h5py.File(path, "a") as file:
        del file["layer_0/param_0"]
        file["layer_0/param_0"] = h5py.ExternalLink("other.h5", "/secret")
    with pytest.raises(BundleMismatch, match="ExternalLink"):
        _imported(path, spec)


@pytest.mark.parametrize(
    ("kind", "message"), [("Lambda", "Lambda"), ("Attention", "Attention"), ("Highway", "Highway")]
)
def test_a_layer_that_is_not_known_is_refused_by_name(
    tmp_path: Path, dump: Dump, kind: str, message: str
) -> None:
    spec = _spec(tmp_path, SPEC.replace('"Dropout"\np = 0.5', f'"{kind}"'))
    with pytest.raises(UnsupportedLayer, match=message):
        _imported(named_texts(tmp_path, dump), spec)
