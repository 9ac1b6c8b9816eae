"""What the store tells in figures: everything is counted by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.figures import BINS, SCORED, Figures, SourceTally, Stretch, Tally
from bot.model import BY_RULE, REJECTIONS, Objection, Reason, Truth
from bot.store.audits import audit_of
from bot.store.columns import Moment
from bot.store.labelling import newest_labels
from bot.store.repository import Repository, unbroken
from bot.store.schema import items, labels, posts, verdicts

THRESHOLDS = 3
"""Of so many thresholds, the latest ones, is told that they were in force."""


class Statistics(Repository):
    """The figures of the ledger and the posts."""

    @unbroken
    async def figures(self, stretches: Sequence[Stretch], zone: tzinfo) -> Figures:
        """Return the figures of these stretches of time, the earliest first, one after the other.

        They are told in the days of ``zone``.
        """
        whole = Stretch(stretches[0].begin, stretches[-1].end)
        async with self._database.reading() as connection:
            said = await _said(connection, whole, stretches)
            scored = await _scored(connection, whole)
            return Figures(
                tallies=tuple(await _tallies(connection, stretches, said)),
                scores=_scores(scored),
                thresholds=_thresholds(scored),
                sources=tuple(await _sources(connection, whole)),
                rescued=sum(its.count for its in said if its.rescues),
                zone=zone,
                audit=await audit_of(connection, _judged_in(whole)),
            )


@dataclass(frozen=True, slots=True)
class _Said:
    """What operators say of some items: of the same stretch, reason, truth and objection."""

    stretch: int
    reason: Reason
    truth: Truth
    objection: Objection | None
    count: int

    @property
    def rescues(self) -> bool:
        return self.truth is Truth.GOOD and self.reason in REJECTIONS

    @property
    def of_accepted(self) -> str:
        """Which figure of a Tally it counts for, if these items were accepted."""
        if self.truth is Truth.GOOD:
            return "confirmed"
        about_text = self.objection is None or self.objection.is_about_text
        return "corrected" if about_text else "untimely"


async def _tallies(
    connection: AsyncConnection, stretches: Sequence[Stretch], said: Sequence[_Said]
) -> Iterator[Tally]:
    table = _table(stretches)
    judged = (
        select(table.c.number, verdicts.c.reason, func.count().label("total"))
        .join(verdicts, _within(verdicts.c.decided_at, table))
        .group_by(table.c.number, verdicts.c.reason)
    )
    sent = (
        select(table.c.number, func.count().label("total"))
        .join(posts, _within(posts.c.sent_at, table))
        .group_by(table.c.number)
    )
    counts: defaultdict[int, dict[Reason, int]] = defaultdict(dict)
    for number, reason, total in await connection.execute(judged):
        counts[number][reason] = total
    out = {row.number: row.total for row in await connection.execute(sent)}
    checked: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for its in said:
        if its.reason is Reason.GOOD:
            checked[its.stretch][its.of_accepted] += its.count
    return (
        Tally(stretch, counts[number], out.get(number, 0), **checked[number])
        for number, stretch in enumerate(stretches)
    )


async def _said(
    connection: AsyncConnection, whole: Stretch, stretches: Sequence[Stretch]
) -> list[_Said]:
    """Return what the newest active labels say, by when and why their items were judged."""
    table, newest = _table(stretches), newest_labels()
    kinds = (table.c.number, verdicts.c.reason, labels.c.truth, labels.c.objection)
    query = (
        select(*kinds, func.count())
        .select_from(newest)
        .join(labels, labels.c.id == newest.c.id)
        .join(verdicts, verdicts.c.item_id == newest.c.item_id)
        .join(table, _within(verdicts.c.decided_at, table))
        .where(_judged_in(whole))
        .group_by(*kinds)
    )
    return [_Said(*row) for row in await connection.execute(query)]


@dataclass(frozen=True, slots=True)
class _Scored:
    """Verdicts whose score counts: of one reason, bar of the histogram, and threshold.

    Attributes:
        bar: None: a phrase rule has decided, whatever the score.
        latest: when the last of them was decided.
    """

    reason: Reason
    bar: int | None
    threshold: float
    count: int
    latest: datetime


async def _scored(connection: AsyncConnection, whole: Stretch) -> list[_Scored]:
    # Rounding differs from database to database; comparing does not.
    bars = ((verdicts.c.score < (n + 1) / BINS, n) for n in range(BINS - 1))
    bar = case((_by_rule(), null()), *bars, else_=BINS - 1).label("bar")
    kinds = (verdicts.c.reason, bar, verdicts.c.threshold)
    query = (
        select(*kinds, func.count(), func.max(verdicts.c.decided_at))
        .where(_judged_in(whole), verdicts.c.reason.in_(SCORED))
        .group_by(*kinds)
    )
    return [_Scored(*row) for row in await connection.execute(query)]


def _scores(scored: Sequence[_Scored]) -> Mapping[Reason, Sequence[int]]:
    scores = {reason: [0] * BINS for reason in SCORED}
    for some in scored:
        if some.bar is not None:
            scores[some.reason][some.bar] += some.count
    return scores


def _thresholds(scored: Sequence[_Scored]) -> tuple[float, ...]:
    latest: dict[float, datetime] = {}
    for some in scored:
        latest[some.threshold] = max(some.latest, latest.get(some.threshold, some.latest))
    oldest_first = sorted(latest, key=lambda threshold: (latest[threshold], -threshold))
    return tuple(oldest_first[-THRESHOLDS:])


async def _sources(connection: AsyncConnection, whole: Stretch) -> list[SourceTally]:
    accepted = func.sum(case((verdicts.c.reason == Reason.GOOD, 1), else_=0))
    query: Select[Any] = (
        select(items.c.source, func.count(), accepted)
        .join(verdicts, verdicts.c.item_id == items.c.id)
        .where(_judged_in(whole), verdicts.c.reason != Reason.SEEDED)
        .group_by(items.c.source)
    )
    return [SourceTally(*row) for row in await connection.execute(query)]


def _table(stretches: Sequence[Stretch]) -> CTE:
    """Return the stretches as a table; all databases know no other way to make one."""
    rows = (
        select(
            literal(number).label("number"),
            literal(stretch.begin, Moment).label("begin_at"),
            literal(stretch.end, Moment).label("end_at"),
        )
        for number, stretch in enumerate(stretches)
    )
    return union_all(*rows).cte("stretches")


def _within(moment: ColumnElement[Any], table: CTE) -> ColumnElement[bool]:
    return (moment >= table.c.begin_at) & (moment < table.c.end_at)


def _by_rule() -> ColumnElement[bool]:
    """Tell the good that a phrase rule has decided from the good that the score has."""
    return verdicts.c.detail.startswith(BY_RULE, autoescape=True)


def _judged_in(whole: Stretch) -> ColumnElement[bool]:
    return (verdicts.c.decided_at >= whole.begin) & (verdicts.c.decided_at < whole.end)
