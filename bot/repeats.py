"""Labelled texts that come more than once in a file, and what is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.model import Truth
from bot.store import LabelledText
from classifier import compose
from classifier.training.split import group_near_duplicates

Numbered = tuple[int, LabelledText]
"""A labelled text and the number of its line."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Lines with the same text, or nearly the same.

    Attributes:
        good: the lines that call it good, in order; ``bad`` those that call it bad.
    """

    good: tuple[int, ...]
    bad: tuple[int, ...]

    @property
    def lines(self) -> tuple[int, ...]:
        """All of them, in order."""
        return tuple(sorted((*self.good, *self.bad)))

    @property
    def contradicts(self) -> bool:
        """Whether both labels are given."""
        return bool(self.good and self.bad)

    @property
    def last(self) -> Truth:
        """The label of the last line, which is the one that counts."""
        return Truth.GOOD if self.lines[-1] in self.good else Truth.BAD


@dataclass(frozen=True, slots=True)
class Repeats:
    """What comes more than once.

    Attributes:
        same: the same title and text, always with the same label.
        contradictions: the same title and text with both labels.
        near: texts that differ a little, as a copy with a new ending does.
    """

    same: tuple[Repeat, ...]
    contradictions: tuple[Repeat, ...]
    near: tuple[Repeat, ...]


def find_repeats(rows: Sequence[Numbered]) -> Repeats:
    """Return what comes more than once among ``rows``, in the order of the first lines."""
    places: dict[tuple[str, str], list[Numbered]] = defaultdict(list)
    for line, row in rows:
        places[row.title, row.text].append((line, row))
    repeats = [_repeat(found) for found in places.values() if len(found) > 1]
    return Repeats(
        same=tuple(repeat for repeat in repeats if not repeat.contradicts),
        contradictions=tuple(repeat for repeat in repeats if repeat.contradicts),
        near=tuple(_near(list(places.values()))),
    )


def _near(places: Sequence[Sequence[Numbered]]) -> Iterable[Repeat]:
    """Yield the texts that are nearly the same, each with all lines it stands in."""
    texts = [compose(found[0][1].title, found[0][1].text) for found in places]
    groups: dict[int, list[Sequence[Numbered]]] = defaultdict(list)
    for found, group in zip(places, group_near_duplicates(texts), strict=True):
        groups[group].append(found)
    for members in groups.values():
        if len(members) > 1:
            yield _repeat([row for found in members for row in found])


def _repeat(found: Sequence[Numbered]) -> Repeat:
    good, bad = (
        tuple(sorted(line for line, row in found if row.label is truth))
        for truth in (Truth.GOOD, Truth.BAD)
    )
    return Repeat(good, bad)


SHOWN = 10
"""How many repeats of a kind are told one by one."""


def repeat_lines(repeats: Repeats) -> list[str]:
    """Return what to tell people about ``repeats``, a line each, what contradicts first."""
    near = sorted(repeats.near, key=lambda repeat: not repeat.contradicts)
    return [
        *_told(repeats.contradictions, _contradiction),
        *_told(repeats.same, lambda repeat: f"{_lines(repeat.lines)}: the same text"),
        *_told(near, _nearly),
    ]


def store_lines(changed: Sequence[int], overruled: Sequence[int]) -> list[str]:
    """Return what to tell people about texts that the store knew with the other label.

    Args:
        changed: lines of texts that were imported with it; the file counts.
        overruled: lines of texts that an operator gave it; that counts.
    """
    told = []
    if changed:
        told.append(f"{_lines(changed)}: the other label until now: the file counts")
    if overruled:
        told.append(f"{_lines(overruled)}: an operator gave the other label, which counts")
    return told


def _told(repeats: Sequence[Repeat], tell: Callable[[Repeat], str]) -> list[str]:
    told = [tell(repeat) for repeat in repeats[:SHOWN]]
    left = len(repeats) - len(told)
    return [*told, f"… and {left} more like it"] if left else told


def _contradiction(repeat: Repeat) -> str:
    said = _labels(repeat)
    return f"{_lines(repeat.lines)}: the same text, {said}: {repeat.last.name.lower()} counts"


def _nearly(repeat: Repeat) -> str:
    return f"{_lines(repeat.lines)}: nearly the same text" + (
        f", {_labels(repeat)}" if repeat.contradicts else ""
    )


def _labels(repeat: Repeat) -> str:
    return f"good in {_numbers(repeat.good)}, bad in {_numbers(repeat.bad)}"


def _lines(lines: Sequence[int]) -> str:
    return f"line{'s' if len(lines) > 1 else ''} {_numbers(lines)}"


def _numbers(lines: Sequence[int]) -> str:
    return ", ".join(map(str, lines[:SHOWN])) + (" …" if len(lines) > SHOWN else "")
