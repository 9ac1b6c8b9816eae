"""Front pages of many makes give their articles, and nothing but articles."""

from __future__ import annotations

import pytest

from scrapers.address import canonical_url
from scrapers.front import read_front
from scrapers.listing import find_links
from tests.scrapers.fronts import FRONTS, URL, Front

every_make = pytest.mark.parametrize(
    "front", [make() for make in FRONTS], ids=[make.__name__ for make in FRONTS]
)


@every_make
def test_a_front_page_gives_its_articles_and_nothing_else(front: Front) -> None:
    page, expected = front
    found = find_links(page.encode(), URL)
    assert list(map(canonical_url, found)) == list(map(canonical_url, expected))


@every_make
def test_a_selector_that_is_proposed_picks_the_links_of_its_group_and_no_others(
    front: Front,
) -> None:
    page, expected = front
    picks = read_front(page.encode(), URL).picks
    assert picks
    articles = {canonical_url(address) for address in expected}
    for pick in picks:
        told = {canonical_url(link.url) for link in pick.links}
        assert told <= articles
        if pick.selector is not None:
            found = find_links(page.encode(), URL, selector=pick.selector)
            assert set(map(canonical_url, found)) == told
