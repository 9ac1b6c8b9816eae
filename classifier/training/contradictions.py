"""Texts that are labelled good and bad: whatever a model answers, it is wrong once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.training.dataset import Row


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One text with both labels.

    Attributes:
        text: as its first row has it.
        good: which rows call it good, counted from 1.
        bad: which rows call it bad.
    """

    text: str
    good: tuple[int, ...]
    bad: tuple[int, ...]


def find_contradictions(rows: Sequence[Row]) -> list[Contradiction]:
    """Return the texts with both labels in order; case and spacing do not count."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        places[" ".join(row.text.casefold().split())].append(place)
    found = []
    for same in places.values():
        good, bad = (tuple(i + 1 for i in same if rows[i].label == label) for label in (0, 1))
        if good and bad:
            found.append(Contradiction(rows[same[0]].text, good, bad))
    return found


def contradiction_notes(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return one line that says how many texts have both labels; none if no text has."""
    found = find_contradictions(rows)
    if not found:
        return ()
    where = f"rows {found[0].good[0]} and {found[0].bad[0]}"
    return (f"labelled good and bad: {len(found)} of the texts, the first in {where}",)
