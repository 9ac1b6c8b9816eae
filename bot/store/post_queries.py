"""What is known of posts, and which one is due next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    union_all,
)

from bot.model import Paused, Post, PostState
from bot.store.records import post_of
from bot.store.repository import Repository, unbroken
from bot.store.schema import items, pauses, posts

_TO_SEND = and_(posts.c.wanted, posts.c.state.in_((PostState.QUEUED, PostState.REMOVED)))
# A post that is being removed or brought back may be seen until the end of that is recorded.
_MAY_BE_SEEN = and_(posts.c.state == PostState.REMOVED, posts.c.sending_at.is_not(None))
_TO_REMOVE = and_(not_(posts.c.wanted), or_(posts.c.state == PostState.SENT, _MAY_BE_SEEN))
_TO_RESOLVE = posts.c.state == PostState.UNCERTAIN
NEEDS_ACTION = or_(_TO_SEND, _TO_REMOVE, _TO_RESOLVE)
PAUSED = exists().where(pauses.c.kind == Paused.CHANNEL, pauses.c.name == posts.c.chat)
_MAY_BE_SENT = and_(_TO_SEND, not_(PAUSED), posts.c.overdue_at.is_(None))
_MAY_BE_DONE = or_(_MAY_BE_SENT, _TO_REMOVE, _TO_RESOLVE)


def needing_action(chat: str) -> ColumnElement[bool]:
    """Return what narrows posts to those of a channel that may need action.

    They are few, and found one kind after the other by an index: not by way of all that the
    channel ever had.
    """
    its = select(posts.c.id).where(posts.c.chat == chat)
    kinds = (
        _TO_SEND,
        and_(not_(posts.c.wanted), posts.c.state.in_((PostState.SENT, PostState.REMOVED))),
        _TO_RESOLVE,
    )
    return posts.c.id.in_(union_all(*(its.where(kind) for kind in kinds)))


_ORDER = (
    # What may be there already is looked for before more is sent: less has to be looked through.
    case((_TO_REMOVE, 0), (_TO_RESOLVE, 1), else_=2),
    posts.c.urgency.desc(),
    posts.c.id,
)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What has gathered for a channel while it rested.

    Attributes:
        waiting: how many posts are to be seen there once it goes on.
        given_up: the items whose posts have waited too long meanwhile, the newest first.
    """

    waiting: int
    given_up: tuple[int, ...]


class PostQueries(Repository):
    """The posts of all channels, to read."""

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
        """Return the post of the channel to act on next, or None.

        Removals go first, then what is uncertain, then what is to be seen, the most urgent first:
        wanted and queued or removed: to be sent or brought back; not wanted and sent, or
        perhaps not removed after all: to be removed; uncertain: to be found out. Of a paused
        channel, nothing is to be seen, and nothing that is overdue.
        """
        ready = or_(posts.c.not_before.is_(None), posts.c.not_before <= now)
        return await self._first(needing_action(chat), _MAY_BE_DONE, ready)

    @unbroken
    async def unplaced(self, chat: str) -> list[tuple[Post, str]]:
        """Return the posts that are, or may be, in the channel as a message nobody knows.

        Each with its item's address.
        """
        there = posts.c.state.in_((PostState.SENT, PostState.UNCERTAIN))
        query = (
            select(posts, items.c.url.label("its_url"))
            .join(items, items.c.id == posts.c.item_id)
            .where(posts.c.chat == chat, posts.c.message_id.is_(None), there)
        )
        async with self._database.reading() as connection:
            rows = [dict(row) for row in (await connection.execute(query)).mappings()]
        return [(Post(**row), url) for row in rows if (url := row.pop("its_url"))]

    @unbroken
    async def pending(self, chat: str) -> list[Post]:
        """Return all posts of the channel that need action now or later, in that order."""
        query = select(posts).where(needing_action(chat), NEEDS_ACTION).order_by(*_ORDER)
        async with self._database.reading() as connection:
            return [post_of(row) for row in (await connection.execute(query)).mappings()]

    @unbroken
    async def lost(self, chat: str, since: datetime) -> list[Post]:
        """Return the posts of the channel that were refused or given up, the newest first.

        Of those, the ones that were tried or found too old from ``since`` on.
        """
        ended = posts.c.state.in_((PostState.FAILED, PostState.EXPIRED))
        at = func.coalesce(posts.c.overdue_at, posts.c.sending_at, posts.c.queued_at)
        query = select(posts).where(posts.c.chat == chat, posts.c.wanted, ended, at >= since)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(posts.c.id.desc()))
            return [post_of(row) for row in rows.mappings()]

    @unbroken
    async def next_moment(self, chat: str) -> datetime | None:
        """Return when the next post of the channel needs action, or None if none does.

        A moment in the past means at once.
        """
        moment = func.min(func.coalesce(posts.c.not_before, posts.c.queued_at))
        query = select(moment).where(needing_action(chat), _MAY_BE_DONE)
        async with self._database.reading() as connection:
            return await connection.scalar(query)

    @unbroken
    async def highest_message_id(self, chat: str) -> int | None:
        """Return the highest message id known in the channel, or None if none is."""
        # Each is the end of an index; both in one query would be found by reading all.
        highest = [
            select(func.max(column)).where(posts.c.chat == chat)
            for column in (posts.c.message_id, posts.c.floor_id)
        ]
        async with self._database.reading() as connection:
            found = [await connection.scalar(query) for query in highest]
        return max((known for known in found if known is not None), default=None)

    @unbroken
    async def known_ids(self, chat: str, after: int | None) -> list[int]:
        """Return the message ids of our posts in the channel above ``after``, ascending."""
        query = select(posts.c.message_id).where(
            posts.c.chat == chat, posts.c.message_id > (after or 0)
        )
        async with self._database.reading() as connection:
            found = await connection.scalars(query.order_by(posts.c.message_id))
            return [message_id for message_id in found if message_id is not None]

    @unbroken
    async def has_queued(self, chat: str) -> bool:
        """Tell whether a post waits to be sent to the channel."""
        waiting = (posts.c.chat == chat, posts.c.wanted, posts.c.state == PostState.QUEUED)
        return await self._first(*waiting) is not None

    @unbroken
    async def backlog(
        self, chat: str, *, since: datetime, now: datetime, expire: timedelta | None
    ) -> Backlog:
        """Return what has gathered for a channel that rests ``since`` a moment.

        Args:
            chat: the channel.
            since: when its pause began.
            now: the moment at which it is asked.
            expire: what could not be sent for so long is given up; None: nothing is.
        """
        its = and_(posts.c.chat == chat, posts.c.wanted)
        unsent = and_(posts.c.state == PostState.QUEUED, posts.c.sent_at.is_(None))
        # The sender gives it up when it looks next: who asks before that is told the same.
        late = and_(unsent, posts.c.queued_at < now - expire) if expire else false()
        missed = posts.c.queued_at >= since - (expire or timedelta())
        given_up = or_(late, and_(posts.c.state == PostState.EXPIRED, missed))
        waiting = select(func.count()).where(its, _TO_SEND, not_(late))
        lost = select(posts.c.item_id).where(its, given_up).order_by(posts.c.item_id.desc())
        async with self._database.reading() as connection:
            count = await connection.scalar(waiting) or 0
            return Backlog(count, tuple((await connection.scalars(lost)).all()))

    @unbroken
    async def sent_since(self, moment: datetime) -> int:
        """Return how many posts went out from ``moment`` on, those removed since included."""
        query = select(func.count()).where(posts.c.sent_at >= moment)
        async with self._database.reading() as connection:
            return await connection.scalar(query) or 0

    @unbroken
    async def sent_by_chat(self, since: datetime) -> dict[str, int]:
        """Return how many posts went out from ``since`` on and are seen now, by channel."""
        seen = (posts.c.state == PostState.SENT, posts.c.sent_at >= since)
        query = select(posts.c.chat, func.count().label("total")).where(*seen)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.group_by(posts.c.chat))
            return {row.chat: row.total for row in rows}

    async def _first(self, *conditions: Any) -> Post | None:
        query = select(posts).where(*conditions).order_by(*_ORDER).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else post_of(row)
