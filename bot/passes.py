"""What one pass over the due sources did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.collect import Collected
from bot.model import Reason


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass over the due sources did.

    Attributes:
        runs: one for each source that was due.
        judged: how many items got a verdict.
        counts: how many verdicts there were for each reason.
        posted: how many posts went out.
    """

    runs: tuple[Collected, ...]
    judged: int
    counts: dict[Reason, int]
    posted: int

    @property
    def failed(self) -> int:
        """How many sources failed."""
        return sum(bool(run.error) for run in self.runs)

    @property
    def all_failed(self) -> bool:
        """Whether there were sources to fetch, and every one failed."""
        return bool(self.runs) and self.failed == len(self.runs)

    def as_json(self) -> dict[str, Any]:
        """Return the pass as plain values."""
        return {
            "sources": [_plain(run) for run in self.runs],
            "judged": self.judged,
            "verdicts": {reason.value: count for reason, count in self.counts.items()},
            "posted": self.posted,
        }


def _plain(run: Collected) -> dict[str, Any]:
    told = {"name": run.source, "shown": run.shown, "found": run.found, "new": run.new}
    return {**told, "error": run.error}
