"""What is asked often is found by an index, however much the store holds."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.store import Store
from tests.store.samples import CHANNEL, NOW

# Of these tables a few rows are read by way of such an index, or its newest ones.
SHORT = ("items_unjudged", "posts_held_back", "posts_sent_at", "verdicts_unsure")
LONG = re.compile(rf"SCAN (items|verdicts|posts)(?! USING INDEX ({'|'.join(SHORT)})\b)")

QUESTIONS: dict[str, Callable[[Store], Awaitable[object]]] = {
    "what waits": lambda store: store.ledger.waiting_counts(1, since=NOW),
    "cards": lambda store: store.ledger.reviews_without_card(1),
    "newest posts": lambda store: store.pages.posted(10),
    "feed": lambda store: store.ledger.posted(50, chat=CHANNEL),
    "due post": lambda store: store.posts.due(CHANNEL, NOW),
    "next moment": lambda store: store.posts.next_moment(CHANNEL),
    "due edit": lambda store: store.mentions.due(CHANNEL, now=NOW),
    "unjudged": lambda store: store.items.unjudged(),
}


@contextmanager
def overheard() -> Iterator[list[tuple[str, Any]]]:
    """Give the list of what is asked of the databases, with its parameters."""
    said: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool) -> None:
        said.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(f"sqlite:///{tmp_path / 'newsieve.db'}") as store:
        yield store


@pytest.mark.parametrize("question", QUESTIONS)
async def test_no_long_table_is_read_from_end_to_end(
    question: str, opened: Store, tmp_path: Path
) -> None:
    with overheard() as said:
        await QUESTIONS[question](opened)
    asked = [one for one in said if one[0].lstrip().startswith("SELECT")]
    assert asked
    database = sqlite3.connect(tmp_path / "newsieve.db")
    plans = [
        step[3]
        for one in asked
        for step in database.execute(f"EXPLAIN QUERY PLAN {one[0]}", one[1])
    ]
    database.close()
    assert [step for step in plans if LONG.search(step)] == []
