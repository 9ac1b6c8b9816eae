"""Invented figures of two weeks, for the picture of /stats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from random import Random

from bot.demo.sites import SITES, URALS
from bot.figures import BINS, SCORED, Figures, SourceTally, Stretch, Tally, stretches
from bot.model import Reason

LAST_DAY = datetime(2026, 3, 15, 20, tzinfo=URALS)
DAYS = 14
THRESHOLD = 0.35

_PER_DAY = {
    Reason.GOOD: (28, 52),
    Reason.UNSURE: (2, 9),
    Reason.BAD: (70, 130),
    Reason.DUPLICATE: (22, 48),
    Reason.STALE: (1, 9),
    Reason.SHORT: (4, 14),
    Reason.LANGUAGE: (0, 3),
    Reason.RULE: (0, 6),
}
_OF_ALL, _OF_GOOD = (0.41, 0.32, 0.2, 0.07), (0.6, 0.28, 0.115, 0.005)
"""How much of all items, and of the accepted ones, each site brings."""

_SUNDAY = 6


def invented_figures() -> Figures:
    """Return figures that are the same each time."""
    random = Random(2026)  # noqa: S311  a picture, not a secret
    tallies = tuple(_tally(one, random) for one in stretches(DAYS, LAST_DAY, URALS))
    totals = {reason: sum(t.counts.get(reason, 0) for t in tallies) for reason in SCORED}
    scores = {reason: _scores(reason, totals[reason], random) for reason in SCORED}
    return Figures(tallies, scores, (THRESHOLD,), _sources(tallies), rescued=4, zone=URALS)


def _sources(tallies: Sequence[Tally]) -> tuple[SourceTally, ...]:
    judged, accepted = (sum(map(attrgetter(what), tallies)) for what in ("judged", "accepted"))
    return tuple(
        SourceTally(site.name, round(judged * of_all), round(accepted * of_good))
        for site, of_all, of_good in zip(SITES, _OF_ALL, _OF_GOOD, strict=True)
    )


def _tally(stretch: Stretch, random: Random) -> Tally:
    share = 0.55 if stretch.begin.astimezone(URALS).weekday() == _SUNDAY else 1.0
    counts = {
        reason: round(share * random.randint(*between)) for reason, between in _PER_DAY.items()
    }
    corrected = random.choice((0, 0, 1, 1, 2))
    good = counts[Reason.GOOD]
    confirmed = (good - corrected) // 2
    return Tally(stretch, counts, good - corrected, confirmed, corrected)


def _scores(reason: Reason, count: int, random: Random) -> list[int]:
    bins = [0] * BINS
    for _number in range(count):
        bins[min(int(_score(reason, random) * BINS), BINS - 1)] += 1
    return bins


def _score(reason: Reason, random: Random) -> float:
    if reason is Reason.GOOD:
        return 0.3 * random.betavariate(0.8, 2.2)
    if reason is Reason.UNSURE:
        return random.uniform(0.3, 0.4)
    return 0.4 + 0.6 * random.betavariate(2.4, 0.7)
