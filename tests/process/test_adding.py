"""Sources are added by their address alone, tried, and taken out again."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer, hang, listing_page, page, status
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN, LIBRARY, MARKET

pytestmark = pytest.mark.process

STORIES = [
    replace(story, slug=f"news/{story.slug}-{number}.html")
    for number, story in enumerate((BRIDGE, GARDEN, LIBRARY, MARKET), 1001)
]
COMMENTS = "# Наши источники.\r\n\r\n# конец"


@pytest.fixture
def sources(home: Home) -> Path:
    """The file of the sources, which nobody but the commands writes."""
    path = home.folder / "sources.toml"
    path.write_bytes(COMMENTS.encode())
    return path


async def test_an_address_becomes_a_source_that_is_read(
    home: Home, news: NewsServer, channel: Chat, sources: Path
) -> None:
    url = news.publish_listing("/", STORIES)

    added = await home.do("source", "add", url, "--name", "Вести", "--yes")

    assert added.code == 0, added.log
    assert all(story.title in added.out for story in STORIES[:3])
    assert MARKET.title not in added.out
    text = sources.read_bytes().decode()
    assert text.startswith(COMMENTS)
    assert 'name = "Вести"' in text
    assert (await home.do("once")).code == 0
    assert len(channel.visible) == len(STORIES)


async def test_machines_are_told_the_links_and_write_only_if_they_say_so(
    home: Home, news: NewsServer, sources: Path
) -> None:
    url = news.publish_listing("/", STORIES)

    told = json.loads((await home.do("source", "add", url, "--json")).out)

    assert told["links"] == [news.address(f"/{story.slug}") for story in STORIES]
    assert told["source"]["kind"] == "listing"
    assert [article["title"] for article in told["articles"]] == [s.title for s in STORIES[:3]]
    assert told["written"] is None
    assert sources.read_bytes().decode() == COMMENTS
    again = json.loads((await home.do("source", "add", url, "--json", "--yes")).out)
    assert again["written"] == "sources.toml"
    assert (await home.do("source", "list", "--json")).out.count(url) == 1


async def test_where_nobody_can_be_asked_nothing_is_written(
    home: Home, news: NewsServer, sources: Path
) -> None:
    url = news.publish("/feed.xml", STORIES)

    ended = await home.do("source", "add", url)

    assert "--yes" in ended.complaint(2)
    assert BRIDGE.title in ended.out
    assert sources.read_bytes().decode() == COMMENTS


async def test_a_name_or_an_address_is_there_only_once(
    home: Home, news: NewsServer, sources: Path
) -> None:
    url = news.publish("/feed.xml", STORIES)
    home.add_source("Вести", url)

    taken = await home.do("source", "add", f"{url}?utm_source=mail", "--yes")
    named = await home.do("source", "add", news.address("/"), "--name", "Вести", "--yes")

    assert "'Вести' has this address already" in taken.complaint(2)
    assert "'Вести' already" in named.complaint(2)
    assert news.requests == []
    assert sources.read_bytes().decode() == COMMENTS


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["add", "{site}/gone", "--yes"], 1, "404"),
        (["add", "{site}/news/1.html", "--yes", "--timezone", "Mars"], 2, "Mars"),
        (["add", "https://t.me/joinchat/abc", "--yes"], 1, "public channel"),
        (["test", "Нет такого"], 2, "none is named"),
        (["remove", "Нет такого"], 2, "none is named"),
    ],
)
async def test_what_cannot_be_done_is_one_line(
    home: Home, news: NewsServer, sources: Path, arguments: list[str], code: int, reason: str
) -> None:
    news.serve("/gone", status(404))
    site = news.address("")

    ended = await home.do("source", *(argument.format(site=site) for argument in arguments))

    assert reason in ended.complaint(code)
    assert sources.read_bytes().decode() == COMMENTS


async def test_whoever_interrupts_leaves_everything_as_it_was(
    home: Home, news: NewsServer, sources: Path
) -> None:
    url = news.serve("/", hang())
    newsieve = await home.start("source", "add", url, "--yes")
    await news.wait_for_request("/")

    newsieve.send(signal.SIGINT)

    ended = await newsieve.end()
    assert ended.code == 130, ended.log
    assert "Traceback" not in ended.log
    assert sources.read_bytes().decode() == COMMENTS
    assert {path.suffix for path in home.folder.iterdir()} <= {".toml", ".json", ".db"}


async def test_a_source_is_tried_as_it_is_configured(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish_listing("/", STORIES), link=".news a", title="time")

    shown = await home.do("source", "test", "Вести")
    told = json.loads((await home.do("source", "test", "Вести", "--json")).out)

    assert shown.code == 0, shown.log
    assert "4 articles are shown there now" in shown.out
    assert [a["title"] for a in told["articles"]] == [s.published.isoformat() for s in STORIES[:3]]
    assert told["source"]["link"] == ".news a"


async def test_a_broken_source_fails_when_tried(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish_listing("/", STORIES), link=".gone a")
    assert ".gone a" in (await home.do("source", "test", "Вести")).complaint(1)


async def test_a_source_is_taken_out_of_the_file_that_holds_it(
    home: Home, news: NewsServer, sources: Path
) -> None:
    url = news.publish("/feed.xml", STORIES)
    await home.do("source", "add", url, "--name", "Вести", "--yes")
    home.add_source("Радио", news.publish("/radio.xml", STORIES))

    first = await home.do("source", "remove", "Вести")
    second = await home.do("source", "remove", "Радио")

    assert first.out.strip().endswith("sources.toml")
    assert second.out.strip().endswith("newsieve.toml")
    assert sources.read_bytes().decode().strip() == COMMENTS
    assert "[[source]]" not in (home.folder / "newsieve.toml").read_text("utf-8")


async def test_a_source_that_a_channel_asks_for_stays(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish("/feed.xml", STORIES))
    home.settings["channel"][0]["sources"] = ["Вести"]

    complaint = (await home.do("source", "remove", "Вести")).complaint(2)

    assert "channel[1].sources" in complaint
    assert "feed.xml" in (home.folder / "newsieve.toml").read_text("utf-8")


async def test_a_layout_change_comes_with_a_proposal(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    home.settings["schedule"] = {"every": "1s", "slowest": "1s"}
    url = news.publish_listing("/news", STORIES)
    home.add_source("Вести", url, kind="listing", link=".news a", tags=["local"])
    await home.start("run")
    await news.wait_for_request("/news", count=2)

    news.serve("/news", page(listing_page(STORIES).replace('class="news"', 'class="teaser"')))

    alert = await telegram.wait_for_message(operator.chat, containing="layout changed")
    assert "It could be read like this:" in alert.text
    assert 'link = ".teaser a"' in alert.text
    assert 'tags = ["local"]' in alert.text
