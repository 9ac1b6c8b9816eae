"""Rejections that were drawn for the audit, and what operators say of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, func, select
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
    rejected = select(func.count()).where(verdicts.c.reason.in_(AUDITED), which)
    active = select(func.max(labels.c.id)).where(labels.c.undone_at.is_(None))
    good = func.sum(case((labels.c.truth == Truth.GOOD, 1), else_=0))
    answered: Any = (
        select(func.count(), func.coalesce(good, 0))
        .select_from(labels)
        .join(audits, audits.c.item_id == labels.c.item_id)
        .join(verdicts, verdicts.c.item_id == labels.c.item_id)
        .where(labels.c.id.in_(active.group_by(labels.c.item_id)), which)
    )
    total = await connection.scalar(rejected) or 0
    return Audit(total, *(await connection.execute(answered)).one())
