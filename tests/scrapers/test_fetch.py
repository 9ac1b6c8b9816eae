from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

import pytest

from scrapers import (
    Blocked,
    Challenged,
    Client,
    FetchError,
    Kind,
    LayoutChanged,
    ParseError,
    Selectors,
    Source,
    Validators,
    canonical_url,
    fetch,
)
from scrapers.fetch import MAX_ARTICLES
from tests.scrapers.conftest import Site

FEED = (
    '<rss version="2.0"><channel><item><title>Новая библиотека</title>'
    "<link>https://gorod.example/1</link><description>Открыта сегодня.</description>"
    '<enclosure url="https://gorod.example/1.jpg" type="image/jpeg"/></item></channel></rss>'
)


async def all_new(addresses: Sequence[str]) -> Collection[str]:
    return addresses


def article(title: str, text: str = "Открытие прошло при большом стечении народа.") -> str:
    return (
        f"<html><head><title>{title}</title><meta property='og:image' content='/p.jpg'></head>"
        f"<body><h1>{title}</h1><div class=text><p>{text}</p></div></body></html>"
    )


def listing(site: Site, *paths: str, **options: object) -> Source:
    links = "".join(f'<a class="n" href="{path}">Новость</a>' for path in paths)
    site.serve("/news", links, **options)
    selectors = Selectors(link="a.n", title="h1", text=".text")
    return Source("Вестник", site.url("/news"), Kind.LISTING, selectors)


def serve_articles(site: Site, *paths: str) -> None:
    for path in paths:
        site.serve(path, article(f"Заголовок {path}"))


async def test_a_feed_is_detected_and_read(site: Site, client: Client) -> None:
    source = Source("Вестник", site.serve("/rss", FEED, headers={"ETag": '"1"'}))
    run = await fetch(source, client, unseen=all_new)
    assert [(item.source, item.title, item.image) for item in run.items] == [
        ("Вестник", "Новая библиотека", None)
    ]
    assert (run.source, run.validators, run.failures) == ("Вестник", Validators('"1"'), ())
    assert run.complete


async def test_pictures_come_when_they_are_wanted(site: Site, client: Client) -> None:
    source = Source("Вестник", site.serve("/rss", FEED), images=True)
    run = await fetch(source, client, unseen=all_new)
    assert run.items[0].image == "https://gorod.example/1.jpg"


async def test_an_unchanged_source_gives_nothing_and_keeps_its_validators(
    site: Site, client: Client
) -> None:
    known = Validators('"1"')
    source = Source("Вестник", site.serve("/rss", status=304))
    run = await fetch(source, client, unseen=all_new, validators=known)
    assert (run.items, run.unchanged, run.validators) == ((), True, known)
    assert run.complete


async def test_only_unseen_articles_of_a_listing_are_fetched(site: Site, client: Client) -> None:
    serve_articles(site, "/1", "/2", "/3")
    source = listing(site, "/3", "/2", "/1")
    seen = canonical_url(site.url("/2"))

    async def unseen(addresses: Sequence[str]) -> Collection[str]:
        return [address for address in addresses if address != seen]

    run = await fetch(source, client, unseen=unseen)
    assert [item.title for item in run.items] == ["Заголовок /3", "Заголовок /1"]
    assert site.asked() == ["/news", "/3", "/1"]


async def test_a_listing_is_read_without_any_selectors(site: Site, client: Client) -> None:
    site.serve("/", '<a href="/news/1001">В городе открыли новую библиотеку</a>')
    text = "Новое здание библиотеки строили два года, и вот оно приняло первых читателей. " * 4
    site.serve("/news/1001", article("В городе открыли новую библиотеку", text))
    run = await fetch(Source("Вестник", site.url("/")), client, unseen=all_new)
    [item] = run.items
    assert (item.title, item.text) == ("В городе открыли новую библиотеку", text.strip())


async def test_an_article_keeps_the_address_its_listing_knows_it_by(
    site: Site, client: Client
) -> None:
    serve_articles(site, "/full/1")
    site.serve("/short/1", status=302, headers={"Location": "/full/1"})
    run = await fetch(listing(site, "/short/1"), client, unseen=all_new)
    assert [item.url for item in run.items] == [site.url("/short/1")]


async def test_a_failed_article_stops_no_other(site: Site, client: Client) -> None:
    serve_articles(site, "/1", "/3")
    run = await fetch(listing(site, "/1", "/gone", "/3"), client, unseen=all_new)
    assert [item.title for item in run.items] == ["Заголовок /1", "Заголовок /3"]
    assert [failure.reason for failure in run.failures] == ["answered 404 Not Found"]
    assert run.dead == (canonical_url(site.url("/gone")),)


@pytest.mark.parametrize(("status", "hidden"), [(404, True), (500, False), (503, False)])
async def test_an_unchanged_listing_never_hides_an_article_that_may_come_back(
    site: Site, client: Client, status: int, hidden: bool
) -> None:
    serve_articles(site, "/1")
    site.serve("/2", status=status)
    source = listing(site, "/1", "/2", headers={"ETag": '"new"'})
    run = await fetch(source, client, unseen=all_new, validators=Validators('"old"'))
    assert run.validators == Validators('"new"' if hidden else '"old"')
    assert bool(run.dead) is hidden
    assert run.complete is hidden


async def test_a_long_listing_is_worked_off_over_several_runs(site: Site, client: Client) -> None:
    paths = [f"/{number}" for number in range(MAX_ARTICLES + 5)]
    serve_articles(site, *paths)
    source = listing(site, *paths, headers={"ETag": '"new"'})
    first = await fetch(source, client, unseen=all_new)
    stored = {canonical_url(item.url) for item in first.items}

    async def unseen(addresses: Sequence[str]) -> Collection[str]:
        return set(addresses) - stored

    second = await fetch(source, client, unseen=unseen, validators=first.validators)
    assert (len(first.items), first.validators) == (MAX_ARTICLES, Validators())
    assert (len(second.items), second.validators) == (5, Validators('"new"'))
    assert (first.complete, second.complete) == (False, True)


async def test_a_site_that_asks_to_slow_down_is_left_alone(site: Site, client: Client) -> None:
    serve_articles(site, "/1", "/3")
    site.serve("/2", status=429, headers={"Retry-After": "60"})
    run = await fetch(listing(site, "/1", "/2", "/3"), client, unseen=all_new)
    assert [item.title for item in run.items] == ["Заголовок /1"]
    assert [getattr(failure, "retry_after", None) for failure in run.failures] == [60]
    assert "/3" not in site.asked()
    assert not run.complete


async def test_a_site_that_keeps_failing_is_not_asked_for_everything(
    site: Site, client: Client
) -> None:
    serve_articles(site, "/1")
    for number in range(2, 20):
        site.serve(f"/{number}", status=500)
    run = await fetch(
        listing(site, *(f"/{number}" for number in range(1, 20))), client, unseen=all_new
    )
    assert (len(run.items), len(run.failures), len(site.requests)) == (1, 3, 5)


async def test_a_listing_whose_articles_all_fail_is_a_failing_source(
    site: Site, client: Client
) -> None:
    serve_articles(site, "/1", "/2")
    source = listing(site, "/1", "/2")
    broken = replace(source, selectors=replace(source.selectors, text=".gone"))
    with pytest.raises(ParseError, match=r"nothing on the page matches '\.gone'"):
        await fetch(broken, client, unseen=all_new)


async def test_a_page_with_neither_title_nor_text_is_a_failure(site: Site, client: Client) -> None:
    serve_articles(site, "/1")
    site.serve("/2", "<html><body><img src='/x.jpg'></body></html>")
    source = replace(listing(site, "/1", "/2"), selectors=Selectors(link="a.n"))
    run = await fetch(source, client, unseen=all_new)
    assert [failure.reason for failure in run.failures] == ["neither title nor text"]


@pytest.mark.parametrize("kind", [None, Kind.FEED, Kind.LISTING])
@pytest.mark.parametrize(
    "body", [b"", b"<p>", b"\x89PNG\r\n\x1a\n\0\0", b"{}"], ids=["empty", "page", "binary", "json"]
)
async def test_a_source_that_is_none_is_one_clear_line(
    site: Site, client: Client, kind: Kind | None, body: bytes
) -> None:
    with pytest.raises(ParseError) as caught:
        await fetch(Source("Вестник", site.serve("/", body), kind), client, unseen=all_new)
    assert "\n" not in str(caught.value)


async def test_a_login_page_with_status_200_is_blocked(site: Site, client: Client) -> None:
    url = site.serve("/", '<form><input type="password"></form>')
    with pytest.raises(Blocked):
        await fetch(Source("Вестник", url), client, unseen=all_new)


async def test_a_source_that_answers_with_an_error_fails_with_its_status(
    site: Site, client: Client
) -> None:
    with pytest.raises(FetchError) as caught:
        await fetch(Source("Вестник", site.url("/gone")), client, unseen=all_new)
    assert caught.value.status == 404


async def test_the_certificates_of_a_source_are_used_for_all_its_pages(
    site: Site, client: Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    missing = tmp_path_factory.mktemp("certificates") / "own.pem"
    source = replace(listing(site, "/1"), ca_file=missing)
    with pytest.raises(FetchError, match=r"own\.pem"):
        await fetch(source, client, unseen=all_new)


class BrokenZone(tzinfo):
    """Fails where nobody expects it."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        raise ZeroDivisionError("no\nsuch zone")

    def dst(self, moment: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, moment: datetime | None) -> str:
        return "broken"


async def test_whatever_a_page_does_to_its_reader_is_a_failure_of_that_page(
    site: Site, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    feed = FEED.replace("<link>", "<pubDate>20.07.2021 10:00</pubDate><link>")
    source = Source("Вестник", site.serve("/rss", feed), timezone=BrokenZone())
    with pytest.raises(ParseError, match="cannot be read: ZeroDivisionError: no such") as caught:
        await fetch(source, client, unseen=all_new)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert getattr(record, "action", None) == "unreadable_page"
    assert record.exc_info is not None
    assert record.exc_info[1] is caught.value.__cause__


async def test_a_run_tells_how_it_was_read_and_how_much_was_shown(
    site: Site, client: Client
) -> None:
    serve_articles(site, "/1", "/2")

    async def only_the_first(addresses: Sequence[str]) -> Collection[str]:
        return addresses[:1]

    listed = await fetch(listing(site, "/1", "/2"), client, unseen=only_the_first)
    assert (listed.kind, listed.shown, len(listed.items)) == (Kind.LISTING, 2, 1)
    fed = await fetch(Source("Вестник", site.serve("/rss", FEED)), client, unseen=all_new)
    assert (fed.kind, fed.shown, fed.moved_to) == (Kind.FEED, 1, None)


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False)])
async def test_a_source_that_moved_for_good_says_where_to(
    site: Site, client: Client, status: int, moved: bool
) -> None:
    new = site.serve("/rss", FEED)
    old = site.serve("/old", status=status, headers={"Location": "/rss"})
    run = await fetch(Source("Вестник", old), client, unseen=all_new)
    assert run.moved_to == (new if moved else None)


@pytest.mark.parametrize("selector", [None, "a.headline"])
async def test_a_page_without_the_links_that_were_there_has_changed_its_layout(
    site: Site, client: Client, selector: str | None
) -> None:
    url = site.serve("/news", '<html><body><a class="n" href="/1">Вход</a></body></html>')
    source = Source("Вестник", url, selectors=Selectors(link=selector))
    with pytest.raises(LayoutChanged):
        await fetch(source, client, unseen=all_new)


async def test_articles_behind_a_check_of_the_visitor_are_asked_for_again_later(
    site: Site, client: Client
) -> None:
    serve_articles(site, "/1", "/3")
    check = '<title>DDoS-Guard</title><script src="/.well-known/ddos-guard/js-challenge/"></script>'
    site.serve("/2", check, status=403)
    run = await fetch(listing(site, "/1", "/2", "/3"), client, unseen=all_new)
    assert [item.title for item in run.items] == ["Заголовок /1", "Заголовок /3"]
    assert [type(error) for error in run.failures] == [Challenged]
    assert (run.dead, run.complete) == ((), False)
