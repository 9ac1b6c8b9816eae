from __future__ import annotations

import gzip

import pytest

from scrapers import Kind, detect_kind
from tests.previews import post, preview_page, words

SITEMAP = '<?xml version="1.0"?>\n<!-- made daily -->\n<urlset xmlns="http://a"><url>'
INDEX = '<?xml version="1.0"?><?xml-stylesheet href="/s.xsl"?><sitemapindex><sitemap>'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (SITEMAP, Kind.SITEMAP),
        (INDEX, Kind.SITEMAP),
        (gzip.compress(SITEMAP.encode()), Kind.SITEMAP),
        (SITEMAP.encode("utf-16"), Kind.SITEMAP),
        (gzip.compress(b"<rss><channel>"), Kind.FEED),
        ("<rss><channel>", Kind.FEED),
        ('{"version": "https://jsonfeed.org/version/1.1"}', Kind.FEED),
        (preview_page([post(1, words("Мост открыт"))]), Kind.TELEGRAM),
        (preview_page([]), Kind.TELEGRAM),
        ("<html><body><p>urlset sitemapindex rss</p></body></html>", Kind.LISTING),
        (b"\x1f\x8bnonsense", Kind.LISTING),
        ("", Kind.LISTING),
    ],
)
def test_the_opening_of_an_answer_tells_its_kind(body: str | bytes, kind: Kind) -> None:
    raw = body.encode() if isinstance(body, str) else body
    assert detect_kind(raw) is kind


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://t.me/rayon", Kind.TELEGRAM),
        ("https://gorod.example/t.me/rayon", Kind.LISTING),
    ],
)
def test_the_address_tells_a_channel_whatever_is_shown_there(url: str, kind: Kind) -> None:
    assert detect_kind(b"<html></html>", url=url) is kind
