"""What is known of an item's relatives, inside someone's transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine import insert
from bot.store.schema import repeats, stories


async def same_text(connection: AsyncConnection, item_id: int) -> set[int]:
    """Return the ids of all items with the text of this one, itself among them."""
    its = select(repeats.c.first_id).where(repeats.c.item_id == item_id)
    first = await connection.scalar(its) or item_id
    others = select(repeats.c.item_id).where(repeats.c.first_id == first)
    return {item_id, first, *await connection.scalars(others)}


async def told_too(connection: AsyncConnection, item_ids: Collection[int]) -> set[int]:
    """Return the ids of the other items that are linked to one of these as the same story."""
    later = select(stories.c.item_id).where(stories.c.other_id.in_(item_ids))
    earlier = select(stories.c.other_id).where(stories.c.item_id.in_(item_ids))
    return {*await connection.scalars(later), *await connection.scalars(earlier)} - set(item_ids)


async def keep_repeat(connection: AsyncConnection, item_id: int, first_id: int) -> None:
    """Record that an item is the text of an earlier one again."""
    row = {"item_id": item_id, "first_id": first_id}
    statement = insert(connection, repeats).values(**row)
    await connection.execute(statement.on_conflict_do_nothing(index_elements=["item_id"]))


async def keep_stories(
    connection: AsyncConnection, item_id: int, others: Sequence[tuple[int, float]]
) -> None:
    """Record that an item is on the event of these earlier ones, and how alike they are."""
    rows = [
        {"item_id": item_id, "other_id": other, "likeness": likeness} for other, likeness in others
    ]
    if rows:
        statement = insert(connection, stories)
        key = ["item_id", "other_id"]
        await connection.execute(statement.on_conflict_do_nothing(index_elements=key), rows)
