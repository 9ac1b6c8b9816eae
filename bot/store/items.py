"""Items: what was fetched, each piece of news once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, not_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.duplicates import Standing, fingerprint
from bot.model import Reason, RecordedItem
from bot.store.addresses import items_at, keep_addresses
from bot.store.engine import insert
from bot.store.records import recorded_items, select_in
from bot.store.relatives import same_text, told_too
from bot.store.repository import Repository, unbroken
from bot.store.schema import dead_pages, items, repeats, sightings, verdicts
from bot.urgency import published_at
from scrapers import Item, canonical_url

DEAD_KEPT = timedelta(days=30)
"""How long it is remembered of a page that it was tried in vain."""


class Items(Repository):
    """The items of the store."""

    @unbroken
    async def unseen(self, addresses: Sequence[str], *, now: datetime) -> set[str]:
        """Return those of the canonical ``addresses`` that no stored item has or is shown at.

        Those that gave nothing lately are left out as well.
        """
        by_identity = {_identity(address): address for address in addresses}
        async with self._database.reading() as connection:
            known = {
                *await _ids(connection, by_identity),
                *await _dead(connection, by_identity, now),
            }
        return {address for identity, address in by_identity.items() if identity not in known}

    @unbroken
    async def known_dead(self, addresses: Sequence[str]) -> set[str]:
        """Return those of the canonical ``addresses`` that gave nothing before, however long ago.

        What gave nothing for the last time more than DEAD_KEPT ago is forgotten.
        """
        by_identity = {_identity(address): address for address in addresses}
        query = select(dead_pages.c.identity)
        async with self._database.reading() as connection:
            rows = await select_in(connection, query, dead_pages.c.identity, by_identity)
        return {by_identity[row["identity"]] for row in rows}

    @unbroken
    async def unjudged(self, limit: int = 100) -> list[RecordedItem]:
        """Return items without a verdict, oldest first, at most ``limit``."""
        waiting = select(items.c.id).where(not_(items.c.judged)).order_by(items.c.id).limit(limit)
        async with self._database.reading() as connection:
            return await recorded_items(connection, (await connection.scalars(waiting)).all())

    @unbroken
    async def get(self, item_ids: Collection[int]) -> list[RecordedItem]:
        """Return the items of these ids, ascending."""
        async with self._database.reading() as connection:
            return await recorded_items(connection, sorted(item_ids))

    @unbroken
    async def copies(self, item_ids: Sequence[int]) -> dict[int, list[int]]:
        """Return, for each of these items that has any, the earlier items with the same words.

        Ascending; those that were rejected as duplicates themselves are left out.
        """
        same = items.alias()
        query = (
            select(items.c.id, same.c.id.label("copy"))
            .join(same, (same.c.fingerprint == items.c.fingerprint) & (same.c.id < items.c.id))
            .outerjoin(verdicts, verdicts.c.item_id == same.c.id)
            .where(func.coalesce(verdicts.c.reason, "") != Reason.DUPLICATE.value)
            .order_by(same.c.id)
        )
        copies: defaultdict[int, list[int]] = defaultdict(list)
        async with self._database.reading() as connection:
            for row in await select_in(connection, query, items.c.id, item_ids):
                copies[row["id"]].append(row["copy"])
        return dict(copies)

    @unbroken
    async def standings(self, item_ids: Collection[int]) -> dict[int, Standing]:
        """Return where each of these items stands."""
        first = func.coalesce(repeats.c.first_id, items.c.id)
        query = (
            select(items.c.id, first.label("first"), verdicts.c.reason)
            .outerjoin(repeats, repeats.c.item_id == items.c.id)
            .outerjoin(verdicts, verdicts.c.item_id == first)
        )
        async with self._database.reading() as connection:
            rows = await select_in(connection, query, items.c.id, item_ids)
        return {row["id"]: Standing(row["first"], row["reason"]) for row in rows}

    @unbroken
    async def repeats(self, item_id: int) -> list[RecordedItem]:
        """Return the other items that are the same text as this one, or nearly; earliest first."""
        async with self._database.reading() as connection:
            same = await same_text(connection, item_id)
            return await recorded_items(connection, sorted(same - {item_id}))

    @unbroken
    async def same_story(self, item_id: int) -> list[RecordedItem]:
        """Return the items that are other texts on the event of this one, earliest first.

        What is linked to a reprint of the text is linked to the text.
        """
        async with self._database.reading() as connection:
            same = await same_text(connection, item_id)
            return await recorded_items(connection, sorted(await told_too(connection, same)))


async def add_items(
    connection: AsyncConnection, source: str, found: Sequence[Item], *, at: datetime, seeding: bool
) -> tuple[list[int], list[int]]:
    """Record what a run over ``source`` found.

    Returns the ids of the new items, ascending, and of all that the source shows
    for the first time. The oldest news gets the smallest id, so that a channel
    tells events in order.
    """
    by_identity = {_identity(canonical_url(item.url)): item for item in _oldest_first(found, at)}
    known = await _ids(connection, by_identity)
    rows = [
        _row(identity, source, item, at=at, seeding=seeding)
        for identity, item in by_identity.items()
        if identity not in known
    ]
    added = await _insert(connection, rows)
    ids = await _ids(connection, by_identity)
    await keep_addresses(connection, dict(_other_addresses(found, ids)))
    return added, await _add_sightings(connection, source, by_identity, ids, at=at)


def _other_addresses(
    found: Sequence[Item], ids: Mapping[str, int]
) -> Iterator[tuple[str, tuple[int, str]]]:
    for item in found:
        own = _identity(canonical_url(item.url))
        if item.link is not None and (other := _identity(canonical_url(item.link))) != own:
            yield other, (ids[own], item.link)


async def keep_dead(
    connection: AsyncConnection, urls: Sequence[str], *, at: datetime, until: datetime
) -> None:
    """Record that these canonical addresses gave nothing; what is long past is forgotten."""
    await connection.execute(delete(dead_pages).where(dead_pages.c.until <= at - DEAD_KEPT))
    rows = [{"identity": _identity(url), "url": url, "until": until} for url in urls]
    if rows:
        statement = insert(connection, dead_pages)
        renewed = {"until": statement.excluded.until}
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["identity"], set_=renewed), rows
        )


async def _dead(connection: AsyncConnection, identities: Iterable[str], now: datetime) -> set[str]:
    query = select(dead_pages.c.identity).where(dead_pages.c.until > now)
    rows = await select_in(connection, query, dead_pages.c.identity, identities)
    return {row["identity"] for row in rows}


def _oldest_first(found: Sequence[Item], at: datetime) -> list[Item]:
    # Sources list the newest first: where no date decides, the last one is the oldest.
    ordered = list(reversed(found))
    ordered.sort(key=lambda item: published_at(item.published, at))
    return ordered


def _identity(address: str) -> str:
    return sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def _row(
    identity: str, source: str, item: Item, *, at: datetime, seeding: bool
) -> dict[str, object]:
    return {
        "identity": identity,
        "fingerprint": fingerprint(item),
        "source": source,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "published": item.published,
        "image": item.image,
        "seen_at": at,
        "seeding": seeding,
    }


async def _ids(connection: AsyncConnection, identities: Iterable[str]) -> dict[str, int]:
    wanted = list(identities)
    query = select(items.c.id, items.c.identity)
    rows = await select_in(connection, query, items.c.identity, wanted)
    return {**await items_at(connection, wanted), **{row["identity"]: row["id"] for row in rows}}


async def _insert(connection: AsyncConnection, rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    # Another process may have recorded the same address since we looked.
    statement = insert(connection, items).on_conflict_do_nothing(index_elements=["identity"])
    return sorted(await connection.scalars(statement.returning(items.c.id), rows))


async def _add_sightings(
    connection: AsyncConnection,
    source: str,
    by_identity: Mapping[str, Item],
    ids: Mapping[str, int],
    *,
    at: datetime,
) -> list[int]:
    rows = [
        {"item_id": ids[identity], "source": source, "url": item.link or item.url, "seen_at": at}
        for identity, item in by_identity.items()
    ]
    if not rows:
        return []
    statement = insert(connection, sightings).on_conflict_do_nothing(
        index_elements=["item_id", "source"]
    )
    return list(await connection.scalars(statement.returning(sightings.c.item_id), rows))
