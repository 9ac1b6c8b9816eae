from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from scrapers import ParseError, Selectors, extract_article
from tests.scrapers.growth import assert_grows_with_length

URL = "https://gorod.example/news/5"
TEXT = "Новый маршрут свяжет вокзал с посёлком. Автобусы пойдут каждые двадцать минут. " * 4
PAGE = f"""<html><head><title>Город: новый автобус</title></head><body>
<h1>Пойдёт новый автобус</h1><p class="d" data-x="1">5 марта 2023, 10:15</p>
<div class="t"><p>{TEXT}</p><script>x()</script><p hidden>скрыто</p><p>Второй абзац.</p></div>
<img class="p" data-src="/p.jpg"></body></html>"""


def test_selectors_pick_the_parts() -> None:
    selectors = Selectors(title="h1", text=".t p", published=".d", image="img.p")
    zone = timezone(timedelta(hours=5))
    item = extract_article(PAGE.encode(), URL, selectors=selectors, zone=zone)
    assert item.title == "Пойдёт новый автобус"
    assert item.text == f"{TEXT.strip()}\nВторой абзац."
    assert item.published == datetime(2023, 3, 5, 10, 15, tzinfo=zone)
    assert item.image == "https://gorod.example/p.jpg"


def test_what_selectors_leave_out_is_found_without() -> None:
    item = extract_article(PAGE.encode(), URL, selectors=Selectors(title=".d"))
    assert item.title == "5 марта 2023, 10:15"
    assert item.text.endswith("Второй абзац.")


@pytest.mark.parametrize("name", ["title", "text"])
def test_a_selector_of_words_that_finds_nothing_is_a_failure(name: str) -> None:
    with pytest.raises(ParseError, match=r"nothing on the page matches '\.gone'"):
        extract_article(PAGE.encode(), URL, selectors=Selectors(**{name: ".gone"}))


@pytest.mark.parametrize("name", ["published", "image"])
def test_a_missing_date_or_picture_is_none(name: str) -> None:
    item = extract_article(PAGE.encode(), URL, selectors=Selectors(**{name: ".gone"}))
    assert getattr(item, name) is None


def test_a_machine_readable_date_in_the_selected_element_wins() -> None:
    page = PAGE.replace('class="d"', 'class="d" datetime="2023-03-05T10:15:00+03:00"')
    item = extract_article(page.encode(), URL, selectors=Selectors(published=".d"))
    assert item.published is not None
    assert item.published.utcoffset() == timedelta(hours=3)


def test_the_date_nearest_to_the_headline_is_that_of_the_article() -> None:
    body = f"<p>04 июня 2025, среда</p><a>а</a><p>20.07.2021</p><h1>Заголовок дня</h1><p>{TEXT}"
    item = extract_article(body.encode(), URL)
    assert item.published == datetime(2021, 7, 20, tzinfo=timezone.utc)


def test_the_headline_is_the_heading_the_page_names_not_the_section() -> None:
    body = (
        "<title>Газета | Сайт - Аллея у школы</title><h1>Природа</h1>"
        f"<h2>Аллея у школы</h2><p>{TEXT}"
    )
    assert extract_article(body.encode(), URL).title == "Аллея у школы"


def test_a_headline_comes_without_the_name_of_the_site() -> None:
    body = f"<title>Аллея у школы - Вестник</title><p>{TEXT}"
    assert extract_article(body.encode(), URL).title == "Аллея у школы"


def test_text_moved_off_the_screen_is_not_read_twice() -> None:
    body = f"<h1>а</h1><p>{TEXT}</p><div style='left: -10000px'><p>{TEXT}</p></div>"
    assert extract_article(body.encode(), URL).text == TEXT.strip()


def test_markup_in_titles_and_emoji_are_plain_text() -> None:
    body = f"<h1>Снег 🌨 &lt;script&gt;alert(1)&lt;/script&gt; <b>выпал</b></h1><p>{TEXT}"
    assert extract_article(body.encode(), URL).title == "Снег 🌨 <script>alert(1)</script> выпал"


def test_a_text_of_short_lines_is_read_where_it_is_named_a_text() -> None:
    verse = ["Снег идёт над мостом", "Тихо светит фонарь", "Спит река подо льдом"]
    body = f"<h1>Стихи о мосте</h1><div class='article-text'>{'<br>'.join(verse)}</div>"
    assert extract_article(body.encode(), URL).text == "\n".join(verse)


def test_a_page_of_names_of_other_news_has_no_text() -> None:
    cards = "".join(
        f"<div><a href=/{n}>Новость дня под номером {n}</a><p>{TEXT[:150]}</p></div>"
        for n in range(9)
    )
    body = f"<title>Вестник</title><h1>Новости</h1><div class='article-text'>{cards}</div>"
    assert extract_article(body.encode(), URL).text == ""


def test_an_endless_text_is_cut() -> None:
    page = f"<h1>а</h1><div class='t'>{'слово ' * 40_000}</div>"
    item = extract_article(page.encode(), URL, selectors=Selectors(text=".t"))
    assert 99_900 < len(item.text) <= 100_000


@pytest.mark.parametrize("body", [b"", b"\n \n", b"%PDF-1.7 text", b"\x89PNG\r\n\x1a\n\0\0"])
def test_what_is_no_page_is_one_clear_line(body: bytes) -> None:
    with pytest.raises(ParseError):
        extract_article(body, URL)


@pytest.mark.parametrize(
    "body",
    [b"https://gorod.example/a.html", b"page.xml", b'<?xml version="1.0"?><news>a</news>', b"<"],
)
def test_odd_pages_are_read_without_a_warning(body: bytes) -> None:
    assert extract_article(body, URL).url == URL


def hostile_pages() -> dict[str, tuple[int, Callable[[int], str]]]:
    """Return ways to write a page of some length, with lengths that are worth measuring."""

    def attributes(count: int) -> str:
        return "<div " + " ".join(f"a{number}=1" for number in range(count)) + ">"

    def linked_data(count: int) -> str:
        return f'<script type="application/ld+json">{json.dumps([0] * count)}</script>'

    def named_headings(count: int) -> str:
        titles = (f'<meta property="og:title" content="имя {n} и ещё">' for n in range(count))
        return "".join([*titles, *(f"<h1>глава {n} и ещё</h1>" for n in range(count))])

    return {
        "nested blocks": (10_000, lambda count: "<div>" * count),
        "nested tables": (3_500, lambda count: "<table><tr><td>" * count),
        "nested emphasis": (10_000, lambda count: "<p>" + "<b>" * count),
        "nested headings": (1_000, lambda count: "<h1>а" * count),
        "nested links": (500, lambda count: "<a href='/'>а<div>" * count),
        "attributes": (25_000, attributes),
        "open comments": (25_000, lambda count: "<!--" * count),
        "linked data": (200_000, linked_data),
        "headings and names": (700, named_headings),
        "short lines": (10_000, lambda count: f"<h1>а</h1><p>{TEXT}</p><td>" + "слово<br>" * count),
        "bylines": (3_000, lambda count: "<div class=author>а" * count),
        "pictures": (3_000, lambda count: f"<h1>а</h1><p>{TEXT}" + "<div><img>а" * count),
        "cards": (2_000, lambda count: "<div>" + "<p><a href=/>имя имя имя</a>" * count),
        "rows": (
            1_500,
            lambda count: "<div class=r>а</div><div class=r>б</div><div class=r>" * count,
        ),
        "phrases": (40_000, lambda count: f"<h1>а</h1><p>{TEXT}</p><p>Все" + " слова" * count),
        "named boxes": (2_000, lambda count: "<h1>а</h1>" + "<div class=article-text>а" * count),
        "marked dates": (3_000, lambda count: "<b itemprop=datePublished>1.2.2020</b>" * count),
    }


@pytest.mark.parametrize("name", hostile_pages())
def test_hostile_markup_is_read_in_time_that_grows_with_its_length(name: str) -> None:
    length, page = hostile_pages()[name]
    assert_grows_with_length(lambda count: extract_article(page(count).encode(), URL), length)


@pytest.mark.parametrize("value", ['["NewsArticle"]', '"NewsArticle"', '["Thing", "Article"]'])
def test_linked_data_names_what_it_is_as_one_word_or_several(value: str) -> None:
    data = f'{{"@type": {value}, "datePublished": "2023-03-05T10:15:00Z"}}'
    page = f'<script type="application/ld+json">[[0], {data}]</script><p>{TEXT}'
    assert extract_article(page.encode(), URL).published == datetime(
        2023, 3, 5, 10, 15, tzinfo=timezone.utc
    )


def test_marks_do_not_pile_up_on_a_letter() -> None:
    page = f"<h1>Й{chr(0x301) * 90}од \u0438\u0306</h1><p>{TEXT}"
    title = extract_article(page.encode(), URL).title
    assert title == f"Й{chr(0x301) * 30}од \u0438\u0306"
