"""Scrapers: from a source's address to items, and nothing about what they are for."""

from scrapers.address import canonical_url
from scrapers.article import extract_article
from scrapers.client import Client, ClientOptions, Page, Validators
from scrapers.detect import detect_kind
from scrapers.errors import (
    Blocked,
    Challenged,
    FetchError,
    LayoutChanged,
    ParseError,
    ScrapeError,
)
from scrapers.feed import parse_feed
from scrapers.fetch import Run, Unseen, fetch
from scrapers.item import Item
from scrapers.options import user_agent
from scrapers.source import Kind, Selectors, Source
from scrapers.telegram import preview_address

__all__ = [
    "Blocked",
    "Challenged",
    "Client",
    "ClientOptions",
    "FetchError",
    "Item",
    "Kind",
    "LayoutChanged",
    "Page",
    "ParseError",
    "Run",
    "ScrapeError",
    "Selectors",
    "Source",
    "Unseen",
    "Validators",
    "canonical_url",
    "detect_kind",
    "extract_article",
    "fetch",
    "parse_feed",
    "preview_address",
    "user_agent",
]
