"""How long posts may wait: what is given up as too old, and waits that a wrong clock has made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import not_, null, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from bot.model import Post, PostState
from bot.store.post_queries import NEEDS_ACTION, PostQueries, needing_action
from bot.store.records import one_line, post_of
from bot.store.repository import unbroken
from bot.store.schema import posts


class PostWaits(PostQueries):
    """The posts of all channels, as far as time alone changes them."""

    @unbroken
    async def expire(
        self, chat: str, *, queued_before: datetime, at: datetime, sure: timedelta, error: str
    ) -> list[Post]:
        """Give up what was queued before a moment and was never sent; return it.

        That it is so old must have been found twice, at moments ``sure`` apart: a clock that is
        wrong for a while costs no post. In between it is overdue, and is not sent.
        """
        unsent = (
            posts.c.chat == chat,
            posts.c.state == PostState.QUEUED,
            posts.c.sent_at.is_(None),
        )
        is_old = posts.c.wanted & (posts.c.queued_at < queued_before)
        was_wrong = not_(is_old) | (posts.c.overdue_at > at)
        values = {"state": PostState.EXPIRED, "error": one_line(error), "not_before": None}
        async with self._database.writing() as connection:
            for which, overdue_at in (
                (posts.c.overdue_at.is_not(None) & was_wrong, null()),
                (posts.c.overdue_at.is_(None) & is_old, at),
            ):
                found = update(posts).where(*unsent, which)
                await connection.execute(found.values(overdue_at=overdue_at))
            sure_by_now = posts.c.overdue_at <= at - sure
            given_up = update(posts).where(*unsent, is_old, sure_by_now).values(**values)
            return await _changed(connection, given_up.returning(posts))

    @unbroken
    async def shorten(self, chat: str, *, longest: datetime, instead: datetime) -> list[Post]:
        """Let posts wait until ``instead`` that are to wait beyond ``longest``; return them.

        Nothing waits so long unless the clock was wrong when it began.
        """
        late = (needing_action(chat), NEEDS_ACTION, posts.c.not_before > longest)
        statement = update(posts).where(*late).values(not_before=instead).returning(posts)
        return await self._changed(statement)

    async def _changed(self, statement: ReturningUpdate[Any]) -> list[Post]:
        async with self._database.writing() as connection:
            return await _changed(connection, statement)


async def _changed(connection: AsyncConnection, statement: ReturningUpdate[Any]) -> list[Post]:
    rows = (await connection.execute(statement)).mappings()
    return sorted(map(post_of, rows), key=lambda post: post.id)
