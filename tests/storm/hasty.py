"""A store that can be taken from who works with it, as a killed process loses its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event

from bot.store import Store
from bot.store.engine import Database
from tests.hurried import engine_of, hurry
from tests.storm.life import Life


class HastyStore:
    """A store that does not wait for the disk, and can be cut off from its database.

    Args:
        address: of the database, whose schema is there.
        life: is told of each commit.
    """

    def __init__(self, address: str, life: Life | None = None) -> None:
        self._store = Store(Database(address))
        self._is_file = address.startswith("sqlite")
        self._life = life
        self._connections: list[Any] = []
        self._listeners: dict[str, Callable[..., None]] = {
            "connect": self._connected,
            "commit": self._committing,
        }

    async def __aenter__(self) -> Store:
        if self._is_file:
            hurry(self._store)
        for name, listener in self._listeners.items():
            event.listen(engine_of(self._store), name, listener)
        return self._store

    async def __aexit__(self, *_error: object) -> None:
        self._leave()
        await self._store.close()

    async def cut(self) -> None:
        """Close all connections once what they were told is done, as the kernel would."""
        self._leave()
        engine_of(self._store).dispose(close=False)
        for connection in self._connections:
            if self._is_file:
                # A cursor of the dead would keep the file locked even after that.
                await connection.rollback()
            await connection.close()

    def _leave(self) -> None:
        for name, listener in self._listeners.items():
            event.remove(engine_of(self._store), name, listener)

    def _connected(self, connection: Any, _entry: object) -> None:
        self._connections.append(connection.driver_connection)

    def _committing(self, connection: Connection) -> None:
        if self._life is not None and connection.get_execution_options().get("newsieve_writes"):
            self._life.commit()
