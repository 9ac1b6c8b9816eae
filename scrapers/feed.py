"""Feeds: RSS 0.9x to 2.0, Atom and JSON Feed."""

from __future__ import annotations

import io
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

import feedparser

from scrapers.address import absolute_url, canonical_url, host_of, mark
from scrapers.closing import without_closing
from scrapers.dates import parse_date
from scrapers.encoding import decode, is_binary
from scrapers.errors import ParseError
from scrapers.gzipped import gunzipped
from scrapers.item import Item
from scrapers.mending import bare_xml, mended_xml
from scrapers.plain import one_line, paragraphs, plain_text, plain_title

_MOST_BYTES = 20_000_000
# Files that are compressed themselves, by servers that then compress them once more.
_MOST_WRAPPINGS = 2
_FULL_TEXT = ("yandex_full-text", "full-text")
# Each may be relative to the one around it: nested deeply, they grow with every level. Those that
# begin at the root of a site do not.
_GROWING_BASE = re.compile(
    r"""\b(?:xml:)?base(?=\s*=\s*["']?(?!["'\s/]|https?://))""", re.IGNORECASE
)
_TAG = re.compile(r"<[a-zA-Z][^<>]*")
_DATES = ("published", "updated", "created")
# What feedparser lets through when markup is hostile rather than merely broken.
_PARSER_FAILURES = (
    *(ValueError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, AssertionError, RecursionError),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a feed: its items, and a failure for each entry that is none."""

    items: list[Item]
    failures: list[ParseError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a feed as it was written: markup has become text, addresses are absolute."""

    guid: str
    link: str | None
    title: str
    text: str
    published: datetime | None
    image: str | None


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
    entries = _json_entries if text.lstrip("\ufeff \t\r\n").startswith("{") else _xml_entries
    return _reading(list(entries(text, url, zone)), url)


def _reading(entries: list[_Entry], url: str) -> Reading:
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


def _item(entry: _Entry, url: str, *, own: bool) -> Item:
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


def _xml_entries(text: str, url: str, zone: tzinfo | None) -> Iterator[_Entry]:
    clean = _without_growing_bases(mended_xml(bare_xml(text)))
    try:
        # From memory: a plain string or bytes could be taken for the name of a file.
        feed = feedparser.parse(
            io.BytesIO(clean.encode()),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": url,
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _PARSER_FAILURES as error:
        raise ParseError(url, f"not readable as a feed: {one_line(str(error))[:200]}") from error
    if not feed.get("version") and not feed.entries:
        raise ParseError(url, "the answer is no feed")
    for raw in feed.entries:
        # A plain dict, without feedparser's aliases, which trust what they stand for.
        yield _xml_entry(dict(raw), url, zone)


def _without_growing_bases(markup: str) -> str:
    if "base" not in markup.lower():
        return markup
    return _TAG.sub(lambda tag: _GROWING_BASE.sub("unbased", tag.group()), markup)


def _xml_entry(raw: Mapping[str, Any], url: str, zone: tzinfo | None) -> _Entry:
    guid = str(raw.get("id") or "")
    link = str(raw.get("link") or "") or (guid if guid.startswith(("http://", "https://")) else "")
    return _Entry(
        guid=guid,
        link=absolute_url(url, link) if link else None,
        title=plain_title(str(raw.get("title") or "")),
        text=_longest(_bodies(raw)),
        published=_xml_date(raw, zone),
        image=_first_image(_pictures(raw), url),
    )


def _bodies(raw: Mapping[str, Any]) -> Iterator[str]:
    for content in _parts(raw, "content"):
        yield str(content.get("value") or "")
    yield str(raw.get("summary") or "")
    for name in _FULL_TEXT:
        if isinstance(told := raw.get(name), str):
            yield told


def _longest(bodies: Iterable[str]) -> str:
    return max((without_closing(plain_text(body)) for body in bodies), key=len, default="")


def _xml_date(raw: Mapping[str, Any], zone: tzinfo | None) -> datetime | None:
    """Return the moment as written, with the site's own offset; feedparser would make it UTC."""
    for key in _DATES:
        if moment := parse_date(str(raw.get(key) or ""), zone=zone):
            return moment
        # Anything else is an element that happens to have this name.
        if isinstance(parsed := raw.get(f"{key}_parsed"), time.struct_time):
            return parse_date("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC".format(*parsed[:6]))
    return None


def _pictures(raw: Mapping[str, Any]) -> Iterator[str]:
    for link in _parts(raw, "links"):
        if link.get("rel") == "enclosure" and str(link.get("type") or "").startswith("image/"):
            yield str(link.get("href") or "")
    for media in _parts(raw, "media_content"):
        if media.get("medium") == "image" or str(media.get("type") or "").startswith("image/"):
            yield str(media.get("url") or "")
    for thumbnail in _parts(raw, "media_thumbnail"):
        yield str(thumbnail.get("url") or "")


def _parts(raw: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Yield what feedparser gathered as ``key``; an element of that name leaves words instead."""
    gathered = raw.get(key)
    for part in gathered if isinstance(gathered, list) else ():
        if isinstance(part, Mapping):
            yield part


def _first_image(addresses: Iterable[str], url: str) -> str | None:
    absolute = (absolute_url(url, address) for address in addresses if address)
    return next((address for address in absolute if address), None)


def _json_entries(text: str, url: str, zone: tzinfo | None) -> Iterator[_Entry]:
    try:
        feed = json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        raise ParseError(url, f"not readable as JSON: {one_line(str(error))[:200]}") from error
    version = feed.get("version") if isinstance(feed, dict) else None
    if not isinstance(version, str) or "jsonfeed.org" not in version:
        raise ParseError(url, "the answer is JSON, but no feed")
    entries = feed.get("items")
    for raw in entries if isinstance(entries, list) else []:
        if isinstance(raw, dict):
            yield _json_entry(raw, url, zone)


def _json_entry(raw: Mapping[str, Any], url: str, zone: tzinfo | None) -> _Entry:
    def told(*keys: str) -> str:
        return next((str(raw[key]) for key in keys if isinstance(raw.get(key), str | int)), "")

    link = told("url", "external_url")
    return _Entry(
        guid=told("id"),
        link=absolute_url(url, link) if link else None,
        title=plain_title(told("title")),
        text=without_closing(
            plain_text(told("content_html")) or paragraphs(told("content_text", "summary"))
        ),
        published=parse_date(told("date_published", "date_modified"), zone=zone),
        image=_first_image([told("image", "banner_image")], url),
    )
