"""Sources that give nothing stop no other."""

from __future__ import annotations

import pytest

from tests.emulator import Chat, Emulator
from tests.newsserver import (
    RSS,
    Answer,
    NewsServer,
    article_page,
    binary,
    bomb,
    conditional,
    drop,
    empty,
    hang,
    huge,
    in_turn,
    login_page,
    page,
    redirect,
    rss,
    status,
)
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN

pytestmark = pytest.mark.process

BROKEN: dict[str, Answer] = {
    "404": status(404),
    "500": status(500),
    "login": login_page(),
    "empty": empty(),
    "huge": huge(),
    "bomb": bomb(),
    "binary": binary(),
    "binary-as-feed": binary(RSS),
    "loop": redirect("/loop"),
    "hang": hang(),
    "drip": hang(b"<rss><channel>"),
    "drop": drop(),
}


async def test_every_broken_source_is_told_in_one_line_and_the_good_one_is_posted(
    home: Home, news: NewsServer, channel: Chat
) -> None:
    home.settings["http"]["timeout"] = "3s"
    for name, answer in BROKEN.items():
        home.add_source(name, news.serve(f"/{name}", answer))
    home.add_source("closed port", "http://127.0.0.1:9/feed.xml")
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    assert len(channel.visible) == 1
    failed = {record["source"]: record["message"] for record in ended.records_of("source_failed")}
    assert set(failed) == {*BROKEN, "closed port"}
    assert all("\n" not in message and len(message) < 300 for message in failed.values())
    assert "Traceback" not in ended.log
    errors = dict(home.query("SELECT name, error FROM sources WHERE failures = 1"))
    assert set(errors) == set(failed)
    assert all(errors.values())


async def test_once_ends_with_1_when_nothing_could_be_fetched(home: Home, news: NewsServer) -> None:
    home.add_source("сломан", news.serve("/", status(500)))

    ended = await home.do("once")

    assert ended.code == 1
    assert "Traceback" not in ended.log


async def test_a_source_with_a_corrected_address_is_tried_at_once(
    home: Home, news: NewsServer, channel: Chat
) -> None:
    home.add_source("Вести", news.serve("/wrong", status(404)))
    await home.do("once")
    home.settings["source"] = []
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    assert len(channel.visible) == 1


async def test_a_source_that_recovers_is_read_again(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.settings["schedule"]["every"] = "1s"
    body = rss([BRIDGE], news.address(""))
    answers = in_turn(status(500), drop(), conditional(body, RSS))
    home.add_source("Вести", news.serve("/feed.xml", answers))

    await home.start("run")

    assert BRIDGE.title in (await telegram.wait_for_post(channel)).text
    assert len(news.requests_of("/feed.xml")) >= 3


async def test_a_page_of_a_listing_that_fails_is_fetched_on_the_next_run(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.settings["schedule"]["every"] = "1s"
    url = news.publish_listing("/news", [BRIDGE, GARDEN])
    news.serve(f"/{GARDEN.slug}", in_turn(status(503), page(article_page(GARDEN))))
    home.add_source("Вести", url, kind="listing", link=".news a", published="time")

    await home.start("run")

    titles = [(await telegram.wait_for_post(channel, count=n)).text for n in (1, 2)]
    assert BRIDGE.title in titles[0]
    assert GARDEN.title in titles[1]
