"""When a source is due next: its own interval, and the pauses after failures. Pure.

A run that brings news makes the interval of its source shorter, one that brings none makes it
longer: it settles where about one run in five brings news.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from scrapers import FetchError, ScrapeError

QUICKER = 0.5
"""What becomes of the interval when a run brings news."""

SLOWER = 1.2
"""What becomes of it when a run brings none."""

EARLY = 0.1
"""A pass may begin sooner after the one before than the interval, by this share of it."""

SHORTEST_BACKOFF = timedelta(seconds=1)

MAX_BACKOFF = timedelta(hours=6)
"""A source that keeps failing is still tried this often."""

LONGEST_ASKED = timedelta(days=1)
"""No server may ask for a longer pause."""

JITTER = 0.2
"""What failed together is not tried again together: pauses are longer by up to this share."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """How often a source is fetched.

    Attributes:
        every: the interval to begin with.
        fastest: the shortest one.
        slowest: the longest one.
    """

    every: timedelta
    fastest: timedelta
    slowest: timedelta

    @classmethod
    def fixed(cls, every: timedelta) -> Pacing:
        """Return the pacing of a source whose interval never changes."""
        return cls(every, every, every)

    def interval(self, known: timedelta | None) -> timedelta:
        """Return the interval to go on with; ``known`` is the last one, or None."""
        return min(max(known or self.every, self.fastest), self.slowest)

    def adapted(self, known: timedelta | None, *, news: bool) -> timedelta:
        """Return the interval after a run that brought news, or none."""
        return self.interval(self.interval(known) * (QUICKER if news else SLOWER))


def next_run(
    at: datetime,
    interval: timedelta,
    failures: Sequence[ScrapeError] = (),
    *,
    began: datetime | None = None,
) -> datetime:
    """Return when to run again over a source that could be read at ``at``.

    Passes are made by others, as cron, that begin one every interval and none to the second:
    what is read in a pass is due a little before the next one.

    Args:
        at: now.
        interval: its own.
        failures: of single pages; what their servers asked for is obeyed.
        began: when the pass began that the run is part of; None: it is part of none.
    """
    due_at = at + interval if began is None else began + interval * (1 - EARLY)
    return max(due_at, at + asked_pause(failures))


def next_try(
    at: datetime, interval: timedelta, failures: int, error: ScrapeError, random: Random
) -> datetime:
    """Return when to try a source again that failed ``failures`` times in a row.

    The pause is the source's interval at first and doubles up to MAX_BACKOFF (or the interval,
    if that is longer), is longer by a random share up to JITTER, and is never shorter than the
    server asked for.
    """
    longest = max(interval, MAX_BACKOFF)
    pause: timedelta = min(interval * float(2 ** min(failures - 1, 16)), longest)
    pause = max(pause, asked_pause([error]), SHORTEST_BACKOFF)
    return at + pause * (1 + JITTER * random.random())


def asked_pause(failures: Sequence[ScrapeError]) -> timedelta:
    """Return how long the servers asked to wait, at most LONGEST_ASKED."""
    asked = [error.retry_after or 0 for error in failures if isinstance(error, FetchError)]
    # Cut before it becomes a duration: a server may ask for more seconds than the calendar has.
    longest = LONGEST_ASKED.total_seconds()
    return timedelta(seconds=min(max(asked, default=0), longest))
