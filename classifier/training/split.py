"""Which rows are held out: the same for the same seed, near-duplicates never on both sides."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from classifier.training.dataset import Row

_WORD = re.compile(r"\w+")
_SHINGLE = 4  # words
_SHARED = 0.5  # of the shorter text's shingles: from here on two texts are the same
_COMMON = 50  # a shingle in more texts than this is a phrase, not a copy


def assign_folds(rows: Sequence[Row], count: int, seed: int) -> list[int]:
    """Return the fold (0 … count-1) of each row.

    Near-duplicates share a fold, and each slice and label is dealt evenly.
    """
    group_of = group_near_duplicates([row.text for row in rows])
    strata: dict[tuple[str, int], list[int]] = defaultdict(list)
    for group in sorted(set(group_of)):
        strata[rows[group].kind, rows[group].label].append(group)
    fold_of: dict[int, int] = {}
    for stratum in sorted(strata):
        for group in sorted(strata[stratum], key=lambda i: _shuffled(rows[i].text, seed)):
            fold_of[group] = len(fold_of) % count
    return [fold_of[group] for group in group_of]


def group_near_duplicates(texts: Sequence[str]) -> list[int]:
    """Return for each text the index of its group's first text."""
    shingles = [_shingles(text) for text in texts]
    seen: dict[tuple[str, ...], list[int]] = defaultdict(list)
    group = list(range(len(texts)))
    for i, own in enumerate(shingles):
        shared = Counter(j for shingle in own for j in seen[shingle])
        for j, number in shared.items():
            if number >= _SHARED * min(len(own), len(shingles[j])):
                _join(group, i, j)
        for shingle in own:
            if len(seen[shingle]) < _COMMON:
                seen[shingle].append(i)
    return [_first(group, i) for i in range(len(texts))]


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return {tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1))}


def _first(group: list[int], i: int) -> int:
    while group[i] != i:
        group[i] = group[group[i]]
        i = group[i]
    return i


def _join(group: list[int], i: int, j: int) -> None:
    first, second = sorted((_first(group, i), _first(group, j)))
    group[second] = first


def _shuffled(text: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{text}".encode()).digest()
