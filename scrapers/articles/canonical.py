"""The address that a page gives for itself, where it can be believed.

Sites write into ``<link rel=canonical>`` and ``og:url`` what their templates give: the article,
but also the front page, the section, or a page of another site. An article whose address is
wrong would be taken for another one, so nothing is believed that may not be the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from scrapers.address import canonical_url
from scrapers.text.document import Document

# What names one article among others: a number, a date, some words.
_TELLING = re.compile(r"\d|-[^/]*-|_[^/]*_|%[0-9A-F]{2}")


def own_address(page: Document, stated: Iterable[str]) -> str | None:
    """Return the first of the ``stated`` addresses of a page that is one of its article.

    It is absolute, on the site that the page is on, and tells apart what the address of the
    page tells apart. None means that no such address is given.
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
    if address == here:
        return True
    named = _TELLING.search(f"{address.path}?{address.query}")
    return named is not None and not _loses(address, here)


def _loses(address: SplitResult, here: SplitResult) -> bool:
    """Say whether ``address`` leaves out the number by which a script finds the article."""
    numbered = bool(re.search(r"\d", here.query))
    return numbered and not address.query and address.path == here.path
