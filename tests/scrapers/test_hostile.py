"""Whatever a source publishes, reading it gives a result or a `ScrapeError`."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from scrapers import Item, ScrapeError, canonical_url, extract_article, parse_feed
from scrapers.address import absolute_url, host_of
from scrapers.listings.listing import find_links
from scrapers.text.dates import parse_date
from scrapers.web.retry import retry_after

URL = "https://gorod.example/news/"
SEED = 20_240_229
ROUNDS = 150

_SCRAPS = (
    *("", " ", "\n", "а", "Мост открыт", "\x00", "\x07", "\ud800", "\u202e", "\u0301" * 40, "😀"),
    *("9" * 20, "-1", "0", "1e999", "NaN", "null", "[]", "{}", '"', "'", "<", ">", "&", "&#0;"),
    *("&#xd800;", "&#99999999999;", "&lt;b&gt;", "<![CDATA[", "]]>", "<!--", "-->", "<?", "%"),
)
_DATES = (
    *("1 Jan 2020 10:00", "Thu, 01 Jan 1970 00:00:00", "2020-02-30", "31.12.9999", "0001-01-01"),
    *("29 февраля", "999 часов назад", "час назад", "вчера в 23:59", "10:00", "24:60", "Mon,"),
    *(" +99999999999999999999", " -99999999999999999999", " +2400", " -2359", "+99:99", " MSK"),
    *(" (", ")", ",", ":", ".", "²", "٣", "T10:00:00Z", " Jan 99999999999", " 1 1 1"),
)
_ADDRESSES = (
    *("http://xn--/", "http://xn--a.gorod.example/", "//xn--", "http://[", "http://[::1", "//"),
    *("http://a:99999999/", "http://user:secret@gorod.example/", "http://%00/", "http:///x"),
    *("javascript:1", "data:,", "/news/1001", "?id=1", "#", "http://" + "я" * 300, "\\\\a\\b"),
    *("http://gorod.example/?" + "я" * 20_000, "http://ﬃ.example/", "http://1.2.3.4.5/", "mailto:"),
)
_NAMES = (
    *("title", "link", "links", "guid", "pubDate", "description", "content", "enclosure", "item"),
    *("enclosures", "published_parsed", "updated_parsed", "created_parsed", "published", "updated"),
    *("media_content", "media_thumbnail", "media:content", "tags", "authors", "title_detail"),
    *("entry", "id", "summary", "dc:date", "category", "source", "a", "h1", "h2", "p", "div"),
    *("base", "meta", "time", "script", "img", "table", "td", "input", "template", "svg", "br"),
)
_ATTRIBUTES = (
    *("href", "src", "rel", "type", "url", "medium", "datetime", "content", "property", "name"),
    *("itemprop", "style", "hidden", "class", "version", "xmlns", "xml:base", "mode"),
)
_VALUES = (
    *("enclosure", "image/png", "application/ld+json", "og:title", "og:image", "display:none"),
    *("datePublished", "article:published_time", "text/html", "base64", "application/xhtml+xml"),
)


class _Scribe:
    """Writes what nobody should publish, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def words(self, scraps: Sequence[str], most: int = 5) -> str:
        return "".join(self._random.choices(scraps, k=self._random.randint(0, most)))

    def anything(self) -> str:
        kinds = (_SCRAPS, _DATES, _ADDRESSES, _VALUES)
        return self.words(self._random.choice(kinds), 3)

    def markup(self, depth: int = 4) -> str:
        return "".join(self._element(depth) for _ in range(self._random.randint(0, 4)))

    def _element(self, depth: int) -> str:
        name = self._random.choice(_NAMES)
        chosen = self._random.choices(_ATTRIBUTES, k=self._random.randint(0, 3))
        attributes = "".join(f' {key}="{self.anything()}"' for key in chosen)
        inner = self.anything() if depth == 0 or self._random.random() < 0.4 else ""
        inner += self.markup(depth - 1) if depth else ""
        return f"<{name}{attributes}>{inner}" + self._random.choice((f"</{name}>", "", "</div>"))

    def json_value(self, depth: int = 4) -> object:
        kind = self._random.randint(0, 5 if depth else 2)
        if kind < 3:
            return self._random.choice((None, True, -1, 1e300, self.anything(), self.markup(1)))
        if kind == 3:
            return [self.json_value(depth - 1) for _ in range(3)]
        keys = (
            *("items", "id", "url", "title", "content_html", "date_published", "image"),
            *("headline", "@type", "@graph", "datePublished", "version", "external_url"),
        )
        return {key: self.json_value(depth - 1) for key in self._random.sample(keys, 4)}

    def damaged(self, text: str) -> bytes:
        """Return ``text`` as bytes, some of them cut out, doubled or changed."""
        body = bytearray(text.encode(self._random.choice(("utf-8", "utf-16")), "surrogatepass"))
        for _ in range(self._random.choice((0, 0, 1, 5))):
            start = self._random.randint(0, len(body))
            end = start + self._random.randint(0, 20)
            body[start:end] = self._random.choice((b"", body[start:end] * 2, b"\xff", b"\x80<"))
        return bytes(body)

    def feed(self) -> bytes:
        if self._random.random() < 0.3:
            items = [self.json_value() for _ in range(3)]
            feed = {"version": "https://jsonfeed.org/version/1", "items": items}
            return self.damaged(json.dumps(feed))
        entries = "".join(f"<item><title>а</title>{self.markup(1)}</item>" for _ in range(3))
        return self.damaged(f'<rss version="2.0"><channel>{entries}{self.markup()}</channel></rss>')

    def page(self) -> bytes:
        data = json.dumps(self.json_value())
        linked = f'<script type="application/ld+json">{data}</script>'
        links = "".join(
            f'<a href="{self.words(_ADDRESSES, 2)}">Мост открыт вновь</a>' for _ in "12"
        )
        return self.damaged(f"<h1>Мост открыт</h1>{linked}{links}{self.markup()}")


@pytest.mark.parametrize("read", [parse_feed, find_links, extract_article])
def test_any_bytes_give_a_result_or_a_scrape_error(read: Callable[[bytes, str], object]) -> None:
    scribe = _Scribe(SEED)
    for number in range(ROUNDS):
        body = scribe.page() if read is not parse_feed else scribe.feed()
        try:
            result = read(body, URL)
        except ScrapeError as error:
            assert str(error).isprintable()
        except Exception as error:  # told with the bytes that led to it
            raise AssertionError(f"round {number}: {body!r}") from error
        else:
            assert isinstance(result, list | Item)


def test_any_line_is_a_date_or_none() -> None:
    scribe = _Scribe(SEED)
    for _ in range(20 * ROUNDS):
        line = scribe.words(_DATES)
        moment = parse_date(line)
        assert moment is None or moment.tzinfo is not None
        assert isinstance(retry_after(line), float | None)


def test_any_address_has_an_identity() -> None:
    scribe = _Scribe(SEED)
    for _ in range(5 * ROUNDS):
        link = scribe.words((*_ADDRESSES, *_SCRAPS), 3)
        address = absolute_url(URL, link)
        assert address is None or address.startswith(("http://", "https://"))
        assert isinstance(canonical_url(link), str)
        assert isinstance(host_of(link), str)


@pytest.mark.parametrize(
    "entry",
    [
        "<links>abc</links>",
        "<links>abc</links><enclosure url='/1.jpg' type='image/jpeg'/>",
        "<enclosures>abc</enclosures>",
        "<published_parsed>abc</published_parsed>",
        "<updated_parsed>2020 1 1 1 1 1</updated_parsed>",
        "<created_parsed>abc</created_parsed>",
        "<pubDate>1 Jan 2020 10:00 +99999999999999999999</pubDate>",
    ],
)
def test_elements_that_are_named_like_fields_of_the_parser_cost_no_entry(entry: str) -> None:
    body = f'<rss version="2.0"><channel><item><title>а</title>{entry}</item></channel></rss>'
    try:
        items = parse_feed(body.encode(), URL)
    except ScrapeError:
        assert "enclosure " in entry
    else:
        assert [item.title for item in items] == ["а"]


@pytest.mark.parametrize("read", [parse_feed, extract_article])
def test_json_nested_to_the_limit_costs_no_other_page(
    read: Callable[[bytes, str], object],
) -> None:
    for depth in (100, 300, 700, 990, 100_000):
        nested = "[" * depth + "]" * depth
        page = f'<script type="application/ld+json">{{"@type": {nested}}}</script><h1>а</h1>'
        body = page if read is extract_article else f'{{"version": {nested}}}'
        try:
            read(body.encode(), URL)
        except ScrapeError as error:
            assert read is parse_feed and "JSON" in error.reason


def test_a_link_to_a_broken_host_is_no_link() -> None:
    page = '<a href="http://xn--/">а</a><a href="/1">б</a>'
    assert find_links(page.encode(), URL, selector="a") == ["https://gorod.example/1"]


def test_a_zone_that_is_any_number_is_no_zone() -> None:
    moment = parse_date("1 Jan 2020 10:00 +99999999999999999999")
    assert moment == datetime.fromisoformat("2020-01-01T10:00:00+00:00")
    assert retry_after("Thu, 01 Jan 1970 00:00:00 +99999999999999999999") is None
