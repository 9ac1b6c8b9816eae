"""How alike two texts are by what they tell of: the words that few other texts have.

    likeness = (cosine of TF-IDF + how much of each title is in the other text) / 2

Docs: docs/duplicates.md has the figures, and what was tried beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.kinship.sketch import hash_word
from bot.kinship.words import Words
from classifier.text.stop_words import STOP_WORDS

SIZE = 64
"""Different words of a text that are compared: its first ones."""

SAME = 0.42
"""From this likeness on two texts of one hour tell of the same event."""

FADING = 0.1
"""For each day between them they must be more alike: by then most tell what came of it."""

FEWEST = 6
"""A text with fewer words tells too little."""

_READ = 120
_HEAD = 12
"""Words that stand for the title of a text without one."""

_TITLE = 0x80
_TITLE_WEIGHT = 2.0
# A word of a young index, or a slip of the pen, is not worth everything.
_LARGEST_IDF = 8.0
# Before there are texts to count in, every word is as rare as one of so many.
_IMAGINED_TEXTS = 2000

_BUCKETS = 1 << 20

Ids = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Terms:
    """Words of a text.

    Attributes:
        ids: a hash of each, at most SIZE.
        codes: how often each one stands in the text, and whether in the title.
    """

    ids: Ids
    codes: Codes


def terms(words: Words) -> Terms:
    """Return what is compared of a text."""
    head = _telling(words.lemmas[: words.title])
    body = _telling(words.lemmas[words.title : words.title + _READ])
    head = head or body[:_HEAD]
    counts, titled = Counter(body), frozenset(head)
    kept = list(dict.fromkeys([*head, *body]))[:SIZE]
    codes = [min(counts[word], _TITLE - 1) | (_TITLE if word in titled else 0) for word in kept]
    return Terms(
        np.fromiter(map(hash_word, kept), dtype=np.uint32, count=len(kept)),
        np.array(codes, dtype=np.uint8),
    )


class Rarity:
    """In how many texts each word stands, of those that were counted."""

    def __init__(self) -> None:
        self._texts = 0
        self._counts = np.zeros(_BUCKETS, dtype=np.uint32)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the counts take."""
        return self._counts.nbytes

    def count(self, ids: Ids) -> None:
        """Count one text."""
        self._texts += 1
        # A text has each word once, and two words in one place are rare enough.
        self._counts[ids % _BUCKETS] += 1

    def count_all(self, ids: Ids, codes: Codes) -> None:
        """Count texts, one a row, of which words without a code are none."""
        self._texts += len(ids)
        found = np.bincount(ids[codes > 0] % _BUCKETS, minlength=_BUCKETS)
        self._counts += found.astype(np.uint32)

    def idf(self, ids: Ids) -> Floats:
        """Return the weight of each word: the rarer, the heavier."""
        texts = np.float32(_IMAGINED_TEXTS + self._texts)
        weights = np.log(texts / (1 + self._counts[ids % _BUCKETS].astype(np.float32)))
        capped: Floats = np.minimum(weights, np.float32(_LARGEST_IDF))
        return capped


def weights(ids: Ids, codes: Codes, rarity: Rarity) -> Floats:
    """Return the TF-IDF weight of each word; a word of the title counts for more."""
    weighed: Floats = _BY_CODE[codes] * rarity.idf(ids)
    return weighed


def likeness(one: Terms, ids: Ids, codes: Codes, rarity: Rarity) -> Floats:
    """Return how alike ``one`` is to each of the texts whose words are a row, 0…1.

    Args:
        one: a text.
        ids: words of the others, shape (texts, words).
        codes: theirs; 0 where there is no word.
        rarity: of the words.
    """
    if not len(one.ids):
        return np.zeros(len(ids), dtype=np.float32)
    order = np.argsort(one.ids)
    own_ids, own_codes = one.ids[order], one.codes[order]
    place = np.searchsorted(own_ids, ids).clip(max=len(own_ids) - 1)
    shared = (own_ids[place] == ids) & (codes > 0)
    own, other = weights(own_ids, own_codes, rarity), weights(ids, codes, rarity)
    cosine = (shared * other * own[place]).sum(axis=1) / _over(
        np.linalg.norm(own) * np.linalg.norm(other, axis=1)
    )
    own_worth = rarity.idf(own_ids) ** 2 * _in_title(own_codes)
    worth = rarity.idf(ids) ** 2 * _in_title(codes)
    own_title = (shared * own_worth[place]).sum(axis=1) / _over(own_worth.sum())
    title = (shared * worth).sum(axis=1) / _over(worth.sum(axis=1))
    found: Floats = (cosine + (own_title + title) / 2) / 2
    return found


def likeness_of(one: Terms, other: Terms, rarity: Rarity) -> float:
    """Return how alike two texts are, 0…1."""
    return float(likeness(one, other.ids[None], other.codes[None], rarity)[0])


def _telling(lemmas: tuple[str, ...]) -> list[str]:
    return [word for word in lemmas if (len(word) > 1 or word.isdigit()) and word not in STOP_WORDS]


def _in_title(codes: Codes) -> npt.NDArray[np.bool_]:
    titled: npt.NDArray[np.bool_] = codes >= _TITLE
    return titled


def _over(value: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """A divisor that is never 0: nothing shared with nothing is 0."""
    return np.maximum(np.asarray(value, dtype=np.float32), np.float32(1e-6))


def _weight_by_code() -> Floats:
    codes = np.arange(256)
    often = codes & (_TITLE - 1)
    told = np.where(often > 0, 1 + np.log(np.maximum(often, 1)), 0.0)
    weighed: Floats = (told + _TITLE_WEIGHT * (codes >= _TITLE)).astype(np.float32)
    return weighed


_BY_CODE = _weight_by_code()
