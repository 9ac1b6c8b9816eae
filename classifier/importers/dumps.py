"""Weights that somebody wrote out matrix by matrix, with nothing that says what they are for.

- a folder of ``np.savetxt`` files, ``<layer>_<name>.txt``: ``0_param_10.txt`` by the number
  of the matrix, ``0_lstm_1_W_i.txt`` by the name that Keras gave it;
- an HDF5 file of old tutorials, ``/layer_0/param_10``;
- an HDF5 file that ``save_weights`` of Keras 1 or 2 wrote, which lists its names.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from classifier.bundle import is_folder, read_file, sha256
from classifier.errors import BundleMismatch, BundleMissing
from classifier.importers.keras.hdf5 import Group, open_hdf5
from classifier.network import Array

_FILE = re.compile(r"(\d+)_(.+)\.txt")
_GROUP = re.compile(r"layer_(\d+)/(.+)")
_NUMBERED = re.compile(r"param_(\d+)")


@dataclass(frozen=True, eq=False, slots=True)
class Matrix:
    """One array of a dump.

    Attributes:
        name: as it stands in the dump, without the layer.
        place: the whole of it, for messages.
        exact: the dump keeps the number of dimensions; text keeps two at most.
    """

    name: str
    place: str
    array: Array
    exact: bool

    def shaped(self, rank: int | None) -> Matrix:
        """Return the matrix with ``rank`` dimensions: a column of text may be a vector."""
        vector = not self.exact and rank == 1 and 1 in self.array.shape
        return replace(self, array=self.array.ravel()) if vector else self


Dump = list[list[Matrix]]
"""By layer, its matrices: in the order of their numbers, if that is what they are called by."""


def read_dump(path: Path) -> tuple[Dump, str]:
    """Return what ``path``, a folder or an HDF5 file, holds, and the hash of it all.

    Layers without weights are not in it.

    Raises:
        BundleMissing: if nothing is there.
        BundleMismatch: naming the file that is no matrix of numbers.
        ModelError: if it cannot be read, or h5py is needed and not installed.
    """
    if is_folder(path):
        return _read_folder(path)
    data = read_file(path)
    with open_hdf5(data, path.name) as root:
        return _read_groups(root), sha256(data)


def by_number(matrices: list[Matrix]) -> bool:
    """Tell whether all of ``matrices`` are called by their numbers."""
    return all(_NUMBERED.fullmatch(matrix.name) for matrix in matrices)


def _read_folder(folder: Path) -> tuple[Dump, str]:
    names = sorted(path.name for path in folder.iterdir() if path.suffix == ".txt")
    if not names:
        raise BundleMissing("no matrices (.txt) in it", path=folder)
    files = {name: read_file(folder / name) for name in names}
    hashes = "\n".join(f"{name} {sha256(data)}" for name, data in files.items())
    return _by_layer(_file(name, data) for name, data in files.items()), sha256(hashes.encode())


def _file(name: str, data: bytes) -> tuple[int, Matrix]:
    layer, own = _parsed(name, _FILE)
    return layer, Matrix(own, name, _loaded(data, name), exact=False)


def _loaded(data: bytes, name: str) -> Array:
    """Return the (rows, columns) of a file that ``np.savetxt`` wrote."""
    if not data.strip():
        raise BundleMismatch(name, "rows of numbers", "nothing")
    try:
        array: Array = np.loadtxt(io.StringIO(data.decode("ascii")), ndmin=2)
    except ValueError as error:
        raise BundleMismatch(name, "rows of numbers", error) from error
    return array


def _read_groups(root: Group) -> Dump:
    if (layers := root.texts("layer_names")) is not None:
        return [found for layer in layers if (found := list(_named(root, layer)))]
    return _by_layer(_dataset(place, root) for place in root.arrays())


def _dataset(place: str, root: Group) -> tuple[int, Matrix]:
    layer, own = _parsed(place, _GROUP)
    return layer, Matrix(own, place, root.array(place), exact=True)


def _named(root: Group, layer: str) -> Iterator[Matrix]:
    group = root.find(layer)
    for name in (group.texts("weight_names") or []) if group is not None else []:
        place = f"{layer}/{name}"
        yield Matrix(
            name.rpartition("/")[2].partition(":")[0], place, root.array(place), exact=True
        )


def _by_layer(matrices: Iterator[tuple[int, Matrix]]) -> Dump:
    layers: defaultdict[int, list[Matrix]] = defaultdict(list)
    for layer, matrix in matrices:
        layers[layer].append(matrix)
    return [sorted(layers[layer], key=_number) for layer in sorted(layers)]


def _number(matrix: Matrix) -> int:
    """``param_10`` comes after ``param_2``; others stay in the order in which they were found."""
    found = _NUMBERED.fullmatch(matrix.name)
    return int(found[1]) if found else 0


def _parsed(name: str, pattern: re.Pattern[str]) -> tuple[int, str]:
    if (found := pattern.fullmatch(name)) is None:
        expected = "0_param_0.txt, 0_lstm_1_W_i.txt or layer_0/param_0"
        raise BundleMismatch(name, f"a name as {expected}", "another")
    return int(found[1]), found[2]
