"""What is remembered of a source's health, and when the operators are told. Pure.

Diagnosis of a run ─▶ check_up ─▶ Health, and an Alert if the source broke, moved or recovered

A source is believed to be broken, or to have moved, when two runs in a row say so, whatever they
say: an answer of 404 while a site is being renewed, a guard that asks one visitor for a captcha
and a cable that is cut for a minute look the same to who asks once, and none of them leaves an
operator anything to do. The second run comes soon, since the pause after a first failure is the
source's own interval. That a source works again is believed at once: nothing follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scrapers.health import Condition, Diagnosis, Usual

BELIEVED = 2
"""How many runs in a row must say the same."""

RELAPSE = timedelta(days=1)
"""A source that breaks again the same way within this time has to be worse to be told of."""

MOST_DOUBLINGS = 3


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is doing.

    Attributes:
        condition: what the last run said, and ``detail`` why.
        streak: how many runs in a row have said so: sound, moved or broken.
        since: when the first of them was.
        standing: the condition that is believed, and that operators are told.
        good_at: when the last run was that could read the source.
        news_at: when the last run was that brought something new.
        usual: what its runs have shown so far.
    """

    condition: Condition = Condition.FINE
    detail: str = ""
    streak: int = 0
    since: datetime | None = None
    standing: Condition = Condition.FINE
    good_at: datetime | None = None
    news_at: datetime | None = None
    usual: Usual = field(default_factory=Usual)


@dataclass(frozen=True, slots=True)
class Alert:
    """What the operators are told of a source, once.

    Attributes:
        before: how it was until now.
        condition: how it is, and ``detail`` why.
        since: since when it is so; if it recovered, since when it had been broken.
        good_at: when the last good run before this was, if there was one.
        at: when this was found out.
    """

    source: str
    before: Condition
    condition: Condition
    detail: str
    since: datetime
    good_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Checkup:
    """What a run changes: the health from now on, and what to tell, if anything."""

    health: Health
    alert: Alert | None = None


def check_up(
    source: str, known: Health, diagnosis: Diagnosis, *, at: datetime, news: bool, relapses: int = 0
) -> Checkup:
    """Return the health of ``source`` after a run.

    Args:
        source: its name.
        known: its health until now.
        diagnosis: of the run.
        at: now.
        news: whether the run brought something new.
        relapses: how often the operators were told of the same condition within RELAPSE.
    """
    condition = diagnosis.condition
    same = _level(condition) == _level(known.condition) and known.since is not None
    streak = known.streak + 1 if same else 1
    health = Health(
        condition=condition,
        detail=diagnosis.detail,
        streak=streak,
        since=known.since if same else at,
        standing=condition if _is_believed(condition, known, streak, relapses) else known.standing,
        good_at=known.good_at if condition.is_broken else at,
        news_at=at if news else known.news_at,
        usual=diagnosis.usual,
    )
    return Checkup(health, _alert(source, known, health, at))


def _is_believed(condition: Condition, known: Health, streak: int, relapses: int) -> bool:
    needed = BELIEVED * 2 ** min(relapses, MOST_DOUBLINGS)
    return _level(condition) <= _level(known.standing) or streak >= needed


def _alert(source: str, known: Health, health: Health, at: datetime) -> Alert | None:
    if _level(health.standing) == _level(known.standing):
        return None
    worse = _level(health.standing) > _level(known.standing)
    since = health.since if worse else known.since
    return Alert(
        source=source,
        before=known.standing,
        condition=health.standing,
        detail=health.detail,
        since=since or at,
        good_at=known.good_at,
        at=at,
    )


def _level(condition: Condition) -> int:
    """Return how bad a condition is: 0 sound, 1 moved, 2 broken."""
    return 0 if condition.is_sound else 1 + condition.is_broken
