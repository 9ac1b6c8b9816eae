"""A stopwatch for what is done once and used by several."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter


@dataclass(slots=True)
class Clock:
    """Seconds that go by, and those that remembered work would have taken."""

    _saved: float = 0.0

    def now(self) -> float:
        """Return the seconds since some moment."""
        return perf_counter() + self._saved

    def advance(self, seconds: float) -> None:
        """Count ``seconds`` as gone by: what they were spent on was remembered."""
        self._saved += seconds
