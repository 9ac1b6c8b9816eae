"""Scrapers: from a source's address to items, and nothing about what they are for."""

from scrapers.address import canonical_url
from scrapers.articles.article import extract_article
from scrapers.detect import detect_kind
from scrapers.errors import (
    Blocked,
    Challenged,
    FetchError,
    LayoutChanged,
    ParseError,
    ScrapeError,
)
from scrapers.feeds.feed import parse_feed
from scrapers.feeds.telegram import preview_address
from scrapers.fetch import Run, Unseen, fetch
from scrapers.item import Item, names_day_alone
from scrapers.source import Kind, Selectors, Source
from scrapers.web.client import Client, ClientOptions, Page, Validators
from scrapers.web.options import user_agent

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
    "names_day_alone",
    "parse_feed",
    "preview_address",
    "user_agent",
]
