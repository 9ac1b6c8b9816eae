"""What one pass over a source gives, and what it needs to know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from scrapers.errors import ScrapeError
from scrapers.item import Item
from scrapers.source import Kind
from scrapers.web.client import Validators

Unseen = Callable[[Sequence[str]], Awaitable[Collection[str]]]
"""Canonical addresses in, those not yet in the store out."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one pass over a source gave.

    Attributes:
        source: its name.
        items: what was found, the order of the source kept.
        validators: for the next conditional request.
        unchanged: the source says that nothing changed since the last one.
        failures: what could not be fetched or read beside the items.
        dead: canonical addresses of the pages among them that will not soon give more.
        complete: whether all that the source shows now is in; False while links of a listing
            are left over, or failed in a way that may pass.
        shown: how many articles the source showed, new or not: entries of a feed, links of a
            listing or a sitemap, posts of a channel; 0 if unchanged.
        kind: how it was read; None if unchanged and not declared.
        moved_to: the address that permanent redirects alone led to, or None.
    """

    source: str
    items: tuple[Item, ...]
    validators: Validators
    unchanged: bool = False
    failures: tuple[ScrapeError, ...] = ()
    dead: tuple[str, ...] = ()
    complete: bool = True
    shown: int = 0
    kind: Kind | None = None
    moved_to: str | None = None
