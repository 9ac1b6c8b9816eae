"""Signatures: what is compared of each text, in one order for all processes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import RowMapping, Select, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.kinship import VERSION, Signature, Trace
from bot.store.engine import insert
from bot.store.records import select_in
from bot.store.repository import Repository, unbroken
from bot.store.schema import items, signatures

_AT_ONCE = 5000


class Signatures(Repository):
    """The signatures of the last days."""

    @unbroken
    async def add(self, signed: Mapping[int, Signature], *, since: datetime) -> list[Trace]:
        """Store the signatures of these items; one that has a signature keeps it.

        Returns what is stored of them, in the order of their places. What was first
        seen before ``since`` is no longer compared, and goes.
        """
        async with self._database.writing() as connection:
            await _take_turn(connection)
            await connection.execute(delete(signatures).where(signatures.c.at < since))
            await _insert(connection, signed)
            rows = await select_in(connection, _traces(), signatures.c.item_id, signed)
        return sorted(map(_trace, rows), key=lambda trace: trace.place)

    @unbroken
    async def after(self, place: int, *, since: datetime, limit: int = _AT_ONCE) -> list[Trace]:
        """Return what has a place after ``place``, in order, at most ``limit``.

        Only what was first seen at ``since`` or later.
        """
        fresh = (signatures.c.place > place) & (signatures.c.at >= since)
        query = _traces().where(fresh).order_by(signatures.c.place).limit(limit)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        # After a restart these are thousands.
        return await asyncio.to_thread(lambda: list(map(_trace, rows)))


async def _take_turn(connection: AsyncConnection) -> None:
    """Places are given in the order in which others see them; SQLite writes one by one anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE signatures IN EXCLUSIVE MODE"))


async def _insert(connection: AsyncConnection, signed: Mapping[int, Signature]) -> None:
    query = select(items.c.id, items.c.seen_at)
    moments = {
        row["id"]: row["seen_at"] for row in await select_in(connection, query, items.c.id, signed)
    }
    rows = []
    for item_id, signature in sorted(signed.items()):
        sketch, terms = signature.as_bytes()
        rows.append(
            {
                "item_id": item_id,
                "version": VERSION,
                "at": moments[item_id],
                "sketch": sketch,
                "terms": terms,
            }
        )
    if rows:
        statement = insert(connection, signatures)
        await connection.execute(statement.on_conflict_do_nothing(index_elements=["item_id"]), rows)


def _traces() -> Select[tuple[int, int, datetime, bytes, bytes, str]]:
    its = signatures.c
    return (
        select(its.place, its.item_id, its.at, its.sketch, its.terms, items.c.source)
        .join(items, items.c.id == its.item_id)
        .where(its.version == VERSION)
    )


def _trace(row: RowMapping) -> Trace:
    return Trace(
        place=row["place"],
        item_id=row["item_id"],
        source=row["source"],
        at=row["at"],
        signature=Signature.from_bytes(row["sketch"], row["terms"]),
    )
