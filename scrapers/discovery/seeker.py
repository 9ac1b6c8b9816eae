"""The search for the best way to read a page of links: its feed, its news sitemap, its links."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from urllib.parse import urljoin

from scrapers.address import canonical_url
from scrapers.apart.aside import read_aside
from scrapers.detect import detect_kind
from scrapers.discovery.front import Front, Pick, Told, read_front
from scrapers.discovery.parts import Sample, read_samples
from scrapers.discovery.proposal import SAMPLES, Proposal
from scrapers.discovery.syndication import (
    covers,
    feed_addresses,
    is_fresh,
    is_front,
    is_named_for_news,
    shortcoming,
    sitemap_addresses,
)
from scrapers.errors import Blocked, Challenged, FetchError, LayoutChanged, ParseError, ScrapeError
from scrapers.feeds.sitemap import Entry
from scrapers.fetch import read_page
from scrapers.kinds.youngest import Youngest, read_youngest
from scrapers.source import Kind, Source
from scrapers.text.encoding import is_binary
from scrapers.web.challenge import find_challenge
from scrapers.web.client import Client, Page

_MOST_PICKS = 2
_PAGES = 100
_FILES = 2
# Fewer words than these may be a check of the visitor.
_FEW_WORDS = 60


async def look_at(page: Page) -> Front:
    """Return what a page of links tells.

    Raises:
        Challenged: it is a check of the visitor.
        Blocked: there are no articles, but a form that asks for a password.
        ParseError: it is an article itself, or no page at all.
    """
    front = await read_aside(partial(read_front, page.body, page.url, page.content_type), page.url)
    if front.is_article:
        root = urljoin(page.url, "/")
        reason = f"this is an article; give the page that lists the news, like {root}"
        raise ParseError(page.url, reason)
    if not front.all_links:
        if challenge := find_challenge(page.body, page.url):
            raise Challenged(page.url, challenge)
        if front.asks_for_password:
            raise Blocked(page.url, "there is no news, but a form that asks for a password")
    return front


class Seeker:
    """Looks for the best way to read the news of a page.

    Args:
        client: fetches.
        source: what is known of the source, its address above all.
        page: the answer of that.
        front: what the page tells.
    """

    def __init__(self, client: Client, source: Source, page: Page, front: Front) -> None:
        self._client = client
        self._source = source
        self._page = page
        self._front = front
        self._shown = frozenset(canonical_url(link.url) for link in front.all_links)
        self._whole = is_front(page.url) or not front.all_links
        self._now = datetime.now(timezone.utc)
        self._passed_over: list[str] = []

    async def feed(self) -> Proposal | None:
        """Return how to read the feed of the page, None if there is none worth it."""
        addresses = feed_addresses(self._page.url, self._front.feeds)
        return await self._first_of("feed", addresses, self._feed_at)

    async def sitemap(self) -> Proposal | None:
        """Return how to read the news sitemap of the site, None if there is none."""
        robots = await self._answer(urljoin(self._page.url, "/robots.txt"))
        addresses = sitemap_addresses(self._page.url, robots.body if robots else b"")
        return await self._first_of("sitemap", addresses, self._sitemap_at)

    async def listing(self) -> Proposal:
        """Return how to read the links of the page.

        Raises:
            LayoutChanged: none of them look like articles.
            ScrapeError: the articles cannot be read.
        """
        picks = self._front.picks or (Pick(self._front.all_links, None),)
        if not self._front.all_links:
            scripted = ": they are put there by scripts" if self._front.is_scripted else ""
            raise LayoutChanged(self._page.url, f"no links that look like articles{scripted}")
        readable: list[Proposal] = []
        failures: list[ScrapeError] = []
        for pick in picks[:_MOST_PICKS]:
            try:
                proposal, is_sound = await self._pick(pick)
            except ScrapeError as error:
                failures.append(error)
                if _must_stop(error):
                    break
                continue
            if is_sound:
                return proposal
            readable.append(proposal)
        if not readable:
            raise failures[0]
        return readable[0]

    async def _first_of(
        self,
        what: str,
        addresses: Sequence[str],
        look: Callable[[str], Awaitable[Proposal | None]],
    ) -> Proposal | None:
        """Return the first that ``look`` finds, and remember why the others were not taken."""
        reasons: list[str] = []
        for address in addresses:
            try:
                if proposal := await look(address):
                    return proposal
            except ParseError as error:
                reasons.append(f"not the {what} {error}")
            except ScrapeError as error:
                if _must_stop(error):
                    reasons = [f"no {what}, for {error}"]
                    break
        self._passed_over.append(reasons[0] if reasons else f"there is no {what} of its news")
        return None

    def _why(self, reason: str) -> str:
        return "; ".join((reason, *self._passed_over))

    async def _answer(self, address: str) -> Page | None:
        """Return the answer of ``address``, None if it has none."""
        try:
            return await self._client.get(address, ca_file=self._source.ca_file)
        except ScrapeError:
            return None

    async def _feed_at(self, address: str) -> Proposal | None:
        page = await self._client.get(address, ca_file=self._source.ca_file)
        if await self._kind_of(page) is not Kind.FEED:
            return None
        source = replace(self._source, url=page.moved_to or address, kind=Kind.FEED)
        run = await read_page(source, self._client, page, unseen=_none)
        if reason := shortcoming(run.items, self._shown, whole=self._whole, now=self._now):
            raise ParseError(address, reason)
        links = tuple(item.url for item in run.items)
        named = "the page names" if address in self._front.feeds else "the site has"
        why = f"a feed that {named}: better than sitemap and links, for it brings the texts"
        return Proposal(source, run.items[:SAMPLES], links, why, run.failures)

    async def _sitemap_at(self, address: str) -> Proposal | None:
        page = await self._client.get(address, ca_file=self._source.ca_file)
        if await self._kind_of(page) is not Kind.SITEMAP:
            return None
        found = await self._news_in(page)
        addresses = [entry.url for entry in found]
        if not found:
            raise ParseError(address, "it names no news")
        if not is_fresh((entry.moment for entry in found), self._now):
            raise ParseError(address, "it names nothing of late")
        if not self._whole and not covers(addresses, self._shown):
            raise ParseError(address, "it is not of this section")
        source = replace(self._source, url=page.moved_to or address, kind=Kind.SITEMAP)
        run = await read_page(source, self._client, page, unseen=_first)
        if not run.items:
            raise ParseError(address, "none of its articles can be read")
        why = self._why("a sitemap of the site: better than links, for it names all that is new")
        return Proposal(source, run.items, tuple(addresses), why, run.failures)

    async def _news_in(self, page: Page) -> list[Entry]:
        """Return what a sitemap, or the first files of an index, declare as news.

        Where the page itself shows no articles, what is not declared counts as well.
        """
        found = await self._youngest(page)
        entries = list(found.pages)
        for file in found.files:
            if is_named_for_news(file.url) or not self._shown:
                answer = await self._client.get(file.url, ca_file=self._source.ca_file)
                entries += (await self._youngest(answer)).pages
        news = [entry for entry in entries if entry.news]
        return news if news or self._shown else entries

    async def _kind_of(self, page: Page) -> Kind:
        detect = partial(detect_kind, page.body, page.content_type, url=page.url)
        return await read_aside(detect, page.url)

    async def _youngest(self, page: Page) -> Youngest:
        read = partial(
            read_youngest, page.body, page.url, page.content_type, pages=_PAGES, files=_FILES
        )
        return await read_aside(read, page.url)

    async def _pick(self, pick: Pick) -> tuple[Proposal, bool]:
        """Return how the links of ``pick`` are read, and whether what comes out is sound.

        Raises:
            ScrapeError: none of its articles can be read.
        """
        samples, failures = await self._samples(pick.links[:SAMPLES])
        told = [link for link in pick.links if link.url in {sample.url for sample in samples}]
        reading = await read_aside(
            partial(read_samples, samples, self._source.timezone), self._page.url
        )
        for sample, item in zip(samples, reading.items, strict=True):
            challenge = find_challenge(sample.body, sample.url)
            if challenge and len(item.text.split()) < _FEW_WORDS:
                raise Challenged(sample.url, challenge)
        selectors = replace(
            reading.selectors, link=pick.selector, image=self._source.selectors.image
        )
        links = pick.links if pick.selector else self._front.all_links
        proposal = Proposal(
            source=replace(self._source, kind=Kind.LISTING, selectors=selectors),
            samples=tuple(
                replace(item, title=item.title or link.wording)
                for item, link in zip(reading.items, told, strict=True)
            ),
            links=tuple(link.url for link in links),
            found=self._why("links on the page"),
            failures=tuple(failures),
        )
        return proposal, reading.is_sound

    async def _samples(self, links: Sequence[Told]) -> tuple[list[Sample], list[ScrapeError]]:
        samples: list[Sample] = []
        failures: list[ScrapeError] = []
        for link in links:
            try:
                page = await self._client.get(link.url, ca_file=self._source.ca_file)
                if is_binary(page.body) or not page.body.strip():
                    raise ParseError(link.url, "this is no page")
            except ScrapeError as error:
                failures.append(error)
                if _must_stop(error):
                    break
                continue
            samples.append(Sample(page.body, link.url, page.content_type, link.wording))
        if not samples:
            raise failures[0]
        return samples, failures


async def _none(_addresses: Sequence[str]) -> Sequence[str]:
    return ()


async def _first(addresses: Sequence[str]) -> Sequence[str]:
    return addresses[:SAMPLES]


def _must_stop(error: ScrapeError) -> bool:
    """Say whether the site wants no more of us for now."""
    return isinstance(error, Challenged) or (
        isinstance(error, FetchError) and error.status in (429, 503)
    )
