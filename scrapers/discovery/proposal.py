"""How a source could be read, as far as that was found out."""

from __future__ import annotations

from dataclasses import dataclass

from scrapers.errors import ScrapeError
from scrapers.item import Item
from scrapers.source import Source

SAMPLES = 3
"""So many articles are read to see how it goes."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a source could be read.

    Attributes:
        source: its declaration.
        samples: the first articles that would be read, up to three.
        links: the addresses of all that it shows now.
        found: in one line, what was chosen, and why.
        failures: what could not be read.
    """

    source: Source
    samples: tuple[Item, ...]
    links: tuple[str, ...]
    found: str
    failures: tuple[ScrapeError, ...] = ()
