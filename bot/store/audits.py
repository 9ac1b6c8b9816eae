"""Rejections that were drawn for the audit, and what operators say of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import AUDITED, Audit
from bot.model import Truth
from bot.store.engine import insert
from bot.store.schema import audits, labels, verdicts


async def keep_drawn(connection: AsyncConnection, item_id: int) -> None:
    """Record that a rejection is drawn."""
    await connection.execute(insert(connection, audits).values(item_id=item_id))


async def audit_of(connection: AsyncConnection, which: ColumnElement[bool]) -> Audit:
    """Return what came of the audit, among the verdicts that ``which`` names."""
    drawn = audits.c.item_id.is_not(None)
    good, bad = labels.c.truth == Truth.GOOD, labels.c.truth == Truth.BAD
    active = select(func.max(labels.c.id)).where(labels.c.undone_at.is_(None))
    its_label = and_(
        labels.c.item_id == verdicts.c.item_id,
        labels.c.id.in_(active.group_by(labels.c.item_id)),
    )
    query: Any = (
        select(
            func.count().label("rejected"),
            _count(drawn).label("drawn"),
            _count(drawn & labels.c.id.is_not(None)).label("answered"),
            _count(drawn & good).label("good"),
            _count(good).label("known_good"),
            _count(bad).label("known_bad"),
        )
        .select_from(verdicts)
        .outerjoin(audits, audits.c.item_id == verdicts.c.item_id)
        .outerjoin(labels, its_label)
        .where(verdicts.c.reason.in_(AUDITED), which)
    )
    return Audit(**(await connection.execute(query)).one()._mapping)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
