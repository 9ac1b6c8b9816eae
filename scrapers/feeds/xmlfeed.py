"""RSS 0.9x to 2.0 and Atom, by feedparser, which is given XML that is mended first."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

import feedparser

from scrapers.errors import ParseError
from scrapers.feeds.entry import Entry, first_address
from scrapers.text.breaking import ended_xml
from scrapers.text.closing import without_closing
from scrapers.text.dates import parse_date
from scrapers.text.mending import bare_xml, mended_xml, with_namespaces
from scrapers.text.plain import one_line, plain_text, plain_title

_FULL_TEXT = ("yandex_full-text", "full-text")
# Each may be relative to the one around it: nested deeply, they grow with every level. Those that
# begin at the root of a site do not.
_GROWING_BASE = re.compile(
    r"""\b(?:xml:)?base(?=\s*=\s*["']?(?!["'\s/]|https?://))""", re.IGNORECASE
)
# What was written for the beginning of an address, and is none.
_SLIP = re.compile(r"^\s*(?:https?:/+https?:?//|http:/(?!/)|(?=www\.))", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif)(?:\?|$)", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z][^<>]*")
_DATES = ("published", "updated", "created")
# What feedparser lets through when markup is hostile rather than merely broken.
_PARSER_FAILURES = (
    *(ValueError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, AssertionError, RecursionError),
)


def xml_entries(text: str, url: str, zone: tzinfo | None) -> Iterator[Entry]:
    """Yield the entries of a feed, in its order; what breaks off in the middle, up to there.

    Raises:
        ParseError: this is no feed.
    """
    clean = ended_xml(_without_growing_bases(with_namespaces(mended_xml(bare_xml(text)))))
    try:
        # From memory: a plain string or bytes could be taken for the name of a file.
        feed = feedparser.parse(
            io.BytesIO(clean.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _PARSER_FAILURES as error:
        raise ParseError(url, f"not readable as a feed: {one_line(str(error))[:200]}") from error
    if not feed.get("version") and not feed.entries:
        raise ParseError(url, "the answer is no feed")
    for raw in feed.entries:
        # A plain dict, without feedparser's aliases, which trust what they stand for.
        yield _entry(dict(raw), url, zone)


def _without_growing_bases(markup: str) -> str:
    if "base" not in markup.lower():
        return markup
    return _TAG.sub(lambda tag: _GROWING_BASE.sub("unbased", tag.group()), markup)


def _entry(raw: Mapping[str, Any], url: str, zone: tzinfo | None) -> Entry:
    guid = str(raw.get("id") or "")
    return Entry(
        guid=guid,
        link=first_address(url, _links(raw, guid)),
        title=plain_title(str(raw.get("title") or "")),
        text=_longest(_bodies(raw)),
        published=_published(raw, zone),
        image=first_address(url, _pictures(raw)),
    )


def _links(raw: Mapping[str, Any], guid: str) -> Iterator[str]:
    link = str(raw.get("link") or "")
    # By the book a guid that says nothing else is an address, but many are mere numbers.
    if link != guid or "/" in link:
        yield _SLIP.sub("http://", link)
    if guid.startswith(("http://", "https://", "/")):
        yield guid


def _bodies(raw: Mapping[str, Any]) -> Iterator[str]:
    for content in _parts(raw, "content"):
        yield str(content.get("value") or "")
    yield str(raw.get("summary") or "")
    for name in _FULL_TEXT:
        if isinstance(told := raw.get(name), str):
            yield told


def _longest(bodies: Iterable[str]) -> str:
    return max((without_closing(plain_text(body)) for body in bodies), key=len, default="")


def _published(raw: Mapping[str, Any], zone: tzinfo | None) -> datetime | None:
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
        if link.get("rel") == "enclosure" and _is_picture(link, "href"):
            yield str(link.get("href") or "")
    for media in _parts(raw, "media_content"):
        if media.get("medium") == "image" or _is_picture(media, "url"):
            yield str(media.get("url") or "")
    for thumbnail in _parts(raw, "media_thumbnail"):
        yield str(thumbnail.get("url") or "")


def _is_picture(part: Mapping[str, Any], key: str) -> bool:
    if kind := part.get("type"):
        return str(kind).startswith("image/")
    return bool(_PICTURE.search(str(part.get(key) or "")))


def _parts(raw: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Yield what feedparser gathered as ``key``; an element of that name leaves words instead."""
    gathered = raw.get(key)
    for part in gathered if isinstance(gathered, list) else ():
        if isinstance(part, Mapping):
            yield part
