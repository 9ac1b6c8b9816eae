"""Operators let channels and sources rest, and go on, without a restart and across one."""

from __future__ import annotations

import signal

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home, Newsieve
from tests.process.pressing import pressed
from tests.process.stories import BRIDGE, GARDEN, LIBRARY

pytestmark = pytest.mark.process


async def running(home: Home, news: NewsServer, telegram: Emulator) -> Newsieve:
    """Start newsieve on a feed with one story, which is looked at each second."""
    home.settings["schedule"]["every"] = "1s"
    home.settings["schedule"]["slowest"] = "1s"
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    return await again(home)


async def again(home: Home) -> Newsieve:
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"source_fetched"')
    return newsieve


async def stop(newsieve: Newsieve) -> None:
    newsieve.send(signal.SIGTERM)
    assert (await newsieve.end()).code == 0


async def test_a_paused_channel_gets_nothing_across_a_restart_and_all_when_it_goes_on(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, telegram)
    post = await telegram.wait_for_post(channel)
    card = await operator.ask("/pause")
    assert "@good_news is paused now." in card.text
    news.publish("/feed.xml", [GARDEN, BRIDGE])
    await newsieve.wait_for_log('"item_accepted"', count=2)
    await stop(newsieve)
    newsieve = await again(home)
    status = (await operator.ask("/status")).text
    assert "@good_news: paused by Оператор" in status
    assert "1 post pending." in status
    assert "is paused already" in (await operator.ask("/pause @good_news")).text
    await operator.ask("/bad 1")
    await telegram.wait_until_deleted(post)
    assert channel.visible == []
    assert "goes on now" in (await operator.ask("/resume")).text
    assert GARDEN.title in (await telegram.wait_for_post(channel)).text
    assert "is not paused" in (await operator.ask("/resume")).text


async def test_of_several_channels_it_is_asked_which_one(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    other = telegram.add_channel("@more_news")
    home.settings["channel"].append({"chat": "@more_news"})
    await running(home, news, telegram)
    await telegram.wait_for_post(channel)
    await telegram.wait_for_post(other)
    card = await operator.ask("/pause")
    assert card.text.startswith("Which channel?")
    old = card.buttons["Pause @more_news"]
    assert "@more_news is paused now." in await pressed(telegram, operator, card, "@more_news")
    news.publish("/feed.xml", [LIBRARY, BRIDGE])
    await telegram.wait_for_post(channel, count=2)
    # The button that is no longer there says what is so already.
    assert "already" in await operator.call_back(card, old).answered()
    assert "No channel" in (await operator.ask("/pause @elsewhere")).text
    telegram.add_user(666, "Чужой").call_back(card, old.replace(":1:", ":0:"))
    # One channel may be a moment behind the other, but not by a whole post.
    news.publish("/feed.xml", [GARDEN, LIBRARY, BRIDGE])
    await telegram.wait_for_post(channel, count=3)
    await operator.ask("/help")
    assert len(other.visible) == 1
    await pressed(telegram, operator, card, "Resume")
    await telegram.wait_for_post(other, count=2)


async def test_a_command_delivered_again_does_not_pause_once_more(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await running(home, news, telegram)
    await telegram.wait_for_post(channel)
    await operator.ask("/pause")
    await telegram.wait_until_confirmed()
    update_id = telegram.world.confirmed[-1]["update_id"]
    resumed = await operator.ask("/resume")
    await telegram.wait_until_confirmed()
    telegram.redeliver(update_id)
    told = await telegram.wait_for_message(operator.chat, after=resumed.id)
    assert "This was done already." in told.text
    assert "paused" not in (await operator.ask("/status")).text


async def test_a_paused_source_is_not_fetched_across_a_restart_and_at_once_when_it_goes_on(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.add_source("Радио", news.publish("/radio.xml", [GARDEN]))
    newsieve = await running(home, news, telegram)
    await telegram.wait_for_post(channel, count=2)
    card = await operator.ask("/sources")
    assert set(card.buttons) == {"⏸ Вести", "⏸ Радио"}
    told = await pressed(telegram, operator, card, "Вести")
    assert "2 sources, 0 broken, 1 paused" in told
    assert "Вести: paused by Оператор" in told
    assert set(card.buttons) == {"▶ Вести", "⏸ Радио"}
    await stop(newsieve)
    news.publish("/feed.xml", [LIBRARY, BRIDGE])
    asked = len(news.requests)
    assert (await home.do("once")).code == 0
    newsieve = await again(home)
    await newsieve.wait_for_log('"source_fetched"', count=3)
    assert "/feed.xml" not in {request.path for request in news.requests[asked:]}
    assert "paused" in (await home.do("source", "list", "--json")).out
    alone = await operator.ask("/sources вес")
    assert list(alone.buttons) == ["▶ Вести"]
    await pressed(telegram, operator, alone, "Вести")
    await telegram.wait_for_post(channel, count=3)
