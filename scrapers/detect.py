"""What an answer is: a feed, a sitemap, the preview of a channel, or a page."""

from __future__ import annotations

import re

from scrapers.feeds.telegram import is_preview
from scrapers.source import Kind
from scrapers.text.encoding import decode
from scrapers.web.gzipped import beginning

_HEAD = 20_000
_PROLOGUE = re.compile(
    r"[\ufeff\s]+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.DOTALL | re.I
)
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)
_SITEMAP_ROOT = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)


def detect_kind(body: bytes, content_type: str | None = None, *, url: str = "") -> Kind:
    """Return how ``body`` is to be read: a page that opens like nothing else is a listing.

    Args:
        body: the answer, in any encoding; a gzip file counts as what is in it.
        content_type: the HTTP header, a hint only.
        url: where it came from.
    """
    if is_preview(body, url):
        return Kind.TELEGRAM
    head = decode(beginning(body, _HEAD), content_type)
    start = _opening(head)
    if _SITEMAP_ROOT.match(head, start):
        return Kind.SITEMAP
    if _FEED_ROOT.match(head, start) or (head.startswith("{", start) and "jsonfeed.org" in head):
        return Kind.FEED
    return Kind.LISTING


def _opening(head: str) -> int:
    """Return where the root element begins: behind declarations, comments and spaces."""
    start = 0
    while match := _PROLOGUE.match(head, start):
        start = match.end()
    return start
