"""A page parsed once, for all that is asked of it."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from scrapers.address import absolute_url
from scrapers.errors import ParseError
from scrapers.text.encoding import decode, is_binary
from scrapers.text.markup import drop_hidden, parse_markup


@dataclass(frozen=True, slots=True)
class Document:
    """A page as a tree of elements, without what its readers cannot see.

    Attributes:
        root: its outermost element.
        url: the address it was fetched from.
        base: the address that its links are relative to.
    """

    root: etree._Element
    url: str
    base: str

    def absolute(self, link: str) -> str | None:
        """Return ``link`` as a whole address, or None if it is no web address."""
        return absolute_url(self.base, link)


def parse_page(body: bytes, url: str, content_type: str | None = None) -> Document:
    """Return a page parsed.

    Args:
        body: its bytes, in any encoding.
        url: its address.
        content_type: the HTTP header, a hint only.

    Raises:
        ParseError: this is no page.
    """
    if not body.strip():
        raise ParseError(url, "the answer is empty")
    if is_binary(body):
        raise ParseError(url, "the answer is binary, not a page")
    root = parse_markup(decode(body, content_type))
    drop_hidden(root)
    return Document(root, url, _base(root, url))


def _base(root: etree._Element, url: str) -> str:
    for element in root.iter("base"):
        if address := element.get("href"):
            return absolute_url(url, address) or url
    return url
