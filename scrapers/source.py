"""A configured place to fetch from, as a declaration."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import tzinfo
from enum import Enum
from pathlib import Path


class Kind(str, Enum):
    """How a source is read."""

    FEED = "feed"
    LISTING = "listing"
    SITEMAP = "sitemap"
    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of a listing; None means automatic extraction.

    ``link`` is looked up on the listing page, the others on the article's page.
    """

    link: str | None = None
    title: str | None = None
    text: str | None = None
    published: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where to fetch from and how to read it.

    Attributes:
        name: what the source is called in the ledger and in posts.
        url: address of the feed, the listing page, the sitemap or the Telegram channel.
        kind: None means: detected from the first answer.
        timezone: the zone of dates that name none; None means UTC.
        ca_file: extra certificates to trust for this source.
        images: whether pictures are wanted.
    """

    name: str
    url: str
    kind: Kind | None = None
    selectors: Selectors = field(default_factory=Selectors)
    timezone: tzinfo | None = None
    ca_file: Path | None = None
    images: bool = False
