"""Feeds that break off are ended where they do, so that an XML parser reads them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from scrapers import parse_feed
from scrapers.text.breaking import ended_xml
from scrapers.text.mending import mended_xml
from tests.scrapers.growth import assert_grows_with_length

URL = "https://gorod.example/rss/"
TITLES = ["Мост открыт для движения", "Каток заработает завтра", "Школу отремонтировали к осени"]
RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Город</title>'
    + "".join(
        f"<item><title>{title}</title><link>/{number}</link><enclosure url='/1.jpg' length=\"2\"/>"
        f"<description><![CDATA[<p>Жители < и]]> &amp; гости</description><!-- из кеша -->"
        "<pubDate>Mon, 15 Aug 2022 13:43:00 +0500</pubDate></item>\n"
        for number, title in enumerate(TITLES)
    )
    + "</channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Город</title>'
    + "".join(
        f'<entry><title>{title}</title><link href="/{number}"/><content type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>Жители и<br/>гости</p></div></content>'
        "</entry>"
        for number, title in enumerate(TITLES)
    )
    + "</feed>"
)


@pytest.mark.parametrize("feed", [RSS, ATOM], ids=["RSS", "Atom"])
def test_wherever_a_feed_breaks_off_it_is_ended(feed: str) -> None:
    for end in range(feed.index("Город"), len(feed)):
        # A parser that knows no mercy.
        ElementTree.fromstring(ended_xml(mended_xml(feed[:end])))


@pytest.mark.parametrize("feed", [RSS, ATOM], ids=["RSS", "Atom"])
def test_wherever_a_feed_breaks_off_what_is_whole_is_read(feed: str) -> None:
    ends = [feed.index("</title>", feed.index(title)) + len("</title>") for title in TITLES]
    for end in range(feed.index("Город") + 20, len(feed), 7):
        whole = [title for title, read in zip(TITLES, ends, strict=True) if read <= end]
        assert [item.title for item in parse_feed(feed[:end].encode(), URL)] == whole


@pytest.mark.parametrize(
    ("ending", "kept"),
    [
        ("<item><title>Парк закрыт</title><link>/9", "<item><title>Парк закрыт</title></item>"),
        ("<item><title>Парк закрыт</title><li", "<item><title>Парк закрыт</title></item>"),
        ("<item><title>Парк закрыт</title><!-- ещё", "<item><title>Парк закрыт</title></item>"),
        ("<item><title>Парк за", "<item></item>"),
        ("</chan", ""),
    ],
)
def test_of_the_last_entry_the_whole_parts_stay(ending: str, kept: str) -> None:
    feed = "<rss><channel><item><title>Мост</title></item>"
    assert ended_xml(feed + ending) == f"{feed}{kept}</channel></rss>"


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("<description>Тополя на набереж", "Тополя на набереж"),
        ("<description><![CDATA[<p>Тополя <b>на набереж", "Тополя на набереж"),
        ("<description>Тополя &lt;b&gt;на набереж", "Тополя на набереж"),
        ("<description>Тополя <p>шумят <b>вс", "Тополя шумят вс"),
        ("<description>Тополя шумят<br", "Тополя шумят"),
        ("<description>Тополя шумят&nbs", "Тополя шумят"),
        ("<description>Тополя</description><content:encoded>Тополя шум", "Тополя шум"),
    ],
)
def test_of_the_text_that_a_feed_breaks_off_in_stays_what_has_come(ending: str, text: str) -> None:
    feed = f"<rss><channel><item><title>Сквер</title><link>/7</link>{ending}"
    (item,) = parse_feed(feed.encode(), URL)
    assert (item.title, " ".join(item.text.split())) == ("Сквер", text)


@pytest.mark.parametrize(
    "feed",
    [
        RSS,
        ATOM,
        "",
        "Мост открыт",
        "<rss><channel></channel></rss><!-- конец",
        "<rss><channel><item><p>Мост</item><item>",
        "</rss><rss><channel>",
        "<rss><channel><!-- a -- b --- ><item><title>Мост</title>",
        "<item>" + "<a>" * 100,
    ],
)
def test_what_is_whole_or_has_other_faults_stays_as_it_is(feed: str) -> None:
    assert ended_xml(feed) == feed


UNITS = (
    "<a>",
    "<item><title>а",
    "<a b='",
    "<",
    "<![CDATA[",
    "<!--",
    "<?",
    "</a ",
    "<a b='1' ",
    "/",
)


@pytest.mark.parametrize("opening", ["<rss>", "<rss><a"])
@pytest.mark.parametrize("unit", UNITS)
def test_the_time_it_takes_grows_with_the_length(opening: str, unit: str) -> None:
    length = 150_000

    def end(length: int) -> str:
        return ended_xml(opening + unit * (length // len(unit)))

    assert_grows_with_length(end, length)
