"""What the tests of commands begin with and look at."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, text

from bot.sending import Sender
from bot.store import Store
from tests.emulator import (
    Chat,
    Message,
)
from tests.store.samples import (
    queued,
)


def actions(tmp_path: Path) -> list[tuple[int, str, bool, str]]:
    """Return who asked for what, whether they might, and what came of it."""
    engine = create_engine(f"sqlite:///{tmp_path / 'newsieve.db'}")
    query = text("SELECT operator_id, command, allowed, outcome FROM actions ORDER BY id")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    engine.dispose()
    return [(who, command, bool(allowed), outcome) for who, command, allowed, outcome in rows]


async def posted(store: Store, sender: Sender, channel: Chat) -> Message:
    """Let an accepted item be posted; return its message."""
    await queued(store)
    await sender.drain()
    (message,) = channel.visible
    return message
