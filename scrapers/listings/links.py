"""The links of a page: what each says, where it stands, and which card it is part of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from scrapers.listings.places import place_of
from scrapers.listings.shape import is_article_address
from scrapers.listings.surroundings import Surroundings
from scrapers.listings.survey import Found, Mark, Survey, is_headline, survey
from scrapers.text.document import Document
from scrapers.text.plain import line_of, text_of

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What is named as no news, but holds most of the headlines and not only a few, is named badly.
_MOST = 0.6
_FEW = 8
# How far the edge of a card is looked for.
_CARD_STEPS = 10
_CARD_LINKS = 12
# So many links without words that look alike are those of cards.
_FEWEST_CARDS = 3
_LONGEST_HEADLINE = 300


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A link.

    Attributes:
        element: what is clicked.
        address: where it leads, absolute.
        identity: the canonical form of that.
        wording: what it says, or the heading of its card if that is nothing; one line.
        place: the steps to it, see `scrapers.listings.places`.
        card: the outermost element around it that leads to no other article.
        around: what its surroundings say about it.
    """

    element: etree._Element
    address: str
    identity: str
    wording: str
    place: tuple[str, ...]
    card: etree._Element
    around: Surroundings

    @property
    def is_headline(self) -> bool:
        """Whether its wording may be a headline."""
        return is_headline(self.wording)


def links_of(page: Document) -> list[Link]:
    """Return the links of a page in its order, those to itself left out."""
    found = survey(page)
    places = [place_of(one.element) for one in found.links]
    cards = [_card(found, number) for number in range(len(found.links))]
    wordings = _wordings(found.links, places, cards)
    headlines = len({one.identity for one in found.links if one.is_news})
    return [
        Link(
            one.element,
            one.address,
            one.identity,
            wording,
            place,
            card,
            _around(one.marks, headlines),
        )
        for one, wording, place, card in zip(found.links, wordings, places, cards, strict=True)
    ]


def _card(found: Survey, number: int) -> etree._Element:
    """Return the outermost element around a link that leads to no other article."""
    link = found.links[number]
    card = link.element
    for _ in range(_CARD_STEPS):
        outer = card.getparent()
        if outer is None or outer.tag == "body" or outer not in found.ranges:
            break
        first, end = found.ranges[outer]
        if end - first > _CARD_LINKS or any(
            other.identity != link.identity and is_article_address(other.identity)
            for other in found.links[first:end]
        ):
            break
        card = outer
    return card


def _wordings(
    links: Sequence[Found], places: Sequence[tuple[str, ...]], cards: Sequence[etree._Element]
) -> list[str]:
    """Return what the links say; where no link to an article says anything, its card does."""
    worded = {link.identity for link in links if is_headline(link.words)}
    silent = [link.identity not in worded and is_article_address(link.identity) for link in links]
    alike = Counter(place for place, is_silent in zip(places, silent, strict=True) if is_silent)
    return [
        _heading(card) or link.words if is_silent and alike[place] >= _FEWEST_CARDS else link.words
        for link, place, card, is_silent in zip(links, places, cards, silent, strict=True)
    ]


def _heading(card: etree._Element) -> str:
    """Return the headline on a card, empty if there is none."""
    headings = (line_of(heading) for heading in card.iter(*_HEADINGS))
    lines = (*headings, *text_of(card).split("\n"))
    return next((line for line in lines if is_headline(line)), "")[:_LONGEST_HEADLINE]


def _around(marks: Sequence[Mark], headlines: int) -> Surroundings:
    said = Surroundings.PLAIN
    for mark in marks:
        held = len(mark.headlines)
        if held >= _FEW and held > _MOST * headlines:
            continue
        said = mark.says
        if said is Surroundings.AWAY:
            break
    return said
