"""What newsieve did in some days, in figures. Pure.

What was there when a source was added (``seeded``) is no news and counts nowhere but in
``Figures.seeded``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import cached_property
from itertools import pairwise

from bot.audit import Audit
from bot.model import Reason
from classifier.training.intervals import Between, wilson

BINS = 20
"""Bars of the histogram of scores, each as wide as the others."""

SCORED = (Reason.GOOD, Reason.UNSURE, Reason.BAD)
"""The reasons of verdicts that the score alone has decided."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a moment on, and up to another one that it does not hold."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened in one stretch of time.

    Attributes:
        counts: how many items were judged, by the reason of the verdict.
        posts: how many posts went out, those removed since included.
        corrected: how many of the accepted items operators have called bad, whenever that was.
    """

    stretch: Stretch
    counts: Mapping[Reason, int] = field(default_factory=dict)
    posts: int = 0
    corrected: int = 0

    @property
    def accepted(self) -> int:
        """How many items the sieve let through."""
        return self.counts.get(Reason.GOOD, 0)

    @property
    def judged(self) -> int:
        """How many items were judged."""
        return sum(self.counts.values()) - self.counts.get(Reason.SEEDED, 0)


@dataclass(frozen=True, slots=True)
class SourceTally:
    """What one source brought.

    Attributes:
        judged: how many of its items were judged, those of others that it shows too left out.
        accepted: how many of them the sieve let through.
    """

    name: str
    judged: int
    accepted: int

    @property
    def between(self) -> Between:
        """Between what the share of accepted items lies, in 95 % of such samples."""
        return wilson(self.accepted, self.judged) or (0.0, 1.0)


@dataclass(frozen=True)
class Figures:
    """The figures of some days.

    Attributes:
        tallies: one for each hour of a single day, or for each of several days, in order.
        scores: how many scores fell into each of BINS, by the reason of the verdict; SCORED ones.
        thresholds: those that were in force, the latest one last.
        sources: what each source brought, in no order.
        rescued: how many rejected items operators have called good.
        zone: whose days these are.
        audit: what operators said of rejections drawn at random.
    """

    tallies: tuple[Tally, ...]
    scores: Mapping[Reason, Sequence[int]]
    thresholds: tuple[float, ...]
    sources: tuple[SourceTally, ...]
    rescued: int
    zone: tzinfo
    audit: Audit = field(default_factory=Audit)

    @cached_property
    def counts(self) -> dict[Reason, int]:
        """How many items were judged for each reason that there was."""
        sums = {reason: sum(t.counts.get(reason, 0) for t in self.tallies) for reason in Reason}
        return {reason: count for reason, count in sums.items() if count}

    @property
    def seeded(self) -> int:
        """How many items were there already when their source was added."""
        return self.counts.get(Reason.SEEDED, 0)

    @property
    def judged(self) -> int:
        """How many items were judged."""
        return sum(tally.judged for tally in self.tallies)

    @property
    def posts(self) -> int:
        """How many posts went out."""
        return sum(tally.posts for tally in self.tallies)

    @property
    def stood(self) -> Stood:
        """How many of the accepted items the operators let stand."""
        return stood(self.tallies)

    @property
    def first_day(self) -> date:
        """The first day, in the zone."""
        return self.tallies[0].stretch.begin.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The last day, in the zone."""
        return self.tallies[-1].stretch.begin.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Stood:
    """Live precision: how many of the accepted items the operators let stand.

    Whoever reads the channel corrects what catches the eye, so this is what is known of the
    precision, and at best the truth.
    """

    stood: int
    accepted: int

    @property
    def share(self) -> float | None:
        """The share that stood; None of nothing."""
        return self.stood / self.accepted if self.accepted else None

    @property
    def between(self) -> Between | None:
        """Between what that lies, in 95 % of such samples; None of nothing."""
        return wilson(self.stood, self.accepted)


def stood(tallies: Sequence[Tally]) -> Stood:
    """Return how many of the items accepted in these stretches the operators let stand."""
    accepted = sum(tally.accepted for tally in tallies)
    return Stood(accepted - sum(tally.corrected for tally in tallies), accepted)


def stretches(days: int, now: datetime, zone: tzinfo) -> list[Stretch]:
    """Return the last ``days`` days of ``zone``, today included; of a single day, its hours.

    A day is as long as its zone has it: 23 or 25 hours where the clocks are set.
    """
    today = now.astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    midnights = [_midnight(first + timedelta(days=n), zone) for n in range(days + 1)]
    if days == 1:
        begin, end = midnights
        midnights = [begin + n * _HOUR for n in range((end - begin) // _HOUR)] + [end]
    return [Stretch(*ends) for ends in pairwise(midnights)]


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(timezone.utc)


def best_and_worst(
    sources: Sequence[SourceTally], most: int
) -> tuple[list[SourceTally], list[SourceTally]]:
    """Return the sources that surely bring much good news, and those that surely bring little.

    A share of few items is worth little: the best are those with the highest lower end of its
    interval, the worst those with the lowest upper end. Up to ``most`` are all called the best.

    Returns:
        At most ``most`` sources in all; the best one first, the worst one last.
    """
    best = sorted(sources, key=lambda one: (-one.between[0], -one.judged, one.name))
    if len(best) <= most:
        return best, []
    best = best[: (most + 1) // 2]
    others = [one for one in sources if one not in best]
    worst = sorted(others, key=lambda one: (one.between[1], -one.judged, one.name))
    return best, worst[: most // 2][::-1]
