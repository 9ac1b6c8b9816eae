"""An article at several addresses is one item, and no wrong address makes one of two."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aiohttp import web

from scrapers import Client, Run, Source, canonical_url, fetch
from tests.scrapers.conftest import Site

TEXT = "Движение по новому мосту открыли утром, и первыми по нему прошли школьники. "


def article(title: str, canonical: str) -> str:
    head = f"<title>{title}</title><link rel=canonical href='{canonical}'>"
    return f"<html><head>{head}</head><body><h1>{title}</h1><p>{(title + '. ' + TEXT) * 3}</p>"


def listing(site: Site, *paths: str) -> Source:
    links = "".join(f"<p><a href='{path}'>Новость дня из района</a></p>" for path in paths)
    return Source("Вестник", site.serve("/news", links))


async def run(source: Source, client: Client, known: Collection[str] = ()) -> Run:
    async def unseen(addresses: Sequence[str]) -> Collection[str]:
        return [address for address in addresses if address not in known]

    return await fetch(source, client, unseen=unseen)


def told(site: Site, run: Run) -> list[tuple[str, str | None]]:
    """Return the addresses of the items and their links, as paths."""
    start = len(site.url("/")) - 1
    return [(item.url[start:], item.link and item.link[start:]) for item in run.items]


async def test_an_article_is_known_by_its_own_address_and_keeps_the_link(
    site: Site, client: Client
) -> None:
    site.serve("/sport/4100-most", article("Открыт новый мост", "/news/4100-most"))
    site.serve("/hot/4101-sad.html", article("Открыт новый сад", "/hot/4101-sad.html"))
    found = await run(listing(site, "/sport/4100-most", "/hot/4101-sad.html"), client)
    assert told(site, found) == [
        ("/news/4100-most", "/sport/4100-most"),
        ("/hot/4101-sad.html", None),
    ]


async def test_two_links_to_one_article_give_one_address(site: Site, client: Client) -> None:
    for path in ("/sport/4100-most", "/hot/4100-most"):
        site.serve(path, article("Открыт новый мост", "/news/4100-most"))
    found = await run(listing(site, "/sport/4100-most", "/hot/4100-most"), client)
    assert told(site, found) == [
        ("/news/4100-most", "/sport/4100-most"),
        ("/news/4100-most", "/hot/4100-most"),
    ]


async def test_an_address_that_all_articles_give_swallows_none(site: Site, client: Client) -> None:
    paths = [f"/news/{number}-most" for number in (4100, 4101, 4102)]
    for path in paths:
        site.serve(path, article(f"Открыт мост {path}", "/news/4000-o-nas"))
    found = await run(listing(site, *paths), client)
    assert told(site, found) == [(path, None) for path in paths]


async def test_an_address_that_different_articles_of_a_run_give_is_not_believed(
    site: Site, client: Client
) -> None:
    paths = [f"/news/pogoda-na-zavtra?n={number}" for number in (4100, 4101)]
    page = "/news/pogoda-na-zavtra"

    async def answer(request: web.Request) -> web.Response:
        title = f"Погода на завтра, выпуск {request.query['n']}"
        return web.Response(text=article(title, page), content_type="text/html")

    site.handle(page, answer)
    found = await run(listing(site, *paths), client)
    assert told(site, found) == [(path, None) for path in paths]


async def test_what_is_known_by_its_link_is_not_fetched_again(site: Site, client: Client) -> None:
    site.serve("/sport/4100-most", article("Открыт новый мост", "/news/4100-most"))
    source = listing(site, "/sport/4100-most")
    [item] = (await run(source, client)).items
    assert item.link is not None
    found = await run(source, client, {canonical_url(item.link)})
    assert found.items == ()
    assert site.asked() == ["/news", "/sport/4100-most", "/news"]
