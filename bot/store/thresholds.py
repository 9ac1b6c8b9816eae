"""The threshold that operators have chosen in chat.

As with models, what is chosen comes on top of a pile, and taking it back takes the top off. It
counts as long as the settings say what they said when it was chosen: whoever changes them means it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Operator
from bot.store.chosen import thresholds
from bot.store.engine import insert
from bot.store.operators import claim
from bot.store.repository import Repository, unbroken
from bot.store.turns import take_turn

_KEY = 0x74687265  # "thre" in ASCII


@dataclass(frozen=True, slots=True)
class ChosenThreshold:
    """A threshold that an operator has chosen.

    Attributes:
        value: an item is bad when its score is above this.
        base: what the settings said then; None: nothing.
    """

    id: int
    value: float
    base: float | None
    operator: Operator
    chosen_at: datetime


class Thresholds(Repository):
    """The thresholds that were chosen."""

    @unbroken
    async def current(self, base: float | None) -> ChosenThreshold | None:
        """Return the chosen threshold in force, or None.

        Args:
            base: what the settings say.
        """
        async with self._database.reading() as connection:
            return await _top(connection, base)

    @unbroken
    async def choose(
        self,
        value: float,
        operator: Operator,
        *,
        base: float | None,
        before: int | None,
        at: datetime,
        update_id: int | None = None,
    ) -> ChosenThreshold | None:
        """Put a threshold in force, and return it.

        Returns None, and nothing changes, if another came in between, or if the command of
        this update was done before.

        Args:
            value: the threshold.
            operator: who chooses it.
            base: what the settings say.
            before: id of the chosen one that was in force when it was decided, or None.
            at: when.
            update_id: of the command.
        """
        async with self._database.writing() as connection:
            await take_turn(connection, _KEY)
            if _id(await _top(connection, base)) != before:
                return None
            if not await claim(connection, update_id, operator, f"threshold {value:g}", at):
                return None
            row = {"value": value, "base": base, "chosen_at": at}
            who = {"operator_id": operator.id, "operator_name": operator.name}
            statement = insert(connection, thresholds).values(**row, **who)
            found = await connection.execute(statement.returning(thresholds))
            return _chosen(found.mappings().one())

    @unbroken
    async def withdraw(
        self, chosen_id: int, operator: Operator, *, at: datetime, update_id: int | None = None
    ) -> bool:
        """Take back a chosen threshold; the one before is in force again.

        Returns False, and nothing changes, if it is not on top any more, or if the command of
        this update was done before.
        """
        async with self._database.writing() as connection:
            await take_turn(connection, _KEY)
            if not await _is_top(connection, chosen_id):
                return False
            if not await claim(connection, update_id, operator, "threshold undo", at):
                return False
            gone = update(thresholds).where(thresholds.c.id == chosen_id)
            await connection.execute(gone.values(withdrawn_at=at))
            return True


async def _top(connection: AsyncConnection, base: float | None) -> ChosenThreshold | None:
    kept = select(thresholds).where(
        thresholds.c.base.is_not_distinct_from(base), thresholds.c.withdrawn_at.is_(None)
    )
    newest = kept.order_by(thresholds.c.id.desc()).limit(1)
    row = (await connection.execute(newest)).mappings().first()
    return None if row is None else _chosen(row)


async def _is_top(connection: AsyncConnection, chosen_id: int) -> bool:
    query = select(thresholds.c.base).where(thresholds.c.id == chosen_id)
    row = (await connection.execute(query)).first()
    return row is not None and _id(await _top(connection, row.base)) == chosen_id


def _id(chosen: ChosenThreshold | None) -> int | None:
    return None if chosen is None else chosen.id


def _chosen(row: RowMapping) -> ChosenThreshold:
    operator = Operator(row["operator_id"], row["operator_name"])
    return ChosenThreshold(row["id"], row["value"], row["base"], operator, row["chosen_at"])
