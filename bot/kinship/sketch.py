"""MinHash: a few numbers for each text, of which as many agree as the texts share phrases.

Broder, "On the resemblance and containment of documents" (1997). Phrases are three
lemmas in a row. The beginning of a text has numbers of its own, by which a text is
found of which only the beginning was taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

PHRASE = 3
"""Words of a phrase."""

FEWEST_PHRASES = 8
"""Shorter texts are compared word for word only: too many of them are alike by chance."""

WHOLE = 64
LEAD = 16
SIZE = WHOLE + LEAD
"""Numbers of a sketch: of the whole text, then of its beginning."""

LEAD_WORDS = 40
ROWS = 2
BANDS = SIZE // ROWS
"""Texts meet in the index when ROWS neighbouring numbers are equal in any of BANDS places."""

Sketch = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]

_RANDOM = np.random.default_rng(19970611)
_FACTORS = _RANDOM.integers(1, 2**63, SIZE, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SUMMANDS = _RANDOM.integers(0, 2**63, SIZE, dtype=np.uint64)
_PLACES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_MIXERS = np.array([0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)
_BANDS = _RANDOM.integers(0, 2**63, (BANDS, ROWS), dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def sketch(lemmas: Sequence[str]) -> Sketch:
    """Return the SIZE numbers of a text, or none if it is too short to be compared by them."""
    phrases = _phrases(lemmas)
    if len(phrases) < FEWEST_PHRASES:
        return np.empty(0, dtype=np.uint32)
    lead = phrases[: LEAD_WORDS - PHRASE + 1]
    return np.concatenate([_least(phrases, 0, WHOLE), _least(lead, WHOLE, SIZE)])


def bands(sketches: Sketch) -> Hashes:
    """Return the keys, BANDS a row, under which sketches (one a row) stand in an index."""
    pairs = sketches.reshape(-1, BANDS, ROWS).astype(np.uint64)
    return _mixed((pairs * _BANDS).sum(axis=2, dtype=np.uint64))


def resemblance(one: Sketch, others: Sketch) -> npt.NDArray[np.float64]:
    """Return how much ``one`` seems to share with each row of ``others``, 0…1.

    That of the whole texts, or of their beginnings, whichever is more.
    """
    equal = one == others
    whole, lead = equal[:, :WHOLE].mean(axis=1), equal[:, WHOLE:].mean(axis=1)
    found: npt.NDArray[np.float64] = np.maximum(whole, lead)
    return found


def hash_word(word: str) -> int:
    """Return 32 bits for ``word``, the same in every process."""
    return crc32(word.encode("utf-8", "surrogatepass"))


def _phrases(lemmas: Sequence[str]) -> Hashes:
    words = np.fromiter(map(hash_word, lemmas), dtype=np.uint64, count=len(lemmas))
    if len(words) < PHRASE:
        return np.empty(0, dtype=np.uint64)
    ends = len(words) - PHRASE + 1
    places = [words[i : ends + i] * _PLACES[i] for i in range(PHRASE)]
    return _mixed(places[0] + places[1] + places[2])


def _mixed(values: Hashes) -> Hashes:
    """Let every bit depend on all others (the end of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * _MIXERS[0]
    values = (values ^ (values >> np.uint64(27))) * _MIXERS[1]
    mixed: Hashes = values ^ (values >> np.uint64(31))
    return mixed


def _least(phrases: Hashes, start: int, end: int) -> Sketch:
    permuted = phrases[:, None] * _FACTORS[start:end] + _SUMMANDS[start:end]
    least: Sketch = (permuted.min(axis=0) >> np.uint64(32)).astype(np.uint32)
    return least
