"""Word vectors that others have made, for the words that are wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMissing, ModelError
from classifier.training.crossval.features import load_npy

Table = npt.NDArray[np.float32]
_PLAIN = 0.05  # Keras's embeddings start between this and its negative


@dataclass(frozen=True, eq=False, slots=True)
class Vectors:
    """Words and their vectors, all of one size."""

    size: int
    by_word: Mapping[str, npt.NDArray[np.float32]]


def read_vectors(path: Path, wanted: Collection[str]) -> Vectors:
    """Return the vectors of those of ``wanted`` that ``path`` has.

    A ``.npy`` of (words, size) has the words beside it, one a line, in a file of the same name
    that ends in ``.txt``. All else is read as text as word2vec writes it: a word and its
    numbers a line, with or without a first line that says how many there are.

    Raises:
        ModelError: naming what does not fit; or if none of ``wanted`` is there.
    """
    found = dict(_from_npy(path, wanted) if path.suffix == ".npy" else _from_text(path, wanted))
    if not found:
        raise ModelError("has none of the words of the texts", path=path)
    size = len(next(iter(found.values())))
    for word, vector in found.items():
        if not np.isfinite(vector).all():
            raise ModelError(f"vector of {word!r}: not a number in every place", path=path)
    return Vectors(size, found)


def first_table(vocabulary: Sequence[str], size: int, vectors: Vectors | None, seed: int) -> Table:
    """Return what the embedding starts with: (words, size).

    Without vectors it is even and small, as in Keras. With them a word that has none starts
    at random among them; padding is zero.
    """
    random = np.random.default_rng(seed)
    if vectors is None:
        return random.uniform(-_PLAIN, _PLAIN, (len(vocabulary), size)).astype(np.float32)
    known = np.stack(list(vectors.by_word.values()))
    drawn = random.normal(known.mean(), known.std(), (len(vocabulary), vectors.size))
    table: Table = drawn.astype(np.float32)
    table[0] = 0
    for row, word in enumerate(vocabulary):
        if word in vectors.by_word:
            table[row] = vectors.by_word[word]
    return table


def _from_npy(path: Path, wanted: Collection[str]) -> Iterator[tuple[str, Table]]:
    table, words = load_npy(path), list(_read_lines(path.with_suffix(".txt")))
    if table.ndim != 2 or len(table) != len(words):
        reason = f"shape {table.shape}, but {len(words)} words in the .txt beside it"
        raise ModelError(reason, path=path)
    for row, word in enumerate(words):
        if word in wanted:
            yield word, table[row].astype(np.float32)


def _from_text(path: Path, wanted: Collection[str]) -> Iterator[tuple[str, Table]]:
    size = 0
    for number, line in enumerate(_read_lines(path), start=1):
        word, *numbers = line.rstrip().split(" ")
        if number == 1 and len(numbers) == 1:
            continue  # how many words, and how long
        size = size or len(numbers)
        if len(numbers) != size:
            reason = f"line {number}: {len(numbers)} numbers, in the lines before {size}"
            raise ModelError(reason, path=path)
        if word in wanted:
            yield word, _vector(numbers, number, path)


def _vector(numbers: list[str], line: int, path: Path) -> Table:
    try:
        return np.array(numbers, dtype=np.float32)
    except ValueError:
        raise ModelError(f"line {line}: not a word and its numbers", path=path) from None


def _read_lines(path: Path) -> Iterator[str]:
    """Yield the lines one by one: files of vectors may be larger than the memory."""
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line.rstrip("\n")
    except FileNotFoundError:
        raise BundleMissing("no such file", path=path) from None
    except UnicodeDecodeError as error:
        raise ModelError(f"not UTF-8: {error.reason}", path=path) from error
    except OSError as error:
        raise ModelError(error.strerror or str(error), path=path) from error
