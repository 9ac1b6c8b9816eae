"""Headlines that the <title> does not give, and those that stand in one element with more."""

from __future__ import annotations

import pytest

from scrapers.articles.article import extract_article

URL = "https://gorod.example/news/77"
PARAGRAPH = "Новый маршрут свяжет вокзал с посёлком. Автобусы пойдут каждые двадцать минут."
TEXT = f"<p>{PARAGRAPH}</p>" * 4
MENU = "".join(f"<li><a href='/{n}'>Раздел номер {n}</a></li>" for n in range(5))
TITLE = "Пойдёт новый автобус до посёлка"
DATE = "<div class=d>01.03.2018</div>"
SUBTITLE = "Второй за год"
NAMELESS = ("Районная газета «Маяк»", "Газета «Сельский путь» - официальный сайт", "Новости")


def read(whole: str, body: str) -> tuple[str, str, str]:
    """Return title, day and the first line of the text."""
    page = f"<title>{whole}</title><body><ul>{MENU}</ul>{body}"
    item = extract_article(page.encode(), URL)
    return item.title, str(item.published)[:10], item.text.partition("\n")[0]


@pytest.mark.parametrize("whole", NAMELESS)
@pytest.mark.parametrize(
    "body",
    [
        f"<div class=n><h2>{TITLE}</h2>{DATE}{TEXT}</div>",
        f"<div class=n><h1><a href='/n/1'>{TITLE}</a></h1>{DATE}{TEXT}</div>",
        f"<div class=n><div class=news_title>{TITLE}</div>{DATE}{TEXT}</div>",
        f"<div class=n><b>{TITLE}</b><br>01.03.2018<br>{TEXT}</div>",
        f"<div class=n><font size=4><b>{TITLE}</b></font><h4>{DATE}</h4>{TEXT}</div>",
        "<h1>Районная газета «Маяк»</h1><h3>Разделы</h3><ul>"
        f"{MENU}</ul><div class=n><h2>{TITLE}</h2><h3>{SUBTITLE}</h3>{DATE}{TEXT}</div>",
        f"<b>№ 34 от 1 марта 2018 г.</b><div class=n><b>{TITLE}</b><br>{DATE}{TEXT}</div>",
    ],
)
def test_a_title_that_names_only_the_site_leaves_the_headline_to_what_stands_above_the_text(
    whole: str, body: str
) -> None:
    title, day, first = read(whole, body)
    assert (title, day) == (TITLE, "2018-03-01")
    assert first in (PARAGRAPH, SUBTITLE)


def test_the_main_heading_above_the_text_goes_before_a_title_written_for_searching() -> None:
    body = f"<h1>Жизнь города и района</h1><ul>{MENU}</ul><div><h1>{TITLE}</h1>{DATE}{TEXT}</div>"
    assert read("Расписание маршрута 12 — Маяк", body) == (TITLE, "2018-03-01", PARAGRAPH)


def test_a_lesser_heading_above_the_text_must_speak_of_what_the_title_does() -> None:
    whole = "Расписание: новый автобус в посёлок — Маяк"
    assert read(whole, f"<h2>{TITLE}</h2>{DATE}{TEXT}")[0] == TITLE
    assert read(whole, f"<h2>Следите за погодой</h2>{DATE}{TEXT}")[0] == whole.partition(" —")[0]


@pytest.mark.parametrize(
    ("whole", "section", "headline"),
    [
        (
            "Мост откроют - Новости Заречного района - Маяк",
            "Новости Заречного района",
            "<h3>{}</h3>",
        ),
        ("Гололёд — Новости — Заречный район", "Новости", "<h2>{}</h2>"),
        ("Мост откроют — Жизнь Заречного района", "Жизнь Заречного района", "<h2>{}</h2>"),
    ],
)
def test_a_headline_may_be_shorter_than_its_section(
    whole: str, section: str, headline: str
) -> None:
    wanted = whole.replace(" —", " -").partition(" -")[0]
    body = f"<h1>{section}</h1>{headline.format(wanted)}{DATE}{TEXT}"
    assert read(whole, body) == (wanted, "2018-03-01", PARAGRAPH)


def test_the_name_of_the_site_in_front_is_not_the_headline_though_it_is_the_main_heading() -> None:
    body = f"<h1>Районная газета «Маяк»</h1><div><b>{TITLE}</b><br>01.03.2018<br>{TEXT}</div>"
    whole = f"Районная газета «Маяк» | {TITLE}"
    assert read(whole, body) == (TITLE, "2018-03-01", PARAGRAPH)


@pytest.mark.parametrize(
    "heading",
    [
        f"{TITLE} <sup>16+</sup>",
        f"<a href='/o'>Общество</a> {TITLE}",
        f"{TITLE} <span class=x>120</span>",
        f"<span>Общество</span> <span>{TITLE}</span>",
        f"<small>12:40</small> {TITLE.replace('новый', '<em>новый</em>')}",
    ],
)
@pytest.mark.parametrize("whole", [TITLE, f"{TITLE} - Маяк", f"Маяк. {TITLE}"])
def test_what_else_stands_in_the_heading_is_cut_off(heading: str, whole: str) -> None:
    assert read(whole, f"<h1>{heading}</h1>{DATE}{TEXT}") == (TITLE, "2018-03-01", PARAGRAPH)


def test_a_heading_keeps_its_own_words_where_the_title_is_shorter() -> None:
    heading = "<h1>Пойдёт новый автобус <em>до посёлка</em></h1>"
    assert read("Пойдёт новый автобус", f"{heading}{DATE}{TEXT}")[0] == TITLE


def test_a_headline_may_be_broken_into_lines() -> None:
    body = f"<div><div class=z>Пойдёт новый<br>автобус до посёлка</div>{DATE}{TEXT}</div>"
    assert read(f"{TITLE} - Маяк", body) == (TITLE, "2018-03-01", PARAGRAPH)


def test_a_page_of_many_news_gets_no_headline_from_the_first_of_them() -> None:
    news = "".join(
        f"<h2><a href='/n/{n}'>В районе открыли мост {n}</a></h2><p>{PARAGRAPH}</p>"
        for n in range(6)
    )
    assert read("Районная газета «Маяк»", news)[::2] == ("Районная газета «Маяк»", "")
