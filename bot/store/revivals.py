"""Posts that owe it to an operator's word alone that they go out, and how they stood before it.

A good label queues posts anew that were refused or waited too long, and makes those that are
missing. When it is taken back they do not go by the verdict: they stand as before, or leave.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Table,
    delete,
    exists,
    not_,
    null,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import PostState
from bot.store.columns import Moment, PlainText, choice
from bot.store.engine import insert
from bot.store.schema import metadata, posts

revivals = Table(
    "revivals",
    metadata,
    Column("post_id", ForeignKey("posts.id"), primary_key=True),
    # As the post was before; None: there was none.
    Column("state", choice(PostState)),
    Column("error", PlainText),
    Column("queued_at", Moment),
    Column("overdue_at", Moment),
)

REVIVED = exists().where(revivals.c.post_id == posts.c.id)
"""Whether a post goes out by an operator's word alone."""

_ENDED = (PostState.FAILED, PostState.EXPIRED)
_BEFORE = ("state", "error", "queued_at", "overdue_at")


async def note_revived(connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Keep how these posts stand, before they are revived; how they stood first counts."""
    before = select(posts.c.id, *(posts.c[name] for name in _BEFORE)).where(which)
    kept = insert(connection, revivals).from_select(["post_id", *_BEFORE], before)
    await connection.execute(kept.on_conflict_do_nothing(index_elements=["post_id"]))


async def note_made(connection: AsyncConnection, post_ids: Collection[int]) -> None:
    """Keep that these posts were made by an operator's word."""
    if post_ids:
        rows = [{"post_id": post_id} for post_id in post_ids]
        await connection.execute(insert(connection, revivals), rows)


async def lay_to_rest(connection: AsyncConnection, item_id: int) -> None:
    """Let posts of an item that were revived, and did not go out, stand as before that.

    What waits for a word in a premoderated channel goes on to wait.
    """
    query = (
        select(revivals, posts.c.state.label("now"))
        .join(posts, posts.c.id == revivals.c.post_id)
        .where(posts.c.item_id == item_id, revivals.c.state.is_not(None), not_(posts.c.held))
        .where(posts.c.state.in_((PostState.QUEUED, *_ENDED)))
    )
    for row in (await connection.execute(query)).mappings().all():
        if row["now"] is PostState.QUEUED:
            values: dict[str, Any] = {name: row[name] for name in _BEFORE}
            its = update(posts).where(posts.c.id == row["post_id"])
            await connection.execute(its.values(**values, not_before=null()))
        await forget_revivals(connection, revivals.c.post_id == row["post_id"])


async def forget_revivals(connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Keep no longer how posts stood."""
    await connection.execute(delete(revivals).where(which))
