"""How the news at an address is read best: found out, and tried.

address ─▶ page ─┬▶ a feed, a sitemap, a channel: as it is
                 └▶ links ─▶ a feed? ─▶ a news sitemap? ─▶ the best group of links ─▶ articles
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from pathlib import Path

from scrapers.address import host_of
from scrapers.apart.aside import read_aside
from scrapers.detect import detect_kind
from scrapers.discovery.proposal import SAMPLES, Proposal
from scrapers.discovery.seeker import Seeker, look_at
from scrapers.errors import ParseError
from scrapers.feeds.telegram import preview_address
from scrapers.fetch import read_page
from scrapers.item import Item
from scrapers.listings.listing import find_links
from scrapers.source import Kind, Selectors, Source
from scrapers.web.client import Client, Page

__all__ = ["SAMPLES", "Proposal", "propose", "propose_listing", "try_source"]

_LONGEST_NAME = 100
_ITSELF = {
    Kind.FEED: "the address is that of a feed",
    Kind.SITEMAP: "the address is that of a sitemap",
    Kind.TELEGRAM: "the address is that of a channel",
}


async def propose(
    client: Client,
    url: str,
    *,
    name: str | None = None,
    timezone: tzinfo | None = None,
    ca_file: Path | None = None,
) -> Proposal:
    """Return how the news at ``url`` is read best, tried on three articles.

    Args:
        client: fetches: a dozen pages, thirty at most.
        url: a front page, a section, a feed, a sitemap or a Telegram channel.
        name: what the source is to be called; None: as the site calls itself, or by its host.
        timezone: the zone of the site, if it is known.
        ca_file: certificates to trust besides the public ones.

    Raises:
        ScrapeError: there is nothing that could be read, and why.
    """
    page = await client.get(preview_address(url) or url, ca_file=ca_file)
    source = Source(name or "", page.moved_to or url, timezone=timezone, ca_file=ca_file)
    detect = partial(detect_kind, page.body, page.content_type, url=page.url)
    kind = await read_aside(detect, page.url)
    if kind is not Kind.LISTING:
        found = await try_source(client, replace(source, kind=kind), page=page)
        return _named(replace(found, found=_ITSELF[kind]), "")
    front = await look_at(page)
    seeker = Seeker(client, source, page, front)
    return _named(
        await seeker.feed() or await seeker.sitemap() or await seeker.listing(), front.site
    )


async def propose_listing(client: Client, source: Source) -> Proposal:
    """Return how the listing of ``source`` could be read, now that it cannot as it is declared.

    Raises:
        ScrapeError: it cannot be read at all, and why.
    """
    page = await client.get(source.url, ca_file=source.ca_file)
    anew = replace(source, selectors=Selectors(image=source.selectors.image))
    return await Seeker(client, anew, page, await look_at(page)).listing()


async def try_source(client: Client, source: Source, *, page: Page | None = None) -> Proposal:
    """Return what ``source`` shows as it is declared, its first articles read.

    Args:
        client: fetches.
        source: as it is declared.
        page: the answer of its address, if that is there already.

    Raises:
        ScrapeError: it cannot be read.
    """
    shown: list[str] = []

    async def first(addresses: Sequence[str]) -> Collection[str]:
        shown.extend(addresses)
        return addresses[:SAMPLES]

    if page is None:
        url = preview_address(source.url) or source.url
        page = await client.get(url, ca_file=source.ca_file)
    run = await read_page(source, client, page, unseen=first)
    if not run.items:
        raise run.failures[0] if run.failures else ParseError(page.url, "there is nothing in it")
    links: Sequence[str] = [item.url for item in run.items]
    if run.kind is Kind.SITEMAP:
        links = shown
    elif run.kind is Kind.LISTING:
        selector = source.selectors.link
        links = await read_aside(
            partial(find_links, page.body, page.url, page.content_type, selector=selector), page.url
        )
    read = replace(source, kind=run.kind)
    return Proposal(read, _first_items(run.items), tuple(links), "as declared", run.failures)


def _first_items(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(items[:SAMPLES])


def _named(proposal: Proposal, site: str) -> Proposal:
    """Return ``proposal`` with a name: as told, or as the site calls itself, or by its host."""
    source = proposal.source
    name = source.name or site[:_LONGEST_NAME].strip() or _name_of(source)
    samples = tuple(replace(item, source=name) for item in proposal.samples)
    return replace(proposal, source=replace(source, name=name), samples=samples)


def _name_of(source: Source) -> str:
    if source.kind is Kind.TELEGRAM:
        return "@" + (preview_address(source.url) or source.url).rpartition("/")[2]
    return host_of(source.url).removeprefix("www.")
