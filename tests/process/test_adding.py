"""Sources are added by their address alone, tried, and taken out again."""

from __future__ import annotations

import json
import re
import signal
from dataclasses import replace
from datetime import datetime, timedelta, timezone
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
FAR_MORE = range(2001, 2010)
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
        (["add", "https://t.me/joinchat/abc", "--yes"], 2, "public channel"),
        (["add", "", "--yes"], 2, "'' is no web address"),
        (["add", "http://", "--yes"], 2, "'http://' is no web address"),
        (["add", "file:///etc/passwd", "--yes"], 2, "'file:///etc/passwd' is no web address"),
        (["add", "ftp://gorod.example/news", "--yes"], 2, "'ftp://gorod.example/news' is no"),
        (["add", "gorod novosti", "--yes"], 2, "'gorod novosti' is no web address"),
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


async def test_an_address_without_a_scheme_is_at_https_or_else_at_http(
    home: Home, news: NewsServer, sources: Path
) -> None:
    url = news.publish("/feed.xml", STORIES)

    added = await home.do("source", "add", url.removeprefix("http://"), "--yes")

    assert added.code == 0, added.log
    assert f'url = "{url}"' in sources.read_text("utf-8")


async def test_a_site_that_asks_to_wait_is_told_with_the_moment_to_come_back(
    home: Home, news: NewsServer, sources: Path
) -> None:
    url = news.serve("/news", status(429, retry_after="5400"))
    began = datetime.now(timezone.utc).replace(second=0, microsecond=0)

    complaint = (await home.do("source", "add", url, "--yes")).complaint(1)

    told = re.search(r"429 .*; come back in 1h30m, after (\S+ \S+) UTC$", complaint)
    assert told, complaint
    back = datetime.strptime(f"{told[1]} +0000", "%Y-%m-%d %H:%M %z")
    assert timedelta(minutes=90) <= back - began <= timedelta(minutes=95)


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


async def test_a_source_with_another_layout_fails_when_tried_and_a_way_to_read_it_is_shown(
    home: Home, news: NewsServer
) -> None:
    url = news.publish_listing("/", STORIES)
    home.add_source("Вести", url, link=".gone a", tags=["local"])

    shown = await home.do("source", "test", "Вести")
    told = await home.do("source", "test", "Вести", "--json")

    assert ".gone a" in shown.complaint(1)
    assert "It could be read like this:" in shown.out
    assert 'tags = ["local"]\n' in shown.out
    assert told.code == 1
    proposal = json.loads(told.out)["proposal"]
    assert f'link = "{proposal["link"]}"' in shown.out
    home.settings["source"] = [proposal]
    assert "4 articles are shown there now" in (await home.do("source", "test", "Вести")).out


async def test_a_source_that_cannot_be_fetched_gets_no_proposal(
    home: Home, news: NewsServer
) -> None:
    home.add_source("Вести", news.serve("/", status(500)), kind="listing")

    ended = await home.do("source", "test", "Вести")

    assert "500" in ended.complaint(1)
    assert ended.out == ""
    assert len(news.requests_of("/")) == 1


async def test_without_operators_the_log_names_the_command_that_shows_a_proposal(
    home: Home, news: NewsServer
) -> None:
    home.settings["telegram"]["operators"] = []
    del home.settings["telegram"]["operator_chat"]
    days = [replace(BRIDGE, slug=f"news/{n}.html", title=f"{n} открытий за год") for n in FAR_MORE]
    home.add_source("Вести", news.publish_listing("/", days), kind="listing", link=".news a")
    as_it_was = listing_page(days)
    another = as_it_was.replace('class="news"', 'class="teaser"', len(days) - 2)
    ended = []
    for layout in (as_it_was, as_it_was, another, another):
        news.serve("/", page(layout))
        ended.append(await home.do("once"))
        home.change("UPDATE sources SET due_at = '2020-01-01 00:00:00'")  # as if time had passed

    (broke,) = ended[-1].records_of("source_broke")
    assert broke["message"].endswith("`newsieve source test 'Вести'` shows how to read it now")
    shown = await home.do("source", "test", "Вести")

    assert shown.code == 0, shown.log
    assert "2 articles are shown there now" in shown.out
    assert "layout seems to have changed: shows 2 articles; usually at least 9" in shown.out
    assert "It could be read like this:" in shown.out
    told = json.loads((await home.do("source", "test", "Вести", "--json")).out)
    assert told["proposal"].get("link") != ".news a"


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
