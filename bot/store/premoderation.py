"""Premoderated channels, and the items that operators left as they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, not_, update

from bot.model import Operator, PostState
from bot.store.engine import insert
from bot.store.labelling import CALLED_GOOD
from bot.store.repository import Repository, unbroken
from bot.store.schema import posts, premoderated, skips

_TO_GO_OUT = (PostState.QUEUED, PostState.REMOVED)


class Premoderation(Repository):
    """What waits for an operator's word before it is posted."""

    @unbroken
    async def set(self, chats: Collection[str]) -> None:
        """Let these channels, and no others, be premoderated from now on.

        What is not seen in them goes by the label alone from now on, and waits for a good one: what
        is queued, and what was removed. What nobody knows the end of waits once it turns out not
        to be there; what was sent stays. What waits for a channel that was premoderated goes on to
        wait: nobody has said yet that it is good.
        """
        unseen = posts.c.chat.in_(chats) & (posts.c.state != PostState.SENT)
        stopped = unseen & posts.c.state.in_(_TO_GO_OUT) & posts.c.wanted & not_(CALLED_GOOD)
        async with self._database.writing() as connection:
            await connection.execute(delete(premoderated))
            if chats:
                rows = [{"chat": chat} for chat in chats]
                await connection.execute(insert(connection, premoderated), rows)
                await connection.execute(
                    update(posts).where(unseen, not_(posts.c.held)).values(held=True)
                )
                await connection.execute(update(posts).where(stopped).values(wanted=False))

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
