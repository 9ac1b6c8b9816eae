"""Tables on a grid are kept in a byte a number, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier import BundleMismatch, load_bundle
from classifier.bundle import ModelBundle
from classifier.grids import on_grid, packed, to_grid, unpacked
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.safetensors import read_tensors, write_tensors
from classifier.saving import write_bundle

ROWS, COLUMNS = 5000, 16


def table(seed: int = 3) -> Array:
    random = np.random.default_rng(seed)
    scales = np.exp2(random.uniform(-20, 20, COLUMNS))
    return (random.normal(size=(ROWS, COLUMNS)) * scales).astype(np.float32)


def test_no_number_moves_further_than_a_127th_of_the_largest_in_its_column() -> None:
    before = table()
    moved = np.abs(to_grid(before) - before).max(axis=0)
    assert (moved <= np.abs(before).max(axis=0) / 127).all()
    assert moved.max() > 0


def test_what_is_on_a_grid_stays_there() -> None:
    once = to_grid(table())
    np.testing.assert_array_equal(to_grid(once), once)


def test_a_table_on_a_grid_takes_a_quarter_and_comes_back_as_it_was() -> None:
    rounded = to_grid(table())
    rounded[:, 4] = 0
    stored = write_tensors(packed({"read/table": rounded}))
    assert len(stored) < rounded.nbytes / 3.9
    assert on_grid({"read/table": rounded, "other": table()}) == {"read/table"}
    found = unpacked(read_tensors(stored, "weights"), "weights")
    assert list(found) == ["read/table"]
    assert found["read/table"].dtype == np.float32
    np.testing.assert_array_equal(found["read/table"], rounded)


@pytest.mark.parametrize(
    "tensor",
    [
        pytest.param(table(), id="off the grid"),
        pytest.param(to_grid(table())[:100], id="small"),
        pytest.param(to_grid(table()).astype(np.float64), id="double"),
        pytest.param(to_grid(table()).reshape(ROWS, 4, 4), id="three dimensions"),
        pytest.param(np.full((ROWS, COLUMNS), np.nan, np.float32), id="not numbers"),
        pytest.param(np.full((ROWS, COLUMNS), np.inf, np.float32), id="endless"),
        pytest.param(np.ones((ROWS, COLUMNS), np.int8), id="bytes already"),
    ],
)
def test_everything_else_is_kept_as_it_is(tensor: Array) -> None:
    found = packed({"table": tensor})
    assert found["table"] is tensor
    assert list(found) == ["table"]


@pytest.mark.parametrize("factor", [1e-44, 1e-38, 1e37])
def test_very_small_and_very_large_numbers(factor: float) -> None:
    rounded = to_grid((np.ones((ROWS, COLUMNS)) * factor).astype(np.float32))
    np.testing.assert_array_equal(unpacked(packed({"t": rounded}), "weights")["t"], rounded)


@pytest.mark.parametrize(
    ("tensors", "told"),
    [
        ({"t#step": np.ones(2, np.float32)}, "nothing"),
        ({"t": np.ones((3, 2), np.float32), "t#step": np.ones(2, np.float32)}, "float32"),
        ({"t": np.ones((3, 2), np.int8), "t#step": np.ones(3, np.float32)}, r"\(3,\)"),
        ({"t": np.ones((3, 2), np.int8), "t#step": np.ones(2)}, "float64"),
        ({"t": np.ones(2, np.int8), "t#step": np.ones(2, np.float32)}, r"int8 \(2,\)"),
    ],
)
def test_steps_without_a_table_they_fit_are_refused(tensors: dict[str, Array], told: str) -> None:
    with pytest.raises(BundleMismatch, match=told) as refused:
        unpacked(tensors, "model.safetensors")
    assert refused.value.key.startswith("model.safetensors: t")


def test_a_bundle_with_such_a_table_is_small_and_scores_the_same(tmp_path: Path) -> None:
    layers = (
        LayerSpec("words", "Embedding", ("ids",), {}, {"table": "words/table"}),
        LayerSpec("mean", "GlobalAveragePooling1D", ("words",)),
    )
    spec = GraphSpec((InputSpec("ids", (8,), "int"),), layers, ("mean",))
    network = Network(spec, {"words/table": to_grid(table())})
    bundle = ModelBundle("small", 0.5, network, None, "")
    write_bundle(bundle, tmp_path / "small")
    assert (tmp_path / "small" / "model.safetensors").stat().st_size < 1.1 * ROWS * COLUMNS
    ids = np.random.default_rng(1).integers(0, ROWS, (20, 8))
    loaded = load_bundle(tmp_path / "small")
    np.testing.assert_array_equal(loaded.network(ids), network(ids))
