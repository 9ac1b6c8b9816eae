"""The ledger: every verdict with its reason, readable later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import REJECTIONS, Decision, Entry, Reason, Verdict
from bot.store.audits import keep_drawn
from bot.store.awaiting import item_waits
from bot.store.engine import insert
from bot.store.labelling import accepted, newest_truth, queue_posts, wants
from bot.store.records import entries
from bot.store.relatives import keep_repeat, keep_stories
from bot.store.repository import Repository, unbroken
from bot.store.schema import cards, items, labels, verdicts
from bot.store.seen import seen_items

_NOT_REJECTED = tuple(set(Reason) - REJECTIONS)


@dataclass(frozen=True, slots=True)
class Judged:
    """An item with its verdict.

    Attributes:
        chats: the channels that carry it.
        twin: the item that it repeats, or None.
        stories: other items on the same event, with their likeness.
        drawn: it is a rejection that operators shall look at.
    """

    item_id: int
    verdict: Verdict
    chats: Sequence[str]
    twin: int | None = None
    stories: Sequence[tuple[int, float]] = ()
    drawn: bool = False


class Ledger(Repository):
    """The verdicts, and what became of them."""

    @unbroken
    async def record_verdict(
        self, item_id: int, verdict: Verdict, chats: Sequence[str], *, at: datetime
    ) -> bool:
        """Record a verdict; an accepted item is queued for ``chats`` in the same transaction.

        Returns False, and does nothing, if the item has a verdict already. A label
        that was quicker counts: good queues the item whatever the verdict, bad
        leaves an accepted one unwanted.
        """
        return bool(await self.record_verdicts([Judged(item_id, verdict, chats)], at=at))

    @unbroken
    async def record_verdicts(self, judged: Sequence[Judged], *, at: datetime) -> list[int]:
        """Record verdicts in one transaction, each as ``record_verdict`` does.

        Returns the ids of the items that had none before. The twin of a duplicate
        is queued for the duplicate's chats too, if it was accepted.
        """
        async with self._database.writing() as connection:
            return [one.item_id for one in judged if await _record(connection, one, at)]

    @unbroken
    async def entry(self, item_id: int) -> Entry | None:
        """Return the ledger's line for an item, or None if it is unknown or not judged yet."""
        query = select(verdicts.c.item_id).where(verdicts.c.item_id == item_id)
        return next(iter(await self._entries(query)), None)

    @unbroken
    async def rejections(self, limit: int = 10) -> list[Entry]:
        """Return the newest rejections, newest first."""
        rejected = verdicts.c.reason.not_in(_NOT_REJECTED)
        return await self._entries(_newest().where(rejected).limit(limit))

    @unbroken
    async def reviews(self, limit: int = 10) -> list[Entry]:
        """Return the newest items that wait for an operator's label, newest first."""
        return await self._entries(_newest().where(item_waits()).limit(limit))

    @unbroken
    async def waiting(self) -> int:
        """Return how many items wait for an operator's label."""
        query = select(func.count()).select_from(verdicts).where(item_waits())
        async with self._database.reading() as connection:
            return await connection.scalar(query) or 0

    @unbroken
    async def reviews_without_card(self, chat_id: int, limit: int = 10) -> list[Entry]:
        """Return the newest items that wait for a label, and have no card in the chat that says so.

        They come oldest first.
        """
        waiting = _newest().where(item_waits(), not_(_shown(chat_id)))
        return (await self._entries(waiting.limit(limit)))[::-1]

    @unbroken
    async def waiting_counts(self, chat_id: int, *, since: datetime) -> tuple[int, int]:
        """Return how many items wait with a card in the chat, and how many without one.

        Of the former only those whose card was shown from ``since`` on: older ones are given up.
        """
        recent = _shown(chat_id, cards.c.shown_at >= since)
        count = select(func.count()).select_from(verdicts).where(item_waits())
        async with self._database.reading() as connection:
            with_card = await connection.scalar(count.where(recent))
            without = await connection.scalar(count.where(not_(_shown(chat_id))))
        return with_card or 0, without or 0

    @unbroken
    async def posted(self, limit: int = 10, *, chat: str | None = None) -> list[Entry]:
        """Return the items seen now in ``chat`` (None: in any channel), the newest post first."""
        return await self._entries(seen_items(chat).limit(limit))

    @unbroken
    async def counts(self, since: datetime) -> dict[Reason, int]:
        """Return how many verdicts there were for each reason from ``since`` on."""
        query = (
            select(verdicts.c.reason, func.count().label("total"))
            .where(verdicts.c.decided_at >= since)
            .group_by(verdicts.c.reason)
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            return {row.reason: row.total for row in rows}

    async def _entries(self, item_ids: Select[Any]) -> list[Entry]:
        async with self._database.reading() as connection:
            return await entries(connection, (await connection.scalars(item_ids)).all())


def _newest() -> Select[Any]:
    return select(verdicts.c.item_id).order_by(
        verdicts.c.decided_at.desc(), verdicts.c.item_id.desc()
    )


def _shown(chat_id: int, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition on a verdict: its item has a card that meets ``conditions``.

    One from before a label was taken back may tell of that label, and does not count.
    """
    its = (cards.c.item_id == verdicts.c.item_id) & (cards.c.chat_id == chat_id)
    outdated = exists().where(
        labels.c.item_id == cards.c.item_id, labels.c.undone_at > cards.c.shown_at
    )
    return exists().where(its, not_(outdated), *conditions)


async def _record(connection: AsyncConnection, judged: Judged, at: datetime) -> bool:
    item_id, verdict = judged.item_id, judged.verdict
    unjudged = (items.c.id == item_id) & not_(items.c.judged)
    taken = await connection.execute(update(items).where(unjudged).values(judged=True))
    if taken.rowcount == 0:
        return False
    await connection.execute(insert(connection, verdicts).values(**_row(item_id, verdict, at)))
    if judged.drawn:
        await keep_drawn(connection, item_id)
    wanted = wants(await newest_truth(connection, item_id), verdict.reason)
    if wanted or verdict.decision is Decision.ACCEPT:
        await queue_posts(connection, item_id, judged.chats, wanted=wanted, at=at)
    if verdict.reason is not Reason.DUPLICATE:
        # A duplicate shares the links of the item that it repeats.
        await keep_stories(connection, item_id, judged.stories)
    elif judged.twin is not None:
        await keep_repeat(connection, item_id, judged.twin)
        for twin in await accepted(connection, [judged.twin]):
            await queue_posts(connection, twin, judged.chats, wanted=True, at=at)
    return True


def _row(item_id: int, verdict: Verdict, at: datetime) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "reason": verdict.reason,
        "score": verdict.score,
        "threshold": verdict.threshold,
        "model": verdict.model,
        "detail": verdict.detail,
        "decided_at": at,
    }
