"""Listing pages: which of their links lead to articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from scrapers.address import absolute_url, canonical_url
from scrapers.article import parse_page, select
from scrapers.errors import Blocked, LayoutChanged
from scrapers.plain import line_of

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
    soup = parse_page(body, url, content_type)
    base = _base(soup, url)
    if selector is not None:
        links = list(_addresses(_anchors(select(soup, selector, url)), base))
    else:
        links = _article_links(soup, url, base)
    if not links:
        raise _nothing(soup, url, selector)
    found: dict[str, str] = {}
    for link in links:
        found.setdefault(canonical_url(link), link)
    return list(found.values())


def _base(soup: BeautifulSoup, url: str) -> str:
    element = soup.find("base", href=True)
    return (isinstance(element, Tag) and absolute_url(url, str(element["href"]))) or url


def _anchors(elements: Iterable[Tag]) -> Iterator[Tag]:
    """Return the first link in or around each element."""
    for element in elements:
        holder = element if element.name == "a" else element.find("a", href=True)
        anchor = holder or element.find_parent("a", href=True)
        if isinstance(anchor, Tag) and anchor.get("href"):
            yield anchor


def _addresses(anchors: Iterable[Tag], base: str) -> Iterator[str]:
    for anchor in anchors:
        address = absolute_url(base, str(anchor["href"]))
        if address is not None:
            yield address


def _article_links(soup: BeautifulSoup, url: str, base: str) -> list[str]:
    addresses: dict[str, str] = {}
    wording: dict[str, str] = {}
    for anchor in soup.find_all("a", href=True):
        for address in _addresses([anchor], base):
            identity = canonical_url(address)
            addresses.setdefault(identity, address)
            # A picture, a headline and a teaser may each link to the article: the longest speaks.
            wording[identity] = max(wording.get(identity, ""), line_of(anchor), key=len)
    here = canonical_url(url)
    return [
        address
        for identity, address in addresses.items()
        if identity != here
        and _is_headline(wording[identity])
        and _is_article_address(identity)
        and _site(address) == _site(url)
    ]


def _is_headline(words: str) -> bool:
    return len(words) >= _HEADLINE_LENGTH and len(words.split()) >= _HEADLINE_WORDS


def _is_article_address(address: str) -> bool:
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return bool(_ARTICLE_ADDRESS.search(path)) and not _OTHER_ADDRESS.search(path)


def _site(url: str) -> str:
    host = urlsplit(url).netloc.lower()
    return host[4:] if host.startswith("www.") else host


def _nothing(soup: BeautifulSoup, url: str, selector: str | None) -> LayoutChanged | Blocked:
    if soup.select_one('input[type="password" i]'):
        return Blocked(url, "there is no news, but a form that asks for a password")
    if selector is not None:
        return LayoutChanged(url, f"nothing on the page that links somewhere matches {selector!r}")
    return LayoutChanged(url, "no links that look like articles: give a selector for them")
