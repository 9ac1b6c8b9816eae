"""Which of the moments on a page is the one at which the article was published."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from scrapers.articles.article import extract_article

URAL = timezone(timedelta(hours=5))
URL = "https://gorod.example/news/77"
TEXT = "<p>Новый маршрут свяжет вокзал с посёлком. Автобусы пойдут каждые двадцать минут.</p>" * 4
TITLE = "Пойдёт новый автобус до посёлка"


def page(head: str = "", above: str = "", below: str = "", end: str = "") -> bytes:
    """Return an article page with something in its head, around its headline, behind its text."""
    menu = "".join(f"<a href='/{n}'>Раздел номер {n}</a>" for n in range(12))
    body = f"<div>{menu}</div>{above}<h1>{TITLE}</h1>{below}<div class=t>{TEXT}</div>{end}"
    return f"<title>{TITLE}</title>{head}<body>{body}".encode()


def published(body: bytes, url: str = URL, zone: timezone | None = None) -> str | None:
    moment = extract_article(body, url, zone=zone).published
    return moment.isoformat(" ", "minutes") if moment else None


LABELLED = (
    "<p>Опубликовано: 14:05, 20 июля 2021</p>",
    "<time datetime='2021-07-20T14:05:00'>вчера</time>",
)
PLAIN = (
    "<span>20.07.2021 14:05</span>",
    "<div class=date>20 июля 2021, 14:05</div>",
    "<div>Общество | 20 июля 2021 г. в 14:05 | 1203 просмотра</div>",
    "<ul><li>Культура</li><li>20-07-2021, 14:05</li><li>Автор: Пётр Заречный</li></ul>",
)


@pytest.mark.parametrize("line", [*LABELLED, *PLAIN])
@pytest.mark.parametrize("place", ["above", "below"])
def test_the_date_stands_above_or_below_the_headline(line: str, place: str) -> None:
    assert published(page(**{place: line}), zone=URAL) == "2021-07-20 14:05+05:00"


@pytest.mark.parametrize("line", LABELLED)
def test_the_date_behind_the_text_is_labelled(line: str) -> None:
    assert published(page(end=line), zone=URAL) == "2021-07-20 14:05+05:00"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2021-07-20T14:05:00+0500">',
        '<meta itemprop="datePublished" content="2021-07-20T14:05:00+05:00">',
        '<script type="application/ld+json">{"@type":"NewsArticle",'
        '"datePublished":"2021-07-20T14:05:00+05:00","dateModified":"2021-07-25"}</script>',
        '<script type="application/ld+json">{"@context":"https://schema.org","@graph":'
        '[{"@type":["Article"],"datePublished":"2021-07-20T14:05:00+05:00"}]};</script>',
    ],
)
def test_what_is_stated_for_machines_comes_before_other_dates_on_the_page(head: str) -> None:
    body = page(
        head, above="<div>22 июля 2021, четверг</div>", below="<p>Обновлено: 25.07.2021</p>"
    )
    assert published(body) == "2021-07-20 14:05+05:00"


def test_the_day_on_which_a_page_is_shown_is_not_the_date_of_its_article() -> None:
    above = "<div>Сегодня среда, 4 июня 2025</div>"
    assert published(page(above=above, below="<p>20.07.2021</p>")) == "2021-07-20 00:00+00:00"
    assert published(page(above=f"{above}<p>20.07.2021</p>")) == "2021-07-20 00:00+00:00"


def test_a_change_is_not_a_publication() -> None:
    below = "<p>Обновлено: 25 июля 2021</p><p>Опубликовано: 20 июля 2021</p>"
    assert published(page(below=below)) == "2021-07-20 00:00+00:00"


def test_the_dates_of_other_news_are_not_that_of_the_article() -> None:
    others = "".join(
        f"<li><span>0{n}.03.2022</span> <a href='/{n}'>Другая новость дня</a></li>"
        for n in range(1, 6)
    )
    body = page(above=f"<ul>{others}</ul>", below="<p>20 июля 2021</p>", end=f"<ul>{others}</ul>")
    assert published(body) == "2021-07-20 00:00+00:00"


def test_a_stated_moment_in_utc_is_told_in_the_zone_in_which_readers_see_it() -> None:
    head = '<meta property="article:published_time" content="2021-07-19T21:30:00Z">'
    assert published(page(head, below="<p>20 июля 2021, 02:30</p>")) == "2021-07-20 02:30+05:00"
    assert published(page(head), zone=URAL) == "2021-07-20 02:30+05:00"
    assert published(page(head)) == "2021-07-19 21:30+00:00"


def test_a_stated_day_gets_the_time_that_readers_see() -> None:
    head = '<meta property="article:published_time" content="2021-07-20">'
    assert published(page(head, below="<p>20 июля, 14:05</p>")) == "2021-07-20 14:05+00:00"


def test_a_date_without_a_year_is_in_the_year_of_the_address() -> None:
    address = "https://gorod.example/2016/07/20/avtobus/"
    assert published(page(below="<p>20 июля, 14:05</p>"), address) == "2016-07-20 14:05+00:00"


@pytest.mark.parametrize("path", ["2016/07/20/avtobus", "20160720-avtobus.html", "a/20-07-2016/b"])
def test_the_address_tells_the_day_where_nothing_else_does(path: str) -> None:
    assert published(page(), f"https://gorod.example/{path}") == "2016-07-20 00:00+00:00"


def test_the_address_tells_which_of_two_days_is_meant() -> None:
    head = '<meta property="article:published_time" content="2024-01-15T10:00:00Z">'
    address = "https://gorod.example/2016/07/20/avtobus/"
    assert published(page(head, below="<p>20.07.2016</p>"), address) == "2016-07-20 00:00+00:00"


def test_numbers_in_an_address_are_not_a_day() -> None:
    assert published(page(), "https://gorod.example/news/20211399/1234567890") is None


def test_a_page_without_any_date_has_none() -> None:
    assert published(page(below="<p>Автобус № 12, остановка 3</p>")) is None
