"""One run over a source on loopback, and what is remembered of it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta, timezone
from random import Random

import pytest
from aiohttp import web

from bot.collect import Collected, Plan, collect
from bot.model import SourceState
from bot.pacing import Pacing
from bot.store import Store
from bot.store.sources import DEAD_FOR
from scrapers import Client, ClientOptions, Kind, Selectors, Source, canonical_url
from scrapers.health import Condition
from tests.newsserver import (
    HTML,
    Answer,
    NewsServer,
    Story,
    conditional,
    listing_page,
    page,
    status,
)

PACING = Pacing(timedelta(minutes=15), timedelta(minutes=5), timedelta(hours=2))
NEWS = [
    Story(f"news-2026-{n}", f"В городе открыли новый мост {n}", "Дорога стала короче.")
    for n in range(12)
]
LATER = [
    Story(f"more-2026-{n}", f"В селе посадили яблоневый сад {n}", "Сто яблонь.") for n in range(12)
]

Visit = Callable[[], Awaitable[Collected]]


@pytest.fixture
async def news() -> AsyncIterator[NewsServer]:
    async with NewsServer() as server:
        server.publish_listing("/news", NEWS)
        yield server


@pytest.fixture
async def visit(store: Store, news: NewsServer) -> AsyncIterator[Visit]:
    """Makes one run over the listing at /news."""
    url = news.address("/news")
    source = Source("Вести", url, Kind.LISTING, Selectors(link=".news a", title="h1", text=".text"))
    await store.sources.ensure({"Вести": url}, at=now())
    async with Client(ClientOptions(host_delay=0, allow_private_hosts=True)) as client:
        yield lambda: collect(Plan(source, PACING), store, client, [], Random(1))


def moved(target: str) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=301, headers={"Location": target})

    return answer


def now() -> datetime:
    return datetime.now(timezone.utc)


async def state_of(store: Store) -> SourceState:
    (state,) = await store.sources.states(["Вести"])
    return state


async def condition(store: Store) -> Condition:
    return (await state_of(store)).health.condition


async def alerts(store: Store) -> list[Condition]:
    return [waiting.alert.condition for waiting in await store.alerts.waiting()]


async def test_a_run_leaves_what_it_saw(store: Store, visit: Visit) -> None:
    began = now()
    await visit()
    health = (await state_of(store)).health
    assert health.condition is health.standing is Condition.FINE
    assert (health.usual.runs, health.usual.shown, health.usual.articles) == (1, 12, 12)
    assert health.good_at is not None
    assert health.news_at is not None
    assert began <= health.good_at == health.news_at <= now()

    await visit()
    quiet = (await state_of(store)).health
    assert quiet.condition is Condition.NOTHING_NEW
    assert quiet.news_at == health.news_at < (quiet.good_at or began)


async def test_a_run_without_news_says_what_it_saw(
    visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    await visit()
    with caplog.at_level(logging.INFO, "bot.collect"):
        collected = await visit()

    assert (collected.shown, collected.found, collected.new) == (12, 0, 0)
    assert "Вести: 12 shown, 0 items, 0 new" in caplog.messages


# When it is due.


async def test_the_first_run_says_nothing_of_how_often_a_source_brings_news(
    store: Store, visit: Visit
) -> None:
    collected = await visit()
    state = await state_of(store)
    assert state.interval == PACING.every
    assert state.due_at == collected.due_at
    assert PACING.every - timedelta(minutes=1) < collected.due_at - now() <= PACING.every


async def test_runs_without_news_come_less_and_less_often_and_news_bring_them_back(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    await visit()
    intervals = []
    for stories in (NEWS, NEWS, [LATER[0], *NEWS]):
        news.publish_listing("/news", stories)
        await visit()
        intervals.append((await state_of(store)).interval or timedelta())
    assert PACING.every < intervals[0] < intervals[1]
    assert intervals[2] == intervals[1] / 2


async def test_what_another_source_had_before_is_no_news(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    await visit()
    feed = Source("Лента", news.publish("/feed.xml", NEWS))
    await store.sources.ensure({"Лента": feed.url}, at=now())
    async with Client(ClientOptions(host_delay=0, allow_private_hosts=True)) as client:
        for _ in range(2):
            await collect(Plan(feed, PACING), store, client, [], Random(1))
    (state,) = await store.sources.states(["Лента"])
    assert state.health.news_at is None
    assert state.interval is not None
    assert state.interval > PACING.every


async def test_failures_keep_the_interval_and_make_the_pause_longer(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    await visit()
    news.serve("/news", status(500))
    pauses = [(await visit()).due_at - now() for _ in range(3)]
    assert pauses[0] < pauses[1] < pauses[2]
    state = await state_of(store)
    assert (state.interval, state.failures) == (PACING.every, 3)


async def test_a_site_that_asks_to_wait_is_left_alone_as_long(
    visit: Visit, news: NewsServer
) -> None:
    news.serve("/news", status(503, retry_after="7200"))
    assert (await visit()).due_at - now() > timedelta(minutes=119)


# What becomes of it.


async def test_a_layout_without_the_links_is_noticed_within_two_runs(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    await visit()
    news.serve("/news", page(listing_page(NEWS).replace('class="news"', 'class="card"')))
    alerted = [(await visit()).alerted for _ in range(4)]
    assert alerted == [False, True, False, False]
    assert await alerts(store) == [Condition.LAYOUT_CHANGED]


async def test_a_layout_with_far_fewer_links_is_noticed_within_two_runs(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    for _ in range(2):
        await visit()
    news.publish_listing("/news", NEWS[:2])
    await visit()
    assert (await visit()).alerted
    assert await alerts(store) == [Condition.LAYOUT_CHANGED]
    assert (await state_of(store)).health.detail == "shows 2 articles; usually at least 12"


async def test_a_layout_of_articles_without_text_is_noticed_within_two_runs(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    await visit()
    for number in range(2):
        story = LATER[number]
        news.publish_listing("/news", [story, *NEWS])
        news.serve(f"/{story.slug}", page(f"<body><h1>{story.title}</h1></body>"))
        await visit()
    assert await alerts(store) == [Condition.LAYOUT_CHANGED]


async def test_a_page_that_shows_less_is_asked_for_whole_until_it_is_well_again(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    news.serve("/news", conditional(listing_page(NEWS).encode(), HTML))
    for _ in range(3):
        await visit()
    news.serve("/news", conditional(listing_page(NEWS[:2]).encode(), HTML))
    for _ in range(5):
        await visit()
    assert await condition(store) is Condition.LAYOUT_CHANGED

    news.serve("/news", conditional(listing_page(NEWS).encode(), HTML))
    for _ in range(2):
        await visit()
    assert await alerts(store) == [Condition.LAYOUT_CHANGED, Condition.NOTHING_NEW]
    assert (await state_of(store)).etag is not None


async def test_links_that_were_always_dead_are_no_sign_of_anything(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    for dead in NEWS[:3]:
        news.serve(f"/{dead.slug}", status(404))
    await visit()
    addresses = [canonical_url(news.address(f"/{dead.slug}")) for dead in NEWS[:3]]
    before = now() - 2 * DEAD_FOR
    for day in range(3):
        # As if they had been tried long ago: each day they are tried again, and dead as before.
        await store.sources.record_run("Заря", [], at=before, due_at=before, dead=addresses)
        await visit()
        assert len(news.requests_of(f"/{NEWS[0].slug}")) == day + 2
        assert await condition(store) is Condition.NOTHING_NEW


async def test_links_that_lead_nowhere_of_a_sudden_are_another_layout(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    await visit()
    news.publish_listing("/news", [*LATER[:3], *NEWS])
    for dead in LATER[:3]:
        news.serve(f"/{dead.slug}", status(404))
    for _ in range(2):
        await visit()
    assert await alerts(store) == [Condition.LAYOUT_CHANGED]


async def test_a_permanent_redirect_is_told_and_followed(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    await visit()
    news.publish_listing("/novosti", [LATER[0], *NEWS])
    news.serve("/news", moved("/novosti"))
    collected = [await visit(), await visit()]
    assert collected[0].new == 1
    assert await alerts(store) == [Condition.MOVED]
    health = (await state_of(store)).health
    assert news.address("/novosti") in health.detail


async def test_a_source_that_relapses_is_told_of_less_and_less(
    store: Store, visit: Visit, news: NewsServer
) -> None:
    for _ in range(4):
        news.serve("/news", status(502))
        for _ in range(2):
            await visit()
        news.publish_listing("/news", NEWS)
        await visit()
    assert (await alerts(store)).count(Condition.UNREACHABLE) == 1
