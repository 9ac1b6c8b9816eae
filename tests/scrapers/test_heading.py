"""Which of the names on a page is the headline, and how it is written."""

from __future__ import annotations

import pytest

from scrapers.articles.article import extract_article

URL = "https://gorod.example/news/77"
TEXT = "<p>Новый маршрут свяжет вокзал с посёлком. Автобусы пойдут каждые двадцать минут.</p>" * 4
TITLE = "Пойдёт новый автобус до посёлка"
LOGO = "<h1 class=logo><a href=/>Вестник города</a></h1>"


def title(head: str, body: str) -> str:
    return extract_article(f"<head>{head}</head><body>{body}{TEXT}".encode(), URL).title


def og(content: str) -> str:
    return f'<meta property="og:title" content="{content}">'


WHOLE = (
    f"{TITLE} - Вестник",
    f"{TITLE} | Новости | Вестник города",
    f"Вестник города :: {TITLE}",
    f"{TITLE} — Общество — Новости города",
    f"{TITLE}. Новости города",
    f"Вестник » {TITLE} » Версия для печати",
)
CRUMBS = f"<div class='breadcrumbs'><a href=/>Главная</a> / <span>{TITLE}</span></div>"
MAIN = (
    f"<h1>{TITLE}</h1>",
    f"<h1>{TITLE} <span class='date'>20 июля</span></h1>",
    f"{CRUMBS}<h1>{TITLE}</h1>",
)
SECOND = (f"{LOGO}<h2>{TITLE}</h2>", f"<h1>Общество</h1><h2>{TITLE}</h2>")


@pytest.mark.parametrize("whole", WHOLE)
@pytest.mark.parametrize("body", [*MAIN, *SECOND])
def test_the_headline_is_the_heading_that_the_page_is_named_for(whole: str, body: str) -> None:
    assert title(f"<title>{whole}</title>", body) == TITLE


@pytest.mark.parametrize("whole", ["Вестник города", ""])
@pytest.mark.parametrize("body", MAIN)
def test_the_main_heading_is_the_headline_where_the_page_has_no_name(whole: str, body: str) -> None:
    assert title(f"<title>{whole}</title>", body) == TITLE


@pytest.mark.parametrize("whole", [f"{TITLE} - Вестник", f"Вестник города | {TITLE}", TITLE])
def test_a_headline_that_is_no_heading_is_found_by_the_title_of_the_page(whole: str) -> None:
    body = f"<table><tr><td><font size=4><b>{TITLE}</b></font></td></tr></table>"
    assert title(f"<title>{whole}</title>", body) == TITLE


def test_a_dash_in_a_headline_does_not_end_it() -> None:
    headline = "Мост открыт — движение пустят в субботу"
    head = f"<title>{headline} — Вестник</title>"
    assert title(head, f"<div>{headline}</div>") == headline
    assert title(head, "") == headline


def test_a_headline_is_not_cut_as_the_metadata_have_it() -> None:
    head = og("Пойдёт новый автобус до…") + "<title>Пойдёт новый автобус до… | Вестник</title>"
    assert title(head, f"<h1>{TITLE}</h1>") == TITLE


def test_a_headline_for_searching_gives_way_to_the_one_that_is_shown() -> None:
    head = og("Автобус до посёлка: расписание и маршрут") + "<title>Автобус, расписание</title>"
    assert title(head, f"<h1>{TITLE}</h1>") == TITLE


def test_the_name_of_the_site_is_no_headline() -> None:
    head = (
        '<meta property="og:site_name" content="Вестник города">'
        + f"<title>{TITLE} — Вестник города</title>"
    )
    assert title(head, "<h1>Вестник города</h1>") == TITLE


def test_spaces_and_soft_hyphens_of_typesetters_are_plain() -> None:
    body = "<h1>Пойдёт\u00a0новый авто\u00adбус\n   до&nbsp;посёлка</h1>"
    assert title(f"<title>{TITLE}</title>", body) == TITLE


def test_the_headlines_of_other_news_are_not_that_of_the_article() -> None:
    others = "".join(f"<h3><a href=/{n}>Ещё одна новость дня {n}</a></h3>" for n in range(5))
    assert title(og(TITLE), f"{others}<h1>{TITLE}</h1>") == TITLE


def test_a_logo_that_says_the_headline_too_is_not_where_the_text_begins() -> None:
    news = (f"<p><a href=/{n}>В районе {n} прошла весенняя ярмарка мёда</a></p>" for n in range(20))
    hidden = f"<header><h1><span>{TITLE}</span><a href=/>Вестник города</a></h1></header>"
    related = f"<h2>По теме</h2><div>{''.join(news)}</div>"
    article = f"<article><h3>{TITLE}</h3><p>20.07.2021</p>{TEXT}</article>"
    page = f"<title>{TITLE} » Вестник</title>{hidden}{related}{article}"
    found = extract_article(page.encode(), URL)
    assert found.title == TITLE
    assert found.text.startswith("Новый маршрут")
    assert found.published is not None
