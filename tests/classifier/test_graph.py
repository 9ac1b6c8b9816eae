from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from classifier.documents import Document
from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.network.graph import MOST_LAYERS
from tests.classifier.layers import network, normal

_KERNEL = np.array([[1.0, -1.0], [2.0, 0.5]])
_TWO = GraphSpec(
    inputs=(InputSpec("ids", (3,), "int"), InputSpec("features", (2,))),
    layers=(
        LayerSpec("words", "Embedding", ("ids",), {}, {"table": "table"}),
        LayerSpec("known", "NotEqual", ("ids",), {"value": 0}),
        LayerSpec("mean", "GlobalAveragePooling1D", ("words",), mask="known"),
        LayerSpec("all", "Concatenate", ("mean", "features"), {"axis": -1}),
        LayerSpec("tower/dense", "Dense", ("mean",), {}, {"kernel": "kernel"}),
        LayerSpec("tower/dense@1", "Dense", ("features",), {}, {"kernel": "kernel"}),
        LayerSpec("sum", "Add", ("tower/dense", "tower/dense@1")),
    ),
    outputs=("sum", "all"),
)
_TABLE = np.array([[9.0, 9.0], [1.0, 0.0], [0.0, 2.0]])
_INPUTS = {"ids": np.array([[1, 2, 0], [2, 2, 2]]), "features": np.array([[3.0, 4.0], [0, 1]])}


def _two(dtype: npt.DTypeLike = np.float32) -> Network:
    return Network(_TWO, {"table": _TABLE, "kernel": _KERNEL}, dtype=dtype)


def test_several_inputs_come_by_name_and_several_outputs_go_in_order() -> None:
    total, joined = _two()(_INPUTS)
    means = np.array([[0.5, 1.0], [0.0, 2.0]])
    np.testing.assert_allclose(joined, np.concatenate([means, _INPUTS["features"]], axis=1))
    np.testing.assert_allclose(total, (means + _INPUTS["features"]) @ _KERNEL)


def test_a_shared_layer_has_one_set_of_weights_and_two_answers() -> None:
    found = _two().activations(_INPUTS)
    assert list(found) == [layer.name for layer in _TWO.layers]
    np.testing.assert_allclose(found["tower/dense@1"], _INPUTS["features"] @ _KERNEL)
    assert found["known"].tolist() == [[True, True, False], [True, True, True]]


def test_further_outputs_of_a_layer_have_numbers() -> None:
    weights = {"kernel": normal(2, 12), "recurrent_kernel": normal(3, 12)}
    spec = GraphSpec(
        (InputSpec("x", (5, 2)),),
        (
            LayerSpec("rnn", "LSTM", ("x",), {"return_state": True}, {r: r for r in weights}),
            LayerSpec("flipped", "Negative", ("rnn:2",)),
        ),
        ("flipped", "rnn:1"),
    )
    network = Network(spec, weights)
    x = normal(4, 5, 2)
    found = network.activations(x)
    assert list(found) == ["rnn", "rnn:1", "rnn:2", "flipped"]
    np.testing.assert_array_equal(found["flipped"], -found["rnn:2"])
    np.testing.assert_array_equal(network(x)[1], found["rnn"])
    assert network.output_shapes == ((3,), (3,))


@pytest.mark.parametrize("stored", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_whatever_the_weights_are_stored_as_the_network_computes_in_its_own_type(
    stored: type, dtype: type
) -> None:
    tensors = {"table": _TABLE.astype(stored), "kernel": _KERNEL.astype(stored)}
    network = Network(_TWO, tensors).astype(dtype)
    assert {value.dtype for value in network(_INPUTS)} == {np.dtype(dtype)}
    assert network.tensors["kernel"].dtype == stored
    for found, expected in zip(network(_INPUTS), _two(dtype=np.float64)(_INPUTS), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_whole_numbers_that_reach_arithmetic_are_computed_in_the_networks_type() -> None:
    spec = GraphSpec(
        (InputSpec("x", (2,), "int"),),
        (LayerSpec("d", "Dense", ("x",), {}, {"kernel": "k"}),),
        ("d",),
    )
    assert Network(spec, {"k": _KERNEL})(np.array([[1, 2]])).dtype == np.float32


def test_a_network_computes_in_floating_point_of_two_sizes_only() -> None:
    with pytest.raises(ValueError, match="float32 or float64"):
        _two(dtype=np.float16)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"features": None}, "inputs"),
        ({"more": np.zeros(2)}, "inputs"),
        ({"features": np.zeros((3, 2))}, "inputs"),
        ({"features": np.zeros((2, 3))}, "input 'features'"),
        ({"features": np.zeros((2, 2, 1))}, "input 'features'"),
        ({"features": np.array([["a", "b"], ["c", "d"]])}, "input 'features'"),
        ({"features": np.zeros((2, 2), complex)}, "input 'features'"),
        ({"ids": np.array([[1, 2, 3], [0, 0, 0]])}, "words: ids"),
        ({"ids": np.array([[1, 2, -1], [0, 0, 0]])}, "words: ids"),
        ({"ids": np.array([[1, 2, 0.5], [0, 0, 0]])}, "input 'ids'"),
        ({"ids": np.array([[1, 2, np.nan], [0, 0, 0]])}, "input 'ids'"),
        ({"ids": np.array([[1, 2, np.inf], [0, 0, 0]])}, "input 'ids'"),
        ({"ids": np.int64(1)}, "input 'ids'"),
    ],
)
def test_inputs_that_the_network_cannot_take_are_named(
    changed: dict[str, Array | None], key: str
) -> None:
    inputs = {name: value for name, value in {**_INPUTS, **changed}.items() if value is not None}
    with pytest.raises(BundleMismatch) as caught:
        _two()(inputs)
    assert caught.value.key == key


def test_one_array_is_not_enough_for_two_inputs() -> None:
    with pytest.raises(BundleMismatch, match="one array"):
        _two()(_INPUTS["ids"])


def test_an_input_of_no_steps_is_refused() -> None:
    pooling = network("GlobalAveragePooling1D", [(None, 2)])
    with pytest.raises(BundleMismatch, match="input 'x0'"):
        pooling(np.zeros((1, 0, 2)))


def test_ids_may_come_as_floats_that_hold_whole_numbers() -> None:
    table = {"table": _TABLE}
    lookup = network("Embedding", [(3,)], {}, table)
    found = lookup(np.array([[1.0, 2.0, 0.0]]))
    np.testing.assert_array_equal(found[0], _TABLE[[1, 2, 0]])
    for bad in (0.5, 3.0, -1.0, np.nan, 1e30):
        with pytest.raises(BundleMismatch, match="tested: ids"):
            lookup(np.array([[1.0, 2.0, bad]]))


def test_ids_of_several_dimensions_are_looked_up_each() -> None:
    lookup = network("Embedding", [(2, 3)], {}, {"table": _TABLE})
    ids = np.array([[[0, 1, 2], [2, 1, 0]]])
    assert lookup.output_shapes == ((2, 3, 2),)
    np.testing.assert_array_equal(lookup(ids), _TABLE[ids])


def test_a_graph_is_read_as_it_was_written() -> None:
    document = Document("graph.json", _TWO.to_json())
    assert GraphSpec.from_json(_listed(document)) == _TWO


def _listed(document: Document) -> Document:
    """As JSON gives it back: tuples are lists."""

    def listed(value: object) -> object:
        if isinstance(value, dict):
            return {key: listed(one) for key, one in value.items()}
        return [listed(one) for one in value] if isinstance(value, tuple) else value

    return Document.of(listed(document.fields), document.key)


def _chain(*layers: LayerSpec, shape: tuple[int | None, ...] = (4,)) -> GraphSpec:
    return GraphSpec((InputSpec("x", shape),), layers, (layers[-1].name,))


@pytest.mark.parametrize(
    "spec",
    [
        _chain(LayerSpec("r", "RepeatVector", ("x",), {"n": 1 << 24}), shape=(1000,)),
        _chain(LayerSpec("r", "Negative", ("x",)), shape=(1 << 20, 1 << 20)),
        _chain(
            *(LayerSpec(f"r{i}", "Negative", ("x",)) for i in range(70)), shape=(1 << 10, 1 << 10)
        ),
        _chain(
            LayerSpec("a", "RepeatVector", ("x",), {"n": 1 << 13}),
            LayerSpec("b", "Concatenate", ("a",) * (1 << 13)),
        ),
    ],
    ids=["one large layer", "a large input", "many layers", "many inputs"],
)
def test_a_graph_that_would_fill_the_memory_is_refused_before_it_runs(spec: GraphSpec) -> None:
    with pytest.raises(BundleMismatch, match="values"):
        Network(spec, {})


def test_a_graph_of_too_many_layers_is_refused() -> None:
    layers = [LayerSpec(f"l{i}", "Negative", ("x",)) for i in range(MOST_LAYERS + 1)]
    with pytest.raises(BundleMismatch, match="at most 10000"):
        Network(_chain(*layers), {})


@pytest.mark.parametrize(
    ("inputs", "layers", "outputs"),
    [
        (["x", "x"], ["a"], ["a"]),
        (["x"], ["a", "a"], ["a"]),
        (["x"], ["x"], ["x"]),
        (["x"], ["a"], ["a:1"]),
        (["x"], ["a"], []),
        (["x", "a:1"], ["a:1"], ["a:1"]),
    ],
)
def test_names_are_there_and_unique(
    inputs: list[str], layers: list[str], outputs: list[str]
) -> None:
    spec = GraphSpec(
        tuple(InputSpec(name, (4,)) for name in inputs),
        tuple(LayerSpec(name, "Negative", ("x",)) for name in layers),
        tuple(outputs),
    )
    with pytest.raises(BundleMismatch, match="graph"):
        Network(spec, {})


def test_weights_too_large_for_single_precision_are_named() -> None:
    layers = (LayerSpec("d", "Dense", ("x",), {}, {"kernel": "k"}),)
    tensors = {"k": np.full((4, 1), 1e300)}
    with pytest.raises(BundleMismatch, match="float32") as caught:
        Network(_chain(*layers), tensors)
    assert caught.value.key == "d: kernel"
    assert Network(_chain(*layers), tensors, dtype=np.float64)(np.ones((1, 4))) == 4e300


def test_a_layer_without_inputs_is_refused() -> None:
    with pytest.raises(BundleMismatch, match="a: inputs"):
        Network(_chain(LayerSpec("a", "Add", ())), {})


def test_a_class_with_a_registered_name_is_not_taken_for_ours() -> None:
    with pytest.raises(UnsupportedLayer, match="my>Dense"):
        network("my>Dense", [(4,)])
