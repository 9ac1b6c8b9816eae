from __future__ import annotations

import numpy as np
import pytest

from classifier.errors import BundleMismatch, UnsupportedLayer
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network

X = np.array([[[3.0], [-2.0], [5.0], [7.0]]])
Y = np.array([[[1.0], [-4.0], [9.0], [-6.0]]])
X_COUNTS = np.array([[1, 1, 0, 0]])
Y_COUNTS = np.array([[1, 0, 1, 0]])


def _merged(kind: str, masked: tuple[bool, bool]) -> Array:
    """What a merge of X and Y answers, each with its mask if it is ``masked``."""
    inputs = [InputSpec("x", (4, 1)), InputSpec("y", (4, 1))]
    given = {"x": X, "y": Y}
    layers, read = [], ["x", "y"]
    for name, counts, has in zip("xy", (X_COUNTS, Y_COUNTS), masked, strict=True):
        if has:
            inputs.append(InputSpec(f"{name}_counts", (4,)))
            given[f"{name}_counts"] = counts
            layers.append(LayerSpec(f"{name}_mask", "NotEqual", (f"{name}_counts",), {"value": 0}))
            read.append(f"{name}_mask")
    layers.append(LayerSpec("merge", kind, tuple(read), {"masked": list(masked)}))
    network = Network(GraphSpec(tuple(inputs), tuple(layers), ("merge",)), {}, dtype=np.float64)
    found: Array = network(given)
    assert network.output_shapes == (found.shape[1:],)
    return found[0, :, 0]


@pytest.mark.parametrize(
    ("kind", "masked", "expected"),
    [
        # both count · only x · only y · neither
        ("MaskedMultiply", (True, True), [3.0, -2.0, 9.0, 0.0]),
        ("MaskedMultiply", (True, False), [3.0, 8.0, 9.0, -6.0]),
        ("MaskedMaximum", (True, True), [3.0, -2.0, 9.0, 7.0]),
        ("MaskedMinimum", (True, True), [1.0, -2.0, 9.0, 7.0]),
        ("MaskedMaximum", (True, False), [3.0, -2.0, 9.0, -6.0]),
        ("MaskedMinimum", (False, True), [1.0, -2.0, 5.0, 7.0]),
    ],
)
def test_a_masked_step_takes_no_part_in_a_merge(
    kind: str, masked: tuple[bool, bool], expected: list[float]
) -> None:
    assert _merged(kind, masked).tolist() == expected


@pytest.mark.parametrize("masked", [None, [], [True], [False, False], [1, True], ["x", True]])
def test_a_merge_says_which_of_its_inputs_are_masked(masked: object) -> None:
    layer = LayerSpec("merge", "MaskedMaximum", ("x", "y"), {"masked": masked})
    spec = GraphSpec((InputSpec("x", (4, 1)), InputSpec("y", (4, 1))), (layer,), ("merge",))
    with pytest.raises(UnsupportedLayer, match="masked"):
        Network(spec, {})


@pytest.mark.parametrize(
    ("shapes", "masked"),
    [
        ([(4, 1), (4, 1)], [True, False]),
        ([(4, 1), (4, 2), (4,)], [True, False]),
        ([(4, 1), (4, 1), (3,)], [True, False]),
        ([(4,), (4,), (4,)], [True, False]),
    ],
)
def test_inputs_that_do_not_belong_together_are_refused(
    shapes: list[tuple[int, ...]], masked: list[bool]
) -> None:
    names = [f"x{i}" for i in range(len(shapes))]
    layer = LayerSpec("merge", "MaskedMultiply", tuple(names), {"masked": masked})
    inputs = tuple(InputSpec(name, shape) for name, shape in zip(names, shapes, strict=True))
    with pytest.raises(BundleMismatch, match="merge"):
        Network(GraphSpec(inputs, (layer,), ("merge",)), {})
