"""A Telegram channel as a source: over HTTP, from its address to items."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import httpx
import pytest
from aiohttp import web

from scrapers import Blocked, Client, FetchError, Kind, Source, fetch
from scrapers.kinds.telegram import MAX_PAGES
from tests.previews import card_page, nobody_page, photo, post, preview_page, words
from tests.scrapers.conftest import Site, local_options

NOW = datetime.now(timezone.utc).replace(microsecond=0)
PER_PAGE = 20


async def all_new(addresses: Sequence[str]) -> Collection[str]:
    return addresses


class Channel:
    """A channel on a site of our own, twenty posts a page, the number of a post telling its age."""

    def __init__(self, site: Site, posts: int, *, every: timedelta = timedelta(minutes=5)) -> None:
        self._posts, self._every = posts, every
        self.source = Source("Вести района", site.handle("/s/rayon", self._answer))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        before = int(request.query.get("before", self._posts + 1))
        first = max(before - PER_PAGE, 1)
        shown = [
            post(n, words(f"Событие номер {n} дня"), at=NOW - self._every * (self._posts - n))
            for n in range(first, before)
        ]
        page = preview_page(shown, before=first if first > 1 else None)
        return web.Response(text=page, content_type="text/html")


async def test_a_channel_is_detected_and_its_posts_are_read(site: Site, client: Client) -> None:
    shown = [post(1, photo("/1.jpg")), post(2, photo("/2.jpg"), words("Мост открыт для всех"))]
    source = Source("Вести района", site.serve("/s/rayon", preview_page(shown)))
    run = await fetch(source, client, unseen=all_new)
    [item] = run.items
    assert (item.source, item.url) == ("Вести района", "https://t.me/rayon/2")
    assert (item.title, item.image) == ("Мост открыт для всех", None)
    assert (run.kind, run.shown, run.complete) == (Kind.TELEGRAM, 2, True)
    run = await fetch(replace(source, images=True), client, unseen=all_new)
    assert run.items[0].image == site.url("/2.jpg")


async def test_a_page_with_a_known_post_is_the_last_one(site: Site, client: Client) -> None:
    async def unseen(addresses: Sequence[str]) -> Collection[str]:
        return [address for address in addresses if int(address.rpartition("/")[2]) > 55]

    run = await fetch(Channel(site, 100).source, client, unseen=unseen)
    assert site.asked() == ["/s/rayon", "/s/rayon?before=81", "/s/rayon?before=61"]
    assert [item.title for item in run.items[:2]] == [
        "Событие номер 100 дня",
        "Событие номер 99 дня",
    ]
    assert (len(run.items), run.shown) == (60, PER_PAGE)


async def test_nothing_known_is_no_reason_to_read_a_channel_to_its_beginning(
    site: Site, client: Client
) -> None:
    run = await fetch(Channel(site, 1000).source, client, unseen=all_new)
    assert len(site.asked()) == MAX_PAGES
    assert len(run.items) == MAX_PAGES * PER_PAGE


async def test_a_short_channel_ends_at_its_first_post(site: Site, client: Client) -> None:
    run = await fetch(Channel(site, 30).source, client, unseen=all_new)
    assert (len(site.asked()), len(run.items)) == (2, 30)


async def test_posts_of_last_week_are_not_gone_back_for(site: Site, client: Client) -> None:
    run = await fetch(Channel(site, 100, every=timedelta(hours=8)).source, client, unseen=all_new)
    assert (len(site.asked()), len(run.items)) == (1, PER_PAGE)


async def test_an_older_page_that_fails_costs_only_itself(site: Site, client: Client) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.query:
            return web.Response(status=500)
        page = preview_page([post(9, words("Мост открыт для всех"), at=NOW)], before=9)
        return web.Response(text=page, content_type="text/html")

    source = Source("Вести района", site.handle("/s/rayon", answer))
    run = await fetch(source, client, unseen=all_new)
    assert [item.title for item in run.items] == ["Мост открыт для всех"]
    assert [getattr(failure, "status", None) for failure in run.failures] == [500]


async def test_a_channel_without_preview_is_a_clear_error(site: Site, client: Client) -> None:
    site.serve("/rayon", card_page("Вести района", "2 340 subscribers"))
    url = site.serve("/s/rayon", status=302, headers={"Location": "/rayon"})
    with pytest.raises(Blocked, match="the channel shows no preview"):
        await fetch(Source("Вести", url, Kind.TELEGRAM), client, unseen=all_new)


async def test_a_missing_channel_is_not_found(site: Site, client: Client) -> None:
    site.serve("/nobody", nobody_page("nobody"))
    url = site.serve("/s/nobody", status=302, headers={"Location": "/nobody"})
    with pytest.raises(FetchError, match="no public channel of this name") as caught:
        await fetch(Source("Вести", url, Kind.TELEGRAM), client, unseen=all_new)
    assert caught.value.status == 404


@pytest.mark.parametrize("said", ["https://t.me/rayon", "t.me/rayon", "@rayon"])
@pytest.mark.parametrize("kind", [None, Kind.TELEGRAM])
async def test_the_address_of_a_channel_is_read_as_its_preview(
    said: str, kind: Kind | None
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        page = preview_page([post(1, words("Мост открыт для всех"))])
        return httpx.Response(200, stream=httpx.ByteStream(page.encode()))

    async with Client(local_options(), transport=httpx.MockTransport(answer)) as client:
        run = await fetch(Source("Вести", said, kind), client, unseen=all_new)
    assert [item.url for item in run.items] == ["https://t.me/rayon/1"]
    assert asked[-1] == "https://t.me/s/rayon"


async def test_an_invitation_is_refused_without_asking(client: Client) -> None:
    with pytest.raises(Blocked, match="not the address of a public channel"):
        await fetch(Source("Тайна", "https://t.me/+AbCdEf"), client, unseen=all_new)
