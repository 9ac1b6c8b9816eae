"""What waits through a pause does not vanish silently."""

from __future__ import annotations

from datetime import timedelta

from bot.commands import Desk
from bot.model import Reason, Truth
from bot.store import Store
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import accepted
from tests.emulator import Chat, Emulator, User
from tests.store.samples import ANNA, CHANNEL, NOW, item, judged

GIVEN_UP = "6 posts waited too long during the pause and are given up"


async def test_resuming_tells_what_goes_out_and_what_was_given_up_and_good_posts_that(
    bot: None,
    store: Store,
    desk: Desk,
    telegram: Emulator,
    channel: Chat,
    operator: User,
    clock: SetClock,
) -> None:
    desk.expire = timedelta(hours=24)
    await operator.ask("/pause")
    for number in range(1, 7):
        await accepted(store, number, at=clock())
    told = (await operator.ask("/pause")).text
    assert "What waits for more than 24 h is given up: it is not posted any more." in told
    assert told.endswith("\n6 posts wait.")
    assert "queued for @good_news, which is paused" in (await operator.ask("/why 1")).text
    clock.advance(hours=30)
    fresh = await accepted(store, 7, at=clock())
    assert GIVEN_UP in (await operator.ask("/status")).text
    _, state, waits, lost, *lines, more = (await operator.ask("/resume")).text.split("\n")
    assert state == "@good_news: what is accepted is posted."
    assert waits == "1 post waits."
    assert lost.startswith(GIVEN_UP)
    assert [line.partition(" ")[0] for line in lines] == ["#6", "#5", "#4", "#3", "#2"]
    assert more == "… and 1 more"
    post = await telegram.wait_for_post(channel)
    assert post.links == [item(fresh.item_id).url]
    await operator.ask("/good 6")
    assert (await telegram.wait_for_post(channel, count=2)).links == [item(6).url]


async def test_of_a_premoderated_channel_it_is_told_what_waits_for_a_word(
    bot: None, store: Store, operator: User
) -> None:
    await store.premoderation.set([CHANNEL])
    for number in (1, 2):
        await judged(store, Reason.GOOD, number)
    told = "nothing is posted before you say that it is good. 2 wait for your word."
    assert told in (await operator.ask("/resume")).text
    assert "0 posts pending. 2 wait for your word." in (await operator.ask("/status")).text
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    assert "1 waits for your word." in (await operator.ask("/status")).text
