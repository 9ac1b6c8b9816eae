"""Whatever bytes, feeds and dates there are: what they give, and that nothing else goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial

from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrapers import Item, ScrapeError, parse_feed
from scrapers.text.closing import without_closing
from scrapers.text.dates import parse_date
from scrapers.text.encoding import decode, is_binary
from scrapers.text.mending import bare_xml, mended_xml, with_namespaces

URL = "https://gorod.example/rss"
# Without mac-cyrillic: its small letters are those of windows-1251, a sentence is not enough.
ENCODINGS = ("utf-8", "cp1251", "koi8-r", "cp866", "iso8859-5")
LABELS = (*ENCODINGS, "windows-1252", "utf-16", "shift_jis", "x-unknown", "\0", "base64")
WORDS = (
    *("город", "дорога", "мост", "открыли", "жители", "посёлка", "новый", "библиотека", "сегодня"),
    *("вечером", "после", "ремонта", "администрация", "района", "сообщила", "что", "движение"),
    *("будет", "восстановлено", "утром", "школа", "участники"),
)

labels = st.one_of(st.none(), st.sampled_from(LABELS), st.text(max_size=10))
headers = labels.map(lambda label: label and f"text/xml; charset={label}")
sentences = st.lists(st.sampled_from(WORDS), min_size=12, max_size=40).map(
    lambda words: " ".join(words).capitalize() + "."
)
scraps = st.one_of(
    st.text(max_size=15),
    sentences,
    st.sampled_from(
        (
            *("<", ">", "&", "&#0;", "&#xd800;", "&nbsp;", "]]>", "<![CDATA[", "<!--", "-->"),
            *("<?xml", "\0", "\ud800", "<item>", "</item>", "<title>", "</title>", "<link>"),
            *("<entry>", "<guid>", "<description>", "<content type='base64'>", "<a:b c:d='e'>"),
            *("<!DOCTYPE rss [", '<!ENTITY a "&a;">', "<links>", "<enclosure url='http://['/>"),
            *("<pubDate>", "Mon, 15 Aug 05 13:43:00 MSD", "99", "xml:base='//['", "<base>"),
        )
    ),
)
documents = st.lists(scraps, max_size=12).map("".join)


@given(st.binary(max_size=300), headers)
@settings(max_examples=300)
@example(b"\xd0", None)
@example(b"\xef\xbb\xbf", None)
@example(b"<\0", "text/html; charset=utf-16")
def test_any_bytes_are_text(body: bytes, header: str | None) -> None:
    assert isinstance(decode(body, header), str)
    assert isinstance(is_binary(body), bool)


@given(sentences, st.sampled_from(ENCODINGS), headers)
@settings(max_examples=300)
def test_russian_text_is_read_in_any_encoding_whatever_its_label(
    text: str, encoding: str, header: str | None
) -> None:
    assert decode(text.encode(encoding), header) == text


@given(sentences, st.sampled_from(ENCODINGS[1:]), st.integers(0, 200))
def test_damage_changes_nothing_but_what_is_damaged(text: str, encoding: str, at: int) -> None:
    body = bytearray(text.encode("utf-8"))
    at %= len(body)
    body[at + 1 if body[at] == ord(" ") else at] = 0xFF
    read = decode(bytes(body), f"text/html; charset={encoding}")
    assert sum(a != b for a, b in zip(text.split(), read.split(), strict=False)) <= 1


@given(st.text())
def test_text_in_utf8_is_left_as_it_is(text: str) -> None:
    body = f"Мост открыт: {text}".encode("utf-8", "ignore")
    assert decode(body) == body.decode("utf-8")


@given(documents, st.sampled_from(("utf-8", "cp1251", "utf-16")), headers)
@settings(max_examples=300, deadline=None)
def test_any_feed_gives_items_or_a_scrape_error(
    document: str, encoding: str, header: str | None
) -> None:
    for opening in ("", "<rss version='2.0'><channel><item><title>а</title>", "{"):
        body = (opening + document).encode(encoding, "replace")
        items = _read_or_refused(partial(parse_feed, body, URL, header))
        for item in items:
            assert item.url.startswith(("http://", "https://"))
            assert "\n" not in item.title and (item.title or item.text)
            assert item.published is None or item.published.tzinfo is not None


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
fields = ("id", "url", "title", "content_html", "content_text", "date_published", "image")


@given(st.lists(st.dictionaries(st.sampled_from(fields), values), max_size=4))
@settings(deadline=None)
def test_any_json_feed_gives_items_or_a_scrape_error(items: list[dict[str, object]]) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    assert len(_read_or_refused(partial(parse_feed, json.dumps(feed).encode(), URL))) <= len(items)


def _read_or_refused(read: Callable[[], list[Item]]) -> list[Item]:
    try:
        return read()
    except ScrapeError as error:
        assert str(error).isprintable()
        return []


@given(st.lists(sentences, min_size=1, max_size=5), st.sampled_from(ENCODINGS))
@settings(deadline=None)
def test_a_feed_cut_off_anywhere_gives_the_entries_before(told: list[str], encoding: str) -> None:
    pieces = [
        f"<item><title>{title}</title><link>/{n}</link></item>" for n, title in enumerate(told)
    ]
    whole = "<rss version='2.0'><channel>" + "".join(pieces)
    for cut in (len(whole), len(whole) - len("</item>") // 2, len(whole) - len("</item>")):
        body = whole[:cut].encode(encoding)
        assert [item.title for item in parse_feed(body, URL)] == told


@given(st.text(alphabet="0123456789:-+.,/ TZгодавгустаMonAugMSKназадвчерам()", max_size=40))
@settings(max_examples=500)
def test_any_line_is_a_moment_of_news_or_none(line: str) -> None:
    now = datetime(2026, 3, 5, 12, tzinfo=timezone.utc)
    moment = parse_date(line, zone=timezone(timedelta(hours=5)), now=now)
    assert moment is None or (moment.year >= 1990 and moment <= now + timedelta(days=1))


moments = st.datetimes(*map(datetime.fromisoformat, ("1990-01-02", "2026-03-04"))).map(
    lambda moment: moment.replace(microsecond=0)
)
offsets = st.integers(-12 * 4, 14 * 4).map(lambda n: timezone(timedelta(minutes=15 * n)))


@given(moments, offsets, st.sampled_from(("%a, %d %b %Y %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z")))
def test_a_moment_written_by_a_machine_is_read_with_its_offset(
    moment: datetime, zone: timezone, form: str
) -> None:
    written = moment.replace(tzinfo=zone)
    read = parse_date(written.strftime(form), now=datetime(2026, 3, 5, tzinfo=timezone.utc))
    assert read == written
    assert read is not None and read.utcoffset() == written.utcoffset()


@given(documents)
def test_what_is_mended_stays_so(document: str) -> None:
    mended = with_namespaces(mended_xml(bare_xml(document)))
    assert with_namespaces(mended_xml(bare_xml(mended))) == mended


@given(st.text(), sentences)
def test_a_text_without_a_closing_is_left_alone(text: str, sentence: str) -> None:
    assert without_closing(sentence) == sentence
    assert (text + sentence).startswith(without_closing(text + sentence))
