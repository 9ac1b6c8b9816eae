"""Premoderated channels, and the items that operators left as they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, not_, update

from bot.model import Operator, PostState, Truth
from bot.store.engine import insert
from bot.store.repository import Repository, unbroken
from bot.store.schema import labels, posts, premoderated, skips


class Premoderation(Repository):
    """What waits for an operator's word before it is posted."""

    @unbroken
    async def set(self, chats: Collection[str]) -> None:
        """Let these channels, and no others, be premoderated from now on.

        What is queued for them without a good label waits from now on, too. What waits for a
        channel that was premoderated goes on to wait: nobody has said yet that it is good.
        """
        called_good = exists().where(
            labels.c.item_id == posts.c.item_id,
            labels.c.undone_at.is_(None),
            labels.c.truth == Truth.GOOD,
        )
        never_sent = (posts.c.state == PostState.QUEUED) & posts.c.sent_at.is_(None)
        waiting = posts.c.chat.in_(chats) & never_sent & posts.c.wanted & not_(called_good)
        async with self._database.writing() as connection:
            await connection.execute(delete(premoderated))
            if chats:
                rows = [{"chat": chat} for chat in chats]
                await connection.execute(insert(connection, premoderated), rows)
                await connection.execute(
                    update(posts).where(waiting).values(wanted=False, held=True)
                )

    @unbroken
    async def skip(self, item_id: int, operator: Operator, *, at: datetime) -> bool:
        """Record that an operator leaves an item as it is; False if it was skipped before.

        It is asked about no more, and may still be labelled.
        """
        row = {"operator_id": operator.id, "operator_name": operator.name, "at": at}
        async with self._database.writing() as connection:
            statement = insert(connection, skips).values(item_id=item_id, **row)
            once = statement.on_conflict_do_nothing(index_elements=["item_id"])
            return await connection.scalar(once.returning(skips.c.item_id)) is not None
