"""The ledger to the last line, a batch at a time: its length does not matter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import and_, or_, select

from bot.model import Entry
from bot.store.records import entries
from bot.store.repository import Repository, unbroken
from bot.store.schema import verdicts

BATCH = 500


class Export(Repository):
    """The ledger in the order in which it was written."""

    async def lines(
        self, *, since: datetime | None = None, before: datetime, size: int = BATCH
    ) -> AsyncIterator[list[Entry]]:
        """Yield the ledger's lines that were decided in a span of time, the oldest first.

        Each batch is read by itself: no reading holds up a newsieve at work for long, and
        each line tells what is so when it is read.

        Args:
            since: of the first line; None: from the beginning.
            before: of no line any more.
            size: how many lines are read at once.
        """
        last: Entry | None = None
        while batch := await self._batch(since, before, last, size):
            yield batch
            last = batch[-1]

    @unbroken
    async def _batch(
        self, since: datetime | None, before: datetime, last: Entry | None, size: int
    ) -> list[Entry]:
        at, item_id = verdicts.c.decided_at, verdicts.c.item_id
        query = select(item_id).where(at < before).order_by(at, item_id).limit(size)
        if last is not None:
            later = or_(at > last.decided_at, item_id > last.recorded.id)
            query = query.where(and_(at >= last.decided_at, later))
        elif since is not None:
            query = query.where(at >= since)
        async with self._database.reading() as connection:
            return await entries(connection, (await connection.scalars(query)).all())
