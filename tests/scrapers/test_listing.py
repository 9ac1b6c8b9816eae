from __future__ import annotations

import pytest

from scrapers import Blocked, Kind, ParseError
from scrapers.detect import detect_kind
from scrapers.listings.listing import find_links
from tests.scrapers.growth import assert_grows_with_length

URL = "https://gorod.example/news/"
PAGE = """
<nav><a href="/">Главная</a> <a href="/rubric/sport-1234">Все новости спорта нашего города</a>
<a href="/contacts/100500">Как с нами можно связаться</a></nav>
<div class="card"><a href="/news/1003"><img src="/3.jpg"></a>
  <a href="/news/1003?utm_source=main">Школьники посадили аллею из клёнов</a></div>
<div class="card"><a href="1002.html">Набережную открыли после ремонта</a></div>
<div class="card"><a href="http://www.gorod.example/2024/05/zimniy-sad-v-parke">
  Зимний сад в парке примет первых гостей</a></div>
<a href="https://reklama.example/news/555">Купите окна со скидкой прямо сейчас</a>
<a href="/doc/4567.pdf">Постановление о бюджете на новый год</a>
<a href="javascript:void(0)">Показать ещё больше новостей 1234</a>
"""


def links(page: str, selector: str | None = None) -> list[str]:
    return find_links(page.encode(), URL, selector=selector)


def test_links_within_the_site_that_look_like_articles_are_found_in_order() -> None:
    assert links(PAGE) == [
        "https://gorod.example/news/1003",
        "https://gorod.example/news/1002.html",
        "http://www.gorod.example/2024/05/zimniy-sad-v-parke",
    ]


def test_a_selector_picks_links_or_what_holds_them() -> None:
    expected = ["https://gorod.example/news/1003", "https://gorod.example/news/1002.html"]
    assert links(PAGE, "div.card")[:2] == expected
    assert links(PAGE, "div.card a")[:2] == expected
    assert links('<a href="/n/5"><h3>Заголовок</h3></a>', "h3") == ["https://gorod.example/n/5"]


def test_a_selected_link_may_lead_anywhere() -> None:
    assert links(PAGE, "a[href*=reklama]") == ["https://reklama.example/news/555"]


def test_the_base_of_the_page_counts() -> None:
    page = '<base href="https://cdn.example/a/"><a class="n" href="b">в</a>'
    assert links(page, ".n") == ["https://cdn.example/a/b"]


@pytest.mark.parametrize(
    ("page", "selector", "reason"),
    [
        ("<p>Скоро открытие", None, "give a selector"),
        (PAGE, ".missing", r"matches '\.missing'"),
        (PAGE, "a[[", "no CSS selector"),
        ("", None, "empty"),
        ("GIF89a\x00\x01", None, "binary"),
    ],
)
def test_a_page_without_links_is_one_clear_line(
    page: str, selector: str | None, reason: str
) -> None:
    with pytest.raises(ParseError, match=reason):
        links(page, selector)


def test_a_login_page_is_recognised() -> None:
    with pytest.raises(Blocked, match="password"):
        links('<form><input name="login"><input type="Password"></form>')


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<?xml version="1.0"?>\n<!-- a --><!-- b -->\n<rss version="2.0">', Kind.FEED),
        ('\ufeff<feed xmlns="http://www.w3.org/2005/Atom">', Kind.FEED),
        ("<!DOCTYPE rdf [<!ENTITY a 'b'>]><rdf:RDF>", Kind.FEED),
        (' {"version": "https://jsonfeed.org/version/1"}', Kind.FEED),
        ("<!DOCTYPE html><html><p>о формате <rss>", Kind.LISTING),
        ('<?xml version="1.0"?><html>', Kind.LISTING),
        ("<!--" * 5000, Kind.LISTING),
        ("", Kind.LISTING),
    ],
)
def test_feeds_and_pages_are_told_apart_by_how_they_open(body: str, kind: Kind) -> None:
    assert detect_kind(body.encode()) is kind


def test_links_within_links_are_read_in_time_that_grows_with_their_number() -> None:
    def page(count: int) -> str:
        return "".join(f"<a href='/news/{1000 + n}'>Мост открыт снова<div>" for n in range(count))

    assert_grows_with_length(lambda count: links(page(count)), 800)
