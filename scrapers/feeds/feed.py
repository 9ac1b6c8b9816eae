"""Feeds: RSS 0.9x to 2.0, Atom and JSON Feed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import tzinfo

from scrapers.address import canonical_url, host_of, mark
from scrapers.errors import ParseError
from scrapers.feeds.entry import Entry
from scrapers.feeds.jsonfeed import json_entries
from scrapers.feeds.xmlfeed import xml_entries
from scrapers.item import Item
from scrapers.text.encoding import decode, is_binary
from scrapers.web.gzipped import gunzipped

_MOST_BYTES = 20_000_000
# Files that are compressed themselves, by servers that then compress them once more.
_MOST_WRAPPINGS = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a feed: its items, and a failure for each entry that is none."""

    items: list[Item]
    failures: list[ParseError] = field(default_factory=list)


def parse_feed(
    body: bytes, url: str, content_type: str | None = None, *, zone: tzinfo | None = None
) -> list[Item]:
    """Return the items of a feed, in its order; their source is the host of ``url``.

    Entries with neither title nor text are left out.

    Args:
        body: the feed's bytes, in any encoding, a gzip file or not.
        url: where it was fetched from.
        content_type: the HTTP header, a hint only.
        zone: the zone of dates that name none; None means UTC.

    Raises:
        ParseError: this is no feed.
    """
    return read_feed(body, url, content_type, zone=zone).items


def read_feed(
    body: bytes, url: str, content_type: str | None = None, *, zone: tzinfo | None = None
) -> Reading:
    """Return what `parse_feed` returns, and what was left out.

    Raises:
        ParseError: this is no feed.
    """
    for _ in range(_MOST_WRAPPINGS):
        body = gunzipped(body, url, limit=_MOST_BYTES)
    if not body.strip():
        raise ParseError(url, "the answer is empty")
    if is_binary(body):
        raise ParseError(url, "the answer is binary, not a feed")
    text = decode(body, content_type)
    entries = json_entries if text.lstrip("\ufeff \t\r\n").startswith("{") else xml_entries
    return _reading(list(entries(text, url, zone)), url)


def _reading(entries: list[Entry], url: str) -> Reading:
    pages = {entry: canonical_url(entry.link) for entry in entries if entry.link}
    shared = Counter(pages.values())
    reading = Reading([])
    for entry in entries:
        if entry.title or entry.text:
            own = entry in pages and shared[pages[entry]] == 1
            reading.items.append(_item(entry, url, own=own))
        else:
            name = entry.link or entry.guid or "an entry"
            reading.failures.append(ParseError(url, f"{name}: neither title nor text"))
    return reading


def _item(entry: Entry, url: str, *, own: bool) -> Item:
    """Return an entry as an item; ``own`` says whether its link is that of no other entry."""
    address = entry.link or url
    if not own:
        # Several entries point at one page, or at none: each needs an identity of its own.
        address = mark(address, entry.guid or f"{entry.title}\n{entry.text}")
    return Item(
        source=host_of(url),
        url=address,
        title=entry.title,
        text=entry.text,
        published=entry.published,
        image=entry.image,
    )
