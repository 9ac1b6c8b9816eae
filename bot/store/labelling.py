"""What labels and verdicts mean for posts: the one rule, inside someone's transaction.

An item is wanted if its newest active label is good, or if it has no active
label and its verdict accepted it. A premoderated channel goes by the label alone, and so does
what only a label has revived. Where it is barred, it is never wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, exists, func, not_, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import PostState, Reason, Truth
from bot.store.engine import insert
from bot.store.records import select_in
from bot.store.revivals import REVIVED, lay_to_rest, note_made, note_revived
from bot.store.schema import items, labels, posts, premoderated, verdicts
from bot.urgency import published_at, urgency

CALLED_GOOD = exists().where(
    labels.c.item_id == posts.c.item_id,
    labels.c.undone_at.is_(None),
    labels.c.truth == Truth.GOOD,
)
"""Whether an operator calls the item of a post good."""

STILL_WANTED = posts.c.wanted & (not_(posts.c.held) | CALLED_GOOD)
"""Whether a post that turned out not to be seen is to go out: premoderation may have begun."""


# What failed before puts nothing off that is asked for now; what is in doubt keeps its quarantine.
_SEEN = posts.c.state.in_((PostState.SENT, PostState.REMOVED))
_AT_ONCE = {
    "not_before": case((_SEEN, null()), else_=posts.c.not_before),
    "attempts": case((_SEEN, 0), else_=posts.c.attempts),
}


def wants(truth: Truth | None, reason: Reason | None) -> bool:
    """Tell whether an item should be seen, by its newest active label and its verdict."""
    if truth is not None:
        return truth is Truth.GOOD
    return reason is Reason.GOOD


def newest_labels() -> Subquery:
    """Return of each item that has an active label which one is the newest: ``item_id``, ``id``."""
    newest = select(labels.c.item_id, func.max(labels.c.id).label("id"))
    return newest.where(labels.c.undone_at.is_(None)).group_by(labels.c.item_id).subquery("newest")


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
    asked: bool = False,
) -> None:
    """Queue the item for each of ``chats`` where it has no post yet.

    ``asked`` by an operator, it goes before what the pipeline has queued. For a premoderated
    channel what no operator calls good is queued unwanted.
    """
    if not chats:
        return
    held = await _held(connection, item_id, chats)
    first = urgency(at, 0) if asked else await _urgency_of(connection, item_id)
    rows = [
        {
            "item_id": item_id,
            "chat": chat,
            "state": PostState.QUEUED,
            "wanted": wanted and chat not in held.unapproved,
            "held": chat in held.chats,
            "queued_at": at,
            "urgency": first,
        }
        for chat in chats
    ]
    statement = insert(connection, posts).values(rows)
    missing = statement.on_conflict_do_nothing(index_elements=["item_id", "chat"])
    made = (await connection.scalars(missing.returning(posts.c.id))).all()
    if asked:
        await note_made(connection, made)


@dataclass(frozen=True, slots=True)
class _Held:
    """Which of the channels of an item are premoderated.

    Attributes:
        approved: an operator calls the item good.
    """

    chats: frozenset[str]
    approved: bool

    @property
    def unapproved(self) -> frozenset[str]:
        """The channels for which the item has to wait."""
        return frozenset() if self.approved else self.chats


async def _held(connection: AsyncConnection, item_id: int, chats: Sequence[str]) -> _Held:
    query = select(premoderated.c.chat).where(premoderated.c.chat.in_(chats))
    found = frozenset((await connection.scalars(query)).all())
    return _Held(found, await newest_truth(connection, item_id) is Truth.GOOD)


async def _urgency_of(connection: AsyncConnection, item_id: int) -> float:
    query = (
        select(items.c.published, items.c.seen_at, verdicts.c.score)
        .join(verdicts, verdicts.c.item_id == items.c.id)
        .where(items.c.id == item_id)
    )
    published, seen_at, score = (await connection.execute(query)).one()
    return urgency(published_at(published, seen_at), score)


async def retry(connection: AsyncConnection, item_id: int, *, at: datetime) -> None:
    """Queue the item's posts anew that were refused, or waited too long.

    Whoever labels it good wants another try.
    """
    ended = posts.c.state.in_((PostState.FAILED, PostState.EXPIRED))
    overdue = (posts.c.state == PostState.QUEUED) & posts.c.overdue_at.is_not(None)
    revived = (posts.c.item_id == item_id) & not_(posts.c.barred) & (ended | overdue)
    await note_revived(connection, revived)
    again = update(posts).where(revived)
    await connection.execute(again.values(**_AGAIN, queued_at=at, urgency=urgency(at, 0)))


_AGAIN: dict[str, Any] = {
    "state": PostState.QUEUED,
    "attempts": 0,
    "error": "",
    "not_before": None,
    "doubts": 0,
    "overdue_at": None,
}


async def take_back(connection: AsyncConnection, item_id: int, *, at: datetime) -> None:
    """Undo what came of a label of the item that is no longer active."""
    if await newest_truth(connection, item_id) is not Truth.GOOD:
        await lay_to_rest(connection, item_id)
    await reconsider(connection, item_id, at=at)


async def reconsider(connection: AsyncConnection, item_id: int, *, at: datetime) -> None:
    """Set what is wanted of the item's posts anew, from its labels and its verdict.

    What an operator wants again counts as queued at that moment: it has not waited too long. What
    his word alone has revived does not go by the verdict.
    """
    truth = await newest_truth(connection, item_id)
    wanted = wants(truth, await reason_of(connection, item_id))
    its = (posts.c.item_id == item_id) & not_(posts.c.barred)
    if wanted and truth is None:
        by_label = posts.c.held | REVIVED
        await _want(connection, its & by_label, wanted=False, at=at)
        its &= not_(by_label)
    await _want(connection, its, wanted=wanted, at=at)


async def _want(
    connection: AsyncConnection, which: ColumnElement[bool], *, wanted: bool, at: datetime
) -> None:
    changed = which & (posts.c.wanted != wanted)
    values = {"queued_at": at, "urgency": urgency(at, 0)} if wanted else {}
    await connection.execute(
        update(posts).where(changed).values(wanted=wanted, **_AT_ONCE, **values)
    )
