"""A run over every kind of rough site beside good ones: it ends, and each tells its own trouble."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.bench.memory import KNOWN, memory
from scrapers.fetch import MAX_ARTICLES
from tests.emulator import Chat
from tests.newsserver import NewsServer, article_page, listing_page, rss
from tests.process.home import Home, Newsieve
from tests.process.stories import BRIDGE, GARDEN, LIBRARY, MARKET
from tests.roughserver import (
    Manner,
    RoughServer,
    announcing_200_megabytes,
    answering,
    babbling,
    bewildering,
    chain,
    crowded,
    deep,
    dripping,
    dripping_headers,
    endless,
    endless_headers,
    feed_type,
    flapping,
    gzip_bomb,
    half_gzip,
    hanging_up,
    redirecting,
    serving,
    silent,
    xml_bomb,
    xml_file,
)

pytestmark = pytest.mark.process

FEED = rss([GARDEN], "http://sad.example")
PAGE = listing_page([GARDEN, LIBRARY]).encode()
# Three processes, each with what it loads, and pages of up to 10 MB under way.
MOST_MEMORY = 600
# On a machine with nothing else to do it takes about 25 seconds.
MOST_SECONDS = 200


@dataclass(frozen=True)
class Rough:
    """A rough site, and what is told of it: the condition and words of why."""

    manner: Manner
    condition: str
    words: str


def headed(body: bytes, **headers: str) -> Manner:
    return answering(body, headers={name.replace("_", "-"): it for name, it in headers.items()})


ROUGH = {
    "drips": Rough(dripping, "unreachable", "no complete answer within"),
    "drips headers": Rough(dripping_headers, "unreachable", "no complete answer within"),
    "silent": Rough(silent, "unreachable", "silent for"),
    "hangs up": Rough(hanging_up, "unreachable", "no answer"),
    "babbles": Rough(babbling, "unreachable", "no answer"),
    "endless headers": Rough(endless_headers, "unreachable", "no answer"),
    "says too long": Rough(headed(PAGE, Content_Length="99999"), "unreachable", "no answer"),
    "says no length": Rough(headed(PAGE, Content_Length="much"), "unreachable", "no answer"),
    "says too short": Rough(headed(PAGE, Content_Length="90"), "layout_changed", "no links"),
    "no gzip": Rough(headed(FEED, Content_Encoding="gzip"), "unreachable", "is not gzip"),
    "half gzip": Rough(
        headed(half_gzip(FEED), Content_Encoding="gzip"), "unreachable", "breaks off"
    ),
    "twice gzip": Rough(
        headed(gzip.compress(gzip.compress(FEED)), Content_Encoding="gzip, gzip"),
        "unreachable",
        "nobody asked for",
    ),
    "loop": Rough(redirecting("/"), "unreachable", "redirected more than"),
    "chain": Rough(chain, "unreachable", "redirected more than"),
    "to a file": Rough(redirecting("file:///etc/passwd"), "unreachable", "not a web address"),
    "to a login": Rough(redirecting("/login"), "blocked", "login"),
    "endless": Rough(endless(), "unreachable", "larger than 10 MB"),
    "200 MB": Rough(announcing_200_megabytes(), "unreachable", "larger than 10 MB"),
    "gzip bomb": Rough(gzip_bomb(), "unreachable", "larger than 10 MB"),
    "deep": Rough(answering(deep()), "layout_changed", "no links"),
    "deep tables": Rough(answering(deep("table><tr><td")), "layout_changed", "no links"),
    "bewildering": Rough(answering(bewildering()), "layout_changed", "no links"),
}


@pytest_asyncio.fixture
async def rough() -> AsyncIterator[RoughServer]:
    async with RoughServer() as server:
        yield server


async def most_memory(newsieve: Newsieve) -> float:
    """Return the most that the process and its readers take together, in MB, once it has ended."""
    most = 0.0
    while newsieve.is_running:
        most = max(most, memory(newsieve.pid))
        await newsieve.wait_a_moment()
    return most


@pytest.mark.timeout(MOST_SECONDS + 60)
async def test_a_run_over_rough_sites_ends_and_brings_what_the_good_ones_have(
    home: Home, news: NewsServer, rough: RoughServer, channel: Chat
) -> None:
    home.settings["http"]["timeout"] = "3s"
    for name, site in ROUGH.items():
        home.add_source(name, await rough.open(site.manner))
    home.add_source("вести", news.publish("/feed.xml", [BRIDGE]))
    home.add_source("список", news.publish_listing("/news", [MARKET]), link=".news a")
    home.add_source(
        "не та кодировка", await rough.open(headed(FEED, Content_Type="a/b; charset=koi8-r"))
    )

    home.add_source("xml bomb", await rough.open(feed_type(xml_bomb())))
    home.add_source("xml file", await rough.open(feed_type(xml_file())))

    newsieve = await home.start("once")
    most = asyncio.create_task(most_memory(newsieve))
    ended = await newsieve.end(timeout=MOST_SECONDS)

    assert ended.code == 0, ended.log
    assert "Traceback" not in ended.log
    records = {record["source"]: record for record in ended.records_of("source_failed")}
    told = {name: record["condition"] for name, record in records.items()}
    assert told == {name: site.condition for name, site in ROUGH.items()}
    for name, site in ROUGH.items():
        assert site.words in records[name]["message"]
        assert len(records[name]["message"]) < 300
    found = home.query("SELECT title FROM items")
    # What entities stand for is nobody's business.
    entities = {"&a9;", "Файл: &file;"}
    assert {title for (title,) in found} == {BRIDGE.title, GARDEN.title, MARKET.title, *entities}
    assert len(channel.visible) >= 1
    assert not KNOWN or 50 < await most < MOST_MEMORY


async def test_a_site_that_fails_every_other_time_gives_what_it_gives(
    home: Home, rough: RoughServer
) -> None:
    stories = [BRIDGE, GARDEN, LIBRARY, MARKET]
    pages = {f"/{story.slug}": article_page(story).encode() for story in stories}
    address = await rough.open(flapping({"/": listing_page(stories).encode(), **pages}))
    home.add_source("мигает", address, link=".news a")

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    assert len(ended.records_of("page_failed")) == 2
    found = home.query("SELECT title FROM items")
    assert {title for (title,) in found} == {GARDEN.title, MARKET.title}


async def test_of_a_page_with_very_many_links_only_so_many_are_asked_for(
    home: Home, rough: RoughServer
) -> None:
    pages = {f"/news/{n}": article_page(BRIDGE).encode() for n in range(100_000)}
    address = await rough.open(serving({"/": crowded(), **pages}))
    home.add_source("тысячи", address)

    ended = await home.do("once")

    (fetched,) = ended.records_of("source_fetched")
    assert fetched["new"] == MAX_ARTICLES
    assert MAX_ARTICLES < fetched["shown"] < len(pages)
