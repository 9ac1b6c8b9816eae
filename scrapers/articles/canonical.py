"""The address that a page gives for itself, where it can be believed.

Sites write into ``<link rel=canonical>`` and ``og:url`` what their templates give: the article,
but also the front page, the section, another site, or one article for all. Whoever believes
that loses news: the next article would be taken for one that is known. So an address counts
only if it names the article as the address does at which the page was found: by the same
number, or by the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, parse_qsl, urlsplit

from scrapers.address import canonical_url
from scrapers.text.document import Document

_SCRIPT = re.compile(r"(?:php\d?|aspx?|jsp|cgi|pl|do)", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[-/._]?\d\d?[-/._]?\d\d?(?!\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\d+")
# Of two articles, each may begin with a 5; the whole name may be a 5 only once.
_SHORTEST_NUMBER = 3
_FRAMING = re.compile(r"^\d+[-_]+|[-_]+\d+$")
_SEPARATOR = re.compile(r"[-_+]|%20")
_FEWEST_WORDS = 3
_LONG = 12


def own_address(page: Document, stated: Iterable[str]) -> str | None:
    """Return the first of the ``stated`` addresses of a page that is one of its article.

    It is absolute, on the site that the page is on, and names what the address of the page
    names. None means that no such address is given.
    """
    here = urlsplit(canonical_url(page.url))
    for link in stated:
        address = page.absolute(link)
        if address is not None and _is_sound(urlsplit(canonical_url(address)), here):
            return address
    return None


def _is_sound(address: SplitResult, here: SplitResult) -> bool:
    if address.netloc != here.netloc:
        return False
    return address == here or (not _contradicts(address, here) and _names_the_same(address, here))


def _contradicts(address: SplitResult, here: SplitResult) -> bool:
    """Say whether the two tell scripts to show different things."""
    asked, found = dict(parse_qsl(address.query)), dict(parse_qsl(here.query))
    return any(asked[name] != found[name] for name in asked.keys() & found.keys())


def _names_the_same(address: SplitResult, here: SplitResult) -> bool:
    if _numbers(address) & _numbers(here):
        return True
    words = _words(address)
    # The same words may head the page of another day.
    return words != "" and words == _words(here) and _dates(here) <= _dates(address)


def _numbers(address: SplitResult) -> set[str]:
    """Return the numbers by which ``address`` may tell one article from others."""
    stem = _stem(address)
    found = set(_NUMBER.findall(_DATE.sub(" ", stem)))
    numbers = {one for one in found if len(one) >= _SHORTEST_NUMBER and not _YEAR.fullmatch(one)}
    numbers |= {value for _, value in parse_qsl(address.query) if value.isdecimal()}
    return numbers | ({stem} if stem.isdecimal() else set())


def _words(address: SplitResult) -> str:
    """Return the words by which ``address`` may tell one article from others."""
    words = _FRAMING.sub("", _DATE.sub("", _stem(address)))
    separated = len(_SEPARATOR.findall(words))
    long = separated and len(words) >= _LONG
    return words if long or separated + 1 >= _FEWEST_WORDS else ""


def _stem(address: SplitResult) -> str:
    """Return the last part of a path without its ending; nothing if it names a script."""
    stem, _, ending = address.path.rstrip("/").rpartition("/")[2].lower().partition(".")
    return "" if _SCRIPT.fullmatch(ending) else stem


def _dates(address: SplitResult) -> set[str]:
    return {
        _NUMBER.sub(lambda number: number[0].zfill(2), date) for date in _DATE.findall(address.path)
    }
