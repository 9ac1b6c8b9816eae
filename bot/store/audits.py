"""Rejections that were drawn for the audit, and what operators say of them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import AUDITED, Audit
from bot.model import Truth
from bot.store.engine import insert
from bot.store.labelling import newest_labels
from bot.store.schema import audits, labels, verdicts


async def keep_drawn(connection: AsyncConnection, item_id: int) -> None:
    """Record that a rejection is drawn."""
    await connection.execute(insert(connection, audits).values(item_id=item_id))


async def audit_of(connection: AsyncConnection, which: ColumnElement[bool]) -> Audit:
    """Return what came of the audit, among the verdicts that ``which`` names."""
    rejected = select(func.count()).where(verdicts.c.reason.in_(AUDITED), which)
    # Few have been drawn or labelled: what is found by way of these reads no other verdict.
    drawn = rejected.join_from(audits, verdicts, verdicts.c.item_id == audits.c.item_id)
    answers = await _answers(connection, which)
    return Audit(
        rejected=await connection.scalar(rejected) or 0,
        drawn=await connection.scalar(drawn) or 0,
        answered=sum(count for (_, is_drawn), count in answers.items() if is_drawn),
        good=answers[Truth.GOOD, True],
        known_good=answers[Truth.GOOD, True] + answers[Truth.GOOD, False],
        known_bad=answers[Truth.BAD, True] + answers[Truth.BAD, False],
    )


async def _answers(
    connection: AsyncConnection, which: ColumnElement[bool]
) -> Counter[tuple[Truth, bool]]:
    """Count the rejections that are labelled, by what their label says and whether drawn."""
    newest = newest_labels()
    is_drawn = audits.c.item_id.is_not(None)
    query = (
        select(labels.c.truth, is_drawn, func.count())
        .select_from(newest)
        .join(labels, labels.c.id == newest.c.id)
        .join(verdicts, verdicts.c.item_id == newest.c.item_id)
        .outerjoin(audits, audits.c.item_id == newest.c.item_id)
        .where(verdicts.c.reason.in_(AUDITED), which)
        .group_by(labels.c.truth, is_drawn)
    )
    rows = await connection.execute(query)
    return Counter({(truth, bool(drawn)): count for truth, drawn, count in rows})
