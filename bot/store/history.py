"""The ledger read from its end, some lines at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import and_, or_, select

from bot.model import Entry
from bot.store.records import entries
from bot.store.repository import Repository, unbroken
from bot.store.schema import verdicts

_BATCH = 250


class History(Repository):
    """What was decided."""

    async def decided(self, since: datetime, limit: int) -> AsyncIterator[list[Entry]]:
        """Yield what was decided from ``since`` on, the newest first, at most ``limit`` lines.

        They come in batches, as texts may be long; no transaction is open between two.
        """
        last: Entry | None = None
        while limit > 0 and (batch := await self._batch(since, last, min(limit, _BATCH))):
            yield batch
            last, limit = batch[-1], limit - len(batch)

    @unbroken
    async def _batch(self, since: datetime, last: Entry | None, limit: int) -> list[Entry]:
        at, item_id = verdicts.c.decided_at, verdicts.c.item_id
        query = select(item_id).where(at >= since).order_by(at.desc(), item_id.desc()).limit(limit)
        if last is not None:
            # The first condition says nothing new, but is one that an index finds.
            earlier = or_(at < last.decided_at, item_id < last.recorded.id)
            query = query.where(and_(at <= last.decided_at, earlier))
        async with self._database.reading() as connection:
            return await entries(connection, (await connection.scalars(query)).all())
