"""What an answer is: a feed or a page."""

from __future__ import annotations

import re

from scrapers.encoding import decode
from scrapers.source import Kind

_HEAD = 20_000
_PROLOGUE = re.compile(
    r"[\ufeff\s]+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.DOTALL | re.I
)
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)


def detect_kind(body: bytes, content_type: str | None = None) -> Kind:
    """Return how ``body`` is to be read: as a feed if it opens like one, else as a listing."""
    head = decode(body[:_HEAD], content_type)
    start = _opening(head)
    if _FEED_ROOT.match(head, start) or (head.startswith("{", start) and "jsonfeed.org" in head):
        return Kind.FEED
    return Kind.LISTING


def _opening(head: str) -> int:
    """Return where the root element begins: behind declarations, comments and spaces."""
    start = 0
    while match := _PROLOGUE.match(head, start):
        start = match.end()
    return start
