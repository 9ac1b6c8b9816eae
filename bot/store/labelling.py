"""What labels and verdicts mean for posts: the one rule, inside someone's transaction.

An item is wanted if its newest active label is good, or if it has no active
label and its verdict accepted it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import PostState, Reason, Truth
from bot.store.engine import insert
from bot.store.records import select_in
from bot.store.schema import items, labels, posts, verdicts


def wants(truth: Truth | None, reason: Reason | None) -> bool:
    """Tell whether an item should be seen, by its newest active label and its verdict."""
    if truth is not None:
        return truth is Truth.GOOD
    return reason is Reason.GOOD


async def newest_truth(connection: AsyncConnection, item_id: int) -> Truth | None:
    """Return the value of the newest active label of an item, or None."""
    query = (
        select(labels.c.truth)
        .where(labels.c.item_id == item_id, labels.c.undone_at.is_(None))
        .order_by(labels.c.id.desc())
        .limit(1)
    )
    return await connection.scalar(query)


async def reason_of(connection: AsyncConnection, item_id: int) -> Reason | None:
    """Return why an item has its verdict, or None if it has none."""
    return await connection.scalar(select(verdicts.c.reason).where(verdicts.c.item_id == item_id))


async def accepted(connection: AsyncConnection, item_ids: Iterable[int]) -> list[int]:
    """Return those of the items that have a verdict and should be seen."""
    judged = select(verdicts.c.item_id, verdicts.c.reason)
    rows = await select_in(connection, judged, verdicts.c.item_id, item_ids)
    return [
        row["item_id"]
        for row in rows
        if wants(await newest_truth(connection, row["item_id"]), row["reason"])
    ]


async def lock_item(connection: AsyncConnection, item_id: int) -> None:
    """Let no other transaction label or judge the item until this one ends.

    Raises:
        LookupError: if there is no such item.
    """
    row = select(items.c.id).where(items.c.id == item_id).with_for_update()
    if await connection.scalar(row) is None:
        raise LookupError(f"there is no item {item_id}")


async def queue_posts(
    connection: AsyncConnection,
    item_id: int,
    chats: Sequence[str],
    *,
    wanted: bool,
    at: datetime,
) -> None:
    """Queue the item for each of ``chats`` where it has no post yet."""
    rows = [
        {
            "item_id": item_id,
            "chat": chat,
            "state": PostState.QUEUED,
            "wanted": wanted,
            "queued_at": at,
        }
        for chat in chats
    ]
    if rows:
        statement = insert(connection, posts)
        await connection.execute(
            statement.on_conflict_do_nothing(index_elements=["item_id", "chat"]), rows
        )


async def retry_failed(connection: AsyncConnection, item_id: int) -> None:
    """Queue the item's posts anew that were refused: whoever labels it good wants another try."""
    refused = (posts.c.item_id == item_id) & (posts.c.state == PostState.FAILED)
    again = {"state": PostState.QUEUED, "attempts": 0, "error": "", "not_before": None}
    await connection.execute(update(posts).where(refused).values(**again))


async def reconsider(connection: AsyncConnection, item_id: int) -> None:
    """Set what is wanted of the item's posts anew, from its labels and its verdict."""
    truth = await newest_truth(connection, item_id)
    wanted = wants(truth, await reason_of(connection, item_id))
    await connection.execute(update(posts).where(posts.c.item_id == item_id).values(wanted=wanted))
