"""A sitemap as a source: over HTTP, from its address to items."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta, timezone

import pytest

from scrapers import (
    Blocked,
    Challenged,
    Client,
    FetchError,
    Kind,
    ParseError,
    Source,
    Validators,
    canonical_url,
    fetch,
)
from scrapers.fetch import MAX_ARTICLES
from scrapers.kinds.sitemap import MAX_FILES, WINDOW
from tests.scrapers.conftest import Site

NOW = datetime.now(timezone.utc).replace(microsecond=0)
TEXT = "Новое здание библиотеки строили два года, и вот оно приняло первых читателей. " * 4


async def all_new(addresses: Sequence[str]) -> Collection[str]:
    return addresses


def article(title: str) -> str:
    head = f"<head><title>{title}</title></head>"
    return f"<html>{head}<body><h1>{title}</h1><p>{TEXT}</p></body></html>"


def urlset(site: Site, numbers: Sequence[int], *, title: str = "") -> str:
    """Return a sitemap of articles, of which the one with the highest number is the youngest."""
    told = "".join(
        f"<url><loc>{site.url(f'/news/{n}')}</loc><news:news><news:publication_date>"
        f"{(NOW - timedelta(hours=9000 - n)).isoformat()}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>"
        for n in numbers
    )
    return f'<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{told}</urlset>'


def index(site: Site, *paths: str) -> str:
    told = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in paths)
    return f"<sitemapindex>{told}</sitemapindex>"


def serve_articles(site: Site, numbers: Sequence[int]) -> None:
    for number in numbers:
        site.serve(f"/news/{number}", article(f"Новость номер {number}"))


async def test_the_youngest_unseen_articles_of_a_sitemap_are_fetched(
    site: Site, client: Client
) -> None:
    numbers = range(1000, 6000)
    serve_articles(site, range(5900, 6000))
    source = Source("Вестник", site.serve("/sitemap.xml", urlset(site, numbers)))
    seen = canonical_url(site.url("/news/5998"))

    async def unseen(addresses: Sequence[str]) -> Collection[str]:
        return set(addresses) - {seen}

    run = await fetch(source, client, unseen=unseen)
    asked = [f"/news/{n}" for n in range(5999, 5968, -1) if n != 5998]
    assert site.asked() == ["/sitemap.xml", *asked]
    assert len(run.items) == MAX_ARTICLES
    assert [item.title for item in run.items[:2]] == ["Новость номер 5999", "Новость номер 5997"]
    assert (run.kind, run.shown, run.complete) == (Kind.SITEMAP, 5000, False)


async def test_what_is_older_than_the_window_is_never_fetched(site: Site, client: Client) -> None:
    numbers = range(1000, 1000 + WINDOW + 20)
    serve_articles(site, numbers)
    source = Source("Вестник", site.serve("/sitemap.xml", urlset(site, numbers)))
    stored: set[str] = set()

    async def unseen(addresses: Sequence[str]) -> Collection[str]:
        return set(addresses) - stored

    runs = 0
    while not (run := await fetch(source, client, unseen=unseen)).complete:
        stored |= {canonical_url(item.url) for item in run.items}
        runs += 1
    stored |= {canonical_url(item.url) for item in run.items}
    assert (len(stored), runs) == (WINDOW, 3)
    assert site.url("/news/1019") not in stored


async def test_title_and_moment_of_the_sitemap_fill_the_gaps_of_the_page(
    site: Site, client: Client
) -> None:
    site.serve("/news/8999", f"<html><body><div><p>{TEXT}</p></div></body></html>")
    site.serve("/news/8998", "<html><body><div id='app'></div></body></html>")
    text = urlset(site, [8999, 8998], title="Мост &amp;laquo;Южный&amp;raquo; открыт")
    run = await fetch(Source("Вестник", site.serve("/s.xml", text)), client, unseen=all_new)
    assert [(item.title, item.text) for item in run.items] == [
        ("Мост «Южный» открыт", TEXT.strip()),
        ("Мост «Южный» открыт", ""),
    ]
    assert [item.published for item in run.items] == [
        NOW - timedelta(hours=1),
        NOW - timedelta(hours=2),
    ]


async def test_a_gzip_file_is_read_as_it_is(site: Site, client: Client) -> None:
    serve_articles(site, [1001])
    body = gzip.compress(urlset(site, [1001]).encode())
    url = site.serve("/sitemap.xml.gz", body, content_type="application/x-gzip")
    run = await fetch(Source("Вестник", url), client, unseen=all_new)
    assert [item.title for item in run.items] == ["Новость номер 1001"]


async def test_of_an_index_only_the_news_is_followed(site: Site, client: Client) -> None:
    serve_articles(site, [1001])
    site.serve("/sitemap-news.xml", urlset(site, [1001]))
    url = site.serve("/sitemap.xml", index(site, "/post-1.xml", "/sitemap-news.xml", "/tags.xml"))
    run = await fetch(Source("Вестник", url), client, unseen=all_new)
    assert site.asked() == ["/sitemap.xml", "/sitemap-news.xml", "/news/1001"]
    assert (len(run.items), run.shown, run.complete) == (1, 1, True)


async def test_the_title_of_the_sitemap_tells_which_heading_of_a_page_is_its_headline(
    site: Site, client: Client
) -> None:
    title = "Мост «Южный» открыт для пешеходов"
    headings = f"<h1>Городские новости дня</h1><h2>{title}</h2>"
    site.serve("/news/8999", f"<title>Вестник</title>{headings}<p>{TEXT}</p>")
    text = urlset(site, [8999], title=title)
    run = await fetch(Source("Вестник", site.serve("/s.xml", text)), client, unseen=all_new)
    assert [item.title for item in run.items] == [title]


@pytest.mark.parametrize("told", ["Мост откроют осенью", "Новость номер 8999 - Вестник"])
async def test_what_readers_see_goes_before_the_title_of_the_sitemap(
    site: Site, client: Client, told: str
) -> None:
    serve_articles(site, [8999])
    text = urlset(site, [8999], title=told)
    run = await fetch(Source("Вестник", site.serve("/s.xml", text)), client, unseen=all_new)
    assert [item.title for item in run.items] == ["Новость номер 8999"]


async def test_a_title_that_the_sitemap_gives_to_all_is_that_of_none(
    site: Site, client: Client
) -> None:
    numbers = [8999, 8998, 8997]
    for number in numbers:
        page = f"<title>Новость номер {number}</title><h2>Вестник нашего города</h2><p>{TEXT}</p>"
        site.serve(f"/news/{number}", page)
    text = urlset(site, numbers, title="Вестник нашего города")
    run = await fetch(Source("Вестник", site.serve("/s.xml", text)), client, unseen=all_new)
    assert [item.title for item in run.items] == [f"Новость номер {n}" for n in numbers]


async def test_an_index_of_many_files_is_followed_to_the_newest_few(
    site: Site, client: Client
) -> None:
    for number in range(1, 10):
        serve_articles(site, [1000 + number])
        site.serve(f"/map-{number}.xml", urlset(site, [1000 + number]))
    url = site.serve("/sitemap.xml", index(site, *(f"/map-{n}.xml" for n in range(1, 10))))
    run = await fetch(Source("Вестник", url), client, unseen=all_new)
    assert site.asked()[: MAX_FILES + 1] == [
        *("/sitemap.xml", "/map-9.xml", "/map-8.xml", "/map-7.xml"),
    ]
    assert sorted(item.title[-4:] for item in run.items) == ["1007", "1008", "1009"]


async def test_an_index_of_indexes_ends_somewhere(site: Site, client: Client) -> None:
    url = site.serve("/map-1.xml", index(site, "/map-1.xml", "/map-2.xml"))
    site.serve("/map-2.xml", index(site, "/map-1.xml", "/map-2.xml"))
    run = await fetch(Source("Вестник", url), client, unseen=all_new)
    assert len(site.asked()) == 1 + MAX_FILES
    assert (run.items, run.shown) == ((), 0)


async def test_a_broken_file_of_an_index_stops_no_other(site: Site, client: Client) -> None:
    serve_articles(site, [1001])
    site.serve("/map-2.xml", "<html>404</html>")
    site.serve("/map-1.xml", urlset(site, [1001]))
    url = site.serve("/sitemap.xml", index(site, "/map-1.xml", "/map-2.xml", "/map-3.xml"))
    run = await fetch(Source("Вестник", url), client, unseen=all_new)
    assert [item.title for item in run.items] == ["Новость номер 1001"]
    assert {type(failure) for failure in run.failures} == {ParseError, FetchError}


async def test_an_index_whose_files_all_fail_is_a_failing_source(
    site: Site, client: Client
) -> None:
    url = site.serve("/sitemap.xml", index(site, "/map-1.xml"))
    with pytest.raises(FetchError) as caught:
        await fetch(Source("Вестник", url), client, unseen=all_new)
    assert caught.value.status == 404


async def test_an_index_is_asked_for_again_though_it_never_changes(
    site: Site, client: Client
) -> None:
    serve_articles(site, [1001])
    site.serve("/news.xml", urlset(site, [1001]))
    url = site.serve("/sitemap.xml", index(site, "/news.xml"), headers={"ETag": '"1"'})
    run = await fetch(Source("Вестник", url), client, unseen=all_new)
    assert run.validators == Validators()
    url = site.serve("/one.xml", urlset(site, [1001]), headers={"ETag": '"1"'})
    run = await fetch(Source("Вестник", url), client, unseen=all_new)
    assert run.validators == Validators('"1"')


async def test_a_check_of_the_visitor_is_no_article_and_no_sitemap(
    site: Site, client: Client
) -> None:
    check = "<html><head><title>Just a moment...</title></head><body>_cf_chl_opt</body></html>"
    serve_articles(site, [1001])
    site.serve("/news/1002", check)
    url = site.serve("/sitemap.xml", urlset(site, [1001, 1002]))
    run = await fetch(Source("Вестник", url), client, unseen=all_new)
    assert [item.title for item in run.items] == ["Новость номер 1001"]
    assert [type(failure) for failure in run.failures] == [Challenged]
    for kind in (Kind.SITEMAP, Kind.FEED, Kind.LISTING, None):
        source = Source("Вестник", site.serve("/check", check), kind)
        with pytest.raises(Blocked, match="check of the visitor"):
            await fetch(source, client, unseen=all_new)
