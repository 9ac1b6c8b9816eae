"""A label that is given, and what is said of the one in force: inside someone's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Label, Objection, Operator, Truth
from bot.store.engine import insert
from bot.store.labelling import newest_truth, queue_posts, reason_of, reconsider, retry
from bot.store.records import label_of
from bot.store.schema import labels

ACTIVE = labels.c.undone_at.is_(None)
"""Whether a label was not taken back."""


async def give(
    connection: AsyncConnection,
    item_id: int,
    truth: Truth,
    operator: Operator,
    chats: Sequence[str],
    at: datetime,
    objection: Objection | None = None,
) -> Label | None:
    """Label an item that is locked; None if the label in force says the same already."""
    if truth is Truth.GOOD:
        await retry(connection, item_id, at=at)
    if await newest_truth(connection, item_id) is truth:
        await object_to(connection, item_id, objection)
        return None
    label = await _insert(connection, item_id, truth, operator, at, objection)
    if truth is Truth.GOOD and label.reason is not None:
        await queue_posts(connection, item_id, chats, wanted=True, at=at, asked=True)
    await reconsider(connection, item_id, at=at)
    return label


async def object_to(
    connection: AsyncConnection,
    item_id: int,
    objection: Objection | None,
    label_id: int | None = None,
) -> None:
    """Let the label in force say what is against the item, if it is a bad one.

    Args:
        label_id: the label that is meant; None: whichever is in force.
    """
    in_force = await id_in_force(connection, item_id)
    if objection is None or label_id not in (None, in_force):
        return
    meant = (labels.c.id == in_force) & (labels.c.truth == Truth.BAD)
    await connection.execute(update(labels).where(meant).values(objection=objection))


async def id_in_force(connection: AsyncConnection, item_id: int) -> int:
    """Return the id of the newest active label of an item, 0 if it has none."""
    newest = select(func.max(labels.c.id)).where(ACTIVE, labels.c.item_id == item_id)
    return await connection.scalar(newest) or 0


async def _insert(
    connection: AsyncConnection,
    item_id: int,
    truth: Truth,
    operator: Operator,
    at: datetime,
    objection: Objection | None,
) -> Label:
    statement = insert(connection, labels).values(
        item_id=item_id,
        truth=truth,
        reason=await reason_of(connection, item_id),
        operator_id=operator.id,
        operator_name=operator.name,
        created_at=at,
        objection=objection,
    )
    return label_of((await connection.execute(statement.returning(labels))).mappings().one())
