"""Listing pages: which of their links lead to articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from lxml import etree

from scrapers.address import absolute_url, canonical_url
from scrapers.errors import Blocked, LayoutChanged
from scrapers.listings.groups import article_links
from scrapers.listings.survey import target_of
from scrapers.listings.variants import plainest
from scrapers.text.document import Document, parse_page
from scrapers.text.selection import select


def find_links(
    body: bytes, url: str, content_type: str | None = None, *, selector: str | None = None
) -> list[str]:
    """Return the absolute addresses of the articles a listing page links to, in its order.

    Each comes once, the addresses of one article counting as the same.

    Args:
        body: the page's bytes, in any encoding.
        url: its address.
        content_type: the HTTP header, a hint only.
        selector: CSS, picks the links or elements that hold one; without it, they are found
            by where links stand, what they say, and what their addresses look like.

    Raises:
        Blocked: there is none, but a form that asks for a password.
        LayoutChanged: it has no such links.
        ParseError: this is no page.
    """
    page = parse_page(body, url, content_type)
    links = article_links(page) if selector is None else picked_links(page, selector)
    if not links:
        raise _nothing(page, selector)
    return links


def picked_links(page: Document, selector: str) -> list[str]:
    """Return the absolute addresses a selector picks, in the order of the page, each article once.

    Raises:
        ParseError: it is no CSS selector.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for link in _addresses(_anchors(select(page.root, selector, page.url)), page.base):
        found[canonical_url(link)].append(link)
    return list(map(plainest, found.values()))


def asks_for_password(page: Document) -> bool:
    """Say whether a page has a form that asks for a password."""
    return any((field.get("type") or "").lower() == "password" for field in page.root.iter("input"))


def _anchors(elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Return the first link in or around each element."""
    for element in elements:
        inside = (element,) if target_of(element) else element.iter(etree.Element)
        holders = (*inside, *element.iterancestors("a"))
        anchor = next((holder for holder in holders if target_of(holder)), None)
        if anchor is not None:
            yield anchor


def _addresses(anchors: Iterable[etree._Element], base: str) -> Iterator[str]:
    for anchor in anchors:
        address = absolute_url(base, target_of(anchor) or "")
        if address is not None:
            yield address


def _nothing(page: Document, selector: str | None) -> LayoutChanged | Blocked:
    url = page.url
    if asks_for_password(page):
        return Blocked(url, "there is no news, but a form that asks for a password")
    if selector is not None:
        return LayoutChanged(url, f"nothing on the page that links somewhere matches {selector!r}")
    return LayoutChanged(url, "no links that look like articles: give a selector for them")
