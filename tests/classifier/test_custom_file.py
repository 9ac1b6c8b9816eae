"""A user's Python file: whatever is wrong with it is one line with its name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier import BundleMissing, ModelError
from classifier.importers.custom import load_custom
from tests.classifier.layers import network, run

LAYER = """
from classifier.network import register_layer


class Broken:
    def __init__(self, spec, weights):
        self.fails = spec.config["fails"]
        if self.fails == "built":
            weights["none"]

    def shape(self, shapes):
        if self.fails == "measured":
            return (shapes[9],)
        return (shapes[0],)

    def __call__(self, inputs, mask):
        return (inputs[0] @ [1.0],)


register_layer("Broken", Broken)
"""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import nowhere_to_be_found", "line 1: ModuleNotFoundError"),
        ("x = 1\ny = x / 0", "line 2: ZeroDivisionError: division by zero"),
        ("def f(:\n", r"SyntaxError: .*line 1"),
        ("raise SystemExit(3)", "line 1: SystemExit: 3"),
        ("raise ValueError('two\\nlines')", "line 1: ValueError: two$"),
        (
            "from classifier.network import register_layer\nregister_layer('Dense', None)",
            "line 2: ValueError: Dense is a layer of this runtime",
        ),
        ("", "registers no layer"),
        ("class Gate: pass", "registers no layer"),
    ],
)
def test_a_file_that_fails_or_registers_nothing_is_told(
    code: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.py"
    path.write_text(code)
    with pytest.raises(ModelError, match=told) as caught:
        load_custom(path)
    assert caught.value.path == path
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_missed(tmp_path: Path) -> None:
    for path in (tmp_path / "own.py", tmp_path):
        with pytest.raises(BundleMissing):
            load_custom(path)


def test_a_file_may_be_run_twice(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(LAYER)
    assert "Broken" in load_custom(path)
    assert "Broken" in load_custom(path)


def test_what_a_layer_of_ones_own_raises_is_told_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(LAYER)
    load_custom(path)
    with pytest.raises(ModelError, match="layer 'tested': KeyError: 'none'"):
        network("Broken", [(3,)], {"fails": "built"})
    with pytest.raises(ModelError, match="layer 'tested': IndexError"):
        network("Broken", [(3,)], {"fails": "measured"})
    with pytest.raises(ModelError, match="layer 'tested': ValueError"):
        run("Broken", [np.ones((2, 3))], {"fails": "called"})
