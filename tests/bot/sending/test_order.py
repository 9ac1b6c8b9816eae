"""Which of several waiting posts goes out first."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.model import Reason, Truth
from bot.sending import Sender
from bot.store import Store
from bot.urgency import published_at, urgency
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import accepted, titles
from tests.emulator import Chat
from tests.store.samples import ANNA, CHANNEL, HOUR, NOW, item, judged

MOSCOW = timezone(timedelta(hours=3))


async def test_later_hours_go_first_then_better_scores_then_what_was_accepted_first(
    store: Store, sender: Sender, channel: Chat
) -> None:
    await accepted(store, 1, published=NOW - 2 * HOUR, score=0.01)
    await accepted(store, 2, score=0.3)
    await accepted(store, 3, published=(NOW - timedelta(minutes=20)).astimezone(MOSCOW), score=0.2)
    await accepted(store, 4, score=0.3)
    await sender.drain()
    assert titles(channel) == [item(number).title for number in (3, 2, 4, 1)]


async def test_a_page_that_claims_to_be_of_the_future_gains_nothing(
    store: Store, sender: Sender, channel: Chat
) -> None:
    await accepted(store, 1, published=NOW + 48 * HOUR, score=0.4)
    await accepted(store, 2, score=0.3)
    await sender.drain()
    assert titles(channel) == [item(2).title, item(1).title]


async def test_a_day_without_a_time_is_no_older_than_its_end_or_than_when_it_was_seen(
    store: Store, sender: Sender, channel: Chat
) -> None:
    today = NOW.astimezone(MOSCOW).replace(hour=0, minute=0, second=0, microsecond=0)
    await accepted(store, 1, published=today - timedelta(minutes=30), score=0.01)
    await accepted(store, 2, published=today - timedelta(days=1), score=0.01)
    await accepted(store, 3, published=NOW - 2 * HOUR, score=0.01)
    await accepted(store, 4, published=today, score=0.3)
    await sender.drain()
    assert titles(channel) == [item(number).title for number in (4, 3, 2, 1)]


async def test_what_an_operator_asks_for_goes_out_at_once(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    rejected = await judged(store, Reason.BAD, 1)
    await accepted(store, 2, score=0.01)
    await store.labels.add(rejected, Truth.GOOD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_odd_years_have_their_place(year: int) -> None:
    odd = datetime(year, 1, 1, tzinfo=MOSCOW)
    assert urgency(published_at(odd, NOW), 0.5) <= urgency(NOW, 0.5)


def test_a_score_counts_less_than_an_hour() -> None:
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    assert urgency(hour, 1) >= urgency(hour - timedelta(seconds=1), 0)
    assert urgency(hour, 0.2) > urgency(hour + timedelta(minutes=59), 0.3)
