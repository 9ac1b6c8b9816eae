"""What sent posts say of who else tells their story, and what they should say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    RowMapping,
    Table,
    and_,
    delete,
    exists,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.also import AS_SENT, WORTHWHILE, Also, Written, is_due, who_else
from bot.model import Post, PostState
from bot.store.columns import Moment, PlainText
from bot.store.engine import insert
from bot.store.post_queries import PAUSED
from bot.store.records import post_of, select_in
from bot.store.repository import Repository, unbroken
from bot.store.schema import metadata, posts, repeats, stories
from bot.store.tellings import tellings

mentions = Table(
    "mentions",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    # Ids of the items that the post links to as it is seen now, with a space in between.
    Column("named", PlainText, nullable=False),
    Column("more", Integer, nullable=False),
    Column("edited_at", Moment),
    # An edit was begun, and nobody knows yet what came of it.
    Column("unclear", Boolean, nullable=False),
    Column("not_before", Moment),
    Column("attempts", Integer, nullable=False),
    # Telegram does not let it be edited: it is not tried again.
    Column("refused", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A sent post that is to be edited.

    Attributes:
        message_id: of the message in the channel.
        also: whom it is to name.
        attempts: how often that has failed in a row.
    """

    post: Post
    message_id: int
    also: Also
    attempts: int


class Mentions(Repository):
    """Who else is named in posts."""

    @unbroken
    async def due(
        self, chat: str, *, now: datetime, sources: Collection[str] | None = None
    ) -> Amendment | None:
        """Return the post of the channel to edit next, the newest first; None if there is none.

        Args:
            sources: those that may be named; None: all.
        """
        recent = (posts.c.chat == chat, posts.c.sent_at >= now - WORTHWHILE)
        query = select(posts).where(*recent, _EDITABLE, _MAY_NAME)
        newest_first = query.order_by(posts.c.sent_at.desc(), posts.c.id.desc())
        async with self._database.reading() as connection:
            found = [post_of(row) for row in (await connection.execute(newest_first)).mappings()]
            written = await _written(connection, [post.id for post in found])
            should = await _also(connection, found, sources)
        for post in found:
            known = written.get(post.id, AS_SENT)
            if post.message_id is not None and is_due(should[post.id], known, now):
                return Amendment(post, post.message_id, should[post.id], known.attempts)
        return None

    @unbroken
    async def also(
        self, seen: Sequence[Post], *, sources: Collection[str] | None = None
    ) -> dict[int, Also]:
        """Return whom these posts should name, by their ids."""
        async with self._database.reading() as connection:
            return await _also(connection, seen, sources)

    @unbroken
    async def begin(self, post_id: int) -> bool:
        """Record the intent to edit, before the request; False if the post is not to be seen."""
        seen = select(posts.c.id).where(posts.c.id == post_id, _EDITABLE)
        async with self._database.writing() as connection:
            if await connection.scalar(seen) is None:
                return False
            await _keep(connection, post_id, unclear=True)
            return True

    @unbroken
    async def record_edited(self, post_id: int, also: Also, *, at: datetime) -> None:
        """Record that the post now names these."""
        named = " ".join(map(str, also.ids))
        async with self._database.writing() as connection:
            await _keep(connection, post_id, named=named, more=also.more, edited_at=at)

    @unbroken
    async def delay(self, post_id: int, *, attempts: int, not_before: datetime) -> None:
        """Record that it failed to edit the post for so many times, to be tried again later."""
        wait = {"attempts": attempts, "not_before": not_before}
        async with self._database.writing() as connection:
            await _keep(connection, post_id, unclear=True, **wait)

    @unbroken
    async def give_up(self, post_id: int) -> None:
        """Record that the post cannot be edited."""
        async with self._database.writing() as connection:
            await _keep(connection, post_id, refused=True)


async def forget_mentions(connection: AsyncConnection, post_id: int) -> None:
    """Record that nothing is seen of the post any more: when it comes back it names nobody."""
    await connection.execute(delete(mentions).where(mentions.c.post_id == post_id))


_REFUSED = exists().where(mentions.c.post_id == posts.c.id, mentions.c.refused)
_EDITABLE = and_(
    posts.c.state == PostState.SENT,
    posts.c.wanted,
    posts.c.message_id.is_not(None),
    not_(PAUSED),
    not_(_REFUSED),
)
# Most posts have no relatives: theirs need not be looked for. Asked for with EXISTS, PostgreSQL
# would read both tables from end to end, and that at each step of a sender.
_MAY_NAME = or_(
    *(
        select(true()).where(column == posts.c.item_id).limit(1).scalar_subquery()
        for column in (
            repeats.c.first_id,
            repeats.c.item_id,
            stories.c.item_id,
            stories.c.other_id,
        )
    )
)
_NOTHING: dict[str, Any] = {
    "unclear": False,
    "not_before": None,
    "attempts": 0,
    "refused": False,
}


async def _also(
    connection: AsyncConnection, seen: Sequence[Post], sources: Collection[str] | None
) -> dict[int, Also]:
    told = await tellings(connection, {post.item_id for post in seen})
    also = {}
    for post in seen:
        others = told[post.item_id]
        own = next(one for one in others if one.item_id == post.item_id)
        also[post.id] = who_else(own, others, held=post.held, sources=sources)
    return also


async def _written(connection: AsyncConnection, post_ids: Sequence[int]) -> dict[int, Written]:
    rows = await select_in(connection, select(mentions), mentions.c.post_id, post_ids)
    return {row["post_id"]: _written_of(row) for row in rows}


def _written_of(row: RowMapping) -> Written:
    return Written(
        ids=tuple(map(int, row["named"].split())),
        more=row["more"],
        edited_at=row["edited_at"],
        unclear=row["unclear"],
        not_before=row["not_before"],
        attempts=row["attempts"],
    )


async def _keep(connection: AsyncConnection, post_id: int, **changed: Any) -> None:
    first = {"post_id": post_id, "named": "", "more": 0, **_NOTHING, **changed}
    statement = insert(connection, mentions).values(**first)
    # What is not spoken of stays; trouble is over unless it is spoken of.
    newer = {**_NOTHING, **changed}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["post_id"], set_=newer)
    )
