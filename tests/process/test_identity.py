"""A channel is known again however the settings write it; another one is not taken for it."""

from __future__ import annotations

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN

pytestmark = pytest.mark.process


async def posted(home: Home, news: NewsServer) -> None:
    """Post a story, which another source brings later."""
    home.settings["schedule"]["every"] = "0s"
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    assert (await home.do("once")).code == 0
    home.add_source("Радио", news.publish("/radio.xml", [BRIDGE]))


async def test_a_channel_that_is_written_by_its_number_goes_on_as_the_same(
    home: Home, news: NewsServer, channel: Chat, operator: User
) -> None:
    await posted(home, news)
    home.settings["channel"] = [{"chat": str(channel.id)}]
    ended = await home.do("once")
    assert (ended.code, len(ended.records_of("channel_moved"))) == (0, 1)
    assert [post.id for post in channel.visible] == [1]
    operator.say("/bad 1")
    assert (await home.do("once")).records_of("channel_moved") == []
    assert channel.visible == []


async def test_a_channel_made_anew_under_the_name_of_another_is_told_once_and_gets_nothing_old(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await posted(home, news)
    channel.username = None
    fresh = telegram.add_channel("@good_news")
    telegram.post_as_admin(fresh, "Мы открылись")
    operator.say("/bad 1")
    news.publish("/feed.xml", [GARDEN, BRIDGE])
    for _ in range(2):
        assert (await home.do("once")).code == 0
    assert [post.text.partition("\n")[0] for post in fresh.visible] == [
        "Мы открылись",
        GARDEN.title,
    ]
    told = [message for message in operator.chat.from_bot if "another channel now" in message.text]
    assert len(told) == 1


async def test_one_channel_written_in_two_ways_is_refused(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.settings["channel"].append({"chat": str(channel.id)})
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    twice = f"channel: @good_news and {channel.id} are one and the same chat"
    for command in ("once", "run"):
        assert twice in (await home.do(command)).complaint(2)
    ended = await home.do("check")
    assert (ended.code, twice in ended.out) == (2, True)
    assert channel.visible == []


async def test_a_channel_taken_out_of_the_settings_is_warned_of_and_can_be_asked_about(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await posted(home, news)
    other = telegram.add_channel("@other_news")
    home.settings["channel"] = [{"chat": "@other_news"}]
    operator.say("/bad", reply_to=operator.forward(channel.visible[0]))
    ended = await home.do("once")
    (warning,) = ended.records_of("channel_dropped")
    assert "@good_news is no longer in the settings" in warning["message"]
    told = operator.chat.from_bot[-1].text
    assert "stays in @good_news, which is no longer in the settings" in told
    assert (len(channel.visible), other.visible) == (1, [])
    assert "chat @good_news" in (await home.do("check")).out
