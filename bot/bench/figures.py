"""What a benchmark finds: ratios between two ways, and amounts that have a limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two ways to the same answer, measured in one run.

    Attributes:
        subject: what is done.
        way: the other way.
        ours: seconds that newsieve takes for one piece of it.
        theirs: seconds that the other way takes for it.
        least: the ratio we aim at; None: it is only told.
    """

    subject: str
    way: str
    ours: float
    theirs: float
    least: float | None = None

    @property
    def value(self) -> float:
        """How many times faster newsieve is."""
        return self.theirs / self.ours

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None without one."""
        return None if self.least is None else self.value >= self.least


@dataclass(frozen=True, slots=True)
class Amount:
    """Something that newsieve takes, or gets done.

    Attributes:
        subject: what is done.
        found: how much it is.
        unit: of ``found`` and the limits.
        most: the most that it should be.
        least: the least that it should be; with neither limit it is only told.
    """

    subject: str
    found: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether it is within its limits; None without any."""
        if self.most is None and self.least is None:
            return None
        small_enough = self.most is None or self.found <= self.most
        return small_enough and (self.least is None or self.found >= self.least)


Figure = Ratio | Amount


def to_json(figure: Figure) -> dict[str, Any]:
    """Return ``figure`` for machines; ``from_json`` reads it back."""
    value = {"ratio": figure.value} if isinstance(figure, Ratio) else {}
    return {**asdict(figure), **value, "met": figure.met}


def from_json(told: Mapping[str, Any]) -> Figure:
    """Return the figure that ``to_json`` told of."""
    fields = {name: value for name, value in told.items() if name not in ("ratio", "met")}
    return Ratio(**fields) if "ratio" in told else Amount(**fields)
