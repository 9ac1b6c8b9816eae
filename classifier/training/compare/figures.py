"""Figures as people read them, the same in the terminal and on the page."""

from __future__ import annotations

from dataclasses import dataclass

from classifier.training.compare.outcome import Comparison, Result
from classifier.training.report import OVERALL

F1, RECALL, FALSE_ALARMS = "F1", "recall", "false alarms"


@dataclass(frozen=True, slots=True)
class Slice:
    """A kind of texts.

    Attributes:
        measure: the one that says most there: F1 needs good and bad rows.
    """

    name: str
    rows: int
    bad: int
    measure: str


def slices_of(comparison: Comparison) -> list[Slice]:
    """Return the kinds of texts among those held out; none if all are of one kind."""
    slices = []
    for name, ranked in comparison.results[0].slices.items():
        called = ranked.called
        if name != OVERALL:
            slices.append(Slice(name, called.rows, called.bad, _measure(called.rows, called.bad)))
    return slices if len(slices) > 1 else []


def of_slice(result: Result, one: Slice) -> float | None:
    """Return a candidate's measure of a kind of texts."""
    called = result.slices[one.name].called
    return {F1: called.f1, RECALL: called.recall, FALSE_ALARMS: called.false_alarms}[one.measure]


def share(value: float | None) -> str:
    """Return a share with three digits."""
    return "–" if value is None else f"{value:.3f}"


def short_size(count: int) -> str:
    """Return bytes with the unit that fits."""
    for unit, size in (("MB", 1_000_000), ("kB", 1_000)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} B"


def duration(seconds: float) -> str:
    """Return seconds with the unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def plain(text: str, most: int) -> str:
    """Return ``text`` on one line, cut, without what would steer a terminal."""
    line = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(line.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _measure(rows: int, bad: int) -> str:
    if bad == 0:
        return FALSE_ALARMS
    return RECALL if bad == rows else F1
