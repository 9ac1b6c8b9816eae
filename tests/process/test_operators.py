"""Operators correct the sieve in chat, as people do."""

from __future__ import annotations

import pytest

from tests.emulator import Chat, Emulator, Message, User
from tests.newsserver import RSS, NewsServer, Story, conditional, hang, in_turn, rss
from tests.process.home import Home, Newsieve
from tests.process.stories import BRIDGE, FLOOD, GARDEN, ROAD

pytestmark = pytest.mark.process


async def run_with_one_post_and_one_rejection(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> tuple[Newsieve, Message]:
    """Start newsieve; item 1 is posted, item 2 rejected."""
    # Feeds begin with what is newest; items are numbered from the oldest.
    home.add_source("Вести", news.publish("/feed.xml", [FLOOD, BRIDGE]))
    newsieve = await home.start("run")
    post = await telegram.wait_for_post(channel)
    await newsieve.wait_for_log('"item_rejected"')
    await newsieve.wait_for_log('"post_sent"')
    await telegram.wait_for_poll()
    return newsieve, post


async def test_a_bad_label_removes_the_post_and_undo_brings_it_back(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    _, post = await run_with_one_post_and_one_rejection(home, news, telegram, channel)

    assert "1" in (await operator.ask("/bad 1")).text
    await telegram.wait_until_deleted(post)

    await operator.ask("/undo")
    again = await telegram.wait_for_post(channel)
    assert BRIDGE.title in again.text


async def test_a_good_label_posts_the_rejected_and_undo_removes_it(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await run_with_one_post_and_one_rejection(home, news, telegram, channel)

    await operator.ask("/good 2")
    post = await telegram.wait_for_post(channel, count=2)
    assert FLOOD.title in post.text

    await operator.ask("/undo")
    await telegram.wait_until_deleted(post)


async def test_a_label_keeps_who_and_when(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve, _ = await run_with_one_post_and_one_rejection(home, news, telegram, channel)
    await operator.ask("/bad 1")
    await newsieve.kill()

    ((name, user_id, label, moment),) = home.query(
        "SELECT operator_name, operator_id, truth, created_at FROM labels"
    )

    assert (name, user_id, label) == ("Оператор", operator.id, 1)
    assert moment


async def test_a_reply_to_the_post_itself_needs_no_id(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    _, post = await run_with_one_post_and_one_rejection(home, news, telegram, channel)

    operator.say("/bad", reply_to=post)

    await telegram.wait_until_deleted(post)


async def test_a_reply_to_a_forwarded_post_needs_no_id(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    _, post = await run_with_one_post_and_one_rejection(home, news, telegram, channel)
    forwarded = operator.forward(post)

    operator.say("/bad", reply_to=forwarded)

    await telegram.wait_until_deleted(post)


async def test_a_reply_in_the_discussion_group_needs_no_id(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    channel.linked = telegram.add_group("Обсуждение")
    _, post = await run_with_one_post_and_one_rejection(home, news, telegram, channel)
    copy = channel.linked.visible[0]

    operator.say("/bad", chat=channel.linked, reply_to=copy)

    await telegram.wait_until_deleted(post)


async def test_the_lists_tell_what_was_posted_and_what_was_rejected_and_why(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await run_with_one_post_and_one_rejection(home, news, telegram, channel)

    assert BRIDGE.title in (await operator.ask("/last")).text
    rejected = (await operator.ask("/rejected")).text
    assert FLOOD.title in rejected
    assert "bad" in rejected
    assert BRIDGE.title not in rejected


async def test_every_command_is_answered_and_in_the_menu(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", []))
    await home.start("run")

    for command in ("/start", "/help", "/status", "/last", "/rejected"):
        assert (await operator.ask(command)).text
    assert set(telegram.menu(operator.chat)) >= {
        "help",
        "status",
        "last",
        "rejected",
        "good",
        "bad",
        "undo",
    }


async def test_commands_that_make_no_sense_are_answered_and_change_nothing(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve, post = await run_with_one_post_and_one_rejection(home, news, telegram, channel)

    for command in ("/bad", "/bad 99", "/bad many", "/good 0", f"/good {10**30}", "/undo"):
        assert (await operator.ask(command)).text
    assert "One item at a time" in (await operator.ask("/bad 1 2")).text
    assert "/help" in (await operator.ask("/statistics")).text
    assert "/help" in (await operator.ask("bad 1")).text

    await newsieve.kill()
    assert not post.deleted
    assert home.query("SELECT count(*) FROM labels") == [(0,)]


async def test_a_stranger_gets_nothing_done_and_it_is_kept(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve, post = await run_with_one_post_and_one_rejection(home, news, telegram, channel)
    stranger = telegram.add_user(666, "Чужой")

    stranger.say("/bad 1")
    stranger.say("/rejected")
    stranger.say("/undo", reply_to=post)
    await operator.ask("/status")

    assert not post.deleted
    assert not any(FLOOD.title in message.text for message in stranger.chat.from_bot)
    await newsieve.kill()
    assert home.query("SELECT count(*) FROM labels") == [(0,)]
    refused = home.query("SELECT command FROM actions WHERE operator_id = 666 AND NOT allowed")
    assert len(refused) == 3
    assert "666" in newsieve.log


async def test_an_uncertain_item_comes_as_a_card_and_a_button_decides(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["classifier"]["review_band"] = [0.4, 0.6]
    home.add_source("Вести", news.publish("/feed.xml", [ROAD]))
    await home.start("run")
    card = await telegram.wait_for_message(operator.chat, containing=ROAD.title)
    assert channel.visible == []

    await operator.press(card, "good").answered()

    assert ROAD.title in (await telegram.wait_for_post(channel)).text


async def test_a_card_comes_at_once_and_does_not_wait_for_the_next_pass(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["classifier"]["review_band"] = [0.4, 0.6]
    home.settings["schedule"] = {"every": "1s", "slowest": "1s"}
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    await home.start("run")
    await telegram.wait_for_post(channel)
    # The pass behind the one that brings the item never ends.
    found = conditional(rss([ROAD, BRIDGE], news.address("")), RSS)
    news.serve("/feed.xml", in_turn(found, hang()))
    card = await telegram.wait_for_message(operator.chat, containing=ROAD.title)
    assert set(card.buttons) == {"Good", "Bad", "Skip", "Why?"}


async def test_buttons_obey_operators_only_and_no_invented_data(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["classifier"]["review_band"] = [0.4, 0.6]
    home.settings["telegram"]["operator_chat"] = str(telegram.add_group().id)
    group = telegram.world.chat(home.settings["telegram"]["operator_chat"])
    home.add_source("Вести", news.publish("/feed.xml", [ROAD]))
    newsieve = await home.start("run")
    card = await telegram.wait_for_message(group, containing=ROAD.title)
    good = card.buttons[next(caption for caption in card.buttons if "good" in caption.lower())]

    telegram.add_user(666, "Чужой").call_back(card, good)
    for invented in ("", "x", good + "1 OR 1=1", good.replace("1", "99"), "/bad 1"):
        operator.call_back(card, invented)
    await operator.ask("/status")

    await newsieve.kill()
    assert home.query("SELECT count(*) FROM labels") == [(0,)]
    assert channel.visible == []


async def test_a_command_delivered_twice_is_done_once_and_answered(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, GARDEN]))
    newsieve = await home.start("run")
    await telegram.wait_for_post(channel, count=2)
    await operator.ask("/bad 1")
    await operator.ask("/bad 2")
    undone = await operator.ask("/undo")
    await telegram.wait_until_confirmed()

    telegram.redeliver(telegram.world.confirmed[-1]["update_id"])

    await telegram.wait_for_message(operator.chat, after=undone.id)
    await newsieve.kill()
    assert home.query("SELECT item_id FROM labels WHERE undone_at IS NULL") == [(1,)]


async def test_replies_are_markup_that_telegram_takes_whatever_the_titles_hold(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    odd = Story("znaki", "Знаки &lt;b&gt; & «беда»", FLOOD.text)
    home.add_source("Вести", news.publish("/feed.xml", [odd]))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"item_rejected"')

    assert "<b>" in (await operator.ask("/rejected")).text
