"""Groups of links that stand alike and lead to addresses alike: how news-like they are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from statistics import mean
from urllib.parse import urlsplit

from scrapers.listings.links import Link, links_of
from scrapers.listings.shape import is_other_address, plain_shape, section_shape
from scrapers.listings.surroundings import Surroundings, is_about_the_site
from scrapers.text.document import Document
from scrapers.text.plain import line_of

# Of so many links of a group the cards are looked at.
_SAMPLE = 12
_LONGEST_CARD = 600
_DATE = re.compile(
    r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-](?:\d{2}){1,2}\b|\b\d{4}-\d\d-\d\d\b"
    r"|\b\d{1,2}\s+(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|\b(?:сегодня|вчера|today|yesterday)\b|\bназад\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"h[1-6](?:\.|$)|.*(?:title|headline|zagolovok)", re.IGNORECASE)
# A group that is to speak for itself has so many articles, and so much of the worth of the best.
_FEWEST = 3
_LEAST = 0.8
_LEAST_SHARE = 0.22
_HEADLINES = 0.5
# What is linked to as often from one place is a section or an author.
_REPEATED = 3
_USUAL_WORDS = 5
_LONG_WORDING = 220


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Links that stand alike and lead to articles.

    Attributes:
        links: in the order of the page; several may lead to one article.
        worth: how news-like they are; only to be compared.
    """

    links: tuple[Link, ...]
    worth: float

    @property
    def identities(self) -> tuple[str, ...]:
        """What they lead to, each article once."""
        return tuple(dict.fromkeys(link.identity for link in self.links))

    @property
    def speaks_for_itself(self) -> bool:
        """Whether it is news even if nothing else on the page is."""
        return len(self.identities) >= _FEWEST and self.worth >= _LEAST


def rank_groups(links: Sequence[Link], page: Document) -> list[Group]:
    """Return the groups of links that may be news, the most news-like first."""
    candidates: defaultdict[tuple[object, ...], list[Link]] = defaultdict(list)
    for link in links:
        if link.around is not Surroundings.AWAY and _may_be_news(link, page):
            candidates[link.place, link.around].append(link)
    groups = [_group(_headlines(members)) for members in candidates.values()]
    return sorted((group for group in groups if group.links), key=lambda group: -group.worth)


def article_links(page: Document) -> list[str]:
    """Return the addresses of the articles that a page links to, in its order, each once."""
    links = links_of(page)
    groups = rank_groups(links, page)
    chosen = chosen_identities(links, groups, page)
    return list(dict.fromkeys(link.address for link in links if link.identity in chosen))


def chosen_identities(
    links: Sequence[Link], groups: Sequence[Group], page: Document
) -> frozenset[str]:
    """Return what of a page are articles: the groups that are news, and single links like theirs.

    Where no group is, a single link is judged by its wording and its address.
    """
    best = groups[0].worth if groups else 0.0
    strong = [
        group for group in groups if group.speaks_for_itself and group.worth >= _LEAST_SHARE * best
    ]
    chosen = {identity for group in strong for identity in group.identities}
    shapes = {plain_shape(identity) for identity in chosen}
    for link in links:
        if (
            link.around is not Surroundings.AWAY
            and link.is_headline
            and link.is_article
            and _may_be_news(link, page)
            and (not shapes or plain_shape(link.identity) in shapes)
        ):
            chosen.add(link.identity)
    return frozenset(chosen)


def _may_be_news(link: Link, page: Document) -> bool:
    return (
        not is_other_address(link.identity)
        and not is_about_the_site(link.wording)
        and _site(link.address) == _site(page.url)
        and urlsplit(link.identity).path.strip("/") + urlsplit(link.identity).query != ""
    )


def _site(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _headlines(links: Sequence[Link]) -> list[Link]:
    """Return those of ``links``, which stand alike, whose addresses mostly go with headlines.

    Of several links to one article, those that say its headline stand for it.
    """
    often = Counter(link.identity for link in links)
    usual = sorted(often.values())[len(often) // 2]
    worded = {link.identity for link in links if link.is_headline}
    parts: defaultdict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in links:
        is_usual = often[link.identity] < max(_REPEATED, 2 * usual)
        if is_usual and (link.is_headline or link.identity not in worded):
            parts[section_shape(link.identity)].append(link)
    told = [part for part in parts.values() if _share_of_headlines(part) >= _HEADLINES]
    if any(part[0].is_article for part in told):
        told = [part for part in told if _goes_with_articles(part)]
    kept = {link for part in told for link in part}
    return [link for link in links if link in kept]


def _share_of_headlines(part: Sequence[Link]) -> float:
    """Return how many of the articles that ``part`` leads to have a headline."""
    worded = {link.identity for link in part if link.is_headline}
    return len(worded) / len({link.identity for link in part})


def _goes_with_articles(part: Sequence[Link]) -> bool:
    """Say whether links beside those to articles lead to articles: in cards of their own."""
    return all(link.is_article or (link.is_headline and not link.is_name) for link in part)


def _group(links: Sequence[Link]) -> Group:
    return Group(tuple(links), _worth(links) if links else 0.0)


def _worth(links: Sequence[Link]) -> float:
    """Return how news-like ``links`` are.

    More articles are better, but ten are not much worse than twenty. Then count: how many have
    headlines and addresses of articles, dates beside them, wordings as long as headlines are,
    and where they stand.
    """
    count = len({link.identity for link in links})
    headlines = mean(link.is_headline for link in links)
    addresses = mean(link.is_article for link in links)
    wordings = [link.wording for link in links]
    # The same words again and again are no headlines.
    spread = len(set(wordings)) / len(wordings)
    words = mean(len(wording.split()) for wording in wordings)
    length = min(1.0, max(0.4, words / _USUAL_WORDS))
    if mean(len(wording) for wording in wordings) > _LONG_WORDING:
        length = 0.8
    return (
        log2(1 + count)
        * headlines
        * spread
        * (0.3 + 0.7 * addresses)
        * (0.7 + 0.6 * _dated(links))
        * length
        * _standing(links[0])
    )


def _dated(links: Sequence[Link]) -> float:
    """Return which share of ``links`` has a date or a time of day in its card."""
    return mean(_has_date(link) for link in links[:_SAMPLE])


def _has_date(link: Link) -> bool:
    if any(True for _ in link.card.iter("time")):
        return True
    return bool(_DATE.search(line_of(link.card)[:_LONGEST_CARD]))


def _standing(link: Link) -> float:
    worth = 0.55 if link.around is Surroundings.BESIDE else 1.0
    return worth * (1.2 if any(map(_HEADING.match, link.place[-3:])) else 1.0)
