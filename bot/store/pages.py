"""Posts and rejections a page at a time, the newest first.

A page begins behind an item, not at a number of lines: what comes meanwhile moves nothing. Of a
post it is told when it was sent, too: it may leave meanwhile, and come back as the newest.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import REJECTIONS, Entry, Reason
from bot.store.records import entries
from bot.store.repository import Repository, unbroken
from bot.store.schema import posts, sightings, verdicts
from bot.store.seen import seen_items


class Pages(Repository):
    """The ledger, to turn its pages."""

    @unbroken
    async def posted(
        self, limit: int, *, before: tuple[datetime, int] | None = None
    ) -> list[Entry]:
        """Return the items seen now in a channel, the newest post first.

        Args:
            limit: at most so many.
            before: only items posted before this moment, or in it and with a lower id; None:
                from the newest on.
        """
        query = seen_items()
        if before is not None:
            moment, item_id = before
            query = query.where(_behind(posts.c.sent_at, moment, posts.c.item_id, item_id))
        async with self._database.reading() as connection:
            return await _read(connection, query.limit(limit))

    @unbroken
    async def rejections(
        self,
        limit: int,
        *,
        before: int | None = None,
        reason: Reason | None = None,
        source: str | None = None,
    ) -> list[Entry]:
        """Return rejections, newest first.

        Args:
            limit: at most so many.
            before: only what was decided before this item; None: from the newest on.
            reason: only those with this reason.
            source: only those seen at the source of this name.
        """
        at, item_id = verdicts.c.decided_at, verdicts.c.item_id
        query = select(item_id).where(verdicts.c.reason.in_([reason] if reason else REJECTIONS))
        if source is not None:
            seen = exists().where(sightings.c.item_id == item_id, sightings.c.source == source)
            query = query.where(seen)
        async with self._database.reading() as connection:
            if before is not None:
                moment = await connection.scalar(select(at).where(item_id == before))
                if moment is None:
                    return []
                query = query.where(_behind(at, moment, item_id, before))
            return await _read(connection, query.order_by(at.desc(), item_id.desc()).limit(limit))


def _behind(
    at: ColumnElement[Any], moment: datetime, item_id: ColumnElement[int], before: int
) -> ColumnElement[bool]:
    # The first condition says nothing new, but is one that an index finds.
    return and_(at <= moment, or_(at < moment, item_id < before))


async def _read(connection: AsyncConnection, query: Select[Any]) -> list[Entry]:
    return await entries(connection, (await connection.scalars(query)).all())
