"""Posts: the outbox. The sender reads what is due and records each step before the next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, not_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Post, PostState
from bot.store.labelling import STILL_WANTED
from bot.store.mentions import forget_mentions
from bot.store.post_queries import PAUSED
from bot.store.post_waits import PostWaits
from bot.store.records import one_line
from bot.store.repository import unbroken
from bot.store.schema import posts
from bot.urgency import urgency

_NOT_SEEN = frozenset(PostState) - {PostState.SENT, PostState.REMOVED}


class Posts(PostWaits):
    """The posts of all channels.

    Every step names the states it may start from and returns False, changing
    nothing, if the post has moved on in the meantime: two hands on one post
    never make a duplicate.
    """

    @unbroken
    async def begin_sending(self, post_id: int, *, at: datetime, floor_id: int | None) -> bool:
        """Record the intent to send, before the request; False if it is not to be sent now."""
        return await self._move(
            post_id,
            (PostState.QUEUED, PostState.REMOVED),
            posts.c.wanted,
            not_(PAUSED),
            state=PostState.SENDING,
            sending_at=at,
            floor_id=floor_id,
            message_id=None,
            sent_at=None,
            not_before=None,
            struck_out=False,
        )

    @unbroken
    async def begin_removing(self, post_id: int, *, at: datetime) -> bool:
        """Record the intent to remove, before the request; False if it is to be seen again.

        Until it is recorded what came of it, the post may be seen or not: if it is wanted again,
        it is brought back, which finds out.
        """
        start = (PostState.SENT, PostState.REMOVED)
        unwanted = not_(posts.c.wanted)
        return await self._move(post_id, start, unwanted, state=PostState.REMOVED, sending_at=at)

    @unbroken
    async def record_not_removed(self, post_id: int, *, not_before: datetime, error: str) -> bool:
        """Record that a post was certainly not removed, to be tried again later."""
        return await self._move(
            post_id, (PostState.REMOVED,), state=PostState.SENT, **_trouble(error, not_before)
        )

    @unbroken
    async def begin_restoring(self, post_id: int, *, at: datetime) -> bool:
        """Record the intent to bring a removed post back in its place; False if it is not to be.

        Until it is recorded what came of it, a post no longer wanted is removed once more.
        """
        wanted = (posts.c.wanted, not_(PAUSED))
        return await self._move(post_id, (PostState.REMOVED,), *wanted, sending_at=at)

    @unbroken
    async def record_restored(self, post_id: int, *, at: datetime) -> bool:
        """Record that a removed post is seen again, as the same message."""
        return await self._move(
            post_id,
            (PostState.REMOVED,),
            state=PostState.SENT,
            sent_at=at,
            struck_out=False,
            **_NO_TROUBLE,
        )

    @unbroken
    async def doubt_removal(self, post_id: int, *, not_before: datetime, error: str) -> bool:
        """Record that nobody can say whether a post is gone that is wanted again."""
        return await self._move(
            post_id,
            (PostState.REMOVED,),
            state=PostState.UNCERTAIN,
            struck_out=False,
            attempts=0,
            error=one_line(error),
            not_before=not_before,
        )

    @unbroken
    async def record_sent(self, post_id: int, message_id: int, *, at: datetime) -> bool:
        """Record that the post is this message of its channel."""
        return await self._move(
            post_id,
            _NOT_SEEN,
            state=PostState.SENT,
            message_id=message_id,
            sent_at=at,
            **_NO_TROUBLE,
        )

    @unbroken
    async def record_seen(self, post_id: int, *, attempt: datetime | None, at: datetime) -> bool:
        """Record that an uncertain post is there; which message it is only people may know.

        Only if it was last sent at the moment ``attempt``: later nobody can have meant it.
        """
        return await self._move(
            post_id,
            (PostState.UNCERTAIN,),
            posts.c.sending_at == attempt,
            state=PostState.SENT,
            sent_at=at,
            **_NO_TROUBLE,
        )

    @unbroken
    async def place(self, post_id: int, message_id: int, *, at: datetime) -> bool:
        """Record which message a post is that is, or may be, in its channel.

        It counts as sent when that was recorded first, if it was.
        """
        return await self._move(
            post_id,
            (PostState.SENT, PostState.UNCERTAIN),
            posts.c.message_id.is_(None),
            state=PostState.SENT,
            message_id=message_id,
            sent_at=func.coalesce(posts.c.sent_at, at),
            **_NO_TROUBLE,
        )

    @unbroken
    async def postpone(self, post_id: int, *, not_before: datetime, error: str) -> bool:
        """Record that the post was certainly not sent, to be tried again later."""
        return await self._move(
            post_id,
            _NOT_SEEN - {PostState.FAILED, PostState.EXPIRED},
            state=PostState.QUEUED,
            wanted=STILL_WANTED,
            **_trouble(error, not_before),
        )

    @unbroken
    async def record_failed(self, post_id: int, error: str) -> bool:
        """Record that the post is refused for good."""
        return await self._move(
            post_id,
            frozenset(PostState) - {PostState.REMOVED, PostState.EXPIRED},
            state=PostState.FAILED,
            **_trouble(error, None),
        )

    @unbroken
    async def record_uncertain(self, post_id: int, *, not_before: datetime, error: str) -> bool:
        """Record that nobody can say whether the post was sent, to be found out later."""
        return await self._move(
            post_id,
            (PostState.SENDING, PostState.UNCERTAIN),
            **_ONE_MORE_DOUBT,
            **_trouble(error, not_before),
        )

    @unbroken
    async def record_removed_by_hand(self, post_id: int, *, is_dropped: bool = False) -> bool:
        """Record that a person has removed a post that only people can remove.

        Nobody else knows which message it is, or its channel has nobody else: it ``is_dropped``.
        """
        unwanted = not_(posts.c.wanted)
        if is_dropped:
            there = (PostState.SENT, PostState.UNCERTAIN, PostState.REMOVED)
            return await self._record_removed(post_id, there, unwanted)
        unknown = posts.c.message_id.is_(None)
        return await self._record_removed(post_id, (PostState.SENT,), unwanted, unknown)

    @unbroken
    async def record_removed(self, post_id: int, *, at: datetime, struck_out: bool = False) -> bool:
        """Record that the post is no longer seen in its channel.

        ``struck_out``: its message is still there, with a notice in it.
        """
        seen = frozenset(PostState) - {PostState.QUEUED, PostState.SENDING, PostState.EXPIRED}
        return await self._record_removed(post_id, seen, struck_out=struck_out)

    @unbroken
    async def requeue(self, post_id: int) -> bool:
        """Queue a post anew that was not sent after all, or is gone; never one that is seen."""
        return await self._move(
            post_id,
            (PostState.UNCERTAIN, PostState.FAILED, PostState.REMOVED),
            state=PostState.QUEUED,
            wanted=STILL_WANTED,
            **_RESTED,
        )

    @unbroken
    async def send_again(self, post_id: int, *, attempt: datetime | None, at: datetime) -> bool:
        """Queue an uncertain post on the word of a person that it is not there.

        Only if it was last sent at the moment ``attempt``. It counts as queued now.
        """
        return await self._move(
            post_id,
            (PostState.UNCERTAIN,),
            posts.c.sending_at == attempt,
            state=PostState.QUEUED,
            queued_at=at,
            urgency=urgency(at, 0),
            **_RESTED,
        )

    @unbroken
    async def delay(
        self,
        post_id: int,
        *,
        state: PostState,
        not_before: datetime,
        error: str,
        unplaced: bool = False,
    ) -> bool:
        """Record that an attempt failed and changed nothing, to be made again later.

        ``state`` is the one in which the attempt was made, for a post that is ``unplaced``
        without its message: if an operator has moved the post on in the meantime, or told which
        message it is, that stands.
        """
        conditions = (posts.c.message_id.is_(None),) if unplaced else ()
        return await self._move(post_id, (state,), *conditions, **_trouble(error, not_before))

    @unbroken
    async def recover(self, *, not_before: datetime, chat: str | None = None) -> list[Post]:
        """Make every post uncertain whose sending a dead process left open; return them.

        Before any sender works, or only those in the channel ``chat`` before its own one does.
        """
        interrupted = posts.c.state == PostState.SENDING
        if chat is not None:
            interrupted &= posts.c.chat == chat
        values = _trouble("interrupted while it was being sent", not_before)
        statement = update(posts).where(interrupted).values(**_ONE_MORE_DOUBT, **values)
        return await self._changed(statement.returning(posts))

    async def _record_removed(
        self, post_id: int, start: Collection[PostState], *conditions: Any, **values: Any
    ) -> bool:
        removed = {"state": PostState.REMOVED, "sending_at": None, **_NO_TROUBLE, **values}
        async with self._database.writing() as connection:
            moved = await _step(connection, post_id, start, *conditions, **removed)
            if moved:
                await forget_mentions(connection, post_id)
        return moved

    async def _move(
        self, post_id: int, start: Collection[PostState], *conditions: Any, **values: Any
    ) -> bool:
        async with self._database.writing() as connection:
            return await _step(connection, post_id, start, *conditions, **values)


async def _step(
    connection: AsyncConnection,
    post_id: int,
    start: Collection[PostState],
    *conditions: Any,
    **values: Any,
) -> bool:
    allowed = (posts.c.id == post_id, posts.c.state.in_(tuple(start)), *conditions)
    moved = await connection.execute(update(posts).where(*allowed).values(**values))
    return moved.rowcount == 1


_RESTED: dict[str, Any] = {"attempts": 0, "error": "", "not_before": None}
_NO_TROUBLE: dict[str, Any] = {**_RESTED, "doubts": 0}
_ONE_MORE_DOUBT: dict[str, Any] = {"state": PostState.UNCERTAIN, "doubts": posts.c.doubts + 1}


def _trouble(error: str, not_before: datetime | None) -> dict[str, Any]:
    return {
        "attempts": posts.c.attempts + 1,
        "error": one_line(error),
        "not_before": not_before,
    }
