"""JSON Feed, https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from scrapers.errors import ParseError
from scrapers.feeds.entry import Entry, first_address
from scrapers.text.closing import without_closing
from scrapers.text.dates import parse_date
from scrapers.text.plain import one_line, paragraphs, plain_text, plain_title


def json_entries(text: str, url: str, zone: tzinfo | None) -> Iterator[Entry]:
    """Yield the entries of a JSON feed, in its order.

    Raises:
        ParseError: this is no JSON, or no feed.
    """
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
            yield _entry(raw, url, zone)


def _entry(raw: Mapping[str, Any], url: str, zone: tzinfo | None) -> Entry:
    def told(*keys: str) -> str:
        return next((str(raw[key]) for key in keys if isinstance(raw.get(key), str | int)), "")

    return Entry(
        guid=told("id"),
        link=first_address(url, [told("url", "external_url")]),
        title=plain_title(told("title")),
        text=without_closing(
            plain_text(told("content_html")) or paragraphs(told("content_text", "summary"))
        ),
        published=parse_date(told("date_published", "date_modified"), zone=zone),
        image=first_address(url, [told("image", "banner_image")]),
    )
