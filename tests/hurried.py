"""SQLite without waiting for the disk: most tests have nothing that must outlive a power cut."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

from bot.store import Store


def engine_of(store: Store) -> Engine:
    """Return the engine below a store."""
    return store.posts.database._engine.sync_engine


def hurry(store: Store) -> None:
    """Let the store's new connections wait for no disk."""
    if not event.contains(engine_of(store), "connect", _hurry):
        event.listen(engine_of(store), "connect", _hurry)


def _hurry(connection: Any, _entry: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
