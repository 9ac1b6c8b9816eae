"""The safetensors format with numpy alone.

Eight bytes with the header's length (little-endian), the header as JSON (name →
dtype, shape, offsets), then the raw values. Nothing in it can be executed.

numpy has no bfloat16, which is the upper half of a float32: it is widened to that, exactly.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.documents import Document, typed
from classifier.errors import BundleMismatch

Array = npt.NDArray[Any]

_DTYPES: Mapping[str, str] = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U16": "<u2",
    "U8": "|u1",
    "BOOL": "|b1",
}
_BFLOAT16 = "BF16"
_READABLE = {**_DTYPES, _BFLOAT16: "<u2"}
_CODES = {np.dtype(dtype): code for code, dtype in _DTYPES.items()}
_PREFIX = 8
_MOST_DIMENSIONS = 8


def opens_safetensors(start: bytes) -> bool:
    """Return whether a file that starts so means to be one: JSON stands after eight bytes."""
    return start[_PREFIX : _PREFIX + 1] == b"{" and not start.lstrip().startswith(b"{")


def read_tensors(data: bytes, key: str) -> dict[str, Array]:
    """Return the arrays that ``data`` holds, by name; they are read-only views, but for
    bfloat16, which becomes float32.

    Raises:
        BundleMismatch: naming ``key``, if anything in it does not add up.
    """
    size = int.from_bytes(data[:_PREFIX], "little")
    if len(data) < _PREFIX or size > len(data) - _PREFIX:
        raise BundleMismatch(key, "a safetensors header", f"{len(data)} bytes")
    header = Document.parse(data[_PREFIX : _PREFIX + size], key)
    body = memoryview(data)[_PREFIX + size :]
    entries = {name: header.child(name) for name in header.fields if name != "__metadata__"}
    _expect_seamless([_span(entry) for entry in entries.values()], len(body), key)
    return {name: _array(entry, body) for name, entry in entries.items()}


def write_tensors(tensors: Mapping[str, Array]) -> bytes:
    """Return ``tensors`` as a safetensors file."""
    header, bodies, offset = {}, [], 0
    for name, tensor in tensors.items():
        code = _CODES[tensor.dtype.newbyteorder("<")]
        body = np.ascontiguousarray(tensor, dtype=_DTYPES[code]).tobytes()
        span = [offset, offset + len(body)]
        header[name] = {"dtype": code, "shape": list(tensor.shape), "data_offsets": span}
        bodies.append(body)
        offset += len(body)
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % _PREFIX)  # so that the values lie aligned
    return b"".join([len(head).to_bytes(_PREFIX, "little"), head, *bodies])


def _array(entry: Document, body: memoryview) -> Array:
    dtype = _dtype(entry)
    shape = _whole_numbers(entry, "shape")
    start, end = _span(entry)
    # Python's own numbers: a shape that overflows 64 bits cannot pass as a small one.
    if len(shape) > _MOST_DIMENSIONS or math.prod(shape) * dtype.itemsize != end - start:
        raise BundleMismatch(f"{entry.key}: shape", f"{end - start} bytes", shape)
    array = np.frombuffer(body[start:end], dtype=dtype).reshape(shape)
    return _widened(array) if entry.get("dtype", str) == _BFLOAT16 else array


def _widened(halves: Array) -> Array:
    return (halves.astype("<u4") << 16).view("<f4")


def _dtype(entry: Document) -> np.dtype[Any]:
    code = entry.get("dtype", str)
    if code not in _READABLE:
        raise BundleMismatch(f"{entry.key}: dtype", f"one of {', '.join(_READABLE)}", code)
    return np.dtype(_READABLE[code])


def _span(entry: Document) -> tuple[int, int]:
    span = _whole_numbers(entry, "data_offsets")
    if len(span) != 2 or span[0] > span[1]:
        raise BundleMismatch(f"{entry.key}: data_offsets", "start and end", list(span))
    return span[0], span[1]


def _whole_numbers(entry: Document, name: str) -> tuple[int, ...]:
    key = f"{entry.key}: {name}"
    numbers = tuple(typed(number, int, key) for number in entry.get(name, list))
    if any(number < 0 for number in numbers):
        raise BundleMismatch(key, "no negative number", list(numbers))
    return numbers


def _expect_seamless(spans: list[tuple[int, int]], size: int, key: str) -> None:
    """Every byte of the body belongs to exactly one array."""
    position = 0
    for start, end in sorted(spans):
        if start != position:
            raise BundleMismatch(f"{key}: data_offsets", f"start at {position}", start)
        position = end
    if position != size:
        raise BundleMismatch(f"{key}: size", f"{position} bytes of values", size)
