"""From a news page to the channel."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.emulator import Chat, Emulator, utf16_length
from tests.newsserver import RSS, NewsServer, Story, page, rss
from tests.process.home import Home
from tests.process.stories import BRIDGE, FLOOD, GARDEN, LIBRARY, OLD

pytestmark = pytest.mark.process


async def test_once_posts_the_good_and_keeps_the_reasons_of_the_rest(
    home: Home, news: NewsServer, channel: Chat
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, FLOOD, OLD]))

    ended = await home.do("once", anew=True)

    assert ended.code == 0, ended.log
    (post,) = channel.visible
    assert BRIDGE.title in post.text
    assert news.address("/most") in post.links
    assert dict(home.query("SELECT reason, count(*) FROM verdicts GROUP BY reason")) == {
        "good": 1,
        "bad": 1,
        "seeded": 1,
    }
    rejected = {record["item"]: record for record in ended.records_of("item_rejected")}
    assert {record["reason"] for record in rejected.values()} == {"bad", "seeded"}


async def test_a_second_pass_posts_nothing_twice(
    home: Home, news: NewsServer, channel: Chat
) -> None:
    home.settings["schedule"]["every"] = "0s"
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    await home.do("once")
    news.publish("/feed.xml", [GARDEN, BRIDGE])

    await home.do("once")

    first, second = channel.visible
    assert BRIDGE.title in first.text
    assert GARDEN.title in second.text


async def test_a_feed_that_has_not_changed_is_not_read_again(home: Home, news: NewsServer) -> None:
    home.settings["schedule"]["every"] = "1s"
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))

    newsieve = await home.start("run")
    second = await news.wait_for_request("/feed.xml", count=2)
    await newsieve.wait_for_log("unchanged")

    assert "if-none-match" in second.headers


async def test_run_posts_what_appears_later(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.settings["schedule"]["every"] = "1s"
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    await home.start("run")
    await telegram.wait_for_post(channel)

    news.publish("/feed.xml", [GARDEN, BRIDGE])

    assert GARDEN.title in (await telegram.wait_for_post(channel, count=2)).text


async def test_an_old_listing_without_a_feed_is_read_in_its_own_encoding(
    home: Home, news: NewsServer, channel: Chat
) -> None:
    url = news.publish_listing("/news", [BRIDGE, FLOOD], encoding="windows-1251")
    home.add_source(
        "Старые вести",
        url,
        kind="listing",
        link=".news a",
        title="h1",
        text=".text",
        published="time",
    )

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    (post,) = channel.visible
    assert BRIDGE.title in post.text
    assert post.links == [news.address("/most")]


async def test_the_same_news_from_two_sites_is_posted_once(
    home: Home, news: NewsServer, channel: Chat
) -> None:
    home.add_source("Первые", news.publish("/one.xml", [BRIDGE]))
    home.add_source("Вторые", news.publish("/two.xml", [replace(BRIDGE, slug="tot-zhe-most")]))

    await home.do("once")

    assert len(channel.visible) == 1
    assert home.query("SELECT count(*) FROM verdicts WHERE reason = 'duplicate'") == [(1,)]


async def test_each_channel_gets_the_sources_it_asked_for(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    culture = telegram.add_channel("@culture")
    home.settings["channel"] = [
        {"chat": "@good_news"},
        {"chat": str(culture.id), "sources": ["culture"]},
    ]
    home.add_source("Город", news.publish("/town.xml", [BRIDGE]))
    home.add_source("Книги", news.publish("/books.xml", [LIBRARY]), tags=["culture"])

    await home.do("once")

    assert len(channel.visible) == 2
    assert [LIBRARY.title in post.text for post in culture.visible] == [True]


ODD = [
    Story("bez-zagolovka", "", BRIDGE.text),
    Story("dlinnoe", "Очень длинный рассказ о весне", "Весна пришла в город. " * 910),
    Story("smajliki", "Праздник <b>урожая</b> 🌾🎉", "Ярмарка 🍎 & песни < танцы всем. " * 300),
    Story(
        "skript",
        "Новый каток открыт для всех",
        "<script>alert('нет')</script><p>Каток залили за одну ночь, вход свободный.</p>"
        '<a href="javascript:alert(1)">подробности</a>',
    ),
]


async def test_odd_items_become_posts_that_telegram_takes(
    home: Home, news: NewsServer, channel: Chat
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", ODD))

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    assert {link for post in channel.visible for link in post.links} == {
        news.address(f"/{story.slug}") for story in ODD
    }
    assert all(utf16_length(post.text) <= 4096 for post in channel.visible)
    assert not any("alert" in post.text or "<script" in post.text for post in channel.visible)
    assert any("🌾" in post.text for post in channel.visible)


async def test_the_preview_channel_needs_no_telegram(home: Home, news: NewsServer) -> None:
    del home.settings["telegram"]
    home.settings["channel"] = [{"chat": "preview"}]
    home.settings["preview"] = {"page": "page.html"}
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, FLOOD]))

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    assert BRIDGE.title in ended.out
    page_written = (home.folder / "page.html").read_text(encoding="utf-8")
    assert BRIDGE.title in page_written
    assert FLOOD.title in page_written


async def test_once_tells_machines_what_it_did(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, FLOOD]))

    ended = await home.do("once", "--json")

    told = json.loads(ended.out)
    assert told["sources"] == [{"name": "Вести", "shown": 2, "found": 2, "new": 2, "error": ""}]
    assert told["verdicts"] == {"good": 1, "bad": 1}
    assert (told["judged"], told["posted"]) == (2, 1)


async def test_check_tells_that_all_is_well(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.serve("/feed.xml", page(rss([BRIDGE], news.address("")), RSS)))

    ended = await home.do("check")

    assert ended.code == 0, ended.log + ended.out
    assert "Вести" in ended.out
