"""Whatever a sitemap or a channel publishes, reading it gives a result or a `ScrapeError`."""

from __future__ import annotations

import gzip
from collections import Counter
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers import ScrapeError, detect_kind, preview_address
from scrapers.feeds.signature import without_signatures
from scrapers.feeds.telegram import read_preview
from scrapers.kinds.youngest import read_youngest
from scrapers.text.opening import split_headline
from tests.previews import photo, post, preview_page, words

URL = "https://gorod.example/sitemap.xml"
SITEMAP = (
    '<?xml version="1.0" encoding="utf-8"?><sitemapindex><sitemap><loc>/a.xml</loc></sitemap>'
    '<url><loc>/news/1001</loc><lastmod>2024-05-01</lastmod><news:news xmlns:news="n"><news:title>'
    "<![CDATA[Мост & каток]]></news:title><news:publication_date>2024-05-01T10:00:00+03:00"
    "</news:publication_date></news:news></url></sitemapindex>"
)
CHANNEL = preview_page(
    [post(1, words("Мост открыт для всех<br/>Ура")), post(2, photo("//a/b.jpg"), words("Каток"))],
    before=1,
)
scraps = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            *(
                "<",
                ">",
                "&",
                "&#0;",
                "&#xd800;",
                "]]>",
                "<![CDATA[",
                "<!--",
                "<?xml",
                "\0",
                "\ud800",
            ),
            *(
                '"',
                "'",
                "</div>",
                "</url>",
                "<url>",
                "<loc>",
                "http://[",
                "9" * 30,
                "\u202e",
                "https:",
            ),
            *("data-post='x/1'", "<!DOCTYPE a [", "0001-01-01T00:00:00+23:59", "NaN", "<br>" * 50),
        ]
    ),
)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> bytes:
    """Return ``text`` with pieces put in, taken out and repeated, perhaps cut off."""
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 60)))
        text = text[:start] + draw(scraps) + text[end:] + text[start:end]
    return text[: draw(st.integers(0, len(text)))].encode("utf-8", "surrogatepass")


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), damaged(SITEMAP)))
def test_any_bytes_are_a_sitemap_or_a_scrape_error(body: bytes) -> None:
    for raw in (body, gzip.compress(body), b"\x1f\x8b" + body):
        detect_kind(raw, url=URL)
        with suppress(ScrapeError):
            found = read_youngest(raw, URL, pages=10, files=3)
            assert all(entry.url.startswith("http") for entry in (*found.pages, *found.files))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), damaged(CHANNEL)))
def test_any_bytes_are_a_channel_or_a_scrape_error(body: bytes) -> None:
    detect_kind(body)
    with suppress(ScrapeError):
        preview = read_preview(body, "https://t.me/s/rayon")
        for item in preview.items:
            assert item.url.startswith("https://t.me/")
            assert "\n" not in item.title
            assert item.title or item.text
            assert item.published is None or item.published.tzinfo is not None


@given(st.text(max_size=60).map("https://t.me/".__add__) | st.text(max_size=60))
def test_any_words_are_a_channel_or_none(said: str) -> None:
    with suppress(ScrapeError):
        address = preview_address(said)
        assert address is None or preview_address(address) == address


@given(st.lists(st.text(max_size=150), max_size=6).map("\n".join))
def test_a_headline_is_taken_out_of_a_text_and_nothing_is_lost(text: str) -> None:
    headline, rest = split_headline(text)
    kept = Counter(filter(str.isalnum, headline + rest))
    assert kept == Counter(filter(str.isalnum, text))


@given(st.lists(st.lists(st.sampled_from(["а", "б", ""]), max_size=4).map("\n".join), max_size=9))
def test_without_signatures_each_text_begins_as_before(texts: list[str]) -> None:
    left = without_signatures(texts)
    assert len(left) == len(texts)
    assert all(text.startswith(kept) for text, kept in zip(texts, left, strict=True))
