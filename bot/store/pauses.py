"""What operators told to rest, until they say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from bot.model import Operator, Paused
from bot.store.engine import insert
from bot.store.operators import claim
from bot.store.repository import Repository, unbroken
from bot.store.schema import pauses


@dataclass(frozen=True, slots=True)
class Pause:
    """Who told it to rest, and when."""

    operator: Operator
    at: datetime


class Pauses(Repository):
    """Paused sources, which are not fetched, and paused channels, to which nothing is sent."""

    @unbroken
    async def all(self, kind: Paused) -> dict[str, Pause]:
        """Return the pauses of this kind, by what is paused."""
        query = select(pauses).where(pauses.c.kind == kind)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return {
            row["name"]: Pause(Operator(row["operator_id"], row["operator_name"]), row["at"])
            for row in rows
        }

    @unbroken
    async def is_paused(self, kind: Paused, name: str) -> bool:
        """Tell whether this source or channel rests."""
        query = select(pauses.c.name).where(pauses.c.kind == kind, pauses.c.name == name)
        async with self._database.reading() as connection:
            return await connection.scalar(query) is not None

    @unbroken
    async def pause(
        self,
        kind: Paused,
        name: str,
        operator: Operator,
        *,
        at: datetime,
        update_id: int | None = None,
    ) -> bool:
        """Let a source or channel rest; False if it does, or the command was done before."""
        row = {"operator_id": operator.id, "operator_name": operator.name, "at": at}
        async with self._database.writing() as connection:
            if not await claim(connection, update_id, operator, f"pause {name}", at):
                return False
            statement = insert(connection, pauses).values(kind=kind, name=name, **row)
            once = statement.on_conflict_do_nothing(index_elements=["kind", "name"])
            return await connection.scalar(once.returning(pauses.c.name)) is not None

    @unbroken
    async def resume(
        self,
        kind: Paused,
        name: str,
        operator: Operator,
        *,
        at: datetime,
        update_id: int | None = None,
    ) -> bool:
        """Let it work again; False if it does, or the command was done before."""
        async with self._database.writing() as connection:
            if not await claim(connection, update_id, operator, f"resume {name}", at):
                return False
            its = (pauses.c.kind == kind, pauses.c.name == name)
            return (await connection.execute(delete(pauses).where(*its))).rowcount == 1
