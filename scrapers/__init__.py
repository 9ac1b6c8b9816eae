"""Scrapers: from a source's address to items, and nothing about what they are for."""

from scrapers.errors import Blocked, FetchError, ParseError, ScrapeError
from scrapers.item import Item
from scrapers.source import Kind, Selectors, Source

__all__ = [
    "Blocked",
    "FetchError",
    "Item",
    "Kind",
    "ParseError",
    "ScrapeError",
    "Selectors",
    "Source",
]
