"""The vectorizer of scikit-learn's ``TfidfVectorizer``: words → one weight a term.

A term is a word or several in a row (or so many characters). Its weight is how
often it stands in the text, times how rare it was in training; then each row is
scaled to length 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import numpy.typing as npt

from classifier.errors import BundleMismatch
from classifier.text.marks import without_heaps

TOKEN_PATTERN = r"(?u)\b\w\w+\b"  # noqa: S105
_WHITESPACE = re.compile(r"\s\s+")


class Analyzer(str, Enum):
    """What terms are made of: words, characters, or the characters within each word."""

    WORD = "word"
    CHAR = "char"
    CHAR_WB = "char_wb"


class Norm(str, Enum):
    """What of each row becomes 1: its Euclidean length, the sum of its values, or nothing."""

    L2 = "l2"
    L1 = "l1"
    NONE = "none"


class Accents(str, Enum):
    """Accents are kept, or go with all that is not ASCII, or go alone."""

    KEEP = "keep"
    ASCII = "ascii"
    UNICODE = "unicode"


@dataclass(frozen=True, eq=False, slots=True)
class TfIdf:
    """Terms, their weights, and the rules by which they are found in a text.

    Attributes:
        vocabulary: the terms in the order of their columns.
        idf: weight of each term, the rarer the higher; None: all weigh 1.
        analyzer: what terms are made of.
        ngrams: the fewest and the most words, or characters, a term has.
        lower: lower-case, of every script.
        accents: what becomes of accents.
        token_pattern: regular expression of a word, with at most one group.
        stop_words: words that are part of no term.
        binary: a term counts once, however often it stands there.
        sublinear: a term that stands there n times counts 1 + log n.
        norm: what each row is scaled to.

    Raises:
        BundleMismatch: naming what does not fit.
    """

    vocabulary: tuple[str, ...]
    idf: tuple[float, ...] | None = None
    analyzer: Analyzer = Analyzer.WORD
    ngrams: tuple[int, int] = (1, 1)
    lower: bool = True
    accents: Accents = Accents.KEEP
    token_pattern: str = TOKEN_PATTERN
    stop_words: frozenset[str] = frozenset()
    binary: bool = False
    sublinear: bool = False
    norm: Norm = Norm.L2
    _columns: dict[str, int] = field(init=False, repr=False)
    _weights: npt.NDArray[np.float64] = field(init=False, repr=False)
    _word: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        columns = {term: i for i, term in enumerate(self.vocabulary)}
        if not columns or len(columns) != len(self.vocabulary):
            raise BundleMismatch("vocabulary", "every term once", f"{len(columns)} different ones")
        weights = np.ones(len(columns)) if self.idf is None else np.array(self.idf, np.float64)
        if weights.shape != (len(columns),) or not np.isfinite(weights).all():
            raise BundleMismatch("idf", f"{len(columns)} finite numbers", f"{weights.size} values")
        if not 1 <= self.ngrams[0] <= self.ngrams[1]:
            raise BundleMismatch("ngrams", "from 1 on, the fewest first", self.ngrams)
        object.__setattr__(self, "_columns", columns)
        object.__setattr__(self, "_weights", weights)
        object.__setattr__(self, "_word", _compiled(self.token_pattern))

    @property
    def length(self) -> int:
        """A row has one number a term."""
        return len(self.vocabulary)

    @property
    def id_count(self) -> None:
        """It gives weights, not ids."""
        return

    @property
    def most_words(self) -> None:
        """All count."""
        return

    def words(self, text: str) -> list[str]:
        """Return what terms are made of: the words of ``text`` without stop words, or its
        characters."""
        text = _ACCENTS[self.accents](text.lower() if self.lower else text)
        if self.analyzer is Analyzer.CHAR:
            return list(_WHITESPACE.sub(" ", text))
        if self.analyzer is Analyzer.CHAR_WB:
            return text.split()
        return [word for word in self._word.findall(text) if word not in self.stop_words]

    def ids(self, rows: Sequence[Sequence[str]]) -> npt.NDArray[np.float32]:
        """Return the weight of each term in each row of words: (rows, terms)."""
        weights = np.zeros((len(rows), self.length), dtype=np.float32)
        for line, row in zip(weights, rows, strict=True):
            found = Counter(map(self._columns.get, self.terms(row)))
            found.pop(None, None)
            counts: dict[int, int] = {
                column: n for column, n in found.items() if column is not None
            }
            line[list(counts)] = self._weighed(counts)
        return weights

    def terms(self, row: Sequence[str]) -> Iterator[str]:
        """Yield every term that stands in a row of words, known or not."""
        fewest, most = self.ngrams
        if self.analyzer is Analyzer.CHAR_WB:
            for word in row:
                yield from _within(f" {word} ", fewest, most)
            return
        join = "" if self.analyzer is Analyzer.CHAR else " "
        for n in range(fewest, min(most, len(row)) + 1):
            for i in range(len(row) - n + 1):
                yield join.join(row[i : i + n])

    def _weighed(self, counts: Mapping[int, int]) -> npt.NDArray[np.float64]:
        times = np.array(list(counts.values()), dtype=np.float64)
        if self.binary:
            times = np.ones_like(times)
        if self.sublinear:
            times = 1 + np.log(times)
        weighed: npt.NDArray[np.float64] = times * self._weights[list(counts)]
        size = _SIZES[self.norm](weighed)
        return weighed / size if size else weighed


def _within(word: str, fewest: int, most: int) -> Iterator[str]:
    """Yield the runs of characters in ``word``; one that is shorter than a run counts once."""
    for n in range(fewest, most + 1):
        yield from (word[i : i + n] for i in range(max(1, len(word) - n + 1)))
        if len(word) <= n:
            return


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        character for character in _decomposed(text) if not unicodedata.combining(character)
    )


def _only_ascii(text: str) -> str:
    return _decomposed(text).encode("ascii", "ignore").decode("ascii")


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", without_heaps(text))


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise BundleMismatch("token_pattern", "a regular expression", error) from error
    if compiled.groups > 1:
        raise BundleMismatch("token_pattern", "at most one group", compiled.groups)
    return compiled


_ACCENTS: Mapping[Accents, Callable[[str], str]] = {
    Accents.KEEP: str,
    Accents.ASCII: _only_ascii,
    Accents.UNICODE: _without_accents,
}
_SIZES: Mapping[Norm, Callable[[npt.NDArray[np.float64]], float]] = {
    Norm.L2: lambda values: float(np.sqrt(np.square(values).sum())),
    Norm.L1: lambda values: float(np.abs(values).sum()),
    Norm.NONE: lambda _: 1.0,
}
