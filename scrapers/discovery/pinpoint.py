"""A CSS selector for a group of links: one that lasts, and picks these and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice
from urllib.parse import urlsplit

from lxml import etree

from scrapers.listings.places import lasting_classes, lasting_id
from scrapers.listings.survey import target_of

Picks = Callable[[str], bool]
"""Says whether a selector picks what it is to pick, and no more."""

# Each is tried on the page; what no such selector picks is better found anew on each visit.
_MOST_TRIED = 150
_OUTER_STEPS = 8
_SECTIONS = 3


def selector_for(elements: Sequence[etree._Element], picks: Picks) -> str | None:
    """Return a selector for links that stand alike, the plainest that does; None if none does.

    It names what is around them by classes and ids that say what they are for, never by the
    number of a place; where these are not enough, also the section in the links' addresses.

    Args:
        elements: the links.
        picks: the judge.
    """
    candidates = dict.fromkeys(_candidates(elements))
    return next(filter(picks, islice(candidates, _MOST_TRIED)), None)


def _candidates(elements: Sequence[etree._Element]) -> Iterator[str]:
    targets = _targets(elements[0])
    named = _named(elements[0])
    yield from (target for target in targets if "." in target)
    yield from (f"{outer} {target}" for outer in named for target in targets)
    path = _child_path(elements[0])
    for outer, inner in combinations(reversed(named), 2):
        yield from (f"{outer} {inner} {target}" for target in targets)
    yield from path
    for section in _sections(elements):
        yield from (f"{outer} {targets[0]}{section}" for outer in named)
        yield f"{targets[0]}{section}"


def _targets(element: etree._Element) -> list[str]:
    """Return how the link itself may be called: by its class, by what is close around it.

    The tag alone comes last: in a box around all links it means any link that is added there.
    """
    tag = str(element.tag)
    own = [f"{tag}.{name}" for name in lasting_classes(element)]
    parent = element.getparent()
    if parent is None or parent.tag in ("body", "div"):
        return [*own, tag]
    return [*own, f"{parent.tag} {tag}", f"{parent.tag} > {tag}", tag]


def _named(element: etree._Element) -> list[str]:
    """Return the names of what is around ``element``, the nearest first."""
    return [
        name for outer in islice(element.iterancestors(), _OUTER_STEPS) for name in _names(outer)
    ]


def _names(element: etree._Element) -> Iterator[str]:
    if element.tag in ("html", "body"):
        return
    yield from (f".{name}" for name in lasting_classes(element))
    if name := lasting_id(element):
        yield f"#{name}"
    if element.tag in ("main", "article", "section", "aside"):
        yield str(element.tag)


def _child_path(element: etree._Element) -> Iterator[str]:
    """Yield the whole way from each named element around ``element`` to it."""
    way = str(element.tag)
    for outer in islice(element.iterancestors(), _OUTER_STEPS):
        yield from (f"{name} > {way}" for name in _names(outer))
        if outer.tag == "body":
            return
        way = f"{outer.tag} > {way}"


def _sections(elements: Sequence[etree._Element]) -> list[str]:
    """Return conditions on the address that all the links fulfil: the first parts of its path."""
    paths = [urlsplit((target_of(element) or "").strip()).path for element in elements]
    parts = [path.split("/")[:-1] for path in paths]
    common = parts[0]
    for other in parts[1:]:
        same = [a == b for a, b in zip(common, other, strict=False)]
        common = common[: same.index(False)] if False in same else common[: len(same)]
    sections = ["/".join(common[:length]) + "/" for length in range(1, len(common) + 1)]
    if len(set(paths)) == 1:
        # One script shows all articles.
        sections.append(f"{paths[0].rpartition('/')[2]}?")
    quotable = [part for part in sections if part.strip("/?") and not set(part) & set('"\\\n')]
    return [f'[href*="{part}"]' for part in quotable[:_SECTIONS]]
