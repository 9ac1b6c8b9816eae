"""Scrapers: from a source's address to items, and nothing about what they are for."""

from scrapers.address import canonical_url
from scrapers.client import Client, ClientOptions, Page, Validators
from scrapers.errors import Blocked, FetchError, ParseError, ScrapeError
from scrapers.item import Item
from scrapers.source import Kind, Selectors, Source

__all__ = [
    "Blocked",
    "Client",
    "ClientOptions",
    "FetchError",
    "Item",
    "Kind",
    "Page",
    "ParseError",
    "ScrapeError",
    "Selectors",
    "Source",
    "Validators",
    "canonical_url",
]
