"""Looking for words in what was judged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Entry
from bot.sought import Sought
from bot.store.records import entries
from bot.store.repository import Repository, unbroken
from bot.store.schema import items, verdicts

MOST_ITEMS = 50_000
"""So many of the newest items are looked through: on a small machine that takes a second."""

MOST_CANDIDATES = 2_000
"""So many of them are read."""

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        entries: the newest first.
        is_cut: there is more, or there may be: not all was looked through.
    """

    entries: tuple[Entry, ...]
    is_cut: bool


class Search(Repository):
    """The items by their words."""

    @unbroken
    async def find(self, sought: Sought, limit: int) -> Found:
        """Return the newest judged items with these words in title or text, at most ``limit``."""
        async with self._database.reading() as connection:
            newest = await connection.scalar(select(func.max(items.c.id))) or 0
            oldest = newest - MOST_ITEMS
            query = _candidates(sought, connection.dialect.name).where(items.c.id > oldest)
            ids, read_all = await _sift(connection, query, sought, limit + 1)
            found = await entries(connection, ids[:limit])
        is_cut = len(ids) > limit or not read_all or oldest > 0
        return Found(tuple(found), is_cut)


async def _sift(
    connection: AsyncConnection, query: Select[Any], sought: Sought, most: int
) -> tuple[list[int], bool]:
    """Return the ids of what has the words, and whether all candidates were read."""
    found: list[int] = []
    read, last = 0, None
    while len(found) < most and read < MOST_CANDIDATES:
        later = query if last is None else query.where(items.c.id < last)
        rows = (await connection.execute(later.limit(_BATCH))).all()
        found += await asyncio.to_thread(_having, rows, sought)
        if len(rows) < _BATCH:
            return found, True
        read, last = read + len(rows), rows[-1].id
    return found, len(found) >= most


def _having(rows: Sequence[Row[Any]], sought: Sought) -> list[int]:
    is_there = sought.finder()
    return [row.id for row in rows if is_there(f"{row.title}\n{row.text}")]


def _candidates(sought: Sought, dialect: str) -> Select[Any]:
    words = [or_(*(_like(one, dialect) for one in found)) for found in sought.patterns()]
    query = select(items.c.id, items.c.title, items.c.text).join(
        verdicts, verdicts.c.item_id == items.c.id
    )
    return query.where(and_(*words)).order_by(items.c.id.desc())


def _like(pattern: str, dialect: str) -> ColumnElement[bool]:
    # SQLite's LIKE folds the case of Latin letters by itself; its lower() would copy every text.
    columns = (items.c.title, items.c.text)
    if dialect == "sqlite":
        return or_(*(column.like(pattern) for column in columns))
    return or_(*(column.ilike(pattern) for column in columns))
