"""What the importer makes of a config: what it takes over, and what it refuses by name."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier import BundleMismatch, ModelError, UnsupportedLayer
from classifier.importers import import_keras
from classifier.network import Network
from classifier.text import TextPipeline, TextVectorization
from tests.classifier.keras_made import (
    DENSE,
    EMBEDDING,
    LSTM,
    VERSION,
    Weights,
    call,
    called,
    dense,
    embedding,
    functional,
    given,
    layer,
    lstm,
    numbers,
    sequential,
    tensor,
    write_h5,
    write_keras,
)

_WORDS = sequential(given(3, dtype="int32"), embedding(mask_zero=True), lstm())
_GATES = Path(__file__).parents[1] / "recorded" / "gates.py"


def _network(
    tmp_path: Path, model: dict[str, Any], weights: Weights, *, version: str = VERSION
) -> Network:
    return import_keras(
        write_keras(tmp_path / "made.keras", model, weights, version=version)
    ).network


def _refused(tmp_path: Path, model: dict[str, Any], weights: Weights, **settings: Any) -> str:
    with pytest.raises(UnsupportedLayer) as caught:
        _network(tmp_path, model, weights, **settings)
    assert caught.value.name
    return caught.value.layer_class


@pytest.mark.parametrize(
    "kind",
    [
        "Lambda",
        "MultiHeadAttention",
        "Attention",
        "Conv2D",
        "Permute",
        "PReLU",
        "Own",
        "RNN",
        "Step",
    ],
)
def test_a_class_nobody_knows_is_named(kind: str, tmp_path: Path) -> None:
    model = sequential(given(2), dense(), layer(kind, "odd"))
    assert _refused(tmp_path, model, DENSE) == kind


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"stateful": True}, "LSTM(stateful=True)"),
        ({"time_major": True}, "LSTM(time_major=True)"),
        ({"dtype": "mixed_float16"}, "LSTM(dtype='mixed_float16')"),
        ({"dtype": {"class_name": "DTypePolicy", "config": {"name": "float16"}}}, "LSTM(dtype="),
        ({"recurrent_batch_norm": "all"}, "LSTM(recurrent_batch_norm='all')"),
        ({"activation": "swoosh"}, "LSTM(activation='swoosh')"),
        ({"activation": {"class_name": "function", "config": "own"}}, "LSTM(activation="),
        ({"recurrent_activation": {"class_name": "PReLU", "config": {}}}, "LSTM(recurrent_act"),
    ],
)
def test_a_setting_that_changes_the_answer_is_named(
    config: dict[str, Any], named: str, tmp_path: Path
) -> None:
    model = sequential(given(3, 2), lstm(**config))
    assert _refused(tmp_path, model, LSTM).startswith(named)


@pytest.mark.parametrize(
    "config",
    [
        {"kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.1}}, "dropout": 0.4},
        {"implementation": 2, "unroll": True, "use_cudnn": "auto", "seed": 3},
        {"quantization_config": None, "some_new_switch": False},
    ],
)
def test_a_setting_of_training_alone_changes_nothing(
    config: dict[str, Any], tmp_path: Path
) -> None:
    x = np.linspace(-1, 1, 12).reshape(2, 3, 2)
    plain = _network(tmp_path, sequential(given(3, 2), lstm()), LSTM)
    other = _network(tmp_path, sequential(given(3, 2), lstm(**config)), LSTM)
    np.testing.assert_array_equal(plain(x), other(x))


@pytest.mark.parametrize(
    ("model", "weights", "named"),
    [
        (sequential(given(2), dense(units="two")), DENSE, "dense: units"),
        (sequential(given(2), layer("Dense", "dense", activation="relu")), DENSE, "dense: units"),
        (sequential(), {}, "layers"),
        (sequential(layer("Dense", "dense", units=2)), DENSE, "batch_shape"),
        ({"class_name": "Sequential", "config": {"layers": "none"}}, {}, "layers"),
        ({"class_name": "Sequential"}, {}, "config"),
        ({}, {}, "class_name"),
        (functional(given(2), outputs=[("nowhere", 0, 0)]), {}, "nowhere"),
        (functional(given(2), called(dense(), call(tensor("nowhere"))), outputs=[("dense", 0, 0)]),
         DENSE, "nowhere"),
        (functional(given(2), called(dense(), call(tensor("dense"))), outputs=[("dense", 0, 0)]),
         DENSE, "cycle"),
        (functional(given(2), called(dense(), call(tensor("given", 1))), outputs=[("dense", 0, 0)]),
         DENSE, "given"),
        (functional(given(2), called(dense(), call(tensor("given"))), outputs=[("dense", 0, 1)]),
         DENSE, "output 1"),
        (functional(given(2), given(2), outputs=[("given", 0, 0)]), {}, "each name once"),
        (functional(given(2), called(dense(), call()), outputs=[("dense", 0, 0)]), DENSE,
         "at least one"),
        (functional(given(2), called(dense(), 7), outputs=[("dense", 0, 0)]), DENSE,
         "inbound_nodes"),
        (functional(dense("given"), outputs=[("given", 0, 0)]), {}, "units"),
    ],
)  # fmt: skip
def test_a_config_that_does_not_add_up_is_refused(
    model: dict[str, Any], weights: Weights, named: str, tmp_path: Path
) -> None:
    with pytest.raises(BundleMismatch, match=named):
        _network(tmp_path, model, weights)


def test_models_without_end_in_each_other_are_refused(tmp_path: Path) -> None:
    model = sequential(given(2), dense())
    for _ in range(30):
        model = sequential(given(2), {**model, "name": "deeper"})
    with pytest.raises(BundleMismatch, match="in each other"):
        _network(tmp_path, model, DENSE)


def test_more_layers_than_any_model_has_are_refused(tmp_path: Path) -> None:
    many = [layer("Dropout", f"dropout_{i}", rate=0.1) for i in range(10_001)]
    with pytest.raises(BundleMismatch, match="at most 10000"):
        _network(tmp_path, sequential(given(2), *many), {})


def test_a_model_of_a_class_of_its_own_is_named(tmp_path: Path) -> None:
    assert "MyModel" in _refused(tmp_path, {"class_name": "MyModel", "config": {"size": 3}}, {})


@pytest.mark.parametrize("version", ["1.2.2", "2.2.4-tf", "3.0.0", "3.15.1"])
def test_the_version_says_which_hard_sigmoid_it_is(version: str, tmp_path: Path) -> None:
    old = version.startswith("1")
    config = {"output_dim" if old else "units": 2, "activation": "hard_sigmoid"}
    model = sequential(given(2), layer("Dense", "dense", **config))
    kernel = {"dense_W" if old else "dense/kernel": numbers(2, 2)}
    bias = {"dense_b" if old else "dense/bias": np.zeros(2, np.float32)}
    path = write_h5(tmp_path / "m.h5", model, {"dense": {**kernel, **bias}}, version=version)
    x = np.eye(2)
    slope = 1 / 6 if version.startswith("3") else 0.2
    np.testing.assert_allclose(
        import_keras(path).network(x), 0.5 + slope * numbers(2, 2), atol=1e-6
    )


def test_a_file_without_a_version_is_one_of_keras_1(tmp_path: Path) -> None:
    model = sequential(given(2), layer("Dense", "dense", output_dim=2, activation="linear"))
    named = {"dense_W": numbers(2, 2), "dense_b": numbers(2)}
    path = write_h5(tmp_path / "m.h5", model, {"dense": named}, version=None)
    assert import_keras(path).provenance["framework"] == {"keras": "1"}


@pytest.mark.parametrize("version", ["2.6.0", "3.3.0", VERSION])
def test_a_mask_goes_along_in_a_sequential_file_which_does_not_say_so(
    version: str, tmp_path: Path
) -> None:
    if version.startswith("2"):
        named = dict(zip(("kernel", "recurrent_kernel", "bias"), LSTM["lstm/cell"], strict=True))
        cell = {f"lstm/lstm_cell/{name}:0": array for name, array in named.items()}
        weights = {"embedding": {"embedding/embeddings:0": EMBEDDING["embedding"][0]}, "lstm": cell}
        network = import_keras(
            write_h5(tmp_path / "m.h5", _WORDS, weights, version=version)
        ).network
    else:
        network = _network(tmp_path, _WORDS, {**EMBEDDING, **LSTM}, version=version)
    answer = network(np.array([[1, 2, 0], [0, 1, 2]]))
    np.testing.assert_array_equal(answer[0], answer[1])


def test_what_later_versions_do_with_masks_is_not_guessed(tmp_path: Path) -> None:
    named = _refused(tmp_path, _WORDS, {**EMBEDDING, **LSTM}, version="3.16.0")
    assert named == "LSTM (with a mask, of Keras 3.16)"
    unmasked = sequential(given(3, dtype="int32"), embedding(), lstm())
    assert _network(tmp_path, unmasked, {**EMBEDDING, **LSTM}, version="3.16.0")


def test_a_mask_through_a_layer_of_ones_own_is_not_guessed(tmp_path: Path) -> None:
    gate = layer("Gate", "gate")
    model = sequential(given(3, dtype="int32"), embedding(mask_zero=True), gate, lstm())
    path = write_keras(tmp_path / "m.keras", model, {**EMBEDDING, **LSTM})
    with pytest.raises(UnsupportedLayer, match="a mask that comes through Gate"):
        import_keras(path, custom=_GATES)
    unread = sequential(given(3, dtype="int32"), embedding(mask_zero=True), gate, dense())
    path = write_keras(tmp_path / "m.keras", unread, {**EMBEDDING, **DENSE})
    assert import_keras(path, custom=_GATES).network.output_shapes == ((3, 2),)


def test_a_mask_of_ones_own_is_heeded(tmp_path: Path) -> None:
    model = functional(
        given(3, 2),
        given(3, name="counts"),
        called(lstm(), call(tensor("given"), mask=tensor("counts"))),
        inputs=("given", "counts"),
        outputs=[("lstm", 0, 0)],
    )
    network = _network(tmp_path, model, LSTM)
    x = numbers(2, 3, 2)
    masked = network({"given": x, "counts": np.array([[1, 1, 0], [1, 1, 1]])})
    whole = network({"given": x, "counts": np.ones((2, 3))})
    np.testing.assert_array_equal(masked[1], whole[1])
    assert not np.array_equal(masked[0], whole[0])


@pytest.mark.parametrize(
    ("kwargs", "named"),
    [({"training": True}, "training=True"), ({"constants": [1]}, "constants=[1]")],
)
def test_an_argument_of_a_call_that_changes_it_is_named(
    kwargs: dict[str, Any], named: str, tmp_path: Path
) -> None:
    model = functional(
        given(3, 2), called(lstm(), call(tensor("given"), **kwargs)), outputs=[("lstm", 0, 0)]
    )
    assert named in _refused(tmp_path, model, LSTM)


@pytest.mark.parametrize(
    "operation",
    [
        ("GetItem", call(tensor("given"), [{"class_name": "__slice__", "config": {}}, -1])),
        ("Matmul", call(tensor("given"), tensor("given"))),
        ("Sum", call(tensor("given"))),
        ("Mean", call(tensor("given"))),
        ("Add", call(tensor("given"), {"class_name": "__tensor__", "config": {}})),
        ("Any", call(tensor("given"))),
        ("NotEqual", call(tensor("given"), tensor("given"))),
        ("Reshape", call(tensor("given"))),
    ],
)
def test_an_operation_nobody_knows_is_named(operation: tuple[str, Any], tmp_path: Path) -> None:
    kind, node = operation
    odd = {"module": "keras.src.ops.numpy", "class_name": kind, "config": {"name": "odd"}}
    model = functional(given(2), called({**odd, "name": "odd"}, node), outputs=[("odd", 0, 0)])
    assert _refused(tmp_path, model, {}).startswith(kind)


def test_inputs_that_are_sparse_or_ragged_are_refused(tmp_path: Path) -> None:
    for key in ("sparse", "ragged"):
        odd = given(2)
        odd["config"][key] = True
        assert key in _refused(tmp_path, sequential(odd, dense()), DENSE)


def _vectorizer(**config: Any) -> dict[str, Any]:
    settings = {"split": "whitespace", "output_mode": "int", "output_sequence_length": 3,
                "standardize": None, "vocabulary": ["мост", "дождь"]}  # fmt: skip
    return layer("TextVectorization", "words", **{**settings, **config})


def _of_text(*first: dict[str, Any]) -> dict[str, Any]:
    return sequential(given(1, dtype="string"), *first, embedding(), lstm())


@pytest.mark.parametrize(
    ("vocabulary", "words"),
    [
        (["мост", "дождь"], ("", "[UNK]", "мост", "дождь")),
        (["[UNK]", "мост"], ("", "[UNK]", "мост")),
        (["", "[UNK]", "мост"], ("", "[UNK]", "мост")),
    ],
)
def test_a_vocabulary_in_the_config_begins_with_padding_and_the_unknown_word(
    vocabulary: list[str], words: tuple[str, ...], tmp_path: Path
) -> None:
    model = _of_text(_vectorizer(vocabulary=vocabulary))
    path = write_keras(tmp_path / "t.keras", model, {**EMBEDDING, **LSTM})
    text = import_keras(path).text
    assert text is not None
    assert text.vectorizer.vocabulary == words
    assert text.ids(["дождь мост", "лес"]).shape == (2, 3)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"split": "character"}, "split='character'"),
        ({"split": None}, "split=None"),
        ({"ngrams": 2}, "ngrams=2"),
        ({"ngrams": [1, 3]}, r"ngrams=[1, 3]"),
        ({"output_mode": "tf_idf"}, "output_mode='tf_idf'"),
        ({"output_mode": "multi_hot"}, "output_mode='multi_hot'"),
        ({"output_mode": "count"}, "output_mode='count'"),
        ({"standardize": {"class_name": "function", "config": "own"}}, "standardize="),
        ({"ragged": True}, "ragged=True"),
    ],
)
def test_a_text_layer_with_other_rules_is_refused(
    config: dict[str, Any], named: str, tmp_path: Path
) -> None:
    model = _of_text(_vectorizer(**config))
    assert named in _refused(tmp_path, model, {**EMBEDDING, **LSTM})


def test_a_text_layer_that_was_never_taught_is_refused(tmp_path: Path) -> None:
    for vocabulary in (None, []):
        path = write_keras(
            tmp_path / "t.keras",
            _of_text(_vectorizer(vocabulary=vocabulary)),
            {**EMBEDDING, **LSTM},
        )
        with pytest.raises(BundleMismatch, match="vocabulary"):
            import_keras(path)


def test_a_text_part_of_ones_own_comes_before_that_of_the_file(tmp_path: Path) -> None:
    path = write_keras(tmp_path / "t.keras", _of_text(_vectorizer()), {**EMBEDDING, **LSTM})
    own = TextPipeline(None, TextVectorization(("", "[UNK]", "лес"), 3))
    assert import_keras(path, text=own).text == own


def test_ids_are_whole_numbers_whatever_the_input_was_declared(tmp_path: Path) -> None:
    model = sequential(given(3), embedding(), lstm())
    network = _network(tmp_path, model, {**EMBEDDING, **LSTM})
    assert network.spec.inputs[0].dtype == "int"
    np.testing.assert_array_equal(network(np.array([[1.0, 2, 3]])), network(np.array([[1, 2, 3]])))


def test_one_layer_called_twice_has_one_set_of_weights(tmp_path: Path) -> None:
    model = functional(
        given(2),
        called(dense(), call(tensor("given")), call(tensor("dense"))),
        outputs=[("dense", 1, 0)],
    )
    network = _network(tmp_path, model, DENSE)
    assert [one.name for one in network.spec.layers] == ["dense", "dense@1"]
    assert len(network.tensors) == 2
    kernel, bias = DENSE["dense"]
    x = numbers(3, 2)
    np.testing.assert_allclose(network(x), (x @ kernel + bias) @ kernel + bias, atol=1e-6)


def test_no_change_to_a_config_ends_in_an_untyped_error(tmp_path: Path) -> None:
    """Every value is replaced by values of other types, one at a time."""
    hidden = functional(
        given(3, 2),
        called(lstm(return_sequences=True), call(tensor("given"), mask=None)),
        called(dense(), call(tensor("lstm"))),
        called({"class_name": "Add", "config": {"name": "add"}}, call(tensor("dense"), 2)),
        outputs=[("add", 0, 0)],
    )
    weights = {**LSTM, "dense": (numbers(1, 2), numbers(2))}
    assert _network(tmp_path, hidden, weights).output_shapes == ((3, 2),)
    for changed in _changes(hidden):
        try:
            _network(tmp_path, changed, weights)
        except ModelError as error:
            assert str(error)


def _changes(model: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in list(_paths(model)):
        for value in (None, -1, 2.5, "other", [], [1], {}, True):
            changed = copy.deepcopy(model)
            place: Any = changed
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
            yield json.loads(json.dumps(changed))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


@pytest.mark.parametrize(("kind", "key"), [("Dropout", "rate"), ("SpatialDropout1D", "p")])
def test_the_rate_of_a_dropout_is_kept_for_a_training_to_come(
    kind: str, key: str, tmp_path: Path
) -> None:
    for rate, kept in ((0.25, {"rate": 0.25}), (0, {}), (1, {})):
        dropout = layer(kind, "dropped", **{key: rate})
        network = _network(tmp_path, sequential(given(3, 2), dropout), {})
        assert network.spec.layers[0].config == {"of": kind, **kept}


def _averaging(size: int, strides: int | None) -> dict[str, Any]:
    pool = layer(
        "AveragePooling1D", pool_size=[size], strides=strides and [strides], padding="same"
    )
    return sequential(given(5, 3), pool)


@pytest.mark.parametrize(("size", "strides"), [(2, 1), (3, None), (3, 2), (4, None)])
def test_an_average_on_which_backends_disagree_is_refused_or_told(
    size: int, strides: int | None, tmp_path: Path
) -> None:
    on_torch = write_h5(tmp_path / "made.h5", _averaging(size, strides), {}, backend="torch")
    with pytest.raises(UnsupportedLayer, match="padding 'same' of PyTorch"):
        import_keras(on_torch)
    on_jax = write_h5(tmp_path / "made.h5", _averaging(size, strides), {}, backend="jax")
    assert "notes" not in import_keras(on_jax).provenance
    unknown = write_keras(tmp_path / "made.keras", _averaging(size, strides), {})
    (note,) = import_keras(unknown).provenance["notes"]
    assert "averagepooling1d" in note
    assert "PyTorch" in note


@pytest.mark.parametrize(("size", "strides"), [(3, 1), (1, None), (5, 1)])
def test_an_average_on_which_backends_agree_is_imported_without_a_word(
    size: int, strides: int | None, tmp_path: Path
) -> None:
    on_torch = write_h5(tmp_path / "made.h5", _averaging(size, strides), {}, backend="torch")
    assert "notes" not in import_keras(on_torch).provenance
