"""One article at several addresses of a page: told apart by nothing but where they were clicked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from scrapers.listings.survey import Found, is_headline


def plainest(addresses: Iterable[str]) -> str:
    """Return the first of ``addresses`` that has the least behind its path."""
    return min(addresses, key=_appended)


def unified(links: Sequence[Found]) -> list[Found]:
    """Return ``links``, those to one article with one identity and its plainest address.

    ``/news/5?from=top`` is ``/news/5`` if a link to that one says the same headline.
    """
    same = _same(links)
    identities = [same.get(link.identity, link.identity) for link in links]
    addresses: defaultdict[str, list[str]] = defaultdict(list)
    for link, identity in zip(links, identities, strict=True):
        addresses[identity].append(link.address)
    best = {identity: plainest(known) for identity, known in addresses.items()}
    return [
        replace(link, identity=identity, address=best[identity])
        for link, identity in zip(links, identities, strict=True)
    ]


def _appended(address: str) -> int:
    parts = urlsplit(address)
    return len(parts.query) + len(parts.fragment)


def _same(links: Sequence[Found]) -> dict[str, str]:
    """Return by identity the one that is the same with fewer parameters."""
    alike: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for link in links:
        if is_headline(link.words):
            alike[link.identity.partition("?")[0], link.words].add(link.identity)
    same = {}
    for identities in alike.values():
        plain = min(identities, key=len)
        same.update({one: plain for one in identities if one != plain and _adds(one, plain)})
    return same


def _adds(identity: str, plain: str) -> bool:
    """Say whether ``identity`` has parameters more than ``plain``, none of which is a number."""
    given, known = _parameters(identity), _parameters(plain)
    return known < given and not any(one.rpartition("=")[2].isdecimal() for one in given - known)


def _parameters(identity: str) -> set[str]:
    return set(filter(None, identity.partition("?")[2].split("&")))
