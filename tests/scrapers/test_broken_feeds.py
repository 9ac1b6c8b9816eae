"""Feeds as old sites publish them: each broken in a way of its own, and read all the same."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from scrapers import ParseError, parse_feed
from scrapers.feeds.feed import read_feed
from tests.scrapers.growth import assert_grows_with_length

URL = "https://gorod.example/rss/"
TITLES = ["Мост открыт для движения", "Каток заработает завтра", "Школу отремонтировали к осени"]
ITEMS = [
    f"<item>\n<title>{title}</title>\n<link>/n/{number}</link>\n"
    "<description>Жители посёлка собрались утром у реки.</description>\n</item>\n"
    for number, title in enumerate(TITLES)
]
HEAD = "<title>Город</title><link>https://gorod.example/</link>"
FEED = (
    '<?xml version="1.0" encoding="windows-1251"?>\n<rss version="2.0">\n'
    f"<channel>{HEAD}{''.join(ITEMS)}</channel></rss>"
)


def titles(feed: str | bytes) -> list[str]:
    body = feed if isinstance(feed, bytes) else feed.encode("cp1251", "xmlcharrefreplace")
    return [item.title for item in parse_feed(body, URL)]


def title_of(written: str) -> str:
    """Return what becomes of a title, as it is written in the XML; another entry follows."""
    first, second = titles(
        f'<rss version="2.0"><channel><item><title>{written}</title><link>/1</link></item>'
        "<item><title>Следующая</title><link>/2</link></item></channel></rss>"
    )
    assert second == "Следующая"
    return first


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Хлеб & соль", "Хлеб & соль"),
        ("A&B и R&D &", "A&B и R&D &"),
        ("Группа &laquo;Север&raquo; &mdash; в&nbsp;городе&hellip;", "Группа «Север» — в городе…"),
        ("Группа &amp;laquo;Север&amp;raquo;", "Группа «Север»"),
        ("Группа &#171;Север&#xBB;", "Группа «Север»"),
        ("&#147;Север&#148; &#151; группа&#133;", "“Север” — группа…"),
        ("Группа &laquoСевер&raquo в городе", "Группа «Север» в городе"),
        ("&QUOT;Север&QUOT; &AMP; &LT;юг&GT;", '"Север" & <юг>'),
        ("Группа&NBSP;&Laquo;Север&RAQUO;", "Группа «Север»"),
        ("Кафе &bulka; и &", "Кафе &bulka; и &"),
        ("Счёт 2 < 3, а было 5<6", "Счёт 2 < 3, а было 5<6"),
        ("<<Спартак>> победил", "<<Спартак>> победил"),
        ("Мост <b>открыт</b> для <i>всех</i>", "Мост открыт для всех"),
        ("Мост &lt;b&gt;открыт&lt;/b&gt;", "Мост открыт"),
        ("Мост <b>открыт", "Мост открыт"),
        ("Мост<br>открыт", "Мост открыт"),
        ('<a href="/1">Мост</a> открыт', "Мост открыт"),
        ("<![CDATA[ Мост <b>открыт</b> & &laquo;Север&raquo; ]]>", "Мост открыт & «Север»"),
        ("<![cdata[Мост открыт]]>", "Мост открыт"),
        ("<![CDATA[Мост]]> и <![CDATA[каток]]>", "Мост и каток"),
        ("\n\t Мост \r\n\t открыт \n", "Мост открыт"),
        ("Мост\x0b \x01от\x1fкрыт\x00", "Мост открыт"),
    ],
)
def test_a_title_is_read_as_it_was_meant(written: str, read: str) -> None:
    assert title_of(written) == read


def test_a_reference_to_no_character_costs_nothing_else() -> None:
    assert title_of("Мост&#0; открыт&#xD800;&#99999999;").startswith("Мост")


@pytest.mark.parametrize(
    "feed",
    [
        "\n\n  " + FEED,
        "<!-- из кеша -->\n" + FEED,
        "<br />\n<b>Warning</b>: fopen(): failed in <b>rss.php</b> on line <b>12</b><br />\n"
        + FEED,
        "<script>var a = 1;</script>" + FEED,
        FEED + "<!-- 0.02 с --><script src='/x.js'></script><div><img src=x></div>",
        FEED + "\nХвост & <другого файла",
        '<?xml version="1.0"?>\n' + FEED,
        FEED.replace("<rss", '<!DOCTYPE rss SYSTEM "http://my.example/rss-0.91.dtd">\n<rss'),
        FEED.replace("<rss", '<!DOCTYPE rss [<!ENTITY % Lat1 SYSTEM "lat1.ent"> %Lat1;]>\n<rss'),
        FEED.replace("<rss", '<?xml-stylesheet type="text/xsl" href="/rss.xsl"?>\n<rss'),
        FEED.replace("<item>", "<?php echo 1 ?><item>", 1),
        FEED.replace("<item>", "<!-- a -- b --- ><item>", 1),
        FEED.replace("<item>", f"<!-- {ITEMS[0]} --><item>", 1),
        FEED.replace("title>", "TITLE>").replace("item>", "ITEM>").replace("link>", "Link>"),
        FEED.replace('version="2.0"', "version=2.0"),
        FEED.replace(' version="2.0"', ""),
        FEED.replace('<rss version="2.0">\n', "").replace("</rss>", ""),
        FEED.replace("</item>", "", 1),
        FEED.replace("утром", "<p>утром<br><img src=/1.jpg>рано</b>", 1),
        FEED.replace("Жители", "<![CDATA[<p>Жители <![CDATA[города]]> и</p>]]>", 1),
        FEED.replace("Жители", "<link>не та</link><title>не тот</title>", 1),
        FEED.replace("</link>\n<d", "</link><dc:creator>Редакция</dc:creator>\n<d"),
        FEED.replace("</link>\n<d", '</link><media:content url="/1.jpg"/>\n<d'),
        FEED.replace("</link>\n<d", "</link><image><title>Фото</title></image>\n<d"),
        FEED.replace("</link>\n<d", "</link><media:title>Подпись</media:title>\n<d"),
    ],
)
def test_what_is_wrong_around_the_entries_costs_none_of_them(feed: str) -> None:
    assert titles(feed) == TITLES


RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
IMAGE = "<image><title>Значок</title><url>/logo.gif</url></image>"
SEARCH = "<textinput><title>Поиск</title><name>q</name><link>/find</link></textinput>"


@pytest.mark.parametrize(
    "feed",
    [
        f'<rss version="0.91"><channel>{HEAD}</channel>{"".join(ITEMS)}</rss>',
        f'<rss version="0.92"><channel>{HEAD}{IMAGE}{"".join(ITEMS)}{SEARCH}</channel></rss>',
        f'{RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel>{HEAD}</channel>{IMAGE}'
        f"{''.join(ITEMS)}{SEARCH}</rdf:RDF>",
        f'{RDF} xmlns="http://purl.org/rss/1.0/"><channel rdf:about="/">{HEAD}<items><rdf:Seq>'
        f'<rdf:li rdf:resource="/n/0"/></rdf:Seq></items></channel>{"".join(ITEMS)}</rdf:RDF>',
        f"<rdf:RDF><channel>{HEAD}</channel>{''.join(ITEMS)}</rdf:RDF>",
        "".join(ITEMS),
    ],
    ids=["beside the channel", "0.92", "0.90", "1.0", "1.0 undeclared", "no root"],
)
def test_entries_are_found_wherever_the_format_puts_them(feed: str) -> None:
    assert titles(feed) == TITLES


@pytest.mark.parametrize("where", ["шла новость", "</descr", "<pubDate>Mon", "&laq", "<![CDATA[по"])
def test_of_a_feed_that_is_cut_off_everything_before_is_read(where: str) -> None:
    last = f"<item><title>Парк закрыт</title><link>/n/9</link><description>Тут {where}"
    cut = FEED.partition("</channel>")[0] + last
    assert titles(cut) == [*TITLES, "Парк закрыт"]


def test_half_a_title_at_the_end_is_none() -> None:
    reading = read_feed((FEED.partition("</channel>")[0] + "<item><title>Парк за").encode(), URL)
    assert [item.title for item in reading.items] == TITLES
    assert len(reading.failures) == 1


@pytest.mark.parametrize(
    "body",
    [
        FEED.encode("utf-8-sig"),
        ("\ufeff\ufeff" + FEED).encode(),
        b"\xef\xbb\xbf" + FEED.encode("cp1251"),
        FEED.encode("utf-16"),
        FEED.encode("utf-16-le"),
        FEED.encode("koi8-r"),
        FEED.encode("cp866"),
        FEED.encode("mac-cyrillic"),
        FEED.encode().replace("Каток".encode(), "Каток".encode("cp1251")),
        FEED.encode().decode("latin-1").encode(),
        FEED.encode()[:-1] + b"\xd0",
        gzip.compress(FEED.encode("cp1251")),
        gzip.compress(gzip.compress(FEED.encode("cp1251"))),
    ],
    ids=[
        *("marked utf-8", "marked twice", "marked cp1251", "utf-16", "utf-16 unmarked", "koi8-r"),
        *("cp866", "mac", "mixed", "encoded twice", "cut", "compressed", "compressed twice"),
    ],
)
def test_a_feed_declared_as_windows_1251_is_read_as_what_it_is(body: bytes) -> None:
    assert titles(body) == TITLES


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("<link> https://gorod.example/n/1 </link>", "https://gorod.example/n/1"),
        ("<link><![CDATA[/n/1?a=1&b=2]]></link>", "https://gorod.example/n/1?a=1&b=2"),
        ("<link>/n.php?a=1&b=2&copy=3&sect=4</link>", "https://gorod.example/n.php?a=1&b=2&copy=3&sect=4"),
        ("<link>/мост 1.html</link>", "https://gorod.example/%D0%BC%D0%BE%D1%81%D1%82%201.html"),
        ("<link>www.gorod.example/n/1</link>", "http://www.gorod.example/n/1"),
        ("<link>http://http://gorod.example/n/1</link>", "http://gorod.example/n/1"),
        ("<link>//gorod.example/n/1</link>", "https://gorod.example/n/1"),
        ("<link/><guid>/n/1</guid>", "https://gorod.example/n/1"),
        ("<guid isPermaLink='false'>https://gorod.example/?p=1</guid>", "https://gorod.example/?p=1"),
    ],
)  # fmt: skip
def test_a_link_is_read_as_it_was_meant(told: str, address: str) -> None:
    [item] = parse_feed(
        f"<rss><channel><item><title>а</title>{told}</item></channel></rss>".encode(), URL
    )
    assert item.url == address


def test_a_guid_that_is_a_number_is_no_address() -> None:
    [item] = parse_feed(
        b"<rss><channel><item><title>a</title><guid>77</guid></item></channel></rss>", URL
    )
    assert item.url.startswith(f"{URL}#item-")


def test_the_full_text_for_aggregators_is_the_text() -> None:
    item = ITEMS[0].replace("</item>", "<yandex:full-text>{}</yandex:full-text></item>")
    told = "Жители посёлка собрались утром у реки, где открыли новый мост."
    for declared in ("", ' xmlns:yandex="http://news.yandex.ru"'):
        body = f"<rss{declared}><channel>{item.format(told)}</channel></rss>"
        assert [item.text for item in parse_feed(body.encode(), URL)] == [told]


def test_pictures_are_told_by_type_medium_or_name() -> None:
    told = (
        '<enclosure url="/a.mp3" type="audio/mpeg"/><enclosure url="/b.jpg"/>',
        '<media:content url="/a.mp4" type="video/mp4"/><media:content url="/b.jpg"/>',
        '<media:content url="/b" type="video/mp4"/><media:content url="/b.jpg" medium="image"/>',
        '<media:group><media:thumbnail url="/b.jpg"/></media:group>',
    )
    for pictures in told:
        body = f"<rss><channel><item><title>а</title>{pictures}</item></channel></rss>"
        assert parse_feed(body.encode(), URL)[0].image == "https://gorod.example/b.jpg"


def test_entities_of_its_own_do_not_make_a_feed_explode() -> None:
    bomb = '<!ENTITY a "ха">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 20}">'
        for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    body = f"<!DOCTYPE rss [{bomb}]><rss><channel><item><title>&h;</title></item></channel></rss>"
    assert len(titles(body)[0]) < 100


def test_a_compressed_bomb_is_refused() -> None:
    with pytest.raises(ParseError, match="larger than"):
        parse_feed(gzip.compress(bytes(30_000_000)), URL)


UNITS = {
    "open elements": ("<a>", 15_000),
    "open entries": ("<item><title>а", 15_000),
    "relative bases": ('<a xml:base="b/">', 60_000),
    "half a tag": ("<a b='", 30_000),
    "brackets": ("<", 30_000),
    "open data": ("<![CDATA[", 60_000),
    "references": ("&laquo;", 60_000),
    "comments": ("<!--", 60_000),
    "words of another encoding": ("ЖЁ ", 60_000),
}


@pytest.mark.parametrize(("unit", "length"), UNITS.values(), ids=UNITS)
def test_the_time_to_read_grows_with_the_length(unit: str, length: int) -> None:
    def read(length: int) -> object:
        body = ("<rss><channel>" + unit * (length // len(unit))).encode()
        return _outcome(lambda: parse_feed(body, URL))

    assert_grows_with_length(read, length)


def _outcome(read: Callable[[], object]) -> object:
    try:
        return read()
    except ParseError as error:
        return error
