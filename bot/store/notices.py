"""What the operators were last told of a subject, whichever process told it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Table, select

from bot.store.columns import Moment, PlainText
from bot.store.engine import insert
from bot.store.repository import Repository, unbroken
from bot.store.schema import metadata

notices = Table(
    "notices",
    metadata,
    Column("subject", PlainText, primary_key=True),
    Column("text", PlainText, nullable=False),
    Column("told_at", Moment, nullable=False),
)


class Notices(Repository):
    """The last note on each subject."""

    @unbroken
    async def told_since(self, subject: str, text: str, since: datetime) -> bool:
        """Tell whether ``text`` is the last note on ``subject``, and not older than ``since``."""
        query = select(notices.c.text).where(
            notices.c.subject == subject, notices.c.told_at >= since
        )
        async with self._database.reading() as connection:
            return await connection.scalar(query) == text

    @unbroken
    async def record(self, subject: str, text: str, *, at: datetime) -> None:
        """Record that ``text`` was told of ``subject``."""
        async with self._database.writing() as connection:
            added = insert(connection, notices).values(subject=subject, text=text, told_at=at)
            newest = {"text": added.excluded.text, "told_at": added.excluded.told_at}
            await connection.execute(
                added.on_conflict_do_update(index_elements=["subject"], set_=newest)
            )
