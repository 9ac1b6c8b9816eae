"""What the store tells in figures: everything is counted by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.figures import BINS, SCORED, Figures, SourceTally, Stretch, Tally
from bot.model import Reason, Truth
from bot.store.audits import audit_of
from bot.store.columns import Moment
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
            corrections = await _corrections(connection, whole, stretches)
            return Figures(
                tallies=tuple(await _tallies(connection, stretches, corrections)),
                scores=await _scores(connection, whole),
                thresholds=await _thresholds(connection, whole),
                sources=tuple(await _sources(connection, whole)),
                rescued=sum(count for *_, truth, count in corrections if truth is Truth.GOOD),
                zone=zone,
                audit=await audit_of(connection, _judged_in(whole)),
            )


_Correction = tuple[int, Truth, int]
"""In which stretch an item was judged, what operators say against it, and how many items."""


async def _tallies(
    connection: AsyncConnection, stretches: Sequence[Stretch], corrections: Sequence[_Correction]
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
    called_bad = {number: total for number, truth, total in corrections if truth is Truth.BAD}
    return (
        Tally(stretch, counts[number], out.get(number, 0), called_bad.get(number, 0))
        for number, stretch in enumerate(stretches)
    )


async def _corrections(
    connection: AsyncConnection, whole: Stretch, stretches: Sequence[Stretch]
) -> list[_Correction]:
    """Return how many items the newest active label contradicts: accepted ones, rejected ones."""
    table = _table(stretches)
    active = select(func.max(labels.c.id)).where(labels.c.undone_at.is_(None))
    contradicts = case(
        (verdicts.c.reason == Reason.GOOD, labels.c.truth == Truth.BAD),
        (verdicts.c.reason == Reason.UNSURE, False),
        else_=labels.c.truth == Truth.GOOD,
    )
    query = (
        select(table.c.number, labels.c.truth, func.count())
        .select_from(labels)
        .join(verdicts, verdicts.c.item_id == labels.c.item_id)
        .join(table, _within(verdicts.c.decided_at, table))
        .where(labels.c.id.in_(active.group_by(labels.c.item_id)), contradicts, _judged_in(whole))
        .group_by(table.c.number, labels.c.truth)
    )
    return [(number, truth, total) for number, truth, total in await connection.execute(query)]


async def _scores(connection: AsyncConnection, whole: Stretch) -> Mapping[Reason, Sequence[int]]:
    # Rounding differs from database to database; comparing does not.
    number = case(
        *((verdicts.c.score < (n + 1) / BINS, n) for n in range(BINS - 1)), else_=BINS - 1
    ).label("bin")
    query = (
        select(verdicts.c.reason, number, func.count())
        .where(_judged_in(whole), verdicts.c.reason.in_(SCORED))
        .group_by(verdicts.c.reason, number)
    )
    scores = {reason: [0] * BINS for reason in SCORED}
    for reason, place, total in await connection.execute(query):
        scores[reason][place] = total
    return scores


async def _thresholds(connection: AsyncConnection, whole: Stretch) -> tuple[float, ...]:
    query = (
        select(verdicts.c.threshold)
        .where(_judged_in(whole), verdicts.c.reason.in_(SCORED))
        .group_by(verdicts.c.threshold)
        .order_by(func.max(verdicts.c.decided_at).desc(), verdicts.c.threshold)
        .limit(THRESHOLDS)
    )
    return tuple(reversed((await connection.scalars(query)).all()))


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


def _judged_in(whole: Stretch) -> ColumnElement[bool]:
    return (verdicts.c.decided_at >= whole.begin) & (verdicts.c.decided_at < whole.end)
