"""What a page says its address is, and when that is believed."""

from __future__ import annotations

import pytest

from scrapers.articles.article import read_article

PAGE = "https://www.gorod.example/news/otkryt-novyy-most/?from=main"


def canonical(head: str, url: str = PAGE) -> str | None:
    page = f"<head>{head}</head><h1>Открыт новый мост</h1><p>Текст новости, в нём одна фраза.</p>"
    return read_article(page.encode(), url).canonical


def link(address: str) -> str:
    return f'<link rel="canonical" href="{address}">'


@pytest.mark.parametrize(
    "address",
    [
        "https://gorod.example/news/otkryt-novyy-most/",
        "https://m.gorod.example/news/1234",
        "http://www.gorod.example/index.php?id=77",
        "https://www.gorod.example/2024/05/17/most",
    ],
)
def test_an_address_of_an_article_on_the_same_site_is_believed(address: str) -> None:
    assert canonical(link(address)) == address
    assert canonical(f'<meta property="og:url" content="{address}">') == address


def test_a_relative_address_becomes_absolute() -> None:
    assert canonical(link("/news/1234")) == "https://www.gorod.example/news/1234"


@pytest.mark.parametrize(
    "address",
    [
        *("https://www.gorod.example/", "https://www.gorod.example", "/", "/news/", "/index.php"),
        *("https://drugoy.example/news/otkryt-novyy-most/", "https://t.me/gorod/1234"),
        *("javascript:void(0)", "http://[", ""),
    ],
)
def test_front_pages_sections_and_other_sites_are_not_believed(address: str) -> None:
    assert canonical(link(address)) is None


def test_an_address_that_leaves_out_which_article_it_is_is_not_believed() -> None:
    url = "https://gorod.example/news2.php?id=77"
    assert canonical(link("https://gorod.example/news2.php"), url) is None


def test_the_second_address_counts_where_the_first_cannot_be_believed() -> None:
    head = link("/") + '<meta property="og:url" content="/news/1234">'
    assert canonical(head) == "https://www.gorod.example/news/1234"
