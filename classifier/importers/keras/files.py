"""The files Keras writes: ``.keras`` (a zip, Keras 3 and late 2) and ``.h5`` (Keras 1 to 3)."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from classifier.documents import Document
from classifier.errors import BundleMismatch
from classifier.importers.keras.hdf5 import SIGNATURE, Group, open_hdf5

Version = tuple[int, int]

_ZIP = b"PK\x03\x04"
_METADATA, _CONFIG, _WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
_LARGEST_TEXT, _LARGEST_WEIGHTS = 64 << 20, 1 << 30
_VERSION = re.compile(r"(\d+)(?:\.(\d+))?")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, eq=False, slots=True)
class KerasFile:
    """What a file holds, whichever of the two it is.

    Attributes:
        written_by: Keras's version as it is recorded; ``1`` if none is.
        backend: what Keras ran on, if that is recorded.
        model: class name and config of the model.
        weights: the group of the weights.
        by_path: they are laid out by the layers' order (``.keras``), not by their names.
        vocabularies: by path of the layer, the words that a ``TextVectorization`` was given.
    """

    written_by: str
    backend: str | None
    model: Document
    weights: Group
    by_path: bool
    vocabularies: dict[str, tuple[str, ...]]

    @property
    def version(self) -> Version:
        """Major and minor version."""
        found = _VERSION.match(self.written_by)
        return (int(found[1]), int(found[2] or 0)) if found else (0, 0)

    @property
    def standalone(self) -> bool:
        """Whether it was Keras as a package of its own, not the one inside TensorFlow 1 and 2."""
        return self.version < (2, 4) and not self.written_by.endswith("-tf")


@contextmanager
def open_keras(data: bytes, key: str) -> Iterator[KerasFile]:
    """Give what the Keras file ``data`` holds; its weights can be read while it is open.

    Args:
        data: the whole file.
        key: its name, for messages.

    Raises:
        BundleMismatch: if it is no Keras model, damaged, or of an unknown version.
        ModelError: if h5py is not installed.
    """
    if data.startswith(_ZIP):
        with _open_zip(data, key) as file:
            yield _of_known_version(file, key)
    elif data.startswith(SIGNATURE):
        with _open_h5(data, key) as file:
            yield _of_known_version(file, key)
    else:
        raise BundleMismatch(key, "a Keras model (.keras or .h5)", f"{data[:8]!r}")


@contextmanager
def _open_zip(data: bytes, key: str) -> Iterator[KerasFile]:
    with _readable_zip(key):
        archive = zipfile.ZipFile(io.BytesIO(data))
    with archive:
        metadata = Document.parse(_member(archive, _METADATA, key), f"{key}: {_METADATA}")
        model = Document.parse(_member(archive, _CONFIG, key), f"{key}: {_CONFIG}")
        vocabularies = _vocabularies(archive, key)
        weights = _member(archive, _WEIGHTS, key)
    with open_hdf5(weights, f"{key}: {_WEIGHTS}") as group:
        version = metadata.get("keras_version", str)
        yield KerasFile(version, None, model, group, by_path=True, vocabularies=vocabularies)


@contextmanager
def _open_h5(data: bytes, key: str) -> Iterator[KerasFile]:
    with open_hdf5(data, key) as root:
        config = root.attribute("model_config")
        weights = root.find("model_weights")
        if config is None or weights is None:
            raise BundleMismatch(f"{key}: model_config", "a whole model", "its weights alone")
        yield KerasFile(
            root.attribute("keras_version") or weights.attribute("keras_version") or "1",
            root.attribute("backend") or weights.attribute("backend"),
            Document.parse(config.encode(), f"{key}: model_config"),
            weights,
            by_path=False,
            vocabularies={},
        )


def _of_known_version(file: KerasFile, key: str) -> KerasFile:
    if file.version[0] not in (1, 2, 3):
        raise BundleMismatch(f"{key}: keras_version", "1, 2 or 3", file.written_by)
    return file


def _vocabularies(archive: zipfile.ZipFile, key: str) -> dict[str, tuple[str, ...]]:
    """Return the vocabularies by layer: ``assets/layers/text_vectorization/…/vocabulary.txt``."""
    found: dict[str, tuple[str, ...]] = {}
    for name in archive.namelist():
        parts = name.replace("\\", "/").split("/")
        if parts[0] == "assets" and parts[-1] == "vocabulary.txt":
            layer = [part for part in parts[1:-1] if part != "_lookup_layer"]
            text = _decoded(_member(archive, name, key), f"{key}: {name}")
            found["/".join(layer)] = tuple(text.removesuffix("\n").split("\n"))
    return found


def _member(archive: zipfile.ZipFile, name: str, key: str) -> bytes:
    """Return a file of ``archive``, of which no more is unpacked than a model can need."""
    largest = _LARGEST_WEIGHTS if name == _WEIGHTS else _LARGEST_TEXT
    if name not in archive.namelist():
        raise BundleMismatch(f"{key}: {name}", "a file", "nothing")
    with _readable_zip(f"{key}: {name}"), archive.open(name) as member:
        data = member.read(largest + 1)
    if len(data) > largest:
        raise BundleMismatch(f"{key}: {name}", f"at most {largest} bytes", "more")
    return data


def _decoded(data: bytes, key: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BundleMismatch(key, "UTF-8", error) from error


@contextmanager
def _readable_zip(key: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise BundleMismatch(key, "a whole zip file", error) from error
