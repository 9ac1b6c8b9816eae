"""What operators' labels teach, and which of them are kept for the gate.

Texts that are nearly the same count as one: they are learned from or measured on together, and
never both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from classifier.training.split import group_near_duplicates


@dataclass(frozen=True, slots=True)
class Lesson:
    """A labelled text to learn from.

    Attributes:
        text: title and text as one, as they are scored.
        label: 0 good, 1 bad.
        at: when it was labelled; None if nobody knows.
        imported: it came in a file: it is never measured on, and counts like base data.
    """

    text: str
    label: int
    at: datetime | None
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """Which lessons are learned from and which are measured on.

    Attributes:
        taught: the operators' labels that are learned from, in order.
        imported: the imported ones that are.
        held_out: one for each text that is measured on, the newest label of it.
        left_out: how many are neither: further labels of a held-out text or one nearly the
            same, and imported ones that are newer than the oldest held-out label.
        texts: how many different texts the operators labelled.
    """

    taught: tuple[Lesson, ...]
    imported: tuple[Lesson, ...]
    held_out: tuple[Lesson, ...]
    left_out: int
    texts: int


def split_by_time(lessons: Sequence[Lesson], share: float, fewest: int) -> Split:
    """Return ``lessons`` with the newest ``share`` of the operators' texts held out.

    A text is as old as its first label, and texts that are nearly the same are one.

    Args:
        lessons: the operators' labels have a moment each.
        share: of the texts that operators labelled, rounded to the nearest number.
        fewest: hold out so many at least, if there are as many.
    """
    group_of = group_near_duplicates([lesson.text for lesson in lessons])
    first = _first_labels(lessons, group_of)
    newest_first = sorted(first, key=lambda group: first[group], reverse=True)
    held = set(newest_first[: max(fewest, round(len(newest_first) * share))])
    begin = min((first[group] for group in held), default=None)
    measured = {
        group: lesson
        for group, lesson in sorted(zip(group_of, lessons, strict=True), key=_moment)
        if group in held and not lesson.imported
    }
    free = [lesson for group, lesson in zip(group_of, lessons, strict=True) if group not in held]
    taught = tuple(lesson for lesson in free if not lesson.imported)
    imported = tuple(lesson for lesson in free if lesson.imported and _older(lesson, begin))
    held_out = tuple(measured.values())
    left_out = len(lessons) - len(taught) - len(imported) - len(held_out)
    return Split(taught, imported, held_out, left_out, texts=len(first))


def _first_labels(lessons: Sequence[Lesson], group_of: Sequence[int]) -> dict[int, datetime]:
    """Return when an operator first labelled a text of each group, if any did."""
    first: dict[int, datetime] = {}
    for group, lesson in zip(group_of, lessons, strict=True):
        if lesson.at is not None and not lesson.imported:
            first[group] = min(first.get(group, lesson.at), lesson.at)
    return first


def _moment(numbered: tuple[int, Lesson]) -> float:
    at = numbered[1].at
    return float("-inf") if at is None else at.timestamp()


def _older(lesson: Lesson, begin: datetime | None) -> bool:
    return lesson.at is None or begin is None or lesson.at < begin
