"""Whatever happens between newsieve and Telegram, a post is neither lost nor doubled."""

from __future__ import annotations

import signal

import pytest

from tests.emulator import (
    Chat,
    Emulator,
    Fault,
    User,
    bad_gateway,
    conflict,
    drop_after,
    drop_before,
    flood,
    server_error,
    truncate,
    unauthorized,
)
from tests.newsserver import NewsServer
from tests.process.home import Home, Newsieve
from tests.process.stories import BRIDGE, GARDEN, LIBRARY

pytestmark = pytest.mark.process


async def run_after_a_first_post(home: Home, news: NewsServer, telegram: Emulator) -> Newsieve:
    """Start newsieve, and return once it has posted, so that it knows a message id."""
    home.settings["schedule"]["every"] = "1s"
    home.add_source("Вести", news.publish("/feed.xml", [LIBRARY]))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"')
    return newsieve


@pytest.mark.parametrize(
    ("fault", "posted"),
    [
        (server_error(), False),
        (server_error(done=True), True),
        (bad_gateway(), False),
        (drop_before(), False),
        (drop_after(), True),
        (truncate(), True),
    ],
)
async def test_an_unclear_answer_ends_in_exactly_one_post(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, fault: Fault, posted: bool
) -> None:
    scratch = telegram.add_group("Черновик")
    home.settings["telegram"]["scratch_chat"] = str(scratch.id)
    newsieve = await run_after_a_first_post(home, news, telegram)
    telegram.inject("sendMessage", fault)

    news.publish("/feed.xml", [BRIDGE, LIBRARY])

    await newsieve.wait_for_log('"post_uncertain"')
    if posted:
        await newsieve.wait_for_log('"post_found"')
    else:
        await newsieve.wait_for_log('"post_sent"', count=2)
    assert [BRIDGE.title in post.text for post in channel.visible] == [False, True]
    assert scratch.visible == []


async def test_other_posts_between_do_not_confuse_the_search(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.settings["telegram"]["scratch_chat"] = str(telegram.add_group("Черновик").id)
    newsieve = await run_after_a_first_post(home, news, telegram)
    for number in range(5):
        telegram.post_as_admin(channel, f"Объявление {number} от редакции")
    telegram.delete_by_hand(channel.visible[2])
    telegram.inject("sendMessage", drop_after())

    news.publish("/feed.xml", [BRIDGE, LIBRARY])

    await newsieve.wait_for_log('"post_found"')
    assert [BRIDGE.title in post.text for post in channel.from_bot] == [False, True]
    assert home.query("SELECT message_id FROM posts WHERE state = 'sent' ORDER BY id") == [
        (1,),
        (channel.from_bot[1].id,),
    ]


async def test_a_flood_limit_is_waited_for(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    telegram.inject("sendMessage", flood(2))
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    await home.start("run")

    await telegram.wait_for_post(channel)

    refused, sent = telegram.calls_of("sendMessage")
    assert sent.at - refused.at >= 2


async def test_posts_keep_the_pace_that_was_set(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, GARDEN, LIBRARY]))

    await home.do("once")

    # They leave 1 s apart, all after the feed; on the way each may be held up.
    (feed,) = news.requests_of("/feed.xml")
    _, second, third = (call.at for call in telegram.calls_of("sendMessage"))
    assert second - feed.at > 0.99
    assert third - feed.at > 1.99


async def test_telegram_may_be_away_for_a_while(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    async with telegram.offline():
        newsieve = await home.start("run")
        await newsieve.wait_for_log("Telegram cannot be reached")

    await telegram.wait_for_post(channel)


@pytest.mark.parametrize("choice", ["posted", "again"])
async def test_without_a_scratch_chat_an_operator_decides(
    home: Home,
    news: NewsServer,
    telegram: Emulator,
    channel: Chat,
    operator: User,
    choice: str,
) -> None:
    newsieve = await run_after_a_first_post(home, news, telegram)
    telegram.inject("sendMessage", drop_after() if choice == "posted" else drop_before())
    news.publish("/feed.xml", [BRIDGE, LIBRARY])
    card = await telegram.wait_for_message(operator.chat, containing=BRIDGE.title)

    await operator.press(card, choice).answered()

    if choice == "again":
        await newsieve.wait_for_log('"post_sent"', count=2)
    newsieve.send(signal.SIGTERM)
    await newsieve.end()
    assert [BRIDGE.title in post.text for post in channel.visible] == [False, True]
    assert home.query("SELECT count(*) FROM posts WHERE state = 'sent'") == [(2,)]


async def test_the_first_post_of_all_is_left_to_an_operator(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["telegram"]["scratch_chat"] = str(telegram.add_group("Черновик").id)
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    telegram.inject("sendMessage", drop_after(), when=lambda call: BRIDGE.title in call["text"])
    await home.start("run")

    card = await telegram.wait_for_message(operator.chat, containing=BRIDGE.title)

    assert len(card.buttons) == 2
    assert len(channel.visible) == 1


async def test_a_removal_that_fails_is_tried_again(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await run_after_a_first_post(home, news, telegram)
    telegram.inject("deleteMessage", server_error())

    operator.say("/bad 1")

    await telegram.wait_until_deleted(channel.visible[0])
    assert len(telegram.calls_of("deleteMessage")) == 2


async def test_another_poller_with_the_same_token_is_outlived(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    telegram.inject("getUpdates", conflict(), times=2)
    home.add_source("Вести", news.publish("/feed.xml", []))
    await home.start("run")

    assert (await operator.ask("/status")).text


async def test_a_revoked_token_ends_run_in_one_line(
    home: Home, news: NewsServer, telegram: Emulator
) -> None:
    newsieve = await run_after_a_first_post(home, news, telegram)
    telegram.inject("getUpdates", unauthorized(), times=None)

    # The poll under way is still good; something has to end it.
    telegram.add_user(5, "Прохожий").say("привет")

    assert "telegram.token" in (await newsieve.end()).complaint(2)


async def test_a_channel_that_refuses_deletion_shows_a_notice_instead(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    channel.can_delete = False
    await run_after_a_first_post(home, news, telegram)
    post = channel.visible[0]

    operator.say("/bad 1")

    await telegram.wait_until_edited(post)
    assert LIBRARY.title not in post.text
    assert post.links == []


async def test_undo_brings_a_post_back_in_the_place_of_its_notice(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    channel.can_delete = False
    newsieve = await run_after_a_first_post(home, news, telegram)
    (post,) = channel.visible
    operator.say("/bad 1")
    await telegram.wait_until_edited(post)

    await operator.ask("/undo")

    await newsieve.wait_for_log('"post_restored"')
    assert channel.visible == [post]
    assert LIBRARY.title in post.text
