"""Listing pages: which of their links lead to articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from lxml import etree

from scrapers.address import absolute_url, canonical_url
from scrapers.document import Document, parse_page
from scrapers.errors import Blocked, LayoutChanged
from scrapers.plain import line_of
from scrapers.selection import select

# Addresses of articles carry a number, a date, several words, or the ending of a page.
_ARTICLE_ADDRESS = re.compile(r"\d{3,}|[?&](?:id|p|news|nid)=\d+|(?:[^/-]+-){2,}|\.s?html?$", re.I)
_OTHER_ADDRESS = re.compile(
    r"/(?:tags?|rubrics?|categor(?:y|ies)|sections?|authors?|users?|pages?|search|login|register"
    r"|topics?|contacts?|about|reklama|adv|redir(?:ect)?|rss|feed|forum|comments?|print)(?:[/?.]|$)"
    r"|\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|zip|rar|mp[34]|xml)$",
    re.IGNORECASE,
)
# Headlines are sentences; menus are words.
_HEADLINE_WORDS = 3
_HEADLINE_LENGTH = 15


def find_links(
    body: bytes, url: str, content_type: str | None = None, *, selector: str | None = None
) -> list[str]:
    """Return the absolute addresses of the articles a listing page links to, in its order.

    Each comes once, the addresses of one article counting as the same.

    Args:
        body: the page's bytes, in any encoding.
        url: its address.
        content_type: the HTTP header, a hint only.
        selector: CSS, picks the links or elements that hold one; without it, they are the
            links within the site whose wording is a headline and whose address an article's.

    Raises:
        Blocked: there is none, but a form that asks for a password.
        LayoutChanged: it has no such links.
        ParseError: this is no page.
    """
    page = parse_page(body, url, content_type)
    if selector is not None:
        links = list(_addresses(_anchors(select(page.root, selector, url)), page.base))
    else:
        links = _article_links(page)
    if not links:
        raise _nothing(page, selector)
    found: dict[str, str] = {}
    for link in links:
        found.setdefault(canonical_url(link), link)
    return list(found.values())


def _anchors(elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Return the first link in or around each element."""
    for element in elements:
        inside = (element,) if element.tag == "a" else element.iter("a")
        holders = (*inside, *element.iterancestors("a"))
        anchor = next((holder for holder in holders if holder.get("href")), None)
        if anchor is not None:
            yield anchor


def _addresses(anchors: Iterable[etree._Element], base: str) -> Iterator[str]:
    for anchor in anchors:
        address = absolute_url(base, anchor.get("href", ""))
        if address is not None:
            yield address


def _article_links(page: Document) -> list[str]:
    addresses: dict[str, str] = {}
    wording: dict[str, str] = {}
    for anchor in page.root.iterfind(".//a[@href]"):
        for address in _addresses([anchor], page.base):
            identity = canonical_url(address)
            addresses.setdefault(identity, address)
            # A picture, a headline and a teaser may each link to the article: the longest speaks.
            wording[identity] = max(wording.get(identity, ""), line_of(anchor), key=len)
    here = canonical_url(page.url)
    return [
        address
        for identity, address in addresses.items()
        if identity != here
        and _is_headline(wording[identity])
        and is_article_address(identity)
        and _site(address) == _site(page.url)
    ]


def _is_headline(words: str) -> bool:
    return len(words) >= _HEADLINE_LENGTH and len(words.split()) >= _HEADLINE_WORDS


def is_article_address(address: str) -> bool:
    """Say whether ``address`` looks like that of an article: by a number, a date, many words."""
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return bool(_ARTICLE_ADDRESS.search(path)) and not _OTHER_ADDRESS.search(path)


def _site(url: str) -> str:
    host = urlsplit(url).netloc.lower()
    return host[4:] if host.startswith("www.") else host


def _nothing(page: Document, selector: str | None) -> LayoutChanged | Blocked:
    url = page.url
    if any((field.get("type") or "").lower() == "password" for field in page.root.iter("input")):
        return Blocked(url, "there is no news, but a form that asks for a password")
    if selector is not None:
        return LayoutChanged(url, f"nothing on the page that links somewhere matches {selector!r}")
    return LayoutChanged(url, "no links that look like articles: give a selector for them")
