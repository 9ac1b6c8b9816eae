"""What a page says about itself for machines: JSON-LD, Open Graph, microdata."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lxml import etree

from scrapers.text.plain import line_of, paragraphs, plain_text

_TITLES = ("og:title", "twitter:title", "mediator_title", "dc.title")
# Names that speak of the article; the others may as well speak of the page.
_DATES = (
    *("article:published_time", "article:published", "og:article:published_time"),
    *("og:published_time", "mediator_published_time", "datepublished", "parsely-pub-date"),
    *("sailthru.date", "publish-date", "publication_date", "article.published"),
)
_PAGE_DATES = ("date", "pubdate", "dc.date.issued", "dc.date", "dcterms.created", "created")
_IMAGES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
_ARTICLE = re.compile(r"Article|BlogPosting|^Report")
# Some wrap scripts against browsers of the last century.
_WRAPPING = re.compile(r"^\s*(?:<!--|/?/?\s*<!\[CDATA\[)|(?:-->|/?/?\s*\]\]>|;)\s*$")
_SHORTEST_BODY = 200
# Linked data may hold the whole archive.
_MOST_NODES = 2000


class Metadata:
    """Reads the machine-readable part of a page; each answer lists candidates, the best first."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root

    @cached_property
    def _meta(self) -> dict[str, list[str]]:
        return _meta(self._root)

    @cached_property
    def _links(self) -> dict[str, list[str]]:
        return _links(self._root)

    @cached_property
    def _nodes(self) -> list[dict[str, Any]]:
        return list(_linked_data(self._root))

    @cached_property
    def _articles(self) -> list[dict[str, Any]]:
        return [node for node in self._nodes if _is_article(node)]

    def titles(self) -> list[str]:
        """Return the headlines it gives."""
        linked = [_text(node.get("headline") or node.get("name")) for node in self._articles]
        return _told(self._named(_TITLES) + [plain_text(title) for title in linked])

    def dates(self) -> list[str]:
        """Return the dates of publication of the article it gives, as written."""
        linked = [_text(node.get("datePublished")) for node in self._articles]
        pages = [_text(node.get("datePublished")) for node in self._nodes if _is(node, "WebPage")]
        return _told(linked + self._named(_DATES) + pages)

    def page_dates(self) -> list[str]:
        """Return dates that may be of the article, or of the page that shows it."""
        linked = [_text(node.get("dateCreated")) for node in self._articles]
        return _told(linked + self._named(_PAGE_DATES))

    def images(self) -> list[str]:
        """Return the addresses of pictures it gives, as written."""
        linked = [address for node in self._articles for address in _addresses(node.get("image"))]
        return _told(self._named(_IMAGES) + linked + self._links.get("image_src", []))

    def addresses(self) -> list[str]:
        """Return the addresses it gives for itself, as written."""
        return _told(self._links.get("canonical", []) + self._named(("og:url",)))

    def site(self) -> str:
        """Return the name it gives for its site, empty if none."""
        publishers = (node.get("publisher") for node in self._articles)
        names = [_text(one.get("name")) for one in publishers if isinstance(one, dict)]
        return next(iter(_told(self._named(("og:site_name",)) + names)), "")

    def body(self) -> str:
        """Return the text it gives for the article, one paragraph a line; empty if too little."""
        longest = max(
            (_text(node.get("articleBody")) for node in self._articles), key=len, default=""
        )
        text = plain_text(longest) if "<" in longest or "&" in longest else paragraphs(longest)
        return text if len(text) >= _SHORTEST_BODY else ""

    def is_article(self) -> bool:
        """Say whether the page calls itself an article."""
        return bool(self._articles) or "article" in map(str.lower, self._named(("og:type",)))

    def _named(self, names: tuple[str, ...]) -> list[str]:
        return [value for name in names for value in self._meta.get(name, ())]


def stated_moment(element: etree._Element) -> str:
    """Return the moment that ``element`` states: for machines if it does, else for readers."""
    stated = element.get("datetime") or element.get("content") or element.get("title")
    return stated or line_of(element)


def _told(values: list[str]) -> list[str]:
    return [value.strip() for value in values if value.strip()]


def _meta(root: etree._Element) -> dict[str, list[str]]:
    """Return the contents of the <meta> elements by their lower-cased name."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name")
        if name is None and element.getparent().tag == "head":
            # Farther down, it speaks of the element around it.
            name = element.get("itemprop")
        if name and (content := element.get("content")):
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _links(root: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("link"):
        if address := element.get("href"):
            found.setdefault((element.get("rel") or "").strip().lower(), []).append(address)
    return found


def _linked_data(root: etree._Element) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            pending = deque([json.loads(_WRAPPING.sub("", script.text or ""), strict=False)])
        except (ValueError, RecursionError):
            # Many sites write it broken; then the rest of the page has to tell.
            continue
        for _ in range(_MOST_NODES):
            if not pending:
                break
            node = pending.popleft()
            if isinstance(node, list):
                pending.extend(node[:_MOST_NODES])
            elif isinstance(node, dict):
                yield node
                pending.extend((node.get("@graph"), node.get("mainEntity")))


def _is_article(node: dict[str, Any]) -> bool:
    return "headline" in node or any(_ARTICLE.search(kind) for kind in _kinds(node))


def _is(node: dict[str, Any], kind: str) -> bool:
    return kind in _kinds(node)


def _kinds(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return list(filter(None, map(_text, kinds if isinstance(kinds, list) else [kinds])))


def _addresses(value: object) -> list[str]:
    """Return the addresses of an image, however they are written."""
    if isinstance(value, list):
        return [address for one in value[:5] for address in _addresses(one)]
    if isinstance(value, dict):
        return [_text(value.get("url")) or _text(value.get("contentUrl"))]
    return [_text(value)]


def _text(value: object) -> str:
    """Return ``value`` if it is text: others put lists of lists where a word belongs."""
    return value if isinstance(value, str) else ""
