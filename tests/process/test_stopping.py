"""Stopping: politely, rudely, and in the middle of a post."""

from __future__ import annotations

import signal

import pytest

from tests.emulator import Chat, Emulator, Hold, User
from tests.newsserver import NewsServer, hang
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN, LIBRARY, MARKET

pytestmark = pytest.mark.process


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_run_cleanly(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, signal_number: int
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    newsieve = await home.start("run", anew=True)
    await telegram.wait_for_post(channel)
    await telegram.wait_for_poll()

    newsieve.send(signal_number)

    ended = await newsieve.end(timeout=30)
    assert ended.code == 0, ended.log
    assert "Traceback" not in ended.log


async def test_a_signal_while_a_source_hangs_ends_run_at_once(home: Home, news: NewsServer) -> None:
    home.settings["http"]["timeout"] = "100s"
    home.add_source("Вести", news.serve("/feed.xml", hang()))
    newsieve = await home.start("run")
    await news.wait_for_request("/feed.xml")

    newsieve.send(signal.SIGTERM)

    assert (await newsieve.end(timeout=30)).code == 0


async def test_a_signal_while_telegram_is_away_ends_run(
    home: Home, news: NewsServer, telegram: Emulator
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    async with telegram.offline():
        newsieve = await home.start("run")
        await newsieve.wait_for_log("Telegram cannot be reached")

        newsieve.send(signal.SIGTERM)

        assert (await newsieve.end(timeout=30)).code == 0


@pytest.mark.parametrize(("command", "code"), [("run", 0), ("once", 130)])
async def test_a_post_in_flight_is_finished_before_the_end(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, command: str, code: int
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    hold = Hold()
    telegram.inject("sendMessage", hold)
    newsieve = await home.start(command)
    await hold.reached.wait()

    newsieve.send(signal.SIGTERM)
    hold.release()

    assert (await newsieve.end()).code == code
    assert home.query("SELECT state, message_id FROM posts") == [("sent", channel.visible[0].id)]


@pytest.mark.parametrize("posted", [True, False])
async def test_a_post_cut_off_by_kill_is_neither_lost_nor_doubled(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, posted: bool
) -> None:
    home.settings["telegram"]["scratch_chat"] = str(telegram.add_group("Черновик").id)
    home.settings["schedule"]["every"] = "1s"
    home.add_source("Вести", news.publish("/feed.xml", [LIBRARY]))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"')
    hold = Hold(after=posted)
    telegram.inject("sendMessage", hold)
    news.publish("/feed.xml", [LIBRARY, BRIDGE])
    await hold.reached.wait()

    await newsieve.kill()
    again = await home.start("run")

    await again.wait_for_log('"post_found"' if posted else '"post_sent"')
    assert [BRIDGE.title in post.text for post in channel.visible] == [False, True]


async def test_a_newsieve_killed_at_every_post_ends_with_each_of_them_once(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.settings["telegram"]["scratch_chat"] = str(telegram.add_group("Черновик").id)
    home.settings["schedule"]["every"] = "1s"
    stories = [LIBRARY, BRIDGE, GARDEN, MARKET]
    home.add_source("Вести", news.publish("/feed.xml", stories[:1]))
    await home.do("once")
    news.publish("/feed.xml", stories)
    for posted in (True, False, True):
        hold = Hold(after=posted)
        telegram.inject("sendMessage", hold)
        newsieve = await home.start("run")
        await hold.reached.wait()
        await newsieve.kill()

    newsieve = await home.start("run")
    await telegram.wait_for_post(channel, count=4)
    told = 0
    while home.query("SELECT count(*) FROM posts WHERE state = 'sent'") != [(4,)]:
        # Whatever becomes of a post is recorded before it is logged.
        told += 1
        await newsieve.wait_for_log('"post_', count=told)
    newsieve.send(signal.SIGTERM)
    await newsieve.end()
    await home.do("once")

    assert home.query("SELECT count(*) FROM posts WHERE state = 'sent'") == [(4,)]
    assert sorted(post.links[0] for post in channel.visible) == sorted(
        news.address(f"/{story.slug}") for story in stories
    )


async def test_what_was_found_before_a_kill_is_posted_after_it(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.settings["sender"]["per_minute"] = 1
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, GARDEN, LIBRARY]))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"')
    await newsieve.wait_for_log('"item_accepted"', count=3)
    await newsieve.kill()
    home.settings["sender"]["per_minute"] = 60

    await home.do("once")

    assert len(channel.visible) == 3
    assert len(news.requests_of("/feed.xml")) == 1


async def test_a_command_sent_while_newsieve_is_down_is_obeyed_later(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    await home.do("once")
    operator.say("/bad 1")

    await home.start("run")

    await telegram.wait_until_deleted(channel.messages[1])
    await telegram.wait_for_message(operator.chat)


async def test_an_impatient_operator_ends_run_in_the_middle_of_a_post_and_loses_nothing(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    hold = Hold()
    telegram.inject("sendMessage", hold)
    newsieve = await home.start("run")
    await hold.reached.wait()

    while newsieve.is_running:
        newsieve.send(signal.SIGTERM)
        await newsieve.wait_a_moment()

    assert home.query("SELECT state FROM posts") == [("sending",)]
    await home.do("once")
    assert home.query("SELECT state FROM posts") == [("uncertain",)]
    assert len(channel.visible) == 1
