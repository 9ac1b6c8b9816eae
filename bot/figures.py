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
        confirmed: how many of the accepted items operators have called good, whenever that was.
        corrected: how many of them they have called bad for what their text is.
        untimely: how many of them they have called bad only as told before, or as old.
    """

    stretch: Stretch
    counts: Mapping[Reason, int] = field(default_factory=dict)
    posts: int = 0
    confirmed: int = 0
    corrected: int = 0
    untimely: int = 0

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
    def checked(self) -> Checked:
        """What operators said of the accepted items."""
        return checked(self.tallies)

    @property
    def first_day(self) -> date:
        """The first day, in the zone."""
        return self.tallies[0].stretch.begin.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The last day, in the zone."""
        return self.tallies[-1].stretch.begin.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Checked:
    """Live precision: what operators said of the accepted items.

    An item without a label tells nothing: perhaps nobody has read it. What was told before, or
    is old, was judged rightly by its text, and counts for neither side.

    Attributes:
        accepted: how many items were accepted, looked at or not.
        right: how many of them operators have called good.
        wrong: how many of them they have called bad for what their text is.
        untimely: how many of them they have called bad only as told before, or as old.
    """

    accepted: int
    right: int = 0
    wrong: int = 0
    untimely: int = 0

    @property
    def unopposed(self) -> int:
        """How many have no label that speaks against them."""
        return self.accepted - self.wrong - self.untimely

    @property
    def labelled(self) -> int:
        """How many have a label that speaks of their text."""
        return self.right + self.wrong

    @property
    def share(self) -> float | None:
        """The share of good ones among the labelled ones; None of nothing."""
        return self.right / self.labelled if self.labelled else None

    @property
    def between(self) -> Between | None:
        """Between what that lies, in 95 % of such samples; None of nothing."""
        return wilson(self.right, self.labelled)


def checked(tallies: Sequence[Tally]) -> Checked:
    """Return what operators said of the items accepted in these stretches."""
    return Checked(
        accepted=sum(tally.accepted for tally in tallies),
        right=sum(tally.confirmed for tally in tallies),
        wrong=sum(tally.corrected for tally in tallies),
        untimely=sum(tally.untimely for tally in tallies),
    )


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
