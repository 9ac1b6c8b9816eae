"""A channel that was taken out of the settings has no sender, and operators are told so."""

from __future__ import annotations

from itertools import count

import pytest

from bot.commands import Desk, Reply, Request, Target, answer
from bot.commands.answer import BUTTONS, COMMANDS
from bot.commands.decisions import review_card
from bot.model import Operator, PostState, Truth
from bot.render import plain_text
from bot.routing import Routing
from bot.store import Store
from tests.store.samples import ANNA, CHANNEL, NOW, post_of, queued, sent

MESSAGE = "https://t.me/good_news/41"
UPDATES = count(500)


async def asked(desk: Desk, command: str, *targets: Target) -> Reply:
    name, *arguments = command.split()
    (who,) = desk.operators
    request = Request(
        next(UPDATES), Operator(who, "operator"), who, name, tuple(arguments), targets
    )
    return await answer(desk, request, COMMANDS)


@pytest.fixture
def elsewhere(desk: Desk) -> Desk:
    """The desk after a restart with another channel in place of the one before."""
    desk.routing = Routing(desk.routing.tags, {"@other_news": None})
    return desk


async def test_what_is_called_bad_there_is_told_to_stay_and_settled_by_hand(
    store: Store, elsewhere: Desk
) -> None:
    post = await sent(store)
    told = await asked(elsewhere, f"bad {post.item_id}")
    assert f"stays in {CHANNEL}, which is no longer in the settings" in plain_text(told.html)
    assert f"remove it by hand: {MESSAGE}" in plain_text(told.html)
    assert "being removed" not in told.html
    word, *numbers = dict(told.buttons)["Removed by hand"].split(":")
    (who,) = elsewhere.operators
    press = Request(next(UPDATES), Operator(who, "operator"), who, word, tuple(numbers))
    assert f"removed from {CHANNEL}" in plain_text((await answer(elsewhere, press, BUTTONS)).html)
    assert (await post_of(store, post.item_id)).state is PostState.REMOVED


async def test_a_post_forwarded_from_there_is_recognised(store: Store, elsewhere: Desk) -> None:
    post = await sent(store)
    target = Target(-1001, 41, CHANNEL.removeprefix("@"))
    assert (await asked(elsewhere, "why", target)).item_id == post.item_id


async def test_status_names_the_channel_with_what_waits_there(
    store: Store, elsewhere: Desk
) -> None:
    assert CHANNEL not in (await asked(elsewhere, "status")).html
    bad = await sent(store, 1)
    await queued(store, 2)
    doubtful = await queued(store, 3)
    await store.posts.begin_sending(doubtful.id, at=NOW, floor_id=None)
    await store.posts.record_uncertain(doubtful.id, not_before=NOW, error="timeout")
    await store.labels.add(bad.item_id, Truth.BAD, ANNA, chats=[], at=NOW)
    told = plain_text((await asked(elsewhere, "status")).html)
    assert f"{CHANNEL} is no longer in the settings" in told
    assert "1 post waits in vain. 1 perhaps posted. 1 to be removed by hand." in told
    assert MESSAGE in told


async def test_nothing_is_promised_of_it(store: Store, elsewhere: Desk) -> None:
    seen, waiting = await sent(store, 1), await queued(store, 2)
    listed = plain_text((await asked(elsewhere, "last")).html)
    assert f"posted in {CHANNEL}, which is no longer in the settings" in listed
    good = plain_text((await asked(elsewhere, f"good {waiting.item_id}")).html)
    assert f"not posted in {CHANNEL}, which is no longer in the settings" in good
    card = review_card(await elsewhere.entry(seen.item_id))
    assert "removes it there" not in card.html
