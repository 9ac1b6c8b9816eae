"""The process that reads invented sites on loopback, as newsieve reads its sources."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter, process_time

from bot.bench.heartbeat import Heartbeat
from bot.bench.invented import SELECTORS
from scrapers import Client, ClientOptions, Item, Kind, ScrapeError, Selectors, Source, fetch

# Those of the settings: what is measured is what an operator gets.
_POLITE = ClientOptions(allow_private_hosts=True)
_HASTY = ClientOptions(allow_private_hosts=True, robots=False, host_delay=0.0)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be read.

    Attributes:
        ports: of the sites.
        at_once: how many sites are read side by side.
        selectors: whether they say where the parts of a page are.
        polite: whether robots.txt and the pause between two requests are kept.
    """

    ports: Sequence[int]
    at_once: int
    selectors: bool = False
    polite: bool = False


@dataclass(frozen=True, slots=True)
class Crawled:
    """What became of it; times in seconds.

    Attributes:
        pages: how many articles were read.
        took: by the clock.
        start: of the processor, before the first request.
        blocked: the longest delay of the event loop, by the clock.
        blocked_by_us: the longest of which this process had the processor.
    """

    pages: int
    took: float
    start: float
    blocked: float
    blocked_by_us: float


def main(task: Task) -> None:
    """Read the sites and print what became of it; exit with 1 if that fails."""
    # What is wrong with a page, the error that ends this tells.
    logging.disable()
    gc.freeze()  # as `newsieve run` does
    try:
        crawled = asyncio.run(crawl(task))
    except (ScrapeError, ValueError) as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(asdict(crawled)) + "\n")


async def crawl(task: Task) -> Crawled:
    """Return what became of reading the sites to the end.

    Raises:
        ScrapeError: a site cannot be read.
        ValueError: something was read that is no article.
    """
    selectors = SELECTORS if task.selectors else Selectors()
    sources = [
        Source(str(port), f"http://127.0.0.1:{port}/", Kind.LISTING, selectors)
        for port in task.ports
    ]
    start = process_time()
    places, heartbeat = asyncio.Semaphore(task.at_once), Heartbeat()
    began = perf_counter()
    async with Client(_POLITE if task.polite else _HASTY) as client, heartbeat.listening():
        counts = await asyncio.gather(*(_read(source, client, places) for source in sources))
    took = perf_counter() - began
    return Crawled(sum(counts), took, start, heartbeat.longest, heartbeat.own)


async def _read(source: Source, client: Client, places: asyncio.Semaphore) -> int:
    """Run over a source until nothing is left over; return how many articles there were."""
    seen: set[str] = set()

    async def unseen(addresses: Sequence[str]) -> Collection[str]:
        return [address for address in addresses if address not in seen]

    async with places:
        complete = False
        while not complete:
            run = await fetch(source, client, unseen=unseen)
            for failure in run.failures:
                raise failure
            seen.update(_checked(item).url for item in run.items)
            complete = run.complete
    return len(seen)


def _checked(item: Item) -> Item:
    if not (item.title and item.text and item.published):
        raise ValueError(f"{item.url}: read without its title, text or date")
    return item
