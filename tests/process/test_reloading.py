"""Settings are read again while newsieve runs; with a mistake in them all stays as it was."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from tests.emulator import Chat, Emulator, Hold, User
from tests.newsserver import NewsServer, Story, page, rss
from tests.process.home import Home, Newsieve, to_toml
from tests.process.stories import BRIDGE, FLOOD, GARDEN, LIBRARY, MARKET, ROAD

pytestmark = pytest.mark.process

IN_A_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(os.open(sys.argv[1], os.O_RDWR), termios.TIOCSCTTY, 0)
os.execv(sys.argv[2], sys.argv[2:])
"""


def write(home: Home) -> None:
    """Write the settings as they are now said to be."""
    (home.folder / "newsieve.toml").write_text(to_toml(home.settings), encoding="utf-8")


async def reload(home: Home, operator: User) -> str:
    """Let the settings take effect as they are now said to be; return the answer."""
    write(home)
    return (await operator.ask("/reload")).text


async def running(home: Home, news: NewsServer, *stories: Story) -> Newsieve:
    """Start newsieve on a feed of these stories, which is looked at each second."""
    home.settings["schedule"] = {"every": "1s", "slowest": "1s", "max_age": "6h"}
    home.add_source("Вести", news.publish("/feed.xml", stories))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"', count=len(stories))
    return newsieve


async def test_sources_come_and_go_without_a_restart_and_what_is_queued_stays(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE)
    home.add_source("Радио", news.publish("/radio.xml", [GARDEN]))
    told = await reload(home, operator)
    assert told == "The new settings are in force:\n• 1 source added: Радио"
    assert GARDEN.title in (await telegram.wait_for_post(channel, count=2)).text
    assert "nothing has changed" in await reload(home, operator)
    assert "Радио" in (await operator.ask("/sources")).text

    await operator.ask("/pause")
    news.publish("/feed.xml", [LIBRARY, BRIDGE])
    await newsieve.wait_for_log('"item_accepted"', count=3)
    home.settings["source"].pop(0)
    assert "1 source removed: Вести" in await reload(home, operator)
    fetched = newsieve.log.count("Вести: ")
    await newsieve.wait_for_log("Радио: ", count=newsieve.log.count("Радио: ") + 3)
    # A run that was under way comes to its end, and no other begins.
    assert newsieve.log.count("Вести: ") <= fetched + 1
    assert "Вести" not in (await operator.ask("/sources")).text
    await operator.ask("/resume")
    assert LIBRARY.title in (await telegram.wait_for_post(channel, count=3)).text


async def test_a_hangup_reads_the_settings_again_and_operators_are_told(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    newsieve = await home.start("run")
    await telegram.wait_for_post(channel)
    home.settings["classifier"]["threshold"] = 0.4
    home.settings["schedule"] = {"every": "1s", "slowest": "1s"}
    write(home)
    newsieve.send(signal.SIGHUP)
    told = await telegram.wait_for_message(operator.chat, containing="in force")
    assert "classifier.threshold\n• schedule.every" in told.text
    news.publish("/feed.xml", [ROAD, BRIDGE])
    await newsieve.wait_for_log('"item_rejected"')
    assert "0.4 is in force: that of the settings" in (await operator.ask("/threshold")).text


async def test_with_a_mistake_all_stays_as_it_was_and_each_is_told(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE)
    usual = dict(home.settings)
    (home.folder / "post.html").write_text("<b>{{ title }}</b>", encoding="utf-8")
    unusable = [{"chat": "@good_news", "template": "post.html", "premoderate": True}]
    table: list[tuple[dict[str, Any], list[str]]] = [
        (
            {"filter": {"min_words": -3, "cyrillic_share": 7}},
            ["filter.min_words: ", "filter.cyrillic_share: "],
        ),
        ({"filter": {"min_word": 5}}, ["filter.min_word: no such setting; did you mean"]),
        ({"classifier": {"model": "gone.json"}}, ["classifier.model: "]),
        ({"channel": unusable}, ["channel[1].template: a post has no link to its item"]),
        ({"source": []}, ["source: none is configured"]),
    ]
    for wrong, problems in table:
        radio = {"name": "Радио", "url": news.publish("/radio.xml", [GARDEN])}
        home.settings = {**usual, "source": [*usual["source"], radio], **wrong}
        opening, *lines = (await reload(home, operator)).splitlines()
        assert opening == "The settings stay as they were:"
        assert len(lines) == len(problems)
        assert all(line.startswith(f"• {told}") for line, told in zip(lines, problems, strict=True))
    for broken in ("[telegram\n", None):
        path = home.folder / "newsieve.toml"
        path.write_text(broken) if broken else path.unlink()
        operator.language = "ru"
        told = (await operator.ask("/reload")).text
        assert "newsieve.toml: не читается как TOML" in told or "newsieve.toml: такого" in told
        operator.language = "en"
        before = await operator.ask("/reload")
        assert "newsieve.toml: " in before.text
    newsieve.send(signal.SIGHUP)
    note = await telegram.wait_for_message(operator.chat, containing="stay", after=before.id)
    assert "newsieve.toml: No such file" in note.text
    refusals = sum(len(problems) for _, problems in table) + 5
    await newsieve.wait_for_log('"settings_refused"', count=refusals)
    assert newsieve.log.count('"settings_refused"') == refusals
    assert "не читается" not in newsieve.log
    news.publish("/feed.xml", [LIBRARY, BRIDGE])
    assert LIBRARY.title in (await telegram.wait_for_post(channel, count=2)).text
    assert "Радио" not in (await operator.ask("/sources")).text
    assert news.requests_of("/radio.xml") == []


async def test_what_takes_a_restart_is_named_and_all_else_is_in_force(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await running(home, news, BRIDGE)
    used, other = telegram.token, "70010203:AAAnotherInventedToken_0123456789abcdefg"
    home.settings["telegram"]["token"] = other
    home.settings["store"] = {"url": "sqlite:///other.db"}
    home.settings["filter"] = {"min_words": 99}
    told = await reload(home, operator)
    waiting = "This takes effect at the next start only:\n• telegram.token\n• store.url"
    assert told == f"The new settings are in force:\n• filter.min_words\n{waiting}"
    assert await reload(home, operator) == waiting
    home.settings["telegram"]["token"] = used
    assert "token" not in await reload(home, operator)


async def test_all_that_is_said_of_a_channel_counts_for_its_next_post(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE)
    template = home.folder / "post.html"
    template.write_text('★ <a href="{{ url }}">{{ title }}</a>', encoding="utf-8")
    home.settings["telegram"]["language"] = "ru"
    home.settings["classifier"]["retrain_every"] = "7d"
    hour = datetime.now(ZoneInfo("Europe/Moscow")).hour
    home.settings["channel"] = [
        {
            "chat": "@good_news",
            "template": "post.html",
            "silent": f"{hour:02}:00-{(hour + 2) % 24:02}:00",
            "feed": "feed.xml",
            "timezone": "Europe/Moscow",
            "per_minute": 50,
        }
    ]
    told = await reload(home, operator)
    keys = ("timezone", "template", "per_minute", "silent", "feed")
    assert all(f"• channel @good_news: {key}" in told for key in keys)
    # The model of these tests cannot be retrained, which is told in the new language.
    await telegram.wait_for_message(operator.chat, containing="Модель не обучена заново")
    news.publish("/feed.xml", [LIBRARY, BRIDGE])
    post = await telegram.wait_for_post(channel, count=2)
    assert (post.text, post.silent) == (f"★ {LIBRARY.title}", True)
    await newsieve.wait_for_log('"post_sent"', count=2)
    template.write_text('☆ <a href="{{ url }}">{{ title }}</a>', encoding="utf-8")
    home.settings["channel"][0]["premoderate"] = True
    assert "@good_news: premoderate\n• channel @good_news: template" in await reload(home, operator)
    news.publish("/feed.xml", [GARDEN, LIBRARY, BRIDGE])
    card = await telegram.wait_for_message(operator.chat, containing=GARDEN.title)
    assert card.text.startswith("Выйдет в @good_news")
    assert len(channel.visible) == 2
    operator.press(card, "Хорош")
    assert (await telegram.wait_for_post(channel, count=3)).text == f"☆ {GARDEN.title}"
    newsieve.send(signal.SIGTERM)
    await newsieve.end()
    assert LIBRARY.title in (home.folder / "feed.xml").read_text("utf-8")


async def test_operators_come_and_go_with_the_settings(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await running(home, news, BRIDGE)
    anna = telegram.add_user(7002, "Вторая")
    assert "only work for" in (await anna.ask("/status")).text
    home.settings["telegram"]["operators"] = [operator.id, anna.id]
    await reload(home, operator)
    assert "The last 24 hours" in (await anna.ask("/status")).text
    await telegram.world.pulse.until(lambda: telegram.menu(anna.chat), "her menu")
    home.settings["telegram"]["operators"] = [operator.id]
    await reload(home, anna)
    assert "only work for" in (await anna.ask("/status")).text


async def test_in_the_middle_of_a_fetch_and_a_post_nothing_is_lost_or_posted_twice(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["http"]["host_requests"] = 4
    newsieve = await running(home, news, BRIDGE)
    post_held, feed_held = Hold(), asyncio.Event()
    body = page(rss([GARDEN], news.address("")), "application/rss+xml")

    async def slow(request: web.Request) -> web.StreamResponse:
        await feed_held.wait()
        return await body(request)

    home.add_source("Радио", news.serve("/radio.xml", slow))
    await reload(home, operator)
    await news.wait_for_request("/radio.xml")
    telegram.inject(
        "sendMessage", post_held, when=lambda said: str(said["chat_id"]) == str(channel.id)
    )
    news.publish("/feed.xml", [LIBRARY, BRIDGE])
    await post_held.reached.wait()
    # Both sources change while one is fetched, and one of its items is on its way.
    moved = news.publish("/moved.xml", [MARKET, LIBRARY, BRIDGE])
    home.settings["source"] = [{"name": "Вести", "url": moved}]
    write(home)
    newsieve.send(signal.SIGHUP)
    asked = operator.say("/reload")
    told = await telegram.wait_for_message(operator.chat, containing="changed", after=asked.id)
    await telegram.wait_for_message(operator.chat, containing="again", after=asked.id)
    assert "1 source removed: Радио" in told.text or "nothing has changed" in told.text
    post_held.release()
    feed_held.set()
    await newsieve.wait_for_log('"post_sent"', count=4)
    news.publish("/moved.xml", [FLOOD, MARKET, LIBRARY, BRIDGE])
    await newsieve.wait_for_log('"item_rejected"')
    posted = [message.text.splitlines()[0] for message in channel.visible]
    assert sorted(posted) == sorted(s.title for s in (BRIDGE, GARDEN, LIBRARY, MARKET))


async def test_a_pass_reads_the_settings_anyway(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    asked = operator.say("/reload")
    assert (await home.do("once")).code == 0
    told = await telegram.wait_for_message(operator.chat, after=asked.id)
    assert told.text == "The settings are read at the beginning of each pass anyway."


async def test_when_its_terminal_is_closed_newsieve_ends(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    ours, theirs = pty.openpty()
    wrapper = [sys.executable, "-c", IN_A_TERMINAL, os.ttyname(theirs)]
    newsieve = await home.start("run", wrapper=wrapper)
    await newsieve.wait_for_log('"post_sent"')
    os.close(theirs)
    os.close(ours)
    ended = await newsieve.end(timeout=30)
    assert (ended.code, ended.records[-1]["action"]) == (0, "stopped")
