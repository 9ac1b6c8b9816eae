"""CSS selectors as soupsieve understands them, on lxml trees.

What users write is nearly always simple: names, classes, attributes, places among
siblings. That is translated to XPath, once for each selector, and takes microseconds.
The rest goes the long way through BeautifulSoup.
"""

from __future__ import annotations

import re
from functools import lru_cache

import soupsieve
from bs4 import BeautifulSoup
from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from scrapers.errors import ParseError

# Selectors that mean the same to cssselect and to soupsieve: without the pseudo-classes that
# only one knows, and without attribute values whose case HTML ignores.
_IDENT = r"[A-Za-z_][\w-]*"
_PLAIN = re.compile(
    rf"""(?:
      {_IDENT} | \* | [.\#]{_IDENT} | \s*[>+~,]\s* | \s+
    | \[(?!type\b){_IDENT}(?:[~|^$*]?=(?:"[^"\\\]]+"|'[^'\\\]]+'|{_IDENT}))?\]
    | :(?:first|last|only)-child | :nth-(?:last-)?child\(\s*\d+\s*\)
    )+""",
    re.VERBOSE,
)
_NUMBER = "data-place-in-tree"
_SELECTORS = 4096


def select(root: etree._Element, selector: str, url: str) -> list[etree._Element]:
    """Return the elements below ``root`` that a CSS selector picks, in the order of the page.

    Raises:
        ParseError: it is no CSS selector, or too much for the page; ``url`` is its address.
    """
    compiled = _compiled(selector)
    if compiled is None:
        raise ParseError(url, f"{selector!r} is no CSS selector")
    path = _path(selector)
    if path is not None:
        return list(path(root))
    try:
        return _by_soup(root, compiled)
    except RecursionError as error:
        raise ParseError(url, "the markup is nested too deeply") from error


@lru_cache(maxsize=_SELECTORS)
def _compiled(selector: str) -> soupsieve.SoupSieve | None:
    try:
        return soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError:
        return None


@lru_cache(maxsize=_SELECTORS)
def _path(selector: str) -> etree.XPath | None:
    """Return the XPath of a plain selector, None for any other."""
    if not _PLAIN.fullmatch(selector.strip()):
        return None
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector, prefix="descendant-or-self::"))
    except (SelectorError, etree.XPathError):
        return None


def _by_soup(root: etree._Element, compiled: soupsieve.SoupSieve) -> list[etree._Element]:
    elements = list(root.iter(etree.Element))
    for number, element in enumerate(elements):
        element.set(_NUMBER, str(number))
    try:
        soup = BeautifulSoup(etree.tostring(root, encoding="unicode", method="html"), "lxml")
    finally:
        for element in elements:
            del element.attrib[_NUMBER]
    numbers = (tag.get(_NUMBER) for tag in compiled.select(soup))
    return [elements[int(str(number))] for number in numbers if number is not None]
