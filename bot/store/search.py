"""Looking for words in what was judged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Entry
from bot.sought import Sought
from bot.store.records import entries
from bot.store.repository import Repository, unbroken
from bot.store.schema import items, verdicts

MOST_ITEMS = 50_000
"""So many items are looked through at a time."""

LONGEST = 1.0
"""Seconds after which the search ends with what it has: others wait for their answers meanwhile."""

_BATCH = 200
_STRIDE = 2_500


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        entries: the newest first.
        rest: there is more before this item, or there may be; None: there is nothing more.
        looked_through: so many of the newest items, before the search stopped early; None: it
            came to the end, or found as many as were wanted.
    """

    entries: tuple[Entry, ...]
    rest: int | None = None
    looked_through: int | None = None


class Search(Repository):
    """The items by their words."""

    @unbroken
    async def find(self, sought: Sought, limit: int, *, before: int | None = None) -> Found:
        """Return the newest judged items with these words in title or text, at most ``limit``.

        Args:
            sought: the words.
            limit: at most so many.
            before: only items before this one; None: from the newest on.
        """
        async with self._database.reading() as connection:
            newest = await connection.scalar(select(func.max(items.c.id))) or 0
            first = newest if before is None else min(newest, before - 1)
            oldest = max(first - MOST_ITEMS, 0)
            ids, last = await _look_through(connection, first, oldest, sought, limit + 1)
            found = tuple(await entries(connection, ids[:limit]))
        if len(ids) > limit:
            return Found(found, rest=ids[limit - 1])
        if last > 0:
            return Found(found, rest=last + 1, looked_through=newest - last)
        return Found(found)


async def _look_through(
    connection: AsyncConnection, newest: int, oldest: int, sought: Sought, most: int
) -> tuple[list[int], int]:
    """Return the ids of what has the words, and above which id all was looked through."""
    query = _candidates(sought, connection.dialect.name)
    until = monotonic() + LONGEST
    found: list[int] = []
    last = newest
    while last > oldest and len(found) < most:
        begin = max(last - _STRIDE, oldest)
        stretch = query.where(items.c.id > begin, items.c.id <= last)
        more, unread = await _sift(connection, stretch, sought, most - len(found), until)
        found += more
        last = begin if unread is None else unread
        if monotonic() >= until:
            break
    return found, last


async def _sift(
    connection: AsyncConnection, query: Select[Any], sought: Sought, most: int, until: float
) -> tuple[list[int], int | None]:
    """Return the ids of what has the words, and the highest id that time was too short for."""
    found: list[int] = []
    last = None
    while len(found) < most:
        later = query if last is None else query.where(items.c.id < last)
        rows = (await connection.execute(later.limit(_BATCH))).all()
        found += await asyncio.to_thread(_having, rows, sought)
        if len(rows) < _BATCH:
            return found, None
        last = rows[-1].id
        if monotonic() >= until:
            return found, last - 1
    return found, None


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
