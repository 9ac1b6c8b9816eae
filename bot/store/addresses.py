"""The addresses at which sources show items that have another address of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Column, ForeignKey, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import PlainText
from bot.store.engine import insert
from bot.store.records import select_in
from bot.store.schema import metadata

addresses = Table(
    "addresses",
    metadata,
    # A digest of the canonical form, as items have it of their own.
    Column("identity", String(64), primary_key=True),
    Column("item_id", ForeignKey("items.id"), nullable=False),
    Column("url", PlainText, nullable=False),
)


async def items_at(connection: AsyncConnection, identities: Iterable[str]) -> dict[str, int]:
    """Return, for those of ``identities`` at which an item is shown, the item's id."""
    query = select(addresses.c.identity, addresses.c.item_id)
    rows = await select_in(connection, query, addresses.c.identity, identities)
    return {row["identity"]: row["item_id"] for row in rows}


async def keep_addresses(connection: AsyncConnection, shown: Mapping[str, tuple[int, str]]) -> None:
    """Record, by identity, which item is shown at which other address."""
    rows = [
        {"identity": identity, "item_id": item_id, "url": url}
        for identity, (item_id, url) in shown.items()
    ]
    if rows:
        statement = insert(connection, addresses)
        await connection.execute(
            statement.on_conflict_do_nothing(index_elements=["identity"]), rows
        )
