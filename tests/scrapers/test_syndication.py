"""Where the feed of a page is looked for."""

from __future__ import annotations

from scrapers.discovery.syndication import MOST_TRIED, feed_addresses

FRONT = "https://gorod.example/"
USUAL = feed_addresses(FRONT, [])


def test_the_feeds_that_a_page_names_come_first_in_its_order() -> None:
    named = [f"{FRONT}lenta.php", f"{FRONT}rss.xml"]
    assert feed_addresses(FRONT, named)[:3] == [*named, f"{FRONT}rss"]


def test_each_is_tried_once_as_the_page_writes_it() -> None:
    named = ["https://www.gorod.example/rss/"]
    addresses = feed_addresses(FRONT, named)
    assert addresses[0] == named[0]
    assert f"{FRONT}rss" not in addresses
    assert sorted(addresses[1:]) == sorted(set(USUAL) - {f"{FRONT}rss"})


def test_a_section_has_its_own_before_that_of_the_site() -> None:
    section = "https://gorod.example/kultura/"
    assert feed_addresses(section, [])[:3] == [f"{section}feed/", f"{section}rss/", f"{FRONT}rss"]


def test_not_many_are_tried() -> None:
    named = [f"{FRONT}feed/{n}" for n in range(100)]
    assert feed_addresses(FRONT, named) == named[:MOST_TRIED]
