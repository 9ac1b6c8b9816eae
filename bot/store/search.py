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
"""So many of the newest items are looked through."""

LONGEST = 1.0
"""Seconds after which the search ends with what it has: others wait for their answers meanwhile."""

_BATCH = 200
_STRIDE = 2_500


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
            oldest = max(newest - MOST_ITEMS, 0)
            ids, last = await _look_through(connection, newest, oldest, sought, limit + 1)
            found = await entries(connection, ids[:limit])
        is_cut = len(ids) > limit or last > 0
        return Found(tuple(found), is_cut)


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
        more, read_all = await _sift(connection, stretch, sought, most - len(found), until)
        found += more
        if not read_all:
            break
        last = begin
        if monotonic() >= until:
            break
    return found, last


async def _sift(
    connection: AsyncConnection, query: Select[Any], sought: Sought, most: int, until: float
) -> tuple[list[int], bool]:
    """Return the ids of what has the words, and whether all candidates were read in time."""
    found: list[int] = []
    last = None
    while len(found) < most:
        later = query if last is None else query.where(items.c.id < last)
        rows = (await connection.execute(later.limit(_BATCH))).all()
        found += await asyncio.to_thread(_having, rows, sought)
        if len(rows) < _BATCH:
            return found, True
        last = rows[-1].id
        if monotonic() >= until:
            return found, False
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
