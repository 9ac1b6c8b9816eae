"""Which of the moments on a page is the one at which the article was published."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

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


IN_UTC = (
    ('<meta property="article:published_time" content="2023-05-11T22:30:00Z">', "12 мая 2023"),
    ("", "<time datetime='2023-05-11T22:30:00Z'>12.05.2023</time>"),
)


@pytest.mark.parametrize(("head", "below"), IN_UTC)
def test_the_day_that_is_shown_goes_before_the_day_of_a_moment_in_utc(
    head: str, below: str
) -> None:
    assert published(page(head, below=f"<p>{below}</p>")) == "2023-05-12 01:30+03:00"
    assert published(page(head, below=f"<p>{below}</p>"), zone=URAL) == "2023-05-12 03:30+05:00"


def test_a_moment_in_utc_stays_where_the_day_that_is_shown_is_another() -> None:
    head = IN_UTC[0][0]
    assert published(page(head, below="<p>14 мая 2023</p>")) == "2023-05-11 22:30+00:00"


@pytest.mark.parametrize(
    "line",
    [
        "Опубликовано: 27.06.2023 15:10, обновлено: 28.06.2023 09:00",
        "27.06.2023 15:10 (обновлено 28.06.2023 09:00)",
        "Обновлено: 28.06.2023 09:00, опубликовано: 27.06.2023 15:10",
    ],
)
def test_publication_and_change_may_stand_in_one_line(line: str) -> None:
    assert published(page(below=f"<p>{line}</p>")) == "2023-06-27 15:10+00:00"


@pytest.mark.parametrize(
    "parts",
    [
        "<div>12</div><div>мая</div><div>2023</div>",
        "<span>12</span><span>Май</span><span>2023</span>",
        "<div>12 мая</div><div>2023</div>",
        "<div>12</div><div>мая 2023</div><div>Общество</div>",
    ],
)
def test_day_month_and_year_may_be_elements_of_their_own(parts: str) -> None:
    assert published(page(above=f"<div class=x>{parts}</div>")) == "2023-05-12 00:00+00:00"


def test_a_date_in_one_line_with_the_headline_counts() -> None:
    body = page().replace(f"<h1>{TITLE}".encode(), f"<h1>{TITLE} <span>12.05.2023</span>".encode())
    assert published(body) == "2023-05-12 00:00+00:00"


OTHERS = "".join(
    f"<div class=i><span>1{n}.05.2024</span> <a href='/{n}'>В парке высадили саженцы липы</a></div>"
    for n in range(5)
)
CARDS = "".join(
    f"<li><div>1{n}.05.2024</div><div><a href='/{n}'>В парке высадили саженцы липы</a></div></li>"
    for n in range(5)
)


@pytest.mark.parametrize("others", [OTHERS, f"<ul>{CARDS}</ul>"])
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_date_behind_the_text_goes_before_those_of_other_news(others: str, place: str) -> None:
    above, end = (others, "") if place == "above" else ("", others)
    body = page(above=above, end=f"<div class=b><span>03.02.2020</span> Просмотров: 4</div>{end}")
    long = body.replace(TEXT.encode(), (TEXT * 6).encode())
    assert published(body) == published(long) == "2020-02-03 00:00+00:00"


def test_what_is_named_for_the_date_may_stand_behind_tags_and_buttons() -> None:
    tags = "".join(f"<li><a href='/t/{n}'>метка {n}</a></li>" for n in range(9))
    end = f"<ul>{tags}</ul><div class=date>03.02.2020</div><ul>{CARDS}</ul>"
    assert published(page(end=end)) == "2020-02-03 00:00+00:00"


def test_a_section_named_for_the_weather_does_not_hide_the_date() -> None:
    assert published(page(below="<p>03.02.2020 | Погода</p>")) == "2020-02-03 00:00+00:00"
    assert published(page(below="<p>Погода на 03.02.2020: снег</p>")) is None


@pytest.mark.parametrize(
    "foreign",
    [
        {"end": f"<div><b>Лента</b>{OTHERS}</div>"},
        {"above": f"<div><b>Лента</b>{OTHERS}</div>"},
        {"end": f"<ul>{CARDS}</ul>"},
        {"end": "<div class=comments><p>Гость 13.10.2011 10:00</p><p>Давно пора!</p></div>"},
        {"above": "<div>Курсы валют на 15.05.2025: USD 80,1</div>"},
        {"above": "<div>Сегодня 15 мая 2025 года</div>"},
        {"end": "<div class=sidebar><time datetime='2024-05-12'>12 мая</time> Афиша</div>"},
    ],
)
def test_an_undated_page_gets_no_date_that_is_of_something_else(foreign: dict[str, str]) -> None:
    assert published(page(**foreign)) is None


def test_a_bare_day_in_the_head_of_the_page_is_not_that_of_its_article() -> None:
    menu = "".join(f"<a href='/{n}'>Раздел номер {n}</a>" for n in range(12))
    article = f"<div class=post><h1>{TITLE}</h1><div>{TEXT}</div></div>"
    whole = f"<title>{TITLE}</title><body><div>{menu}</div>"
    assert published(f"{whole}<div>15 мая 2025</div>{article}".encode()) is None
    near = f"{whole}<div><div>15 мая 2025</div>{article}</div>"
    assert published(near.encode()) == "2025-05-15 00:00+00:00"


@pytest.mark.parametrize("path", ["2021/11/most", "arhiv/2021-11/most"])
def test_a_date_without_a_year_is_in_the_year_whose_month_the_address_names(path: str) -> None:
    address = f"https://gorod.example/{path}"
    assert published(page(below="<p>8 ноября, 12:10</p>"), address) == "2021-11-08 12:10+00:00"


def test_six_digits_in_an_address_are_a_day_only_above_a_number() -> None:
    assert published(page(), f"{URL}/180407/112.html") == "2018-04-07 00:00+00:00"
    assert published(page(), f"{URL}/180407/most.html") is None
    assert published(page(), f"{URL}/180407") is None


@pytest.mark.parametrize("hours", [0, 3])
def test_the_moment_at_which_a_page_is_made_is_not_that_of_its_article(hours: int) -> None:
    now = datetime.now(timezone.utc) - timedelta(hours=hours)
    head = f'<meta property="article:published_time" content="{now.isoformat()}">'
    assert published(page(head, below="<p>12 мая 2019, 10:10</p>")) == "2019-05-12 10:10+00:00"
    assert published(page(head)) == now.isoformat(" ", "minutes")
