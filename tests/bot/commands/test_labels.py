from __future__ import annotations

import pytest

from bot.commands import Desk
from bot.model import Operator, PostState, Reason, Truth
from bot.routing import Routing
from bot.sending import Sender
from bot.store import Store
from tests.bot.commands.samples import posted
from tests.emulator import (
    Chat,
    Emulator,
    User,
)
from tests.store.samples import (
    ANNA,
    CHANNEL,
    NOW,
    item,
    judged,
    post_of,
    queued,
    record,
    reprinted,
    verdict,
)


async def test_a_rejected_item_labelled_good_is_posted(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User
) -> None:
    item_id = await judged(store, Reason.BAD)
    reply = await operator.ask(f"/good {item_id}")
    assert f"Item {item_id} is labelled good now." in reply.text
    post = await telegram.wait_for_post(channel)
    assert post.links == [item(1).url]
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert entry.label is not None
    assert entry.label.truth is Truth.GOOD
    assert entry.label.operator == Operator(7001, "operator <one>")
    assert entry.label.reason is Reason.BAD


async def test_a_relabelled_post_is_removed_from_the_channel_and_undo_brings_it_back(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    assert "labelled bad now" in (await operator.ask("/bad 1")).text
    await telegram.wait_until_deleted(message)
    assert "no longer labelled bad" in (await operator.ask("/undo")).text
    back = await telegram.wait_for_post(channel)
    assert (back.id, back.links) == (message.id + 1, message.links)


async def test_an_undo_button_takes_back_its_own_label_only(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.BAD)
    await operator.ask("/good 1")
    card = await operator.ask("/bad 1")
    undo = card.buttons["Undo"]
    assert "no longer labelled bad" in await operator.press(card, "Undo").answered()
    for _again in range(2):
        assert "no longer in force" in await operator.call_back(card, undo).answered()
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is not None
    assert entry.label.truth is Truth.GOOD


async def test_undo_takes_a_wrong_good_back(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await judged(store, Reason.BAD)
    operator.say("/good 1")
    message = await telegram.wait_for_post(channel)
    await operator.ask("/undo")
    await telegram.wait_until_deleted(message)


async def test_undo_removes_what_a_good_brought_back_after_it_had_been_given_up(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User
) -> None:
    post = await queued(store)
    await store.posts.record_failed(post.id, "Bad Request: wrong file identifier")
    operator.say("/good 1")
    message = await telegram.wait_for_post(channel)
    told = (await operator.ask("/undo")).text
    assert "Item 1 is no longer labelled good." in told
    assert any(f"{where} @good_news" in told for where in ("removed from", "sent to, then"))
    await telegram.wait_until_deleted(message)


async def test_an_item_is_named_with_or_without_a_hash(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.BAD)
    assert "labelled good now" in (await operator.ask("/good #1")).text
    assert "labelled good already" in (await operator.ask("/good@newsieve_test_bot 1")).text


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/good", "Which item?"),
        ("/bad 99", "There is no item 99 in the ledger."),
        ("/bad x", "An id is a number, like 12."),
        ("/bad ١", "An id is a number, like 12."),
        ("/bad -1", "An id is a number, like 12."),
        ("/bad 99999999999999999999", "An id is a number, like 12."),
        ("/bad 1;DROP", "An id is a number, like 12."),
        ("/undo", "No label of yours is in force. /undo 12 takes back"),
        ("/undo 1", "There is no label about item 1 to take back."),
        ("/last 0", "I can show 1 to 20 lines."),
        ("/last all", "I can show 1 to 20 lines."),
    ],
)
async def test_what_cannot_be_done_is_told(
    bot: None, store: Store, operator: User, said: str, answered: str
) -> None:
    await judged(store, Reason.BAD)
    assert answered in (await operator.ask(said)).text


@pytest.mark.parametrize("said", ["/good 1 2", "/good 1 2 3", "/good 1 spam", "/undo 1 2"])
async def test_more_than_one_item_is_refused_and_none_is_touched(
    bot: None, store: Store, operator: User, said: str
) -> None:
    item_id = await judged(store, Reason.BAD)
    await store.labels.add(item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    reply = await operator.ask(said)
    command = said.partition(" ")[0]
    assert reply.text == f"One item at a time, and nothing behind it: {command} 12."
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert entry.label is not None
    assert (entry.label.truth, entry.label.operator) == (Truth.BAD, ANNA)


async def test_a_refused_post_gets_another_try_when_it_is_labelled_good(
    bot: None, store: Store, operator: User
) -> None:
    post = await queued(store)
    await store.posts.record_failed(post.id, "Bad Request: chat not found")
    await operator.ask("/good 1")
    assert (await post_of(store, 1)).state is not PostState.FAILED


async def test_a_good_label_on_what_no_channel_carries_says_so(
    bot: None, store: Store, operator: User, desk: Desk
) -> None:
    desk.routing = Routing({"gazeta": frozenset()}, {CHANNEL: frozenset({"gazeta"})})
    (item_id,) = await record(store, item(1, source="forgotten"), source="forgotten")
    assert await store.ledger.record_verdict(item_id, verdict(Reason.BAD), [], at=NOW)
    told = (await operator.ask("/good 1")).text
    assert "posted nowhere, as no channel carries its source" in told


async def test_a_text_that_readers_see_already_takes_a_second_tap(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    first = await posted(store, sender, channel)
    again = await reprinted(store, 1, 2)
    card = await operator.ask(f"/good {again}")
    assert card.text.startswith("The same text is there already: nothing was done yet.")
    assert f"https://t.me/good_news/{first.id}" in card.links
    entry = await store.ledger.entry(again)
    assert entry is not None
    assert (entry.label, entry.posts) == (None, ())
    await operator.press(card, "Post it all the same").answered()
    assert (await telegram.wait_for_post(channel, count=2)).links == [item(2).url]


async def test_a_text_that_is_no_longer_seen_is_posted_at_once(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    again = await reprinted(store, 1, 2)
    await operator.ask("/bad 1")
    await telegram.wait_until_deleted(message)
    assert "is labelled good now" in (await operator.ask(f"/good {again}")).text
