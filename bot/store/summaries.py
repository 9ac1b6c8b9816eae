"""The one message in a chat that tells how many items wait for a card."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Integer, Table, delete, select

from bot.store.engine import insert
from bot.store.repository import Repository, unbroken
from bot.store.schema import metadata

summaries = Table(
    "summaries",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """Where it stands, and how many it says there are."""

    message_id: int
    waiting: int


class Summaries(Repository):
    """The messages that are still to be kept up to date, one a chat."""

    @unbroken
    async def of(self, chat_id: int) -> Summary | None:
        """Return the one in a chat, or None."""
        query = select(summaries).where(summaries.c.chat_id == chat_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Summary(row.message_id, row.waiting) if row else None

    @unbroken
    async def record(self, chat_id: int, summary: Summary) -> None:
        """Record what the one in a chat says now; once nothing waits, it is left as it is."""
        async with self._database.writing() as connection:
            await connection.execute(delete(summaries).where(summaries.c.chat_id == chat_id))
            if summary.waiting:
                await connection.execute(
                    insert(connection, summaries).values(
                        chat_id=chat_id, message_id=summary.message_id, waiting=summary.waiting
                    )
                )
