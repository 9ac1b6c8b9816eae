from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from classifier.errors import BundleMismatch
from classifier.safetensors import read_tensors, write_tensors

_TWO = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "b": np.array([-1, 2], dtype=np.int64),
}


def _file(header: Any, body: bytes = b"") -> bytes:
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + body


def _entry(dtype: object, shape: object, offsets: object) -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u1", "?"])
def test_what_is_written_is_read_back(dtype: str) -> None:
    tensor = np.array([[0, 1], [1, 1]], dtype=dtype)
    read = read_tensors(write_tensors({"x": tensor, "none": tensor[:0]}), "file")
    assert read["x"].dtype == tensor.dtype
    assert read["x"].tolist() == tensor.tolist()
    assert read["none"].shape == (0, 2)


def test_the_layout_is_that_of_the_format() -> None:
    body = np.array([1.5, -2], dtype="<f4").tobytes()
    metadata = {"__metadata__": {"made": "elsewhere"}}
    read = read_tensors(_file({**metadata, "w": _entry("F32", [2], [0, 8])}, body), "file")
    assert list(read) == ["w"]
    assert read["w"].tolist() == [1.5, -2]


def test_bfloat16_is_widened_without_a_change() -> None:
    values = np.array([[1.0, -2.5], [3.140625, 2.0**-130]], dtype="<f4")
    halves = (values.view("<u4") >> 16).astype("<u2")
    read = read_tensors(_file({"w": _entry("BF16", [2, 2], [0, 8])}, halves.tobytes()), "file")
    assert read["w"].dtype == np.float32
    assert read["w"].tolist() == values.tolist()
    with pytest.raises(BundleMismatch, match="shape"):
        read_tensors(_file({"w": _entry("BF16", [2], [0, 8])}, bytes(8)), "file")


@pytest.mark.parametrize("lost", [1, 8, 60, 100])
def test_a_truncated_file_is_refused(lost: int) -> None:
    with pytest.raises(BundleMismatch, match=r"weights\.safetensors"):
        read_tensors(write_tensors(_TWO)[:-lost], "weights.safetensors")


@pytest.mark.parametrize(
    ("header", "body", "named"),
    [
        (b"not json", b"", "JSON"),
        ([], b"", "an object"),
        ({"w": 3}, b"", "an object"),
        ({"w": _entry("F32", [2], [0, 4])}, bytes(4), "shape"),
        ({"w": _entry("F32", [-1], [0, 4])}, bytes(4), "negative"),
        ({"w": _entry("F32", [2**62, 4], [0, 0])}, b"", "shape"),
        ({"w": _entry("F32", [1] * 100, [0, 4])}, bytes(4), "shape"),
        ({"w": _entry("F32", [1.0], [0, 4])}, bytes(4), "whole number"),
        ({"w": _entry("F32", [True], [0, 4])}, bytes(4), "whole number"),
        ({"w": _entry("PICKLE", [1], [0, 4])}, bytes(4), "PICKLE"),
        ({"w": _entry("F32", [1], [4, 0])}, bytes(4), "start and end"),
        ({"w": _entry("F32", [1], [0])}, bytes(4), "start and end"),
        ({"w": {"dtype": "F32", "shape": [1]}}, bytes(4), "data_offsets"),
        ({"w": _entry("F32", [1], [0, 4])}, bytes(8), "size"),
        ({"w": _entry("F32", [1], [0, 4]), "v": _entry("F32", [1], [0, 4])}, bytes(4), "start"),
        ({"w": _entry("F32", [1], [4, 8])}, bytes(8), "start at 0"),
        (b'{"w": 1, "w": 2}', b"", "twice"),
        (b'{"w": ' + b"[" * 100_000, b"", "JSON"),
    ],
)
def test_a_header_that_does_not_add_up_is_refused(header: Any, body: bytes, named: str) -> None:
    with pytest.raises(BundleMismatch, match=named):
        read_tensors(_file(header, body), "file")


def test_a_header_longer_than_the_file_is_refused() -> None:
    with pytest.raises(BundleMismatch):
        read_tensors((2**63).to_bytes(8, "little") + b"{}", "file")
    with pytest.raises(BundleMismatch):
        read_tensors(b"", "file")
