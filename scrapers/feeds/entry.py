"""An entry of a feed as it was written, whatever the format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scrapers.address import absolute_url


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed tells of one piece of news.

    Attributes:
        guid: what the feed calls it, or empty.
        link: the whole address of its page, if there is one.
        title: plain text, one line, or empty.
        text: plain text, one paragraph a line, or empty.
        published: an aware moment, if it is told.
        image: the whole address of a picture, if there is one.
    """

    guid: str
    link: str | None
    title: str
    text: str
    published: datetime | None
    image: str | None


def first_address(url: str, addresses: Iterable[str]) -> str | None:
    """Return the first of ``addresses`` on the page ``url`` that is a web address, as a whole."""
    absolute = (absolute_url(url, address) for address in addresses if address)
    return next((address for address in absolute if address), None)
