from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from aiohttp import web

from scrapers import Client, ClientOptions, FetchError
from scrapers.web.pace import LeftAloneError, Pace
from tests.scrapers.conftest import Site, local_options


def now() -> float:
    return asyncio.get_running_loop().time()


class Visits:
    """Notes who is being visited; a visit lasts until it is ended."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.under_way: list[str] = []
        self.most = 0
        self._end = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, *hosts: str) -> None:
        self._tasks += [asyncio.ensure_future(self._visit(host)) for host in hosts]

    async def end(self) -> None:
        self._end.set()
        await asyncio.gather(*self._tasks)

    async def _visit(self, host: str) -> None:
        async with self._pace.turn(host):
            self.under_way.append(host)
            self.most = max(self.most, len(self.under_way))
            await self._end.wait()
            self.under_way.remove(host)


async def settled() -> None:
    """Return when all that can go on without waiting for time has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_host_is_asked_one_thing_at_a_time() -> None:
    visits = Visits(Pace(0))
    visits.begin("a.example", "a.example", "b.example")
    await settled()
    assert visits.under_way == ["a.example", "b.example"]
    await visits.end()
    assert visits.most == 2


async def test_a_host_may_be_asked_more_at_a_time_if_wanted() -> None:
    visits = Visits(Pace(0, at_host=2))
    visits.begin(*["a.example"] * 3)
    await settled()
    assert visits.under_way == ["a.example"] * 2
    await visits.end()


async def test_all_hosts_together_are_asked_so_much_at_a_time() -> None:
    visits = Visits(Pace(0, at_once=3))
    visits.begin(*(f"{number}.example" for number in range(10)))
    await settled()
    assert len(visits.under_way) == 3
    await visits.end()
    assert visits.most == 3


async def test_the_pause_begins_when_a_request_has_ended() -> None:
    pace, ended = Pace(0.05), 0.0
    async with pace.turn("a.example"):
        await asyncio.sleep(0.05)
        ended = now()
    async with pace.turn("a.example"):
        assert now() - ended >= 0.05


async def test_a_host_may_ask_for_a_longer_pause_than_usual() -> None:
    pace, ended = Pace(0.01), 0.0
    async with pace.turn("a.example", delay=0.1):
        ended = now()
    async with pace.turn("a.example", delay=0.1):
        assert now() - ended >= 0.1


async def test_no_host_is_kept_waiting_for_another() -> None:
    pace = Pace(3600)
    async with pace.turn("a.example"):
        pass
    waiting = asyncio.ensure_future(anext_turn(pace, "a.example"))
    async with pace.turn("b.example"):
        assert not waiting.done()
    waiting.cancel()


async def anext_turn(pace: Pace, host: str) -> None:
    async with pace.turn(host):
        pass


async def test_who_waits_for_a_host_takes_no_place_from_others() -> None:
    pace = Pace(3600, at_once=1)
    async with pace.turn("a.example"):
        pass
    waiting = asyncio.ensure_future(anext_turn(pace, "a.example"))
    await settled()
    async with pace.turn("b.example"):
        assert not waiting.done()
    waiting.cancel()


async def test_a_request_that_fails_or_is_given_up_leaves_its_turn_to_the_next() -> None:
    pace = Pace(0)
    with pytest.raises(ZeroDivisionError):
        async with pace.turn("a.example"):
            raise ZeroDivisionError
    visits = Visits(pace)
    visits.begin("a.example")
    await settled()
    given_up = asyncio.ensure_future(anext_turn(pace, "a.example"))
    await settled()
    given_up.cancel()
    await visits.end()
    await asyncio.wait_for(anext_turn(pace, "a.example"), 5)


async def test_a_host_that_asked_for_it_is_left_alone() -> None:
    pace = Pace(0, longest_pause=100)
    pace.pause("a.example", 60, 429)
    with pytest.raises(LeftAloneError) as caught:
        await anext_turn(pace, "a.example")
    assert caught.value.status == 429
    assert 59 < caught.value.seconds <= 60
    await anext_turn(pace, "b.example")


async def test_a_host_is_left_alone_for_no_longer_than_the_limit() -> None:
    pace = Pace(0, longest_pause=0.05)
    pace.pause("a.example", 10**9, 503)
    await asyncio.sleep(0.06)
    await anext_turn(pace, "a.example")


async def test_a_shorter_wish_does_not_cut_a_longer_one() -> None:
    pace = Pace(0)
    pace.pause("a.example", 60, 429)
    pace.pause("a.example", 0, 503)
    with pytest.raises(LeftAloneError):
        await anext_turn(pace, "a.example")


@asynccontextmanager
async def answering(
    answer: Callable[[httpx.Request], Awaitable[httpx.Response]], options: ClientOptions
) -> AsyncIterator[Client]:
    async with Client(options, transport=httpx.MockTransport(answer)) as client:
        yield client


async def test_many_sources_at_once_do_not_wait_for_each_other() -> None:
    count, here, all_are_here = 120, 0, asyncio.Event()

    async def meet(request: httpx.Request) -> httpx.Response:
        nonlocal here
        here += 1
        if here == count:
            all_are_here.set()
        await all_are_here.wait()
        return httpx.Response(200, stream=httpx.ByteStream(b"news"))

    async with answering(meet, local_options(max_requests=count)) as client:
        pages = await asyncio.gather(
            *(client.get(f"http://{number}.example/") for number in range(count))
        )
    assert [page.body for page in pages] == [b"news"] * count


async def test_pages_of_one_site_are_fetched_one_after_the_other(site: Site) -> None:
    under_way = most = 0

    async def note(request: web.Request) -> web.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return web.Response(text="news")

    urls = [site.handle(f"/{number}", note) for number in range(5)]
    async with Client(local_options()) as client:
        await asyncio.gather(*map(client.get, urls))
    assert most == 1


async def test_www_is_the_same_host_and_another_port_another() -> None:
    asked: list[str] = []
    release = asyncio.Event()

    async def note(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        await release.wait()
        return httpx.Response(200, stream=httpx.ByteStream(b"news"))

    urls = ["http://a.example/", "https://www.a.example/", "http://a.example:8080/"]
    async with answering(note, local_options()) as client:
        pages = [asyncio.ensure_future(client.get(url)) for url in urls]
        while len(asked) < 2:
            await asyncio.sleep(0)
        await settled()
        assert asked == [urls[0], urls[2]]
        release.set()
        await asyncio.gather(*pages)


@pytest.mark.parametrize("status", [429, 503])
async def test_no_page_of_a_site_is_asked_for_while_it_is_too_busy(site: Site, status: int) -> None:
    busy = site.serve("/1", status=status, headers={"Retry-After": "120"})
    other = site.serve("/2", "news")
    async with Client(local_options()) as client:
        with pytest.raises(FetchError):
            await client.get(busy)
        with pytest.raises(FetchError, match="asked to be left alone") as caught:
            await client.get(other)
    assert site.asked() == ["/1"]
    assert caught.value.status == status
    assert caught.value.retry_after == pytest.approx(120, abs=2)


async def test_waiting_for_a_turn_does_not_count_as_a_slow_answer() -> None:
    async def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"news"))

    async with answering(answer, local_options(host_delay=0.6, deadline=0.5)) as client:
        pages = await asyncio.gather(*(client.get(f"http://a.example/{n}") for n in range(2)))
    assert len(pages) == 2
