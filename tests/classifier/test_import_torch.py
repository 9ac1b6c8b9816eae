"""PyTorch models by their state_dict and a spec file; the answers were recorded with PyTorch."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import (
    BundleMismatch,
    BundleMissing,
    Classifier,
    ModelBundle,
    ModelError,
    UnsupportedLayer,
)
from classifier.importers import import_tokenizer, import_torch
from classifier.network import Array
from classifier.safetensors import read_tensors, write_tensors
from classifier.saving import write_bundle

RECORDED = Path(__file__).parent.parent / "recorded" / "torch"
TOKENIZER = RECORDED.parent / "tokenizer" / "few_unknown.json"
NAMES = sorted(path.stem for path in RECORDED.glob("*.safetensors"))


def _recorded(name: str, **settings: Any) -> ModelBundle:
    return import_torch(RECORDED / f"{name}.safetensors", RECORDED / f"{name}.toml", **settings)


def _case(name: str) -> tuple[dict[str, Array], Array]:
    with np.load(RECORDED / f"{name}.npz") as arrays:
        inputs = {key: arrays[key] for key in arrays if key != "output"}
        return inputs, arrays["output"]


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_model_answers_as_pytorch_does(name: str) -> None:
    inputs, expected = _case(name)
    found = _recorded(name).network(inputs)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_alone_is_answered_as_in_its_batch(name: str) -> None:
    inputs, expected = _case(name)
    network = _recorded(name).network
    for row, answer in enumerate(expected):
        alone = network({key: value[row : row + 1] for key, value in inputs.items()})
        np.testing.assert_allclose(alone[0], answer, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_an_imported_model_is_saved_and_loaded_unchanged(name: str, tmp_path: Path) -> None:
    inputs, _ = _case(name)
    bundle = _recorded(name)
    saved = write_bundle(bundle, tmp_path / "bundle")
    assert np.array_equal(saved.network(inputs), bundle.network(inputs))


def test_the_bundle_says_where_it_is_from_and_what_to_know() -> None:
    provenance = _recorded("competition").provenance
    assert provenance["source"] == "competition.safetensors"
    assert provenance["spec"] == "competition.toml"
    assert len(provenance["source_sha256"]) == len(provenance["spec_sha256"]) == 64
    (note,) = provenance["notes"]
    assert note.startswith("gru: the last states") and "view(-1, 2 * hidden_size)" in note
    assert "notes" not in _recorded("pooled").provenance


def test_raw_texts_are_scored_with_a_second_input_beside_them() -> None:
    text = import_tokenizer(TOKENIZER)
    classifier = Classifier(_recorded("competition", text=text))
    features = np.zeros((2, 2))
    one, other = classifier.score(["дождь и мост", "rain"], features=features)
    assert 0 <= one.value <= 1
    assert one.value != other.value


def test_raw_texts_are_scored_with_the_tokenizer_of_the_model() -> None:
    bundle = _recorded("pooled", text=import_tokenizer(TOKENIZER))
    ids = bundle.text.ids(["дождь и снег"]) if bundle.text else None
    assert ids is not None and ids.shape == (1, 6)
    (score,) = Classifier(bundle).score(["дождь и снег"])
    assert score.value == pytest.approx(float(bundle.network(ids)[0, 1]))


def test_a_tokenizer_with_more_words_than_the_table_is_refused() -> None:
    with pytest.raises(BundleMismatch, match="vocabulary: expected at most 9"):
        _recorded("pooled", text=import_tokenizer(TOKENIZER.parent / "plain.json"))


# -- spec files ----------------------------------------------------------------------------


def _write(
    folder: Path, spec: Mapping[str, Any], tensors: Mapping[str, Array]
) -> tuple[Path, Path]:
    state, path = folder / "model.safetensors", folder / "spec.json"
    state.write_bytes(write_tensors(tensors))
    path.write_text(json.dumps(spec), encoding="utf-8")
    return state, path


def _model(folder: Path, layers: list[dict[str, Any]], **tensors: Array) -> ModelBundle:
    """A model of one input of three steps with two values each."""
    spec = {"inputs": [{"name": "x", "shape": [3, 2]}], "layers": layers}
    named = {key.replace("__", "."): np.asarray(value) for key, value in tensors.items()}
    return import_torch(*_write(folder, spec, named))


def _weights(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


X = np.random.default_rng(0).normal(size=(2, 3, 2)).astype(np.float32)


def test_a_spec_file_may_be_json_and_a_state_dict_of_one_module_has_no_prefix(
    tmp_path: Path,
) -> None:
    weight, bias = _weights(4, 2), _weights(4)
    layers = [{"name": "only", "kind": "Linear", "weights": ""}]
    bundle = _model(tmp_path, layers, weight=weight, bias=bias)
    np.testing.assert_allclose(bundle.network(X), X @ weight.T + bias, rtol=1e-6)


def test_names_from_a_compiled_or_distributed_model_are_read_without_their_prefix(
    tmp_path: Path,
) -> None:
    weight = _weights(4, 2)
    bundle = _model(
        tmp_path, [{"name": "fc", "kind": "Linear"}], _orig_mod__module__fc__weight=weight
    )
    np.testing.assert_allclose(bundle.network(X), X @ weight.T, rtol=1e-6)


def test_weights_may_be_shared_by_two_layers(tmp_path: Path) -> None:
    weight = _weights(2, 2)
    layers = [
        {"name": "one", "kind": "Linear", "weights": "fc"},
        {"name": "two", "kind": "Linear", "weights": "fc"},
    ]
    bundle = _model(tmp_path, layers, fc__weight=weight)
    np.testing.assert_allclose(bundle.network(X), X @ weight.T @ weight.T, rtol=1e-5)


def test_half_precision_is_widened_before_anything_is_added_up(tmp_path: Path) -> None:
    tensors = {
        "rnn__weight_ih_l0": np.zeros((1, 2), np.float16),
        "rnn__weight_hh_l0": np.zeros((1, 1), np.float16),
        "rnn__bias_ih_l0": np.array([1.0], np.float16),
        "rnn__bias_hh_l0": np.array([2.0**-12], np.float16),
    }
    layers = [{"name": "rnn", "kind": "RNN", "nonlinearity": "relu"}]
    bundle = _model(tmp_path, layers, **tensors)
    assert bundle.network(X)[0, 0, 0] == np.float32(1 + 2.0**-12)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"kind": "LeakyReLU"}, lambda x: np.where(x < 0, 0.01 * x, x)),
        ({"kind": "LeakyReLU", "negative_slope": 0.3}, lambda x: np.where(x < 0, 0.3 * x, x)),
        ({"kind": "ReLU", "inplace": True}, lambda x: np.maximum(x, 0)),
        ({"kind": "Softshrink", "lambd": 0.2}, lambda x: np.sign(x) * np.maximum(abs(x) - 0.2, 0)),
        ({"kind": "Threshold", "threshold": 0.1, "value": 9}, lambda x: np.where(x > 0.1, x, 9)),
        ({"kind": "Softmax", "dim": 1}, lambda x: np.exp(x) / np.exp(x).sum(1, keepdims=True)),
        ({"kind": "Dropout1d", "p": 0.5}, lambda x: x),
        ({"kind": "mean", "dim": 1}, lambda x: x.mean(1)),
        ({"kind": "max"}, lambda x: x.max(1)),
        ({"kind": "AdaptiveMaxPool1d", "output_size": 1}, lambda x: x.max(1)),
        ({"kind": "last"}, lambda x: x[:, -1]),
        ({"kind": "Flatten"}, lambda x: x.reshape(len(x), -1)),
        (
            {"kind": "Flatten", "order": "channels"},
            lambda x: x.transpose(0, 2, 1).reshape(len(x), -1),
        ),
        (
            {"kind": "AvgPool1d", "kernel_size": 2, "stride": 1},
            lambda x: (x[:, 1:] + x[:, :-1]) / 2,
        ),
        ({"kind": "mul", "inputs": ["x", "x"]}, lambda x: x * x),
        ({"kind": "cat", "inputs": ["x", "x"], "dim": 1}, lambda x: np.concatenate([x, x], 1)),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_layers_without_weights_have_the_defaults_of_pytorch(
    tmp_path: Path, settings: dict[str, Any], expected: Callable[[Array], Array]
) -> None:
    bundle = _model(tmp_path, [settings])
    np.testing.assert_allclose(bundle.network(X), expected(X), rtol=1e-5, atol=1e-6)


def test_norms_have_the_epsilon_of_pytorch(tmp_path: Path) -> None:
    tiny = X * 1e-3
    layers = [{"name": "norm", "kind": "LayerNorm"}]
    bundle = _model(tmp_path, layers, norm__weight=np.ones(2, np.float32))
    centred = tiny - tiny.mean(-1, keepdims=True)
    expected = centred / np.sqrt(tiny.var(-1, keepdims=True) + 1e-5)
    np.testing.assert_allclose(bundle.network(tiny), expected, rtol=1e-4)


def test_the_padding_row_of_a_table_is_read_like_any_other(tmp_path: Path) -> None:
    table = _weights(4, 2)
    spec = {
        "inputs": [{"name": "ids", "shape": ["any"], "dtype": "int"}],
        "layers": [
            {"name": "table", "kind": "Embedding", "padding_idx": 0},
            {"kind": "mean"},
        ],
    }
    bundle = import_torch(*_write(tmp_path, spec, {"table.weight": table}))
    np.testing.assert_allclose(bundle.network([[0, 3]]), [(table[0] + table[3]) / 2], rtol=1e-6)


# -- what does not fit ---------------------------------------------------------------------

LINEAR = {"name": "fc", "kind": "Linear"}


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([{**LINEAR, "name": "fc2"}], r"model.safetensors: fc2.weight: expected an array"),
        ([{"kind": "ReLU"}], r"model.safetensors: fc.(weight|bias): expected a layer of the spec"),
        ([{**LINEAR, "out_features": 7}], "fc: out_features: expected 7, found 4"),
        ([{**LINEAR, "bias": False}], "fc: bias: expected False, found True"),
        ([{**LINEAR, "inputs": ["y"]}], "fc: inputs: expected one of x, found y"),
        ([{**LINEAR, "inputs": ["x:h"]}], "fc: inputs: expected one of x, found x:h"),
        ([LINEAR, {**LINEAR, "kind": "ReLU"}], "names: expected each name once, found 'fc' 2"),
        ([{**LINEAR, "name": "a:b"}], "names: expected no colon"),
        ([LINEAR, {"kind": "Linear", "weights": "fc"}], "linear_2: input: expected 2 values"),
        (
            [{"name": "fc", "kind": "LayerNorm", "normalized_shape": 3}],
            "normalized_shape: expected",
        ),
        ([{"name": "fc", "kind": "Conv1d"}], "fc.weight: expected 3 dimensions, found"),
        ([{"name": "fc", "kind": "BatchNorm1d"}], "fc.running_mean: expected an array"),
        ([{"name": "fc", "kind": "LSTM"}], "fc.weight_ih_l0: expected an array, found nothing"),
    ],
)
def test_weights_and_spec_that_do_not_fit_are_named(
    tmp_path: Path, layers: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(BundleMismatch, match=message):
        _model(tmp_path, layers, fc__weight=_weights(4, 2), fc__bias=_weights(4))


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"kind": "Transformer"}, "Transformer"),
        ({"kind": "Bilinear"}, "Bilinear"),
        ({"kind": "Softplus", "beta": 2}, "Softplus(beta=2)"),
        ({"kind": "Hardtanh", "max_val": 2}, "Hardtanh(max_val=2)"),
        ({"kind": "Softmax", "dim": 0}, "softmax"),
        ({"kind": "GELU", "approximate": "sigmoid"}, "GELU(approximate='sigmoid')"),
        ({"kind": "ReLU", "slope": 1}, "ReLU(slope=1)"),
        ({"kind": "MaxPool1d", "kernel_size": 2, "padding": 1}, "MaxPool1d(padding=1)"),
        ({"kind": "AdaptiveAvgPool1d", "output_size": 2}, "AdaptiveAvgPool1d(output_size=2)"),
        ({"kind": "Flatten", "order": "any"}, "Flatten(order='any')"),
    ],
)
def test_what_is_not_known_is_refused_by_name(
    tmp_path: Path, settings: dict[str, Any], named: str
) -> None:
    with pytest.raises(UnsupportedLayer) as caught:
        _model(tmp_path, [settings])
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"activation": "prelu"}, "Linear(activation='prelu')"),
        ({"activation": {"name": "gelu", "tanh": True}}, "GELU(tanh=True)"),
        ({"dtype": "float64"}, "Linear(dtype='float64')"),
    ],
)
def test_settings_of_layers_with_weights_are_refused_by_name(
    tmp_path: Path, settings: dict[str, Any], named: str
) -> None:
    with pytest.raises(UnsupportedLayer) as caught:
        _model(tmp_path, [{**LINEAR, **settings}], fc__weight=_weights(4, 2))
    assert named in str(caught.value)


def test_flattening_after_a_convolution_must_say_the_order(tmp_path: Path) -> None:
    layers = [{"name": "conv", "kind": "Conv1d"}, {"kind": "ReLU"}, {"kind": "Flatten"}]
    with pytest.raises(UnsupportedLayer, match="Flatten"):
        _model(tmp_path, layers, conv__weight=_weights(2, 2, 2))


def _lstm() -> dict[str, Array]:
    return {"lstm__weight_ih_l0": _weights(8, 2), "lstm__weight_hh_l0": _weights(8, 2)}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"batch_first": False}, "LSTM(batch_first=False)"),
        ({"num_layers": 2}, "num_layers: expected 2, found 1"),
        ({"bidirectional": True}, "bidirectional: expected True, found False"),
        ({"hidden_size": 3}, "hidden_size: expected 3, found 2"),
    ],
)
def test_settings_of_a_recurrent_layer_are_held_against_its_weights(
    tmp_path: Path, settings: dict[str, Any], named: str
) -> None:
    with pytest.raises(ModelError) as caught:
        _model(tmp_path, [{"name": "lstm", "kind": "LSTM", **settings}], **_lstm())
    assert named in str(caught.value)


def test_projections_and_parts_that_are_not_there_are_refused(tmp_path: Path) -> None:
    layer = {"name": "lstm", "kind": "LSTM"}
    with pytest.raises(UnsupportedLayer, match="proj_size"):
        _model(tmp_path, [layer], **_lstm(), lstm__weight_hr_l0=_weights(1, 2))
    with pytest.raises(BundleMismatch, match="parts: expected lstm:h, lstm:c, found h_forward"):
        _model(tmp_path, [layer, {"kind": "ReLU", "inputs": ["lstm:h_forward"]}], **_lstm())


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (b"", "expected JSON"),
        (b"[]", "expected an object"),
        (b"{}", "inputs: expected a list, found nothing"),
        (b'{"inputs": [], "layers": []}', "expected at least one input and one layer"),
        (
            b'{"inputs": [{"name": "x", "shape": [0.5]}], "layers": []}',
            "shape: 0: expected a whole",
        ),
        (
            b'{"inputs": [{"name": "x", "shape": [2], "dtype": "str"}], "layers": []}',
            "int or float",
        ),
        (b'{"inputs": [{"name": "x", "shape": [2]}], "layers": [{}]}', "kind: expected a string"),
        (b'{"layer": []}', "layer: expected one of"),
    ],
)
def test_what_is_wrong_in_a_spec_file_is_named(tmp_path: Path, spec: bytes, message: str) -> None:
    state, path = _write(tmp_path, {}, {"fc.weight": _weights(4, 2)})
    path.write_bytes(spec)
    with pytest.raises(BundleMismatch, match=message):
        import_torch(state, path)


def test_toml_that_is_none_is_refused(tmp_path: Path) -> None:
    spec = tmp_path / "spec.toml"
    for content in (b"[[layers]", b"\xff", b"a = " + b"[" * 10_000):
        spec.write_bytes(content)
        with pytest.raises(BundleMismatch, match=r"spec\.toml: expected TOML"):
            import_torch(RECORDED / "pooled.safetensors", spec)


def test_layers_of_several_inputs_must_say_what_they_read(tmp_path: Path) -> None:
    spec = {
        "inputs": [{"name": "x", "shape": [2]}, {"name": "y", "shape": [2]}],
        "layers": [{"kind": "ReLU"}],
    }
    with pytest.raises(BundleMismatch, match="inputs: expected what it reads"):
        import_torch(*_write(tmp_path, spec, {}))


# -- files of weights ----------------------------------------------------------------------


@pytest.mark.parametrize("cut", [0, 4, 100, -1])
def test_a_truncated_file_of_weights_is_refused(tmp_path: Path, cut: int) -> None:
    data = (RECORDED / "pooled.safetensors").read_bytes()
    (tmp_path / "pooled.safetensors").write_bytes(data[:cut])
    with pytest.raises(BundleMismatch, match=r"pooled\.safetensors"):
        import_torch(tmp_path / "pooled.safetensors", RECORDED / "pooled.toml")


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    tensors = dict(read_tensors((RECORDED / "pooled.safetensors").read_bytes(), "pooled"))
    tensors["out.bias"] = np.array([np.nan, 0], dtype=np.float32)
    (tmp_path / "pooled.safetensors").write_bytes(write_tensors(tensors))
    with pytest.raises(BundleMismatch, match="out: bias: expected finite numbers"):
        import_torch(tmp_path / "pooled.safetensors", RECORDED / "pooled.toml")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    for state in ("nowhere.safetensors", "nowhere.pt"):
        with pytest.raises(BundleMissing):
            import_torch(tmp_path / state, RECORDED / "pooled.toml")
    with pytest.raises(BundleMissing):
        import_torch(RECORDED / "pooled.safetensors", tmp_path / "nowhere.toml")


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="PyTorch is here")
def test_without_pytorch_a_pickle_is_not_read_and_the_way_out_is_told(tmp_path: Path) -> None:
    shutil.copy(RECORDED / "pooled.pt", tmp_path)
    with pytest.raises(ModelError, match=r"save as \.safetensors"):
        import_torch(tmp_path / "pooled.pt", RECORDED / "pooled.toml")
