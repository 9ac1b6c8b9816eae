"""What operators did, and which card speaks of which item."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    delete,
    false,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Operator
from bot.store.engine import insert
from bot.store.repository import Repository, unbroken
from bot.store.schema import actions, cards

UNCHANGED = "nothing was changed"
"""What came of a question, and of what was asked for too late."""

MOST_STRANGE = 1000
"""So much of what strangers asked for is kept, the newest: anybody may ask."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that somebody asked for.

    Attributes:
        command: with its arguments.
        allowed: whether they might.
        outcome: ``done``, or why not, as ``bot.commands.outcomes`` reads it.
    """

    id: int
    operator: Operator
    command: str
    allowed: bool
    outcome: str
    at: datetime


class Operators(Repository):
    """The operators' actions and cards."""

    @unbroken
    async def seen(self, update_id: int) -> bool:
        """Tell whether the command of this update has been recorded already."""
        async with self._database.reading() as connection:
            return await is_recorded(connection, update_id)

    @unbroken
    async def outcome(self, update_id: int) -> str | None:
        """Return what came of the command of this update, or None if it is new."""
        query = select(actions.c.outcome).where(actions.c.update_id == update_id)
        async with self._database.reading() as connection:
            return await connection.scalar(query)

    @unbroken
    async def command(self, update_id: int) -> str | None:
        """Return what an operator asked for with this update, or None if it is not known."""
        its = (actions.c.update_id == update_id, actions.c.allowed)
        async with self._database.reading() as connection:
            return await connection.scalar(select(actions.c.command).where(*its))

    @unbroken
    async def actions(
        self,
        limit: int = 10,
        *,
        before: int | None = None,
        without: Collection[str] = (),
    ) -> list[Action]:
        """Return the newest actions, newest first: those recorded before one of them, or all.

        That somebody looked at this very list is left out: it would be all that stands in it. So
        are the commands ``without``, and with them all that has changed nothing, and of what a
        stranger asked for all but the newest.
        """
        asked = or_(false(), *map(_begins_with, without))
        if without:
            others = not_(actions.c.allowed) & actions.c.id.not_in(_newest_of_strangers(without))
            asked |= (actions.c.outcome == UNCHANGED) | others
        earlier = true() if before is None else actions.c.id < before
        left = not_(_begins_with("log") | asked)
        query = select(actions).where(earlier, left).order_by(actions.c.id.desc())
        async with self._database.reading() as connection:
            rows = (await connection.execute(query.limit(limit))).mappings().all()
        return list(map(_action_of, rows))

    @unbroken
    async def record_action(
        self,
        *,
        update_id: int | None,
        operator: Operator,
        chat_id: int | None,
        command: str,
        allowed: bool,
        outcome: str,
        at: datetime,
    ) -> None:
        """Record what someone asked for, whether they may, and what came of it.

        A label has recorded its own update already: this adds the rest to that row.
        """
        row = {
            "update_id": update_id,
            "operator_id": operator.id,
            "operator_name": operator.name,
            "chat_id": chat_id,
            "command": command,
            "allowed": allowed,
            "outcome": outcome,
            "at": at,
        }
        async with self._database.writing() as connection:
            statement = insert(connection, actions).values(row)
            told = {name: statement.excluded[name] for name in ("chat_id", "command", "outcome")}
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["update_id"], set_=told)
            )
            if not allowed:
                await _forget_strangers(connection)

    @unbroken
    async def record_card(
        self, chat_id: int, message_id: int, item_id: int, *, at: datetime
    ) -> None:
        """Remember that this message is a card about this item, which tells how it stands now."""
        async with self._database.writing() as connection:
            statement = insert(connection, cards).values(
                chat_id=chat_id, message_id=message_id, item_id=item_id, shown_at=at
            )
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["chat_id", "message_id"],
                    set_={name: statement.excluded[name] for name in ("item_id", "shown_at")},
                )
            )

    @unbroken
    async def item_of_card(self, chat_id: int, message_id: int) -> int | None:
        """Return the id of the item that this message is a card about, or None."""
        query = select(cards.c.item_id).where(
            cards.c.chat_id == chat_id, cards.c.message_id == message_id
        )
        async with self._database.reading() as connection:
            return await connection.scalar(query)


async def _forget_strangers(connection: AsyncConnection) -> None:
    theirs = select(actions.c.id).where(not_(actions.c.allowed)).order_by(actions.c.id.desc())
    oldest = await connection.scalar(theirs.offset(MOST_STRANGE).limit(1))
    if oldest is not None:
        beyond = (not_(actions.c.allowed), actions.c.id <= oldest)
        await connection.execute(delete(actions).where(*beyond))


def _newest_of_strangers(without: Collection[str]) -> Select[Any]:
    """Return the query for the newest action of each stranger that is none of these commands."""
    theirs = actions.alias()
    asked = or_(*(_begins_with(word, theirs.c.command) for word in without))
    query = select(func.max(theirs.c.id)).where(not_(theirs.c.allowed), not_(asked))
    return query.group_by(theirs.c.operator_id)


def _begins_with(word: str, command: ColumnElement[str] = actions.c.command) -> ColumnElement[bool]:
    return (command == word) | command.startswith(f"{word} ") | command.startswith(f"{word}:")


def _action_of(row: RowMapping) -> Action:
    return Action(
        id=row["id"],
        operator=Operator(row["operator_id"], row["operator_name"]),
        command=row["command"],
        allowed=row["allowed"],
        outcome=row["outcome"],
        at=row["at"],
    )


async def is_recorded(connection: AsyncConnection, update_id: int) -> bool:
    """Tell whether an action with this update id is there."""
    query = select(actions.c.id).where(actions.c.update_id == update_id)
    return await connection.scalar(query) is not None


async def claim(
    connection: AsyncConnection,
    update_id: int | None,
    operator: Operator,
    command: str,
    at: datetime,
) -> bool:
    """Record an allowed action that this transaction carries out; False if it was done before."""
    statement = insert(connection, actions).values(
        update_id=update_id,
        operator_id=operator.id,
        operator_name=operator.name,
        command=command,
        allowed=True,
        outcome="done",
        at=at,
    )
    once = statement.on_conflict_do_nothing(index_elements=["update_id"])
    return await connection.scalar(once.returning(actions.c.id)) is not None
