"""Front pages of many makes (tests/fronts) give their articles, and nothing but articles."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from scrapers.address import canonical_url
from scrapers.discovery.front import read_front
from scrapers.listings.listing import find_links

FOLDER = Path(__file__).parents[1] / "fronts"


@dataclass(frozen=True)
class Front:
    """A front page, its address, and the identities of the articles it links to."""

    body: bytes
    url: str
    articles: list[str]


def read(page: Path) -> Front:
    said = json.loads(page.with_suffix(".json").read_text("utf-8"))
    return Front(page.read_bytes(), said["url"], identities(said["links"]))


def identities(links: list[str]) -> list[str]:
    return list(map(canonical_url, links))


PAGES = sorted(FOLDER.glob("*.html"))
every_front = pytest.mark.parametrize("front", list(map(read, PAGES)), ids=[p.stem for p in PAGES])


@every_front
def test_a_front_page_gives_its_articles_and_nothing_else(front: Front) -> None:
    assert identities(find_links(front.body, front.url)) == front.articles


@every_front
def test_what_is_proposed_first_are_articles_and_its_selector_picks_just_these(
    front: Front,
) -> None:
    picks = read_front(front.body, front.url).picks
    assert len(picks[0].links) >= len(front.articles) - 1
    for pick in picks:
        told = {canonical_url(link.url) for link in pick.links}
        assert told <= set(front.articles)
        if pick.selector is not None:
            found = find_links(front.body, front.url, selector=pick.selector)
            assert set(identities(found)) == told


def test_selectors_are_named_by_what_lasts() -> None:
    selectors = {page.stem: read_front(*_page(page)).picks[0].selector for page in PAGES}
    assert selectors["cards"] == ".b-card__title a"
    assert selectors["wordpress"] == ".entry-title a"
    assert selectors["english_menu"] == 'a[href*="/news/"]'
    # Only the words above the two lists tell them apart: no selector does.
    assert selectors["popular_alike"] is None


def _page(page: Path) -> tuple[bytes, str]:
    front = read(page)
    return front.body, front.url
