from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from scrapers import ParseError
from scrapers.feeds.sitemap import Entry, read_sitemap
from scrapers.kinds.youngest import read_youngest, youngest_files, youngest_pages

URL = "https://gorod.example/sitemap.xml"
DAY = datetime(2024, 5, 1, 12, tzinfo=timezone.utc)
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://gorod.example/news/1001</loc><lastmod>2024-05-02</lastmod>
<image:image><image:loc>https://gorod.example/1.jpg</image:loc>
<image:title>Снимок</image:title></image:image>
<news:news><news:publication><news:name>Город</news:name><news:language>ru</news:language>
</news:publication><news:publication_date>2024-05-01T15:00:00+03:00</news:publication_date>
<news:title><![CDATA[Мост & каток открыты]]></news:title></news:news></url></urlset>"""


def urlset(*entries: str) -> str:
    return f"<urlset>{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>"


def addresses(entries: Sequence[Entry]) -> list[str]:
    return [entry.url.removeprefix("https://gorod.example") for entry in entries]


def pages(text: str | bytes) -> list[str]:
    body = text.encode() if isinstance(text, str) else text
    return [entry.url for entry in read_sitemap(body, URL).pages]


def page(name: str, *, days: float | None = None, news: bool = False) -> Entry:
    changed = None if days is None else DAY - timedelta(days=days)
    return Entry(f"https://gorod.example/{name}", changed=changed, news=news)


def test_a_news_sitemap_tells_title_and_moment_of_each_article() -> None:
    sitemap = read_sitemap(NEWS.encode(), URL)
    [entry] = sitemap.pages
    assert (entry.url, entry.title, entry.news) == (
        "https://gorod.example/news/1001",
        "Мост & каток открыты",
        True,
    )
    assert entry.published == entry.moment == DAY
    assert entry.published is not None
    assert entry.published.utcoffset() == timedelta(hours=3)
    assert entry.changed == datetime(2024, 5, 2, tzinfo=timezone.utc)
    assert sitemap.sitemaps == ()


def test_an_index_lists_other_sitemaps() -> None:
    index = (
        "<sitemapindex><sitemap><loc>https://gorod.example/a.xml</loc>"
        "<lastmod>2024-05-01T12:00:00Z</lastmod></sitemap><sitemap><loc> /b.xml </loc></sitemap>"
        "</sitemapindex>"
    )
    sitemap = read_sitemap(index.encode(), URL)
    assert sitemap.pages == ()
    assert [(entry.url, entry.moment) for entry in sitemap.sitemaps] == [
        ("https://gorod.example/a.xml", DAY),
        ("/b.xml", None),
    ]


def test_a_news_sitemap_may_be_empty_for_a_while() -> None:
    assert pages(urlset()) == []


@pytest.mark.parametrize(
    "text",
    [
        "<urlset><url><loc>{}</loc></url><url><loc",
        "<urlset><url><loc>{}</loc><lastmod>",
        "\ufeff \n<urlset><url>\x0b<loc>\n{}\n</loc></url></urlset>",
        "<?xml version='1.0' encoding='no-such'?><urlset><url><loc>{}</loc></url></urlset>",
        "<ns:urlset><ns:url><ns:loc>{}</ns:loc></ns:url></ns:urlset>",
        "<urlset><url><loc><![CDATA[{}]]></loc></url></urlset>",
        "<urlset><url><news:title>A &nbsp; B</news:title><loc>{}</loc></url></urlset>",
        "<!DOCTYPE urlset SYSTEM 'http://127.0.0.1/x.dtd'><urlset><url><loc>{}</loc></url></urlset>",
    ],
)
def test_broken_xml_is_read_as_far_as_it_can_be(text: str) -> None:
    address = "https://gorod.example/?id=1001&b=2"
    assert pages(text.format(address))[0] == address
    assert pages(text.format(address.replace("&", "&amp;")))[0] == address


def test_a_reference_to_no_character_is_left_as_it_is_written() -> None:
    assert pages(urlset("<loc>/?id=1&#38;b=2&#038;c=&#xd800;&#0;&#x110000;&#9999999;</loc>")) == [
        "/?id=1&b=2&c=&#xd800;&#0;&#x110000;&#9999999;"
    ]


def test_an_address_that_was_escaped_twice_is_meant_once() -> None:
    assert pages(urlset("<loc>/?id=1&amp;amp;b=2</loc>")) == ["/?id=1&b=2"]


def test_an_entry_that_is_never_closed_ends_at_the_next() -> None:
    assert pages("<urlset><url><loc>/1</loc><url><loc>/2</loc></urlset>") == ["/1", "/2"]


def test_titles_keep_their_letters_in_any_encoding() -> None:
    body = NEWS.replace("UTF-8", "windows-1251").encode("cp1251")
    assert read_sitemap(body, URL).pages[0].title == "Мост & каток открыты"


def test_dates_without_zone_are_in_that_of_the_source() -> None:
    zone = ZoneInfo("Asia/Yekaterinburg")
    text = urlset("<loc>/1</loc><lastmod>2024-05-01T17:00:00</lastmod>")
    assert read_sitemap(text.encode(), URL, zone=zone).pages[0].moment == DAY


@pytest.mark.parametrize(
    "date", ["", "0000-00-00", "1970-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31", "скоро"]
)
def test_a_date_that_cannot_be_is_none(date: str) -> None:
    text = urlset(f"<loc>/1</loc><lastmod>{date}</lastmod>")
    assert read_sitemap(text.encode(), URL).pages[0].moment is None


def test_a_gzip_file_is_what_is_in_it() -> None:
    assert read_sitemap(gzip.compress(NEWS.encode()), URL) == read_sitemap(NEWS.encode(), URL)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html><body>404</body></html>", "no sitemap"),
        (b"<rss/>", "no sitemap"),
        (b"<urls", "no sitemap"),
        (b"{}", "no sitemap"),
        (b"\x89PNG\r\n\x1a\n\0\0", "binary"),
        (gzip.compress(b"<urlset/>")[:-6], "breaks off"),
        (b"\x1f\x8bnonsense", "not gzip"),
        (gzip.compress(bytes(30_000_000)), "larger than"),
        (b"<a>" * 100_000, "no sitemap"),
    ],
)
def test_what_is_no_sitemap_is_one_clear_line(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason) as caught:
        read_sitemap(body, URL)
    assert "\n" not in str(caught.value)


def test_a_bomb_of_entities_is_refused() -> None:
    levels = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY b0 "boom">{levels}]>{urlset("<loc>&b9;</loc>")}'
    with pytest.raises(ParseError, match="declares entities"):
        read_sitemap(bomb.encode(), URL)
    with pytest.raises(ParseError, match="declares entities"):
        read_sitemap(bomb.encode("utf-16"), URL)


def test_of_thousands_the_youngest_are_chosen() -> None:
    entries = [page(f"news/{n}", days=n % 977) for n in range(1000, 6000)]
    assert [entry.moment for entry in youngest_pages(entries, 6)] == [DAY] * 5 + [
        DAY - timedelta(days=1)
    ]
    assert addresses(youngest_pages(entries[-3:], 2)) == ["/news/5997", "/news/5998"]


def test_what_is_declared_as_news_comes_before_all_other_pages() -> None:
    entries = [page("news/1", days=0), page("about", days=1, news=True)]
    assert addresses(youngest_pages(entries, 5)) == ["/about"]


def test_sections_and_pages_about_the_site_are_left_out() -> None:
    entries = [
        page(name, days=1) for name in ("", "about", "news/1001", "tag/most", "category/5000")
    ]
    assert addresses(youngest_pages(entries, 5)) == ["/news/1001"]
    assert addresses(youngest_pages(entries[:2], 5)) == ["/", "/about"]


@pytest.mark.parametrize("days", [None, 3])
def test_without_telling_dates_both_ends_may_be_young(days: float | None) -> None:
    entries = [page(f"news/{n}", days=days) for n in range(1000, 1010)]
    chosen = ["/news/1000", "/news/1001", "/news/1009", "/news/1008"]
    assert addresses(youngest_pages(entries, 4)) == chosen
    assert len(youngest_pages(entries, 20)) == 10


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["tags.xml", "sitemap-news.xml", "posts.xml"], ["sitemap-news.xml"]),
        (
            ["news/sitemap-image.xml", "post_tag-sitemap.xml", "post-sitemap.xml"],
            ["post-sitemap.xml"],
        ),
        (
            ["map-2024-4.xml", "map-2023-12.xml", "map-2024-10.xml"],
            ["map-2024-10.xml", "map-2024-4.xml"],
        ),
        (
            ["post-sitemap.xml", "post-sitemap9.xml", "post-sitemap10.xml"],
            ["post-sitemap10.xml", "post-sitemap9.xml"],
        ),
        (["tags.xml"], ["tags.xml"]),
        ([], []),
    ],
)
def test_of_an_index_the_files_with_the_latest_news_are_chosen(
    names: list[str], chosen: list[str]
) -> None:
    files = youngest_files([page(name) for name in names], 2)
    assert addresses(files) == [f"/{name}" for name in chosen]


def test_a_file_that_changed_last_wins_over_a_higher_number() -> None:
    files = [page("map1.xml", days=0), page("map3.xml", days=9), page("map2.xml", days=1)]
    assert addresses(youngest_files(files, 2)) == ["/map1.xml", "/map2.xml"]


def test_relative_addresses_are_made_whole_and_others_left_out() -> None:
    text = urlset("<loc>/news/1001</loc>", "<loc>mailto:a@b</loc>", "<loc>http://[</loc>", "")
    found = read_youngest(text.encode(), URL, pages=10, files=3)
    assert addresses(found.pages) == ["/news/1001"]
    assert found.shown == 3
