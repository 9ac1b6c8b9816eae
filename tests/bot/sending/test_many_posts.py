"""What a sender asks again and again costs no more the more its channel has had."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.store import Store
from tests.hurried import engine_of
from tests.store.samples import CHANNEL, NOW

_SENT = """
    INSERT INTO posts (item_id, chat, state, wanted, queued_at, message_id, floor_id, sending_at,
                       sent_at, attempts, error, urgency, held)
    WITH RECURSIVE numbers(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last)
    SELECT n, :chat, 'sent', 1, :at, n, n - 1, :at, :at, 0, '', n, 0 FROM numbers
"""


@pytest.fixture
def steps(store: Store) -> list[int]:
    """How many steps the database has taken so far, in tens."""
    taken = [0]

    def count() -> int:
        taken[0] += 1
        return 0

    def watch(connection: Any, _entry: object) -> None:
        connection.run_async(lambda driver: driver.set_progress_handler(count, 10))

    event.listen(engine_of(store), "connect", watch)
    return taken


def send_all(database: Path, first: int, last: int) -> None:
    """Let the channel have had these posts; no item need be there for what is asked of them."""
    with closing(sqlite3.connect(database)) as connection, connection:
        at = f"{NOW:%Y-%m-%d %H:%M:%S.%f}"
        given = {"first": first, "last": last, "chat": CHANNEL, "at": at}
        connection.execute(_SENT, given)


async def test_what_is_done_costs_a_sender_nothing(
    store: Store, steps: list[int], tmp_path: Path
) -> None:
    costs = []
    for first, last in ((1, 10), (11, 2000)):
        send_all(tmp_path / "newsieve.db", first, last)
        steps[0] = 0
        assert await store.posts.due(CHANNEL, NOW) is None
        assert await store.posts.next_moment(CHANNEL) is None
        assert await store.posts.highest_message_id(CHANNEL) == last
        assert await store.posts.shorten(CHANNEL, longest=NOW, instead=NOW) == []
        given_up = store.posts.expire(
            CHANNEL, queued_before=NOW, at=NOW, sure=timedelta(hours=1), error=""
        )
        assert await given_up == []
        costs.append(steps[0])
    assert costs[0] > 0
    assert costs[1] <= 2 * costs[0]
