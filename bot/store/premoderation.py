"""Premoderated channels, what waits for them, and what operators keep from a channel."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, not_, select, update

from bot.model import Operator, PostState
from bot.store.awaiting import WAITING_STATES, post_waits
from bot.store.engine import insert
from bot.store.labelling import CALLED_GOOD, lock_item, reconsider
from bot.store.operators import claim
from bot.store.repository import Repository, unbroken
from bot.store.schema import posts, premoderated, skips, verdicts


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
        stopped = unseen & posts.c.state.in_(WAITING_STATES) & posts.c.wanted & not_(CALLED_GOOD)
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
    async def chats(self) -> frozenset[str]:
        """Return the channels that are premoderated now."""
        async with self._database.reading() as connection:
            return frozenset((await connection.scalars(select(premoderated.c.chat))).all())

    @unbroken
    async def waiting(self) -> dict[str, int]:
        """Return how many posts wait for an operator's word, by their channels."""
        query = (
            select(posts.c.chat, func.count().label("total"))
            .join(verdicts, verdicts.c.item_id == posts.c.item_id)
            .where(post_waits())
            .group_by(posts.c.chat)
        )
        async with self._database.reading() as connection:
            return {row.chat: row.total for row in await connection.execute(query)}

    @unbroken
    async def bar(
        self,
        post_id: int,
        operator: Operator,
        *,
        barred: bool,
        at: datetime,
        update_id: int | None = None,
    ) -> None:
        """Keep an item that waits from the channel of its post, or let it in again.

        That is no label, and elsewhere nothing changes. What is wanted in the meantime stays;
        the command of an update is done once.

        Raises:
            LookupError: if there is no such post.
        """
        async with self._database.writing() as connection:
            item_id = await connection.scalar(select(posts.c.item_id).where(posts.c.id == post_id))
            if item_id is None:
                raise LookupError(f"there is no post {post_id}")
            await lock_item(connection, item_id)
            if not await claim(connection, update_id, operator, f"bar {post_id}", at):
                return
            its = update(posts).where(posts.c.id == post_id)
            if barred:
                waits = not_(posts.c.wanted) & posts.c.state.in_(WAITING_STATES)
                await connection.execute(its.where(waits).values(barred=True))
            else:
                await connection.execute(its.values(barred=False))
                await reconsider(connection, item_id, at=at)

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
