"""What a page says about itself for machines: JSON-LD, Open Graph, microdata."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

_TITLES = ("og:title", "twitter:title")
_DATES = (
    *("article:published_time", "og:article:published_time", "og:published_time"),
    *("datepublished", "date", "pubdate", "dc.date", "dc.date.issued", "mediator_published_time"),
)
_IMAGES = ("og:image", "og:image:url", "twitter:image", "twitter:image:src")


class Metadata:
    """Reads the machine-readable part of a page; each answer lists candidates, the best first."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self._soup = soup
        self._meta = _meta(soup)
        self._linked = [node for node in _linked_data(soup) if _is_article(node)]

    def titles(self) -> list[str]:
        """Return the headlines it gives."""
        linked = [_text(node.get("headline")) for node in self._linked]
        return _told(self._named(_TITLES) + linked)

    def dates(self) -> list[str]:
        """Return the dates of publication it gives, as written."""
        linked = [_text(node.get("datePublished")) for node in self._linked]
        return _told(linked + self._named(_DATES[:3]) + self._properties() + self._named(_DATES))

    def images(self) -> list[str]:
        """Return the addresses of pictures it gives, as written."""
        return _told(self._named(_IMAGES))

    def is_article(self) -> bool:
        """Say whether the page calls itself an article."""
        return bool(self._linked) or "article" in map(str.lower, self._named(("og:type",)))

    def _named(self, names: tuple[str, ...]) -> list[str]:
        return [value for name in names for value in self._meta.get(name, ())]

    def _properties(self) -> list[str]:
        """Return what elements marked as date of publication hold."""
        marked = self._soup.select('[itemprop="datePublished"]', limit=3)
        return [stated_moment(element) for element in marked]


def stated_moment(element: Tag) -> str:
    """Return the moment that ``element`` states: for machines if it does, else for readers."""
    stated = element.get("datetime") or element.get("content") or element.get("title")
    return str(stated or element.get_text(" ", strip=True))


def _told(values: list[str]) -> list[str]:
    return [value.strip() for value in values if value.strip()]


def _meta(soup: BeautifulSoup) -> dict[str, list[str]]:
    """Return the contents of the <meta> elements by their lower-cased name."""
    found: dict[str, list[str]] = {}
    for element in soup.find_all("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        found.setdefault(str(name).strip().lower(), []).append(str(element.get("content") or ""))
    return found


def _linked_data(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            pending = deque([json.loads(script.get_text(), strict=False)])
        except (ValueError, RecursionError):
            # Many sites write it broken; then the rest of the page has to tell.
            continue
        while pending:
            node = pending.popleft()
            if isinstance(node, list):
                pending.extend(node)
            elif isinstance(node, dict):
                yield node
                pending.append(node.get("@graph"))


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return "headline" in node or any(
        isinstance(kind, str) and "Article" in kind
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _text(value: object) -> str:
    """Return ``value`` if it is text: others put lists of lists where a word belongs."""
    return value if isinstance(value, str) else ""
