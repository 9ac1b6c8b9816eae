"""What an answer is: a feed or a page."""

from __future__ import annotations

import re

from scrapers.encoding import decode
from scrapers.source import Kind

_HEAD = 20_000
_PROLOGUE = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.DOTALL | re.I)
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)


def detect_kind(body: bytes, content_type: str | None = None) -> Kind:
    """Return how ``body`` is to be read: as a feed if it opens like one, else as a listing."""
    head = decode(body[:_HEAD], content_type)
    opening = _PROLOGUE.sub("", head).lstrip("\ufeff \t\r\n")
    if _FEED_ROOT.match(opening) or (opening.startswith("{") and "jsonfeed.org" in opening):
        return Kind.FEED
    return Kind.LISTING
