"""From rows to the records of the pipeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Column, RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Entry, Label, Operator, Post, RecordedItem, Verdict
from bot.store.schema import audits, items, labels, posts, sightings, verdicts
from scrapers import Item

_BATCH = 1000
"""How many values one statement names; SQLite takes about 32,000."""

_ITEM = (
    items.c.id,
    items.c.source,
    items.c.url,
    items.c.title,
    items.c.text,
    items.c.published,
    items.c.image,
    items.c.seen_at,
    items.c.seeding,
)


def post_of(row: RowMapping) -> Post:
    """Return the post in a row of ``posts``."""
    return Post(**row)


def label_of(row: RowMapping) -> Label:
    """Return the label in a row of ``labels``."""
    return Label(
        id=row["id"],
        item_id=row["item_id"],
        truth=row["truth"],
        operator=Operator(row["operator_id"], row["operator_name"]),
        created_at=row["created_at"],
        reason=row["reason"],
        objection=row["objection"],
    )


async def select_in(
    connection: AsyncConnection, query: Select[Any], column: Column[Any], values: Iterable[Any]
) -> list[RowMapping]:
    """Return the rows of ``query`` whose ``column`` is one of ``values``, however many they are."""
    rows: list[RowMapping] = []
    remaining = iter(values)
    while batch := list(islice(remaining, _BATCH)):
        rows += (await connection.execute(query.where(column.in_(batch)))).mappings()
    return rows


async def recorded_items(
    connection: AsyncConnection, item_ids: Sequence[int]
) -> list[RecordedItem]:
    """Return the items of these ids, in their order."""
    rows = await select_in(connection, select(*_ITEM), items.c.id, item_ids)
    seen = select(sightings.c.item_id, sightings.c.source).order_by(sightings.c.id)
    sources = _grouped(await select_in(connection, seen, sightings.c.item_id, item_ids))
    found = {row["id"]: _recorded(row, sources[row["id"]]) for row in rows}
    return [found[item_id] for item_id in item_ids]


async def entries(connection: AsyncConnection, item_ids: Sequence[int]) -> list[Entry]:
    """Return the ledger's lines for these ids, all of them judged, in their order."""
    judged = await select_in(connection, select(verdicts), verdicts.c.item_id, item_ids)
    decided = {row["item_id"]: row for row in judged}
    active = select(labels).where(labels.c.undone_at.is_(None)).order_by(labels.c.id)
    marks = _grouped(await select_in(connection, active, labels.c.item_id, item_ids))
    queue = select(posts).order_by(posts.c.id)
    sent = _grouped(await select_in(connection, queue, posts.c.item_id, item_ids))
    audited = await select_in(connection, select(audits), audits.c.item_id, item_ids)
    drawn = {row["item_id"] for row in audited}
    return [
        Entry(
            recorded=recorded,
            verdict=_verdict(decided[recorded.id]),
            decided_at=decided[recorded.id]["decided_at"],
            label=label_of(marks[recorded.id][-1]) if marks[recorded.id] else None,
            posts=tuple(map(post_of, sent[recorded.id])),
            drawn=recorded.id in drawn,
        )
        for recorded in await recorded_items(connection, item_ids)
    ]


def one_line(error: str, limit: int = 500) -> str:
    """Return ``error`` on one line, at most ``limit`` characters."""
    line = " ".join(error.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _recorded(row: RowMapping, seen: Iterable[RowMapping]) -> RecordedItem:
    fields = ("source", "url", "title", "text", "published", "image")
    return RecordedItem(
        id=row["id"],
        item=Item(**{name: row[name] for name in fields}),
        seen_at=row["seen_at"],
        seeding=row["seeding"],
        sources=tuple(sighting["source"] for sighting in seen),
    )


def _verdict(row: RowMapping) -> Verdict:
    return Verdict(row["reason"], row["score"], row["threshold"], row["model"], row["detail"])


def _grouped(rows: Iterable[RowMapping]) -> defaultdict[int, list[RowMapping]]:
    groups: defaultdict[int, list[RowMapping]] = defaultdict(list)
    for row in rows:
        groups[row["item_id"]].append(row)
    return groups
