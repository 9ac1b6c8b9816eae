"""How the news at an address is read best is found out, and tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from scrapers import (
    Blocked,
    Client,
    Kind,
    LayoutChanged,
    ParseError,
    Selectors,
    Source,
    canonical_url,
)
from scrapers.discovery.discover import propose, propose_listing, try_source
from tests.newsserver import Story, article_page, listing_page, news_sitemap, rss
from tests.scrapers.conftest import Site

NOW = datetime.now(timezone.utc)
TEXT = (
    "Ленту на новом мосту перерезали в субботу утром, рассказали в администрации города.\n"
    "Первыми по нему прошли ученики {n} школы, которым раньше приходилось ездить в объезд."
)
TITLES = (
    *("В Заречье открыли новый мост", "Школьники посадили яблоневый сад", "Хор едет на конкурс"),
    *("На площади прошла осенняя ярмарка", "Библиотека получила тысячу новых книг"),
)
STORIES = [
    Story(f"news/{n}.html", title, TEXT.format(n=n), NOW - timedelta(minutes=n))
    for n, title in enumerate(TITLES, 4100 - len(TITLES))
]
OLD = [replace(story, published=NOW - timedelta(days=100)) for story in STORIES]
MENU = '<nav><a href="/o-gazete-i-redakcii">О газете и её редакции</a></nav>'


def publish(site: Site, stories: Sequence[Story] = STORIES, *, head: str = "") -> str:
    """Serve a front page and the articles behind it; return its address."""
    for story in stories:
        site.serve(f"/{story.slug}", article_page(story), content_type="text/html")
    page = (
        listing_page(stories).replace("<head>", f"<head>{head}").replace("<body>", f"<body>{MENU}")
    )
    return site.serve("/", page, content_type="text/html")


def serve_feed(site: Site, path: str, stories: Sequence[Story] = STORIES) -> str:
    body = rss(stories, site.url("").rstrip("/"))
    return site.serve(path, body, content_type="application/rss+xml")


async def test_the_links_of_a_page_are_proposed_with_a_selector_and_read(
    client: Client, site: Site
) -> None:
    url = publish(site)

    proposal = await propose(client, url)

    assert proposal.source == Source(
        "127.0.0.1", url, Kind.LISTING, Selectors(link=proposal.source.selectors.link)
    )
    assert proposal.source.selectors.link is not None
    assert [item.title for item in proposal.samples] == list(TITLES[:3])
    assert [item.text for item in proposal.samples] == [story.text for story in STORIES[:3]]
    assert proposal.links == tuple(site.url(f"/{story.slug}") for story in STORIES)
    assert len(site.requests) <= 30
    as_declared = await try_source(client, proposal.source)
    assert as_declared.links == proposal.links
    assert as_declared.samples == proposal.samples


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("/lenta.php", '<link rel="alternate" type="application/rss+xml" href="/lenta.php">'),
        ("/rss", ""),
        ("/feed/", ""),
        ("/rss.xml", ""),
    ],
)
async def test_a_feed_is_found_by_its_link_or_where_feeds_are(
    client: Client, site: Site, path: str, head: str
) -> None:
    url = publish(site, head=head)
    feed = serve_feed(site, path)

    proposal = await propose(client, url, name="Вести")

    assert proposal.source == Source("Вести", feed, Kind.FEED)
    assert [item.title for item in proposal.samples] == list(TITLES[:3])
    assert {item.source for item in proposal.samples} == {"Вести"}
    assert len(proposal.links) == len(STORIES)


async def test_the_feed_of_comments_is_no_feed_of_news(client: Client, site: Site) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
    url = publish(site, head=head)
    serve_feed(site, "/comments/feed/")

    assert (await propose(client, url)).source.kind is Kind.LISTING


@pytest.mark.parametrize(
    ("stories", "reason"),
    [
        (OLD, "its latest entry is older than 30 days"),
        ([replace(story, text="Подробнее") for story in STORIES], "most of its entries are mere"),
        ([], "it is empty"),
    ],
    ids=["abandoned", "headlines only", "empty"],
)
async def test_a_feed_that_says_less_than_the_page_is_passed_over(
    client: Client, site: Site, stories: Sequence[Story], reason: str
) -> None:
    url = publish(site)
    serve_feed(site, "/rss", stories)

    proposal = await propose(client, url)

    assert proposal.source.kind is Kind.LISTING
    assert f"not the feed {site.url('/rss')}: {reason}" in proposal.found


async def test_whoever_names_a_section_gets_no_feed_of_the_whole_site(
    client: Client, site: Site
) -> None:
    publish(site)
    others = [replace(story, slug=f"sport/{n}.html") for n, story in enumerate(STORIES, 900)]
    page = listing_page(STORIES)
    section = site.serve("/kultura/", page, content_type="text/html")

    serve_feed(site, "/rss", others)
    assert (await propose(client, section)).source.kind is Kind.LISTING

    serve_feed(site, "/rss", STORIES)
    assert (await propose(client, section)).source.url == site.url("/rss")


@pytest.mark.parametrize("robots", [True, False])
async def test_a_news_sitemap_is_found_by_robots_txt_or_where_they_are(
    client: Client, site: Site, robots: bool
) -> None:
    url = publish(site)
    path = "/maps/novosti.xml" if robots else "/sitemap-news.xml"
    sitemap = site.serve(path, news_sitemap(STORIES, site.url("").rstrip("/")))
    if robots:
        site.serve("/robots.txt", f"User-agent: *\nDisallow: /admin\nSitemap: {sitemap}\n")

    proposal = await propose(client, url)

    assert proposal.source.kind is Kind.SITEMAP
    assert proposal.source.url == sitemap
    assert {item.title for item in proposal.samples} <= set(TITLES)
    assert len(proposal.samples) == 3
    assert set(proposal.links) == {site.url(f"/{story.slug}") for story in STORIES}


async def test_of_a_feed_and_a_sitemap_the_feed_is_chosen_and_why_is_told(
    client: Client, site: Site
) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    url = publish(site, head=head)
    site.serve("/sitemap-news.xml", news_sitemap(STORIES, site.url("").rstrip("/")))
    serve_feed(site, "/rss")
    named = serve_feed(site, "/rss.xml")

    both = await propose(client, url)
    serve_feed(site, "/rss", OLD)
    serve_feed(site, "/rss.xml", OLD)
    passed_over = await propose(client, url)
    site.serve("/sitemap-news.xml", news_sitemap(OLD, site.url("").rstrip("/")))
    neither = await propose(client, url)

    assert (both.source.url, both.source.kind) == (named, Kind.FEED)
    assert both.found.startswith("a feed that the page names: better than sitemap and links")
    assert passed_over.source.kind is Kind.SITEMAP
    assert passed_over.found.startswith("a sitemap of the site: better than links")
    assert f"not the feed {named}: its latest entry is older" in passed_over.found
    assert neither.source.kind is Kind.LISTING
    sitemap = site.url("/sitemap-news.xml")
    assert f"not the sitemap {sitemap}: it names nothing of late" in neither.found


async def test_a_page_put_together_by_scripts_is_read_by_its_sitemap(
    client: Client, site: Site
) -> None:
    publish(site)
    empty = '<html><body><div id="root"></div><script src="/app.js"></script></body></html>'
    url = site.serve("/", empty, content_type="text/html")
    plain = news_sitemap(STORIES, site.url("").rstrip("/")).replace(b"news:news", b"other")
    site.serve("/robots.txt", f"Sitemap: {site.serve('/sitemap.xml', plain)}")

    proposal = await propose(client, url)

    assert proposal.source.url == site.url("/sitemap.xml")
    assert len(proposal.samples) == 3


async def test_a_feed_is_taken_as_it_is_and_called_as_told(client: Client, site: Site) -> None:
    url = serve_feed(site, "/feed.xml")

    proposal = await propose(client, url, name="Вести")

    assert proposal.source == Source("Вести", url, Kind.FEED)
    assert proposal.found == "the address is that of a feed"
    assert len(site.requests) == 1


async def test_an_address_that_has_moved_is_proposed_as_it_is_now(
    client: Client, site: Site
) -> None:
    feed = serve_feed(site, "/feed.xml")
    moved = site.serve("/old.xml", status=301, headers={"Location": "/feed.xml"})

    assert (await propose(client, moved)).source.url == feed


async def test_a_site_is_called_as_it_calls_itself(client: Client, site: Site) -> None:
    url = publish(site, head='<meta property="og:site_name" content="Вестник  Заречья">')

    proposal = await propose(client, url)

    assert proposal.source.name == "Вестник Заречья"
    assert {item.source for item in proposal.samples} == {"Вестник Заречья"}


CAPTCHA = "<title>Вы не робот?</title><body><div class=smart-captcha></div></body>"
LOGIN = "<form><input name=login><input type=password></form>"
SCRIPTED = '<html><body><div id="app"></div><script src="/a.js"></script></body></html>'


@pytest.mark.parametrize(
    ("page", "error", "reason"),
    [
        (CAPTCHA, Blocked, "check of the visitor"),
        (LOGIN, Blocked, "password"),
        ("<p>Сайт скоро откроется", LayoutChanged, "no links that look like articles"),
        (SCRIPTED, LayoutChanged, "by scripts"),
        ("", ParseError, "empty"),
        ("\x00\x01\x02", ParseError, "binary"),
    ],
    ids=["captcha", "login", "no links", "scripts", "empty", "binary"],
)
async def test_a_page_that_lists_nothing_is_one_clear_error(
    client: Client, site: Site, page: str, error: type[Exception], reason: str
) -> None:
    url = site.serve("/", page, content_type="text/html")
    with pytest.raises(error, match=reason):
        await propose(client, url)


@pytest.mark.parametrize("paragraphs", [2, 5], ids=["short", "long"])
async def test_whoever_names_an_article_is_told_what_to_name(
    client: Client, site: Site, paragraphs: int
) -> None:
    publish(site)
    serve_feed(site, "/rss")
    story = replace(STORIES[0], text="\n".join(TEXT.format(n=n) for n in range(paragraphs)))
    url = site.serve("/news/77.html", article_page(story), content_type="text/html")

    with pytest.raises(ParseError, match=f"this is an article; .* {site.url('/')}"):
        await propose(client, url)


async def test_articles_that_cannot_be_fetched_are_the_error(client: Client, site: Site) -> None:
    url = publish(site)
    for story in STORIES:
        site.serve(f"/{story.slug}", status=500)

    with pytest.raises(Exception, match="500"):
        await propose(client, url)


async def test_an_article_that_fails_is_told_beside_the_others(client: Client, site: Site) -> None:
    url = publish(site)
    site.serve(f"/{STORIES[1].slug}", status=404)

    proposal = await propose(client, url)

    assert [item.title for item in proposal.samples] == [TITLES[0], TITLES[2]]
    assert [failure.source for failure in proposal.failures] == [site.url(f"/{STORIES[1].slug}")]


def odd_page(story: Story) -> str:
    """Return a page on which nothing is named as usual: the site's name is its only heading."""
    return (
        f'<html><head><title>Вестник</title></head><body><h1>Вестник</h1><div class="kk-zag">'
        f'{story.title}</div><div class="kk-txt">{story.text}</div></body></html>'
    )


async def test_selectors_are_proposed_for_parts_that_come_out_wrong_without(
    client: Client, site: Site
) -> None:
    url = publish(site)
    for story in STORIES:
        site.serve(f"/{story.slug}", odd_page(story), content_type="text/html")

    proposal = await propose(client, url)

    assert [item.title for item in proposal.samples] == list(TITLES[:3])
    assert all(item.text.startswith("Ленту на новом мосту") for item in proposal.samples)
    selectors = proposal.source.selectors
    assert (selectors.title, selectors.text) == ("div.kk-zag", None)
    again = await try_source(client, proposal.source)
    assert again.samples == proposal.samples


async def test_a_listing_whose_layout_has_changed_gets_new_selectors(
    client: Client, site: Site
) -> None:
    url = publish(site)
    serve_feed(site, "/rss")
    broken = Source("Вести", url, Kind.LISTING, Selectors(link=".gone a", image=".photo img"))

    proposal = await propose_listing(client, broken)

    assert proposal.source.selectors == Selectors(
        link=proposal.source.selectors.link, image=".photo img"
    )
    assert (await try_source(client, proposal.source)).links == proposal.links
    assert "/rss" not in site.asked()


async def test_a_source_is_tried_as_it_is_declared(client: Client, site: Site) -> None:
    url = publish(site)
    source = Source("Вести", url, selectors=Selectors(link=".news a", title="time"))

    proposal = await try_source(client, source)

    assert proposal.source.kind is Kind.LISTING
    assert list(map(canonical_url, proposal.links)) == [
        canonical_url(site.url(f"/{story.slug}")) for story in STORIES
    ]
    assert [item.title for item in proposal.samples] == [
        story.published.isoformat() for story in STORIES[:3]
    ]
