"""How newsieve speaks: to operators in their language, to strangers, and of its troubles."""

from __future__ import annotations

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN, ROAD

pytestmark = pytest.mark.process


async def test_cards_are_in_russian_if_nothing_is_said_and_answers_as_who_asks(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    del home.settings["telegram"]["language"]
    home.settings["classifier"]["review_band"] = [0.4, 0.6]
    home.add_source("Вести", news.publish("/feed.xml", [ROAD]))
    await home.start("run")
    card = await telegram.wait_for_message(operator.chat, containing=ROAD.title)
    assert card.text.startswith("На проверку:")
    assert "The last 24 hours" in (await operator.ask("/status")).text
    operator.language = "ru"
    assert "За последние 24 часа" in (await operator.ask("/status")).text


async def test_a_stranger_who_begins_is_told_the_channel_and_gets_no_menu(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", []))
    stranger = telegram.add_user(666, "Чужой", language="ru")
    await home.start("run")
    told = await stranger.ask("/start")
    assert told.links == ["https://t.me/good_news"]
    assert told.text == "Я публикую хорошие новости в канале Хорошие новости. Читайте их там!"
    assert telegram.menu(stranger.chat, "ru") == {}
    assert "последние посты" in telegram.menu(operator.chat, "ru").values()


async def test_two_processes_with_one_token_are_told_of_in_one_line(
    home: Home, news: NewsServer, telegram: Emulator
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", []))
    first = await home.start("run")
    await telegram.wait_for_poll()
    await home.start("run", environment={"NEWSIEVE_STORE__URL": "sqlite:///other.db"})
    await first.wait_for_log('"token_shared"')
    assert first.log.count("telegram.token") == 1


async def test_the_operators_are_told_of_a_channel_that_does_not_let_the_bot_in(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    telegram.add_channel("@culture", status="kicked")
    home.settings["channel"].append({"chat": "@culture"})
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    newsieve = await home.start("run")
    told = await telegram.wait_for_message(operator.chat, containing="cannot post")
    assert told.text.splitlines()[1:] == [
        "• @culture: the bot is not an administrator of this channel"
    ]
    assert BRIDGE.title in (await telegram.wait_for_post(channel)).text
    await newsieve.wait_for_log('"post_sent"')
    assert newsieve.log.count('"channel_closed"') == 1


async def test_the_operators_are_told_of_a_channel_that_shuts_while_running(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    group = telegram.add_group("Новости района")
    home.settings["channel"].append({"chat": str(group.id)})
    home.settings["schedule"] = {"every": "1s", "slowest": "1s"}
    home.settings["telegram"]["language"] = "ru"
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    newsieve = await home.start("run")
    await telegram.wait_for_post(group)
    await newsieve.wait_for_log('"post_sent"', count=2)
    channel.status, group.migrated_to = "member", -1001234567890
    news.publish("/feed.xml", [GARDEN, BRIDGE])
    await newsieve.wait_for_log('"post_postponed"', count=2)
    told = await telegram.wait_for_message(operator.chat, containing="больше нельзя")
    assert sorted(told.text.split("\n"), reverse=True) == [
        "В @good_news больше нельзя публиковать: бот не администратор этого канала. "
        "Принятое пока ждёт.",
        f"В {group.id} больше нельзя публиковать: эта группа стала супергруппой: "
        "впишите вместо неё в настройки -1001234567890. Принятое пока ждёт.",
    ]
    assert operator.chat.from_bot == [told]


async def test_the_operators_are_told_once_however_many_passes_find_a_channel_shut(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    culture = telegram.add_channel("@culture", status="member")
    home.settings["channel"].append({"chat": "@culture"})
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    for status in ("member", "member", "administrator", "administrator"):
        culture.status = status
        assert (await home.do("once")).code == 0
    assert [message.text for message in operator.chat.from_bot] == [
        "I cannot post:\n• @culture: the bot is not an administrator of this channel",
        "I can post in @culture again.",
    ]


async def test_a_newsieve_that_ends_because_no_channel_is_open_tells_the_operators_once(
    home: Home, news: NewsServer, channel: Chat, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    channel.status = "member"
    for command in ("run", "run", "once"):
        ended = await home.do(command)
        assert ended.complaint(2).startswith("newsieve: channel.chat: @good_news: ")
    channel.status = "administrator"
    assert (await home.do("once")).code == 0
    assert [message.text for message in operator.chat.from_bot] == [
        "I cannot post:\n• @good_news: the bot is not an administrator of this channel",
        "I can post in @good_news again.",
    ]
