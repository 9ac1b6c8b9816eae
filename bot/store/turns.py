"""Taking turns: what is decided by looking at the newest row is decided by one at a time."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_TURN = text("SELECT pg_advisory_xact_lock(:key)")


async def take_turn(connection: AsyncConnection, key: int) -> None:
    """Let nobody else who asks with ``key`` go on until this transaction has ended.

    SQLite lets one writer in at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(_TURN, {"key": key})
