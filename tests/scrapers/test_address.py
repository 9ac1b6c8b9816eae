from __future__ import annotations

import pytest

from scrapers import canonical_url
from scrapers.address import absolute_url, host_of, mark


@pytest.mark.parametrize(
    "written",
    [
        "https://Gorod.Example/news/5",
        "HTTPS://gorod.example:443/news/5",
        "https://gorod.example/news/5#comments",
        "https://gorod.example/news/5?utm_source=vk&utm_medium=social",
        "https://gorod.example/news/5?yclid=1&fbclid=2&gclid=3&_openstat=4&ysclid=5",
        "  https://gorod.example/news/5\n",
    ],
)
def test_two_ways_to_write_an_address_are_one_identity(written: str) -> None:
    assert canonical_url(written) == "https://gorod.example/news/5"


@pytest.mark.parametrize(
    "other",
    [
        "https://gorod.example/news/6",
        "https://gorod.example/news/5?page=2",
        "https://gorod.example:8443/news/5",
        "https://gorod.example/News/5",
        "https://gorod.example/news/5?from=list",
    ],
)
def test_what_may_be_another_article_stays_another_identity(other: str) -> None:
    assert canonical_url(other) != canonical_url("https://gorod.example/news/5")


def test_only_tracking_parameters_are_dropped() -> None:
    url = "http://gorod.example/n?id=7&utm_campaign=x&lang=ru"
    assert canonical_url(url) == "http://gorod.example/n?id=7&lang=ru"


def test_cyrillic_and_escaped_addresses_are_one_identity() -> None:
    written = canonical_url("http://Город.рф/новости?q=да")
    escaped = (
        "http://xn--c1adwdde.xn--p1ai/%d0%bd%d0%be%d0%b2%d0%be%d1%81%d1%82%d0%b8?q=%D0%B4%D0%B0"
    )
    assert written.startswith("http://xn--")
    assert written.split("/", 3)[3] == canonical_url(escaped).split("/", 3)[3]


@pytest.mark.parametrize("url", ["", "http://[::1", "http://a:port/", "\ud800"])
def test_the_identity_of_no_address_is_what_was_written(url: str) -> None:
    assert canonical_url(url) == url


@pytest.mark.parametrize("url", ["http://a.example/a b?x=%20#q", "//a.example/x", "mailto:x@y.z"])
def test_an_identity_is_its_own_identity(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_a_marked_address_keeps_its_identity() -> None:
    one, other = mark("http://a.example/rss#top", "1"), mark("http://a.example/rss", "2")
    assert canonical_url(one) == one != canonical_url(other)


def test_only_web_addresses_come_out_of_links() -> None:
    page = "https://gorod.example/news/index.html"
    assert absolute_url(page, "../a.html") == "https://gorod.example/a.html"
    assert absolute_url(page, "//cdn.example/p.jpg") == "https://cdn.example/p.jpg"
    for link in (
        "javascript:void(0)",
        "mailto:red@gorod.example",
        "tel:+7",
        "http://[",
        "file:///x",
    ):
        assert absolute_url(page, link) is None


def test_a_host_is_shown_as_people_read_it() -> None:
    assert host_of("https://xn--e1afmkfd.xn--p1ai/x") == "пример.рф"
