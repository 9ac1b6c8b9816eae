"""Finding out how sources are read, while newsieve runs, and changing the list of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bot.addresses import first_answer
from bot.proposing import free_name, taken
from bot.render import one_line
from bot.slices import source_of
from bot.sourcebook import Added, Sourcebook
from config import Settings, SourceSettings
from scrapers import Client
from scrapers.address import host_of
from scrapers.discovery.discover import Proposal, propose, try_source

LONGEST = 150.0
"""Seconds that a look may take: thirty pages at most, one every two seconds from one host."""

LONGEST_NAME = 100


class Scout:
    """Looks at sites for the operators, by the client of this process, and keeps its manners."""

    def __init__(
        self, settings: Callable[[], Settings], client: Client, book: Sourcebook | None
    ) -> None:
        """Make it.

        Args:
            settings: returns those in force.
            client: fetches.
            book: the settings files; None: nobody said where they are.
        """
        self._settings = settings
        self._client = client
        self._book = book or Sourcebook(None)

    @property
    def sources(self) -> Sequence[SourceSettings]:
        """The sources of the settings in force."""
        return self._settings().source

    def known(self, addresses: Sequence[str]) -> SourceSettings | None:
        """Return the source that has one of these addresses, if any has."""
        found = (taken(self.sources, address) for address in addresses)
        return next((said for said in found if said is not None), None)

    def check_writable(self) -> None:
        """Raises ConfigError: the list of sources cannot be changed from here."""
        self._book.writable()

    async def find(self, addresses: Sequence[str]) -> Proposal:
        """Return how the news at the first of these addresses that answers is read best.

        Its name is none that another source has.

        Raises:
            ScrapeError: there is nothing that could be read, and why.
            asyncio.TimeoutError: nothing was found in time.
        """
        ask = partial(propose, self._client)
        proposal = await asyncio.wait_for(first_answer(addresses, ask), LONGEST)
        source = proposal.source
        # A site may call itself anything.
        name = one_line(source.name, LONGEST_NAME) or host_of(source.url)
        called = free_name(self.sources, name)
        return replace(proposal, source=replace(source, name=called))

    async def try_out(self, said: SourceSettings) -> Proposal:
        """Return what a source shows as it is declared, its first articles read.

        Raises:
            ScrapeError: it cannot be read, and why.
            asyncio.TimeoutError: it was not read in time.
        """
        return await asyncio.wait_for(try_source(self._client, source_of(said)), LONGEST)

    async def add(self, values: Mapping[str, Any]) -> Added:
        """Write a source down; see ``Sourcebook.add``.

        Raises:
            ConfigError: it cannot be written, or the files have a mistake.
        """
        return await asyncio.to_thread(self._book.add, values)

    async def remove(self, name: str) -> Path:
        """Take a source out of the file that it is in; return the path of that.

        Raises:
            ConfigError: it cannot be taken out.
        """
        return await asyncio.to_thread(self._book.remove, name)
