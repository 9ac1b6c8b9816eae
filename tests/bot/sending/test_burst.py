"""A thousand items accepted at once."""

from __future__ import annotations

import random
from dataclasses import replace
from math import inf

import pytest

from bot.model import Reason
from bot.sending import Sender
from bot.store import Judged, Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import OPTIONS
from tests.emulator import Chat, Emulator, flood
from tests.store.samples import CHANNEL, item, record, verdict

MANY = 1000


@pytest.mark.process  # left out of `make test`: it takes its time
@pytest.mark.timeout(300)
async def test_a_thousand_items_accepted_at_once_all_arrive_in_order_and_once(
    application: Application, store: Store, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    chance = random.Random(6)
    numbers = list(range(1, MANY + 1))
    ids = await record(store, *map(item, reversed(numbers)))
    scores = {item_id: chance.random() / 2 for item_id in ids}
    judged = [Judged(i, verdict(Reason.GOOD, scores[i]), [CHANNEL]) for i in ids]
    assert len(await store.ledger.record_verdicts(judged, at=clock())) == MANY
    for _ in range(20):
        title = item(chance.choice(numbers)).title
        telegram.inject("sendMessage", flood(3), when=lambda call, t=title: t in call["text"])
    options = replace(OPTIONS, per_minute=inf)
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, options, now=clock)

    while await store.posts.pending(CHANNEL):
        await sender.drain()
        clock.advance(seconds=3)

    best_first = sorted(ids, key=lambda item_id: (scores[item_id], item_id))
    urls = dict(zip(ids, (item(number).url for number in numbers), strict=True))
    assert [message.links for message in channel.visible] == [[urls[i]] for i in best_first]
