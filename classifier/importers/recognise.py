"""What a file is, told by its content: names end in anything."""

from __future__ import annotations

import zipfile
from enum import Enum
from pathlib import Path

from classifier.bundle import MANIFEST, is_folder, read_file
from classifier.documents import parse_json
from classifier.errors import BundleMismatch, BundleMissing, ModelError
from classifier.importers import sklearn
from classifier.safetensors import opens_safetensors

_HDF5 = b"\x89HDF\r\n\x1a\n"
ZIP = b"PK\x03\x04"
PICKLE = b"\x80"
_START = 16


class Format(Enum):
    """What the files of a model come in; the last two only go with another."""

    KERAS = "a Keras model"
    MATRICES = "weights matrix by matrix"
    SAFETENSORS = "a safetensors file"
    TORCH = "a state_dict of PyTorch"
    SKLEARN = "an exported scikit-learn model"
    WEIGHTS_JSON = "a one-file JSON"
    SPEC = "a spec file"
    TOKENIZER = "a tokenizer"


def recognise(path: Path) -> Format:
    """Return what the file or folder at ``path`` is.

    Raises:
        BundleMissing: if nothing is there.
        BundleMismatch: if it is nothing that a model comes in.
        ModelError: if it cannot be read, or h5py is needed and not installed.
    """
    if is_folder(path):
        if (path / MANIFEST).exists():
            raise BundleMismatch("folder", "a model to import", "a ModelBundle", path=path)
        return Format.MATRICES
    start = _start(path)
    if start.startswith(_HDF5):
        return _of_hdf5(path)
    if start.startswith(ZIP):
        return _of_zip(path)
    if opens_safetensors(start):
        return Format.SAFETENSORS
    if start.startswith(PICKLE):
        return Format.TORCH
    return Format.SPEC if path.suffix == ".toml" else _of_json(path)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_START)
    except FileNotFoundError:
        raise BundleMissing("no such file", path=path) from None
    except OSError as error:
        raise ModelError(error.strerror or str(error), path=path) from error


def _of_hdf5(path: Path) -> Format:
    """Without a config there are weights alone."""
    from classifier.importers.keras.hdf5 import open_hdf5  # noqa: PLC0415  h5py is an extra

    with open_hdf5(read_file(path), path.name) as root:
        return Format.MATRICES if root.attribute("model_config") is None else Format.KERAS


def _of_zip(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise BundleMismatch("file", "a whole zip file", error, path=path) from error
    if "config.json" in names:
        return Format.KERAS
    if any(name.endswith("data.pkl") for name in names):
        return Format.TORCH
    raise BundleMismatch("zip", "config.json or data.pkl", ", ".join(names[:5]), path=path)


def _of_json(path: Path) -> Format:
    content = parse_json(read_file(path), path.name)
    keys = content.keys() if isinstance(content, dict) else set()
    if isinstance(content, dict) and content.get("schema") == sklearn.SCHEMA:
        return Format.SKLEARN
    if "emb_weights" in keys:
        return Format.WEIGHTS_JSON
    return Format.SPEC if {"inputs", "layers"} <= keys else Format.TOKENIZER
