"""What a page says its address is, and when that is believed."""

from __future__ import annotations

import pytest

from scrapers.articles.article import read_article

PAGE = "https://www.gorod.example/news/1234-otkryt-novyy-most/?from=main"


def canonical(head: str, url: str = PAGE) -> str | None:
    page = f"<head>{head}</head><h1>Открыт новый мост</h1><p>Текст новости, в нём одна фраза.</p>"
    return read_article(page.encode(), url).canonical


def link(address: str) -> str:
    return f'<link rel="canonical" href="{address}">'


@pytest.mark.parametrize(
    "address",
    [
        "https://gorod.example/news/1234-otkryt-novyy-most/",
        "https://gorod.example/sport/otkryt-novyy-most",
        "https://m.gorod.example/news/1234",
        "http://www.gorod.example/index.php?id=1234",
        "https://www.gorod.example/2024/05/17/otkryt-novyy-most.html",
    ],
)
def test_an_address_that_names_the_same_article_on_the_same_site_is_believed(address: str) -> None:
    assert canonical(link(address)) == address
    assert canonical(f'<meta property="og:url" content="{address}">') == address


@pytest.mark.parametrize(
    ("found", "address"),
    [
        ("/view/40", "/article.php?id=40"),
        ("/news/?id=7&rub=2", "/news/?id=7"),
        ("/amp/news/most-otkryt-segodnya", "/news/most-otkryt-segodnya"),
        ("/index.php?newsid=1234", "/obschestvo/1234-most.html"),
        ("/2024/05/17/most-cherez-reku", "/news/2024/5/17/most-cherez-reku"),
        ("/news/2024-05-17-981", "/gorod/2024-05-17-981"),
        ("/news/1234-most?rid=88", "/news/1234-most"),
    ],
)
def test_articles_are_told_by_their_numbers_or_words(found: str, address: str) -> None:
    site = "https://gorod.example"
    assert canonical(link(address), site + found) == site + address


def test_a_relative_address_becomes_absolute() -> None:
    assert canonical(link("/news/1234")) == "https://www.gorod.example/news/1234"


@pytest.mark.parametrize(
    "address",
    [
        *("https://www.gorod.example/", "https://www.gorod.example", "/", "/news/", "/index.php"),
        "https://drugoy.example/news/1234-otkryt-novyy-most/",
        "https://sport.gorod.example/news/1234-otkryt-novyy-most/",
        *("https://t.me/gorod/1234", "javascript:void(0)", "http://[", ""),
    ],
)
def test_front_pages_sections_and_other_sites_are_not_believed(address: str) -> None:
    assert canonical(link(address)) is None


@pytest.mark.parametrize(
    ("found", "address"),
    [
        ("/news/1234-otkryt-novyy-most", "/news/1000-my-otkryli-sayt"),
        ("/news2.php?id=77", "/news2.php"),
        ("/news.php?id=77&rub=12", "/news.php?id=1&rub=12"),
        ("/news/2024/05/17/pogoda-na-zavtra", "/news/pogoda-na-zavtra"),
        ("/news/2024-05-17-981", "/news/2024-05-17-980"),
        ("/news/plany-na-2024-god", "/news/itogi-goda-2024"),
        ("/news/5-medaley-u-gimnastov", "/news/5-faktov-o-parke"),
        ("/sport/detail.php", "/news/detail.php"),
    ],
)
def test_an_address_of_another_article_or_of_many_is_not_believed(found: str, address: str) -> None:
    assert canonical(link(address), f"https://gorod.example{found}") is None


def test_the_second_address_counts_where_the_first_cannot_be_believed() -> None:
    head = link("/") + '<meta property="og:url" content="/news/1234">'
    assert canonical(head) == "https://www.gorod.example/news/1234"
