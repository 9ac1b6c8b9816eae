"""SQLite without waiting for the disk: most tests have nothing that must outlive a power cut."""

from __future__ import annotations

import shutil
from pathlib import Path
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


async def open_copy(database: Path, folder: Path) -> Store:
    """Open a copy of a database: with nothing but the schema in it, this is quicker than a new one.

    Args:
        folder: gets the copy, by the same name.
    """
    store = await Store.open(f"sqlite:///{shutil.copy(database, folder)}")
    hurry(store)
    return store


def _hurry(connection: Any, _entry: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
