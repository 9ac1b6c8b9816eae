"""One visit to a source: what the reader of its kind is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from scrapers.item import Item
from scrapers.run import Run, Unseen
from scrapers.source import Source
from scrapers.web.client import Client, Page, Validators


@dataclass(frozen=True, slots=True)
class Visit:
    """A source that has answered, and the means to ask on.

    Attributes:
        source: what is read.
        page: the answer of its address.
        client: fetches more of it.
        unseen: tells which articles are worth fetching.
        known: the validators of the last run.
    """

    source: Source
    page: Page
    client: Client
    unseen: Unseen
    known: Validators

    async def get(self, url: str) -> Page:
        """Return the answer of another address of the source.

        Raises:
            FetchError: there is none.
        """
        return await self.client.get(url, ca_file=self.source.ca_file)

    def named(self, item: Item) -> Item:
        """Return ``item`` as one of this source: by its name, a picture only if wanted."""
        image = item.image if self.source.images else None
        return replace(item, source=self.source.name, image=image)


Reader = Callable[[Visit], Awaitable[Run]]
"""Reads a source of one kind; raises a ScrapeError if the source itself gives nothing."""
