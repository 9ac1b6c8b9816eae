from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from scrapers import ParseError, canonical_url, parse_feed
from scrapers.feeds.feed import read_feed

URL = "https://gorod.example/rss.xml"


def rss(*items: str, encoding: str = "utf-8", declared: str | None = None) -> bytes:
    declaration = f'<?xml version="1.0" encoding="{declared or encoding}"?>'
    body = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'{declaration}<rss version="2.0"><channel><title>Город</title>{body}</channel></rss>'
    ).encode(encoding)


def test_an_entry_becomes_an_item() -> None:
    body = rss(
        "<title>Мост открыт</title><link>https://gorod.example/n/1</link>"
        "<description>&lt;p&gt;Первый абзац.&lt;/p&gt;&lt;p&gt;Второй.&lt;/p&gt;</description>"
        "<pubDate>Mon, 15 Aug 2022 13:43:00 +0500</pubDate>"
        '<enclosure url="/img/1.jpg" type="image/jpeg" length="1"/>'
    )
    [item] = parse_feed(body, URL)
    assert (item.source, item.url) == ("gorod.example", "https://gorod.example/n/1")
    assert (item.title, item.text) == ("Мост открыт", "Первый абзац.\nВторой.")
    assert item.published == datetime(2022, 8, 15, 13, 43, tzinfo=timezone(timedelta(hours=5)))
    assert item.published.utcoffset() == timedelta(hours=5)
    assert item.image == "https://gorod.example/img/1.jpg"


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r"])
@pytest.mark.parametrize("declared", ["utf-8", "windows-1251", "koi8-r"])
def test_a_feed_is_read_in_its_real_encoding(encoding: str, declared: str) -> None:
    body = rss(
        "<title>В посёлке построили новую школу</title><link>/1</link>"
        "<description>Занятия в ней начнутся первого сентября.</description>",
        encoding=encoding,
        declared=declared,
    )
    [item] = parse_feed(body, URL, "text/xml; charset=iso-8859-1")
    assert item.title == "В посёлке построили новую школу"


@pytest.mark.parametrize(
    "body",
    [
        '<rss version="0.91"><channel><title>х</title><item><title>Весть</title>'
        "<link>https://gorod.example/1</link></item></channel></rss>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><channel><title>х</title></channel>'
        "<item><title>Весть</title><link>https://gorod.example/1</link></item></rdf:RDF>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>х</title><entry><title>Весть</title>'
        '<link href="/1"/><id>tag:1</id></entry></feed>',
        '{"version":"https://jsonfeed.org/version/1.1","title":"х","items":'
        '[{"id":"1","url":"/1","title":"Весть"}]}',
    ],
    ids=["rss 0.91", "rss 1.0", "atom", "json feed"],
)
def test_each_format_of_feeds_is_read(body: str) -> None:
    [item] = parse_feed(body.encode(), URL)
    assert (item.title, item.url) == ("Весть", "https://gorod.example/1")


def test_html_entities_do_not_stop_the_reader() -> None:
    body = rss(
        "<title>Группа &laquo;Север&raquo; &mdash; в городе</title><link>/1</link>",
        "<title>Вторая</title><link>/2</link>",
    )
    assert [item.title for item in parse_feed(body, URL)] == ["Группа «Север» — в городе", "Вторая"]


def test_the_whole_text_is_preferred_to_the_summary() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>а</title><link href="/1"/>'
        "<summary>Коротко.</summary>"
        '<content type="html">&lt;p&gt;Длинно и подробно.&lt;/p&gt;</content></entry></feed>'
    )
    assert parse_feed(body.encode(), URL)[0].text == "Длинно и подробно."


def test_markup_scripts_and_control_characters_are_not_text() -> None:
    body = rss(
        "<title>Погода &lt;b&gt;в\x07 городе&lt;/b&gt;\n\u202e завтра 🌞</title><link>/1</link>"
        "<description><![CDATA[Тепло<script>alert(1)</script><br>и&nbsp;сухо &amp; тихо]]>"
        "</description>"
    )
    [item] = parse_feed(body, URL)
    assert item.title == "Погода в городе завтра 🌞"
    assert item.text == "Тепло\nи сухо & тихо"


def test_endless_titles_and_texts_are_cut() -> None:
    body = rss(
        f"<title>{'а' * 900}</title><link>/1</link><description>{'б' * 120_000}</description>"
    )
    [item] = parse_feed(body, URL)
    assert (len(item.title), len(item.text)) == (500, 100_000)


def test_entries_without_a_link_have_lasting_identities_of_their_own() -> None:
    old = rss("<title>Первая</title><guid isPermaLink='false'>1</guid>", "<title>Вторая</title>")
    new = rss("<title>Третья</title>", "<title>Первая!</title><guid isPermaLink='false'>1</guid>")
    first, second = (canonical_url(item.url) for item in parse_feed(old, URL))
    third, again = (canonical_url(item.url) for item in parse_feed(new, URL))
    assert first.startswith(f"{URL}#")
    assert again == first
    assert len({first, second, third}) == 3


def test_entries_that_share_one_link_are_told_apart() -> None:
    body = rss(*(f"<title>{n}</title><link>https://gorod.example/</link>" for n in "123"))
    items = parse_feed(body, URL)
    assert len({canonical_url(item.url) for item in items}) == 3
    assert all(item.url.startswith("https://gorod.example/#") for item in items)


def test_a_guid_that_is_an_address_stands_in_for_the_link() -> None:
    [item] = parse_feed(rss("<title>а</title><guid>https://gorod.example/7</guid>"), URL)
    assert item.url == "https://gorod.example/7"


def test_an_entry_with_neither_title_nor_text_is_a_failure() -> None:
    reading = read_feed(rss("<link>/empty</link>", "<title>Есть</title><link>/1</link>"), URL)
    assert [item.title for item in reading.items] == ["Есть"]
    assert [failure.reason for failure in reading.failures] == [
        "https://gorod.example/empty: neither title nor text"
    ]


def test_a_date_without_a_zone_gets_that_of_the_source() -> None:
    body = rss("<title>а</title><link>/1</link><pubDate>20.07.2021 10:00</pubDate>")
    zone = timezone(timedelta(hours=7))
    assert parse_feed(body, URL, zone=zone)[0].published == datetime(2021, 7, 20, 10, tzinfo=zone)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse_feed(rss(), URL) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<html><body><form><input type=password></form></body></html>", "no feed"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        (b'{"version": 1}', "no feed"),
        (b'{"version": ', "not readable as JSON"),
        (b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000, "JSON"),
        (b"<" * 10_000, "no feed"),
    ],
    ids=["empty", "blank", "login page", "picture", "json", "half json", "deep json", "noise"],
)
def test_what_is_no_feed_is_one_clear_line(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason) as caught:
        parse_feed(body, URL)
    assert "\n" not in str(caught.value)


def test_a_json_feed_with_odd_values_gives_what_can_be_read() -> None:
    items = [1, {"id": 7, "content_text": "Текст\ud800 тут"}, {"title": None, "url": ["x"]}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}).encode()
    assert [item.text for item in parse_feed(body, URL)] == ["Текст тут"]


def test_a_body_that_names_a_file_does_not_open_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss("<title>тайна</title>"))
    with pytest.raises(ParseError):
        parse_feed(str(secret).encode(), URL)
