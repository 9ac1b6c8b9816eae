"""docs/porting-facts.md names tests that are there; and the facts that no other test holds."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from classifier.importers import import_keras
from tests.classifier.keras_made import (
    EMBEDDING,
    LSTM,
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
    write_keras,
)

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "porting-facts.md"
_ROW = re.compile(r"\| (?P<fact>.+?\.) \| (?P<tests>.+) \|")
_FACTS = {
    found["fact"]: re.findall(r"`([^`]+)`", found["tests"])
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if (found := _ROW.fullmatch(line))
}


@lru_cache
def _tests_in(path: Path) -> frozenset[str]:
    parsed = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in parsed.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )


def test_every_row_of_the_page_is_a_fact_with_tests() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and line != "| fact | tests |"]
    assert len(rows) == len(_FACTS) > 50


@pytest.mark.parametrize("fact", list(_FACTS))
def test_the_tests_of_a_fact_are_there(fact: str) -> None:
    assert _FACTS[fact]
    for named in _FACTS[fact]:
        path, _, name = named.partition("::")
        assert (TESTS / path).is_file(), named
        assert name.startswith("test_"), named
        assert name in _tests_in(TESTS / path), named


@pytest.mark.parametrize("fact", list(_FACTS))
def test_a_fact_is_held_without_its_framework(fact: str) -> None:
    assert any(named.startswith("classifier/") for named in _FACTS[fact])


def test_a_largest_value_is_of_all_steps_the_hidden_ones_too(tmp_path: Path) -> None:
    largest = layer("GlobalMaxPooling1D", "largest")
    model = sequential(given(3, dtype="int32"), embedding(mask_zero=True), largest)
    table = -numbers(5, 2)  # the row of the padding is the largest
    path = write_keras(tmp_path / "m.keras", model, {"embedding": (table,)})
    found = import_keras(path).network(np.array([[1, 2, 0], [1, 2, 3]]))
    np.testing.assert_array_equal(found, [table[0], table[1]])


def test_behind_a_convolution_no_step_is_hidden(tmp_path: Path) -> None:
    config = {"filters": 2, "kernel_size": [1], "activation": "linear", "use_bias": False}
    convolution = layer("Conv1D", "convolution", **config)
    first = [given(3, dtype="int32"), embedding(mask_zero=True)]
    weights = {**EMBEDDING, **LSTM, "conv1d": (np.eye(2, dtype=np.float32)[None],)}
    ids = np.array([[1, 2, 0]])
    answers = {}
    for name, layers in {
        "masked": [*first, lstm()],
        "convolved": [*first, convolution, lstm()],
        "open": [given(3, dtype="int32"), embedding(), lstm()],
    }.items():
        used = weights if name == "convolved" else {**EMBEDDING, **LSTM}
        path = write_keras(tmp_path / f"{name}.keras", sequential(*layers), used)
        answers[name] = import_keras(path).network(ids)
    # The convolution changes no value: what it changes is that the last step counts.
    np.testing.assert_array_equal(answers["convolved"], answers["open"])
    assert not np.allclose(answers["convolved"], answers["masked"])


def test_weights_go_by_the_order_of_their_class_and_not_by_name(tmp_path: Path) -> None:
    first, second = numbers(2, 2), 7 * numbers(2, 2)
    model = functional(
        given(2),
        called(dense(name="dense_1", use_bias=False), call(tensor("given"))),
        called(dense(name="dense", use_bias=False), call(tensor("dense_1"))),
        outputs=[("dense_1", 0, 0), ("dense", 0, 0)],
    )
    path = write_keras(tmp_path / "m.keras", model, {"dense": (first,), "dense_1": (second,)})
    one, other = import_keras(path).network(np.eye(2))
    np.testing.assert_allclose(one, first)
    np.testing.assert_allclose(other, first @ second, rtol=1e-6)
