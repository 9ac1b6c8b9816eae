"""What a page tells whoever wants its news: the feeds it names, and the groups of its links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapers.articles.article import extract_article
from scrapers.articles.metadata import Metadata
from scrapers.discovery.pinpoint import selector_for
from scrapers.listings.groups import Group, chosen_identities, rank_groups
from scrapers.listings.links import Link, links_of
from scrapers.listings.listing import asks_for_password
from scrapers.listings.shape import is_article_address
from scrapers.listings.survey import target_of
from scrapers.text.document import Document, parse_page
from scrapers.text.selection import select

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_FEED_ADDRESS = re.compile(
    r"/(?:rss|feed|atom)(?:[/._?-]|$)|\.(?:rss|atom)$|rss\.xml", re.IGNORECASE
)
_NOT_NEWS = re.compile(r"comment|kommentar|turbo|zen|podcast|forum", re.IGNORECASE)
_MOST_FEEDS = 8
_MOST_PICKS = 3
# A page with so many words of running text, at an address like an article's, is one; with fewer,
# if it lists no articles besides.
_ARTICLE_WORDS = 60
_SHORT_ARTICLE_WORDS = 25
_FEW_LINKS = 2


@dataclass(frozen=True, slots=True)
class Told:
    """A link to an article: its address, and its wording as far as that is a headline."""

    url: str
    wording: str


@dataclass(frozen=True, slots=True)
class Pick:
    """Articles that a page lists.

    Attributes:
        links: the articles, in the order of the page.
        selector: CSS that picks them and no others; None: no such selector would last.
    """

    links: tuple[Told, ...]
    selector: str | None


@dataclass(frozen=True, slots=True)
class Front:
    """What a page tells.

    Attributes:
        site: the name it gives for its site, or nothing.
        feeds: the addresses of feeds it names, the most likely first.
        picks: the groups of its links that are news, the most news-like first.
        all_links: all articles that are found on it without a selector.
        is_article: whether it is an article itself.
        asks_for_password: whether it has a form that does.
        is_scripted: whether it has scripts, but hardly a link.
    """

    site: str
    feeds: tuple[str, ...]
    picks: tuple[Pick, ...]
    all_links: tuple[Told, ...]
    is_article: bool
    asks_for_password: bool
    is_scripted: bool


def read_front(body: bytes, url: str, content_type: str | None = None) -> Front:
    """Return what a page tells whoever wants its news.

    Args:
        body: the page's bytes, in any encoding.
        url: its address.
        content_type: the HTTP header, a hint only.

    Raises:
        ParseError: this is no page.
    """
    page = parse_page(body, url, content_type)
    metadata = Metadata(page.root)
    links = links_of(page)
    groups = rank_groups(links, page)
    chosen = chosen_identities(links, groups, page)
    news = [group for group in groups if chosen.issuperset(group.identities)][:_MOST_PICKS]
    return Front(
        site=" ".join(metadata.site().split()),
        feeds=tuple(_feeds(page)),
        picks=tuple(_pick(group, links, page) for group in news),
        all_links=_told([link for link in links if link.identity in chosen]),
        is_article=_may_be_article(page, metadata)
        and _words_of(body, page, content_type) >= _least_words(len(chosen)),
        asks_for_password=asks_for_password(page),
        is_scripted=not links and next(page.root.iter("script"), None) is not None,
    )


def _pick(group: Group, links: Sequence[Link], page: Document) -> Pick:
    identities = {link.element: link.identity for link in links}
    wanted = set(group.identities)

    def picks(selector: str) -> bool:
        found: set[str] = set()
        for element in select(page.root, selector, page.url):
            if element in identities:
                found.add(identities[element])
            elif (target := target_of(element)) and page.absolute(target):
                # It leads back here.
                return False
        return found == wanted

    return Pick(_told(group.links), selector_for([link.element for link in group.links], picks))


def _told(links: Sequence[Link]) -> tuple[Told, ...]:
    told: dict[str, Told] = {}
    for link in links:
        wording = link.wording if link.is_headline else ""
        known = told.get(link.identity)
        if known is None or not known.wording:
            told[link.identity] = Told(known.url if known else link.address, wording)
    return tuple(told.values())


def _feeds(page: Document) -> list[str]:
    """Return the feeds a page names: those of this section before those of the whole site."""
    found = dict.fromkeys(
        address for address in _named_feeds(page) if not _NOT_NEWS.search(address)
    )
    here = urlsplit(page.url).path.rstrip("/")
    return sorted(found, key=lambda feed: not urlsplit(feed).path.startswith(f"{here}/"))[
        :_MOST_FEEDS
    ]


def _named_feeds(page: Document) -> Iterator[str]:
    for element in page.root.iter("link"):
        if (element.get("type") or "").strip().lower() in _FEED_TYPES:
            yield from filter(None, [page.absolute(element.get("href") or "")])
    for element in page.root.iter("a"):
        address = page.absolute(element.get("href") or "")
        if address and _FEED_ADDRESS.search(urlsplit(address).path):
            yield address


def _may_be_article(page: Document, metadata: Metadata) -> bool:
    path = urlsplit(page.url).path.strip("/")
    return bool(path) and (metadata.is_article() or is_article_address(page.url))


def _words_of(body: bytes, page: Document, content_type: str | None) -> int:
    return len(extract_article(body, page.url, content_type).text.split())


def _least_words(listed: int) -> int:
    return _SHORT_ARTICLE_WORDS if listed <= _FEW_LINKS else _ARTICLE_WORDS
