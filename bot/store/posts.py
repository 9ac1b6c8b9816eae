"""Posts: the outbox. The sender reads what is due and records each step before the next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, not_, or_, select, update

from bot.model import Post, PostState
from bot.store.records import one_line, post_of
from bot.store.repository import Repository, unbroken
from bot.store.schema import posts

_TO_SEND = and_(posts.c.wanted, posts.c.state.in_((PostState.QUEUED, PostState.REMOVED)))
# A removed post that is being brought back may be seen again before that is recorded.
_RESTORING = and_(posts.c.state == PostState.REMOVED, posts.c.sending_at.is_not(None))
_TO_REMOVE = and_(not_(posts.c.wanted), or_(posts.c.state == PostState.SENT, _RESTORING))
_TO_RESOLVE = posts.c.state == PostState.UNCERTAIN
_NEEDS_ACTION = or_(_TO_SEND, _TO_REMOVE, _TO_RESOLVE)
_NOT_SEEN = frozenset(PostState) - {PostState.SENT, PostState.REMOVED}


class Posts(Repository):
    """The posts of all channels.

    Every step names the states it may start from and returns False, changing
    nothing, if the post has moved on in the meantime: two hands on one post
    never make a duplicate.
    """

    @unbroken
    async def get(self, post_id: int) -> Post | None:
        """Return a post by its id, or None."""
        return await self._first(posts.c.id == post_id)

    @unbroken
    async def by_message(self, chat: str, message_id: int) -> Post | None:
        """Return the post that is this message of the channel, or None."""
        return await self._first(posts.c.chat == chat, posts.c.message_id == message_id)

    @unbroken
    async def due(self, chat: str, now: datetime) -> Post | None:
        """Return the post of the channel to act on next, or None: removals first, then oldest.

        wanted and queued or removed: to be sent or brought back; not wanted and sent, or
        removed but perhaps brought back: to be removed; uncertain: to be found out.
        """
        ready = or_(posts.c.not_before.is_(None), posts.c.not_before <= now)
        return await self._first(posts.c.chat == chat, _NEEDS_ACTION, ready)

    @unbroken
    async def pending(self, chat: str) -> list[Post]:
        """Return all posts of the channel that need action now or later, in that order."""
        query = select(posts).where(posts.c.chat == chat, _NEEDS_ACTION).order_by(*_ORDER)
        async with self._database.reading() as connection:
            return [post_of(row) for row in (await connection.execute(query)).mappings()]

    @unbroken
    async def next_moment(self, chat: str) -> datetime | None:
        """Return when the next post of the channel needs action, or None if none does.

        A moment in the past means at once.
        """
        moment = func.min(func.coalesce(posts.c.not_before, posts.c.queued_at))
        query = select(moment).where(posts.c.chat == chat, _NEEDS_ACTION)
        async with self._database.reading() as connection:
            return await connection.scalar(query)

    @unbroken
    async def highest_message_id(self, chat: str) -> int | None:
        """Return the highest message id known in the channel, or None if none is."""
        query = select(func.max(posts.c.message_id), func.max(posts.c.floor_id))
        async with self._database.reading() as connection:
            row = (await connection.execute(query.where(posts.c.chat == chat))).one()
        return max((known for known in row if known is not None), default=None)

    @unbroken
    async def sent_since(self, moment: datetime) -> int:
        """Return how many posts went out from ``moment`` on, those removed since included."""
        query = select(func.count()).where(posts.c.sent_at >= moment)
        async with self._database.reading() as connection:
            return await connection.scalar(query) or 0

    @unbroken
    async def begin_sending(self, post_id: int, *, at: datetime, floor_id: int | None) -> bool:
        """Record the intent to send, before the request; False if it is not to be sent now."""
        return await self._move(
            post_id,
            (PostState.QUEUED, PostState.REMOVED),
            posts.c.wanted,
            state=PostState.SENDING,
            sending_at=at,
            floor_id=floor_id,
            message_id=None,
            sent_at=None,
            not_before=None,
        )

    @unbroken
    async def begin_restoring(self, post_id: int, *, at: datetime) -> bool:
        """Record the intent to bring a removed post back in its place; False if it is not to be.

        Until it is recorded what came of it, a post no longer wanted is removed once more.
        """
        return await self._move(post_id, (PostState.REMOVED,), posts.c.wanted, sending_at=at)

    @unbroken
    async def record_restored(self, post_id: int, *, at: datetime) -> bool:
        """Record that a removed post is seen again, as the same message."""
        return await self._move(
            post_id, (PostState.REMOVED,), state=PostState.SENT, sent_at=at, **_NO_TROUBLE
        )

    @unbroken
    async def record_sent(self, post_id: int, message_id: int | None, *, at: datetime) -> bool:
        """Record that the post is this message of its channel; None if only people know which."""
        return await self._move(
            post_id,
            _NOT_SEEN,
            state=PostState.SENT,
            message_id=message_id,
            sent_at=at,
            **_NO_TROUBLE,
        )

    @unbroken
    async def postpone(self, post_id: int, *, not_before: datetime, error: str) -> bool:
        """Record that the post was certainly not sent, to be tried again later."""
        return await self._move(
            post_id,
            _NOT_SEEN - {PostState.FAILED},
            state=PostState.QUEUED,
            **_trouble(error, not_before),
        )

    @unbroken
    async def record_failed(self, post_id: int, error: str) -> bool:
        """Record that the post is refused for good."""
        return await self._move(
            post_id,
            frozenset(PostState) - {PostState.REMOVED},
            state=PostState.FAILED,
            **_trouble(error, None),
        )

    @unbroken
    async def record_uncertain(self, post_id: int, *, not_before: datetime, error: str) -> bool:
        """Record that nobody can say whether the post was sent, to be found out later."""
        return await self._move(
            post_id,
            (PostState.SENDING, PostState.UNCERTAIN),
            state=PostState.UNCERTAIN,
            **_trouble(error, not_before),
        )

    @unbroken
    async def record_removed(self, post_id: int, *, at: datetime) -> bool:
        """Record that the post is no longer seen in its channel."""
        return await self._move(
            post_id,
            frozenset(PostState) - {PostState.QUEUED, PostState.SENDING},
            state=PostState.REMOVED,
            sending_at=None,
            **_NO_TROUBLE,
        )

    @unbroken
    async def requeue(self, post_id: int, *, attempt: datetime | None = None) -> bool:
        """Queue a post anew that was not sent after all, or is gone; never one that is seen.

        With ``attempt``, only if it was last sent at that moment.
        """
        same = () if attempt is None else (posts.c.sending_at == attempt,)
        return await self._move(
            post_id,
            (PostState.UNCERTAIN, PostState.FAILED, PostState.REMOVED),
            *same,
            state=PostState.QUEUED,
            **_NO_TROUBLE,
        )

    @unbroken
    async def delay(
        self, post_id: int, *, state: PostState, not_before: datetime, error: str
    ) -> bool:
        """Record that an attempt failed and changed nothing, to be made again later.

        ``state`` is the one in which the attempt was made: if an operator has
        moved the post on in the meantime, that stands.
        """
        return await self._move(post_id, (state,), **_trouble(error, not_before))

    @unbroken
    async def recover(self, *, not_before: datetime, chat: str | None = None) -> list[Post]:
        """Make every post uncertain whose sending a dead process left open; return them.

        Only for the start, before any sender works: in the channel ``chat``, or in all.
        """
        interrupted = posts.c.state == PostState.SENDING
        if chat is not None:
            interrupted &= posts.c.chat == chat
        values = _trouble("interrupted while it was being sent", not_before)
        statement = update(posts).where(interrupted).values(state=PostState.UNCERTAIN, **values)
        async with self._database.writing() as connection:
            rows = (await connection.execute(statement.returning(posts))).mappings()
            return sorted(map(post_of, rows), key=lambda post: post.id)

    async def _first(self, *conditions: Any) -> Post | None:
        query = select(posts).where(*conditions).order_by(*_ORDER).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else post_of(row)

    async def _move(
        self, post_id: int, start: Collection[PostState], *conditions: Any, **values: Any
    ) -> bool:
        allowed = (posts.c.id == post_id, posts.c.state.in_(tuple(start)), *conditions)
        async with self._database.writing() as connection:
            moved = await connection.execute(update(posts).where(*allowed).values(**values))
        return moved.rowcount == 1


_ORDER = (case((_TO_REMOVE, 0), else_=1), posts.c.queued_at, posts.c.id)
_NO_TROUBLE: dict[str, Any] = {"attempts": 0, "error": "", "not_before": None}


def _trouble(error: str, not_before: datetime | None) -> dict[str, Any]:
    return {
        "attempts": posts.c.attempts + 1,
        "error": one_line(error),
        "not_before": not_before,
    }
