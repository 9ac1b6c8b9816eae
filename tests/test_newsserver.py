"""The news sites of the tests behave, and misbehave, as they say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.newsserver import (
    MEGABYTE,
    Answer,
    NewsServer,
    Story,
    binary,
    bomb,
    drop,
    empty,
    gzipped,
    hang,
    huge,
    in_turn,
    login_page,
    page,
    redirect,
    status,
)

STORY = Story("most", "Мост <открыт>", "Движение по мосту началось утром.")


@pytest_asyncio.fixture
async def news() -> AsyncIterator[NewsServer]:
    async with NewsServer() as server:
        yield server


@pytest_asyncio.fixture
async def visitor() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        yield client


async def test_a_feed_leads_to_its_stories(news: NewsServer, visitor: httpx.AsyncClient) -> None:
    feed = await visitor.get(news.publish("/feed.xml", [STORY]))

    assert "Мост &lt;открыт&gt;" in feed.text
    assert news.address("/most") in feed.text
    assert STORY.text in (await visitor.get(news.address("/most"))).text


async def test_who_has_the_feed_already_gets_304(
    news: NewsServer, visitor: httpx.AsyncClient
) -> None:
    url = news.publish("/feed.xml", [STORY])
    etag = (await visitor.get(url)).headers["ETag"]

    assert (await visitor.get(url, headers={"If-None-Match": etag})).status_code == 304

    news.publish("/feed.xml", [STORY, Story("sad", "Сад", "В саду зацвели яблони.")])
    assert (await visitor.get(url, headers={"If-None-Match": etag})).status_code == 200


async def test_a_listing_may_be_in_an_old_encoding(
    news: NewsServer, visitor: httpx.AsyncClient
) -> None:
    answer = await visitor.get(news.publish_listing("/news", [STORY], encoding="windows-1251"))

    assert "Мост".encode("windows-1251") in answer.content
    assert answer.headers["Content-Type"] == "text/html; charset=windows-1251"


async def test_requests_are_remembered_and_can_be_waited_for(
    news: NewsServer, visitor: httpx.AsyncClient
) -> None:
    waiting = asyncio.create_task(news.wait_for_request("/absent"))

    answer = await visitor.get(news.address("/absent"), headers={"X-Why": "test"})

    assert answer.status_code == 404
    assert (await waiting).headers["x-why"] == "test"


async def test_answers_come_in_turn(news: NewsServer, visitor: httpx.AsyncClient) -> None:
    url = news.serve("/", in_turn(status(503, retry_after="7"), page("да")))

    first, second, third = [await visitor.get(url) for _ in range(3)]

    assert (first.status_code, first.headers["Retry-After"]) == (503, "7")
    assert (second.text, third.text) == ("да", "да")


async def test_a_zipped_page_is_read(news: NewsServer, visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get(news.serve("/", gzipped("да".encode())))).text == "да"
    assert (await visitor.get(news.serve("/", gzipped("да".encode(), layers=2)))).text == "да"


async def test_useless_answers_are_as_useless_as_said(
    news: NewsServer, visitor: httpx.AsyncClient
) -> None:
    assert (await visitor.get(news.serve("/", empty()))).content == b""
    assert b"\x00" in (await visitor.get(news.serve("/", binary()))).content
    assert 'type="password"' in (await visitor.get(news.serve("/", login_page()))).text


async def test_large_answers_do_not_say_how_large(
    news: NewsServer, visitor: httpx.AsyncClient
) -> None:
    async with visitor.stream("GET", news.serve("/huge", huge(3 * MEGABYTE))) as answer:
        assert "Content-Length" not in answer.headers
        assert len(await answer.aread()) == 3 * MEGABYTE

    async with visitor.stream("GET", news.serve("/bomb", bomb(3 * MEGABYTE))) as answer:
        assert int(answer.headers["Content-Length"]) < 10_000
        assert len(await answer.aread()) == 3 * MEGABYTE


@pytest.mark.parametrize(
    ("answer", "error", "patience"),
    [
        (redirect("/"), httpx.TooManyRedirects, 20),
        (drop(), httpx.RemoteProtocolError, 20),
        (hang(), httpx.ReadTimeout, 0.3),
        (hang(b"<p>"), httpx.ReadTimeout, 0.3),
    ],
)
async def test_answers_that_never_come(
    news: NewsServer,
    visitor: httpx.AsyncClient,
    answer: Answer,
    error: type[Exception],
    patience: float,
) -> None:
    timeout = httpx.Timeout(20, read=patience)
    with pytest.raises(error):
        await visitor.get(news.serve("/", answer), timeout=timeout, follow_redirects=True)
