"""HDF5 files from anywhere, read without trust.

A file is opened from memory; what leads out of it (soft and external links, external and
virtual data) and what it only claims to hold is refused before anything is allocated.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from classifier.errors import BundleMismatch, ModelError
from classifier.network import Array

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_DEEPEST = 32
_DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError, MemoryError)


@contextmanager
def open_hdf5(data: bytes, key: str) -> Iterator[Group]:
    """Give the root group of the HDF5 file that ``data`` is.

    Raises:
        ModelError: if h5py is not installed.
        BundleMismatch: naming ``key``, if the file is damaged or no HDF5.
    """
    h5py = _h5py()
    if not data.startswith(SIGNATURE):
        raise BundleMismatch(key, "an HDF5 file", f"{data[:8]!r}")
    with _readable(key):
        file = h5py.File(io.BytesIO(data), "r")
    with file:
        yield Group(file, key, len(data))


class Group:
    """A group of an HDF5 file.

    Attributes:
        key: where it stands, for messages: ``model.h5: /model_weights/dense``.
    """

    def __init__(self, group: Any, key: str, size: int, depth: int = 0) -> None:
        self._group, self._size, self._depth = group, size, depth
        self.key = key

    def attribute(self, name: str) -> str | None:
        """Return the attribute ``name`` as text, or None if it is not there."""
        found = self.texts(name)
        return None if found is None else "".join(found)

    def texts(self, name: str) -> list[str] | None:
        """Return the texts in the attribute ``name``, or None if it is not there.

        Keras splits a list that is too long for one attribute into ``name0``, ``name1``….
        """
        with _readable(f"{self.key}: {name}"):
            if name in self._group.attrs:
                return self._read_texts(name)
            parts: list[list[str]] = []
            while (part := f"{name}{len(parts)}") in self._group.attrs:
                parts.append(self._read_texts(part))
            return [text for texts in parts for text in texts] if parts else None

    def _read_texts(self, name: str) -> list[str]:
        attribute = self._group.attrs.get_id(name)
        if 0 in attribute.shape:  # h5py writes an empty list as one of numbers
            return []
        # What is no text must not be read at all: of a damaged type HDF5 itself fails.
        if not isinstance(attribute.get_type(), _h5py().h5t.TypeStringID):
            raise TypeError("no text")
        return [_text(value) for value in np.atleast_1d(self._group.attrs[name])]

    def find(self, path: str) -> Group | None:
        """Return the group at ``path`` below this one, or None if there is nothing."""
        found = self._follow(path)
        if found is None or isinstance(found, Group):
            return found
        raise BundleMismatch(f"{self.key}/{path}", "a group", "an array")

    def array(self, path: str) -> Array:
        """Return the array at ``path`` below this group.

        Raises:
            BundleMismatch: if it is not there, lies outside, or is larger than the file.
        """
        key = f"{self.key}/{path}"
        found = self._follow(path)
        if found is None or isinstance(found, Group):
            raise BundleMismatch(key, "an array", "nothing" if found is None else "a group")
        with _readable(key):
            self._expect_inside(found, key)
            return np.asarray(found[()])

    def arrays(self) -> Iterator[str]:
        """Yield the path of every array below this group, numbered ones by their number."""
        for name in sorted(self._names(), key=_by_number):
            found = self._follow(name)
            if isinstance(found, Group):
                yield from (f"{name}/{path}" for path in found.arrays())
            else:
                yield name

    def _names(self) -> list[str]:
        with _readable(self.key):
            return [str(name) for name in self._group]

    def _follow(self, path: str) -> Any:
        """Return a ``Group``, h5py's dataset, or None."""
        current: Any = self
        for name in filter(None, path.split("/")):
            current = current._child(name) if isinstance(current, Group) else None
            if current is None:
                return None
        return current

    def _child(self, name: str) -> Any:
        h5py = _h5py()
        key = f"{self.key}/{name}"
        with _readable(key):
            link = self._group.get(name, getlink=True) if name in self._group else None
            if link is None:
                return None
            if not isinstance(link, h5py.HardLink):
                raise BundleMismatch(key, "what is in the file", type(link).__name__)
            child = self._group[name]
            if isinstance(child, h5py.Dataset):
                return child
            if not isinstance(child, h5py.Group):
                raise BundleMismatch(key, "an array or a group", type(child).__name__)
        if self._depth >= _DEEPEST:
            raise BundleMismatch(key, f"at most {_DEEPEST} levels", "more")
        return Group(child, key, self._size, self._depth + 1)

    def _expect_inside(self, dataset: Any, key: str) -> None:
        if dataset.external or dataset.is_virtual:
            raise BundleMismatch(key, "what is in the file", "what is in another one")
        if dataset.dtype.kind not in "fiu":
            raise BundleMismatch(key, "an array of numbers", dataset.dtype)
        if math.prod(dataset.shape) * dataset.dtype.itemsize > self._size:
            raise BundleMismatch(key, "no more values than the file holds", dataset.shape)


def _h5py() -> Any:
    try:
        return import_module("h5py")
    except ImportError as error:
        hint = "reading Keras files needs h5py: pip install 'newsieve[import]'"
        raise ModelError(f"{hint} ({error})") from error


@contextmanager
def _readable(key: str) -> Iterator[None]:
    """Name what was read when h5py finds the file damaged; it says so in many ways."""
    try:
        yield
    except _DAMAGE as error:
        text = " ".join(str(error).split()) or type(error).__name__
        raise BundleMismatch(key, "a whole HDF5 file", text[:200]) from error


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, str):
        return value.encode(errors="surrogateescape").decode()  # h5py lets damage pass
    raise TypeError(f"text expected, found {type(value).__name__}")


def _by_number(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() else (1 << 62, name)
