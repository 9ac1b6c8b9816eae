"""Channels that do not let the bot in, as far as the operators know it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Boolean, Column, Table, delete, select

from bot.store.columns import PlainText
from bot.store.engine import insert
from bot.store.repository import Repository, unbroken
from bot.store.schema import metadata

closures = Table(
    "closures",
    metadata,
    Column("chat", PlainText, primary_key=True),
    # A post was turned away: that it is open again only a post can show.
    Column("by_post", Boolean, nullable=False),
)


class Closures(Repository):
    """The channels of which the operators were told that the bot cannot post there."""

    @unbroken
    async def known(self, chats: Collection[str]) -> dict[str, bool]:
        """Return those of ``chats`` that are known to be shut; of others nothing is kept any more.

        Each with whether that showed by a post.
        """
        async with self._database.writing() as connection:
            await connection.execute(delete(closures).where(closures.c.chat.not_in(chats)))
            return {row.chat: row.by_post for row in await connection.execute(select(closures))}

    @unbroken
    async def record_shut(self, chats: Collection[str], *, by_post: bool) -> None:
        """Record that the operators know of these channels that they are shut."""
        rows = [{"chat": chat, "by_post": by_post} for chat in chats]
        async with self._database.writing() as connection:
            statement = insert(connection, closures)
            newest = {"by_post": statement.excluded.by_post}
            upsert = statement.on_conflict_do_update(index_elements=["chat"], set_=newest)
            if rows:
                await connection.execute(upsert, rows)

    @unbroken
    async def record_open(self, chat: str) -> None:
        """Record that the operators know of this channel that it is open."""
        async with self._database.writing() as connection:
            await connection.execute(delete(closures).where(closures.c.chat == chat))
