"""A text as the mean and the maximum of its word vectors.

The vectors are navec's ``news_v1_1B_250K_300d_100q``: GloVe vectors of 250,000 Russian words,
learned from a billion words of news and quantized. They are part of the package natasha and are
read by the package navec, both of the Natasha project (https://github.com/natasha, MIT licence).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from classifier.errors import ModelError
from classifier.network import Array
from classifier.text import Cleaner
from classifier.text.clean import Keep
from classifier.training.extras import bring

SIZE = 300
_FILE = Path("data", "emb", "navec_news_v1_1B_250K_300d_100q.tar")
_SPREAD, _UNKNOWN_SPREAD = 0.3, 0.1
_FOR_DIRECTIONS = 15_000  # words: the most frequent ones come first, and more change nothing
_CLEANER = Cleaner(addresses=Keep.MARK, lemmas=False, yo=False)


def mean_and_maximum(texts: Sequence[str]) -> Array:
    """Return the mean and the maximum of the vectors of each text's words: (texts, 2 · SIZE).

    Words without a vector are left out; a text that has no others becomes zeros.

    Raises:
        ModelError: if the packages are not installed.
    """
    vectors = _word_vectors()
    return np.array([_pooled(vectors, text) for text in texts], np.float32).reshape(-1, 2 * SIZE)


def narrow_vectors(words: Sequence[str], size: int, *, seed: int = 0) -> Array:
    """Return small vectors of ``words``: (words, size), to begin to learn with.

    They are the directions in which the vectors of all known words differ most; words without a
    vector get a short one at random.

    Raises:
        ModelError: if the packages are not installed.
    """
    vectors = _word_vectors()
    found: Array = np.random.default_rng(seed).normal(0, _UNKNOWN_SPREAD, (len(words), size))
    known = [i for i, word in enumerate(words) if word and word in vectors]
    wide = np.array([vectors[words[i]] for i in known], np.float32).reshape(-1, SIZE)
    if len(known) >= size:
        wide -= wide.mean(axis=0)
        _, _, directions = np.linalg.svd(wide[:_FOR_DIRECTIONS], full_matrices=False)
        narrow = wide @ directions[:size].T
        found[known] = narrow / narrow.std() * _SPREAD
    return found.astype(np.float32)


def _pooled(vectors: Any, text: str) -> Array:
    found = [vectors[word] for word in _CLEANER.words(text) if word in vectors]
    if not found:
        return np.zeros(2 * SIZE, np.float32)
    return np.concatenate([np.mean(found, axis=0), np.max(found, axis=0)])


@cache
def _word_vectors() -> Any:
    navec = bring("navec", "distil")
    path = _package_folder() / _FILE
    if not path.is_file():
        raise ModelError("the installed natasha has no such word vectors", path=path)
    return navec.Navec.load(str(path))


def _package_folder() -> Path:
    """Return where natasha is: it is not imported, for only its data is wanted."""
    spec = find_spec("natasha")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError("needs newsieve[distil]")
    return Path(spec.submodule_search_locations[0])
