"""The scrapers: pages beside trafilatura, and many sites at once with what they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from statistics import mean

from bot.app import AT_ONCE
from bot.bench.crawl import Task
from bot.bench.figures import Amount, Figure, Ratio
from bot.bench.memory import KNOWN
from bot.bench.newsstand import LATENCY
from bot.bench.rivals import installed
from bot.bench.timing import seconds
from bot.bench.watched import Watched, newsstand, watched
from scrapers import ClientOptions, extract_article

_ROUNDS = 3
_URL = "https://gorod.example/news/2024/1"
_POLITE_ARTICLES = 4
# A server whose sites stand one behind the other measures the pause without the network.
_PRECISION = 0.01


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is read: so many sites, and so many articles on all of them together."""

    sites: int
    articles: int

    @property
    def each(self) -> int:
        """Articles of one site."""
        return ceil(self.articles / self.sites)


def measure(pages: Sequence[bytes], extent: Extent) -> Iterator[Figure]:
    """Yield the figures one by one.

    Args:
        pages: to read with no network.
        extent: of what is read over it.

    Raises:
        BotError: if a process fails.
    """
    yield from measure_pages(pages)
    yield from measure_sites(extent)
    yield from measure_politeness(extent.sites)


def measure_pages(pages: Sequence[bytes]) -> Iterator[Figure]:
    """Yield pages from bytes to items beside trafilatura alone, and the slowest of them."""
    ours = _times(lambda page: extract_article(page, _URL), pages)
    subject = f"page to item, {len(pages)} pages"
    if installed("trafilatura"):
        import trafilatura  # noqa: PLC0415

        theirs = _times(lambda page: trafilatura.extract(page, include_comments=False), pages)
        yield Ratio(subject, "trafilatura, text alone", mean(ours), mean(theirs), least=1)
    yield Amount(f"{subject}: the slowest", max(ours) * 1e3, "ms", most=300)


def measure_sites(extent: Extent) -> Iterator[Figure]:
    """Yield how fast sites are read that may be read at any speed, and what that takes."""
    with newsstand(extent.sites, extent.each) as stand:
        for name, selectors, least in (("found", False, 50), ("by selectors", True, 120)):
            told = watched(Task(stand.ports, AT_ONCE, selectors=selectors))
            subject = f"{told.crawled.pages} articles of {extent.sites} sites, {name}"
            rate = told.crawled.pages / told.busy
            yield Amount(subject, rate, "pages/s per core", least=least)
            yield Amount(subject, told.crawled.pages / told.crawled.took, "pages/s in all")
            yield from _burden(subject, told)


def measure_politeness(sites: int) -> Iterator[Figure]:
    """Yield how long polite reading takes beside what the pauses alone take, and these."""
    count = min(sites, 2 * AT_ONCE)
    with newsstand(count, _POLITE_ARTICLES) as stand:
        told = watched(Task(stand.ports, AT_ONCE, polite=True))
    took, needed = told.crawled.took, _needed(count)
    subject = f"polite, {_POLITE_ARTICLES} articles of each of {count} sites"
    yield Ratio(subject, "the pauses alone", took / count, needed / count, least=0.9)
    least = ClientOptions().host_delay - _PRECISION
    yield Amount(f"{subject}: shortest pause", stand.pause, "s", least=least)


def _needed(sites: int) -> float:
    """Return the seconds that politeness demands, with robots.txt and the front page."""
    requests = _POLITE_ARTICLES + 2
    each = requests * LATENCY + (requests - 1) * ClientOptions().host_delay
    return ceil(sites / AT_ONCE) * each


def _burden(subject: str, told: Watched) -> Iterator[Amount]:
    if KNOWN:
        yield Amount(f"{subject}: memory of all processes", told.peak, "MB", most=300)
        yield Amount(f"{subject}: growth over the second half", told.growth, "MB", most=30)
    blocked, by_us = told.crawled.blocked * 1e3, told.crawled.blocked_by_us * 1e3
    # The first is the honest one where nothing else runs, the second everywhere.
    yield Amount(f"{subject}: event loop kept waiting at most", blocked, "ms", most=100)
    yield Amount(f"{subject}: … while newsieve had a processor", by_us, "ms", most=100)


def _times(way: Callable[[bytes], object], pages: Sequence[bytes]) -> list[float]:
    """Return the fewest seconds that each page takes; once each goes before it counts."""
    for page in pages:
        way(page)
    return [min(seconds(partial(way, page)) for _ in range(_ROUNDS)) for page in pages]
