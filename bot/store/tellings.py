"""Who tells the stories of some items, inside someone's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.also import Telling
from bot.model import Reason, Truth
from bot.store.labelling import wants
from bot.store.records import select_in
from bot.store.schema import items, labels, repeats, stories, verdicts


async def tellings(
    connection: AsyncConnection, item_ids: Collection[int]
) -> dict[int, list[Telling]]:
    """Return for each of these items all that tell its story, itself among them.

    Those are the items with its text, and with each other text that is linked to it.
    """
    text_of = await _texts(connection, item_ids)
    circles = await _circles(connection, set(text_of.values()))
    told = await _tellings(connection, set().union(*circles.values()))
    return {
        item_id: [one for other in circles[text] for one in told[other]]
        for item_id, text in text_of.items()
    }


async def _texts(connection: AsyncConnection, item_ids: Collection[int]) -> dict[int, int]:
    """Return for each of these items the first one with its text."""
    query = select(repeats.c.item_id, repeats.c.first_id)
    rows = await select_in(connection, query, repeats.c.item_id, item_ids)
    repeated = {row["item_id"]: row["first_id"] for row in rows}
    return {item_id: repeated.get(item_id, item_id) for item_id in item_ids}


async def _copies(connection: AsyncConnection, texts: Collection[int]) -> dict[int, int]:
    """Return all items with these texts, and which of them each has."""
    query = select(repeats.c.item_id, repeats.c.first_id)
    rows = await select_in(connection, query, repeats.c.first_id, texts)
    return {text: text for text in texts} | {row["item_id"]: row["first_id"] for row in rows}


async def _circles(connection: AsyncConnection, texts: Collection[int]) -> dict[int, set[int]]:
    """Return for each of these texts all on its event, itself among them."""
    copies = await _copies(connection, texts)
    links = await _links(connection, copies)
    text_of = await _texts(connection, {other for _, other in links})
    circles = {text: {text} for text in texts}
    for one, other in links:
        circles[copies[one]].add(text_of[other])
    return circles


async def _links(connection: AsyncConnection, item_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return each of these items with each that is linked to it as the same story."""
    given = list(item_ids)
    query = select(stories.c.item_id, stories.c.other_id)
    earlier = await select_in(connection, query, stories.c.item_id, given)
    later = await select_in(connection, query, stories.c.other_id, given)
    return [
        *((row["item_id"], row["other_id"]) for row in earlier),
        *((row["other_id"], row["item_id"]) for row in later),
    ]


async def _tellings(
    connection: AsyncConnection, texts: Collection[int]
) -> defaultdict[int, list[Telling]]:
    """Return for each of these texts all items with it."""
    copies = await _copies(connection, texts)
    judged = select(items.c.id, items.c.source, items.c.url, verdicts.c.reason)
    joined = judged.outerjoin(verdicts, verdicts.c.item_id == items.c.id)
    truths = await _truths(connection, copies)
    told: defaultdict[int, list[Telling]] = defaultdict(list)
    for row in await select_in(connection, joined, items.c.id, copies):
        truth, reason = truths.get(row["id"]), row["reason"]
        told[copies[row["id"]]].append(
            Telling(
                item_id=row["id"],
                source=row["source"],
                url=row["url"],
                text=copies[row["id"]],
                repeats=reason is Reason.DUPLICATE,
                wanted=wants(truth, reason),
                truth=truth,
            )
        )
    return told


async def _truths(connection: AsyncConnection, item_ids: Iterable[int]) -> dict[int, Truth]:
    """Return what the newest active label of each of these items says, if it has one."""
    active = select(labels.c.item_id, labels.c.truth).where(labels.c.undone_at.is_(None))
    rows = await select_in(connection, active.order_by(labels.c.id), labels.c.item_id, item_ids)
    return {row["item_id"]: row["truth"] for row in rows}
