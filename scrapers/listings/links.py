"""The links of a page: what each says, where it stands, and which card it is part of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from scrapers.listings.numbers import Judged, judged, numbered
from scrapers.listings.places import place_of
from scrapers.listings.shape import is_article_address
from scrapers.listings.surroundings import Surroundings
from scrapers.listings.survey import Found, Mark, Survey, is_headline, survey
from scrapers.listings.variants import unified
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
class Link(Found):
    """A link, and what the page around it tells.

    Attributes:
        wording: what it says, or the heading of its card if that is nothing; one line.
        place: the steps to it, see `scrapers.listings.places`.
        card: the outermost element around it that leads to no other article.
        around: what its surroundings say about it.
        is_article: whether its address is that of an article.
        is_name: whether it and others like it are numbered, and say names, not headlines.
    """

    wording: str
    place: tuple[str, ...]
    card: etree._Element
    around: Surroundings
    is_article: bool
    is_name: bool

    @property
    def is_headline(self) -> bool:
        """Whether its wording may be a headline."""
        return is_headline(self.wording)


def links_of(page: Document) -> list[Link]:
    """Return the links of a page in its order, those to itself left out."""
    found = survey(page)
    found = Survey(unified(found.links), found.ranges)
    places = [place_of(link.element) for link in found.links]
    told = _judged(found, places)
    cards, wordings = _reading(found, places, told.articles)
    below = _headlines_below(found.links, told.articles)
    headlines = len(_headlines(found.links, told.articles))
    return [
        Link(
            *(link.element, link.address, link.identity, link.words, link.marks),
            *(wording, place, card, _around(link.marks, below, headlines)),
            is_article=link.identity in told.articles,
            is_name=link.identity in told.names,
        )
        for link, wording, place, card in zip(found.links, wordings, places, cards, strict=True)
    ]


def _judged(found: Survey, places: Sequence[tuple[str, ...]]) -> Judged:
    """Return what is linked to that has an address of an article, and what only looks like it."""
    identities = {link.identity for link in found.links}
    articles = frozenset(filter(is_article_address, identities))
    supposed = numbered(identities)
    if not supposed:
        return Judged(articles)
    _, wordings = _reading(found, places, articles | supposed)
    told: dict[str, str] = {}
    for link, wording in zip(found.links, wordings, strict=True):
        told[link.identity] = max(told.get(link.identity, ""), wording, key=len)
    by_number = judged(supposed, told)
    # Beside more news with addresses of its own, what is numbered may be anything.
    many = len(by_number.articles) > len(_headlines(found.links, articles))
    return Judged(articles | by_number.articles if many else articles, by_number.names)


def _headlines(links: Sequence[Found], articles: frozenset[str]) -> frozenset[str]:
    return articles & {link.identity for link in links if is_headline(link.words)}


def _reading(
    found: Survey, places: Sequence[tuple[str, ...]], articles: frozenset[str]
) -> tuple[list[etree._Element], list[str]]:
    """Return the cards of the links, and what the links say."""
    cards = [_card(found, number, articles) for number in range(len(found.links))]
    return cards, _wordings(found.links, places, cards, articles)


def _card(found: Survey, number: int, articles: frozenset[str]) -> etree._Element:
    """Return the outermost element around a link that leads to no other article."""
    link = found.links[number]
    card = link.element
    for _ in range(_CARD_STEPS):
        outer = card.getparent()
        if outer is None or outer.tag == "body" or outer not in found.ranges:
            break
        first, end = found.ranges[outer]
        if end - first > _CARD_LINKS or any(
            other.identity != link.identity and other.identity in articles
            for other in found.links[first:end]
        ):
            break
        card = outer
    return card


def _wordings(
    links: Sequence[Found],
    places: Sequence[tuple[str, ...]],
    cards: Sequence[etree._Element],
    articles: frozenset[str],
) -> list[str]:
    """Return what the links say; where no link to an article says anything, its card does."""
    silent_ones = articles - _headlines(links, articles)
    silent = [link.identity in silent_ones for link in links]
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


def _headlines_below(links: Sequence[Found], articles: frozenset[str]) -> dict[Mark, set[str]]:
    """Return for each mark the articles that links below it lead to by their headlines."""
    below: defaultdict[Mark, set[str]] = defaultdict(set)
    for link in links:
        if link.identity in articles and is_headline(link.words):
            for mark in link.marks:
                below[mark].add(link.identity)
    return below


def _around(marks: Sequence[Mark], below: Mapping[Mark, set[str]], headlines: int) -> Surroundings:
    said = Surroundings.PLAIN
    for mark in marks:
        held = len(below.get(mark, ()))
        if held >= _FEW and held > _MOST * headlines:
            continue
        said = mark.says
        if said is Surroundings.AWAY:
            break
    return said
