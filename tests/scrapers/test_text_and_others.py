"""What belongs to the text of an article, and what else stands between, beside and below it.

Both sides of each rule are here: what it takes out, and what only looks like that.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import pytest

from scrapers.articles.article import extract_article

URL = "https://gorod.example/news/77"
TITLE = "В Берёзовке открыли ледовый каток"
LEAD = "Ледовый каток открыли в субботу на стадионе посёлка Берёзовка, его заливали две недели."
MIDDLE = "Коньки выдают бесплатно по читательскому билету, рассказали в доме культуры посёлка."
MORE = "Вечером лёд освещают прожекторы, а в тёплой раздевалке можно выпить чаю с пирогами."
END = "Каток будет работать до конца марта, если позволит погода, пообещал директор стадиона."
TEXT = [LEAD, MIDDLE, MORE, END]
OTHER_TITLE = "Школьники собрали тонну макулатуры"
OTHER = [
    "Тонну макулатуры собрали за неделю ученики трёх школ района, сообщили организаторы акции.",
    "На вырученные деньги высадят аллею из пятидесяти клёнов у новой спортивной площадки.",
    "Победителям вручили книги, а самый большой вклад внёс шестой класс сельской школы.",
] * 2
REMARKS = [
    "Отличный каток, ходим с детьми каждый вечер, спасибо всем, кто его заливал в морозы!",
    "А почему не сделали прокат коньков подешевле, для пенсионеров это всё-таки дорого?",
    "Пришли вчера, а места в раздевалке нет, надо ставить вторую, людей очень много.",
]


def paragraphs(lines: list[str], tag: str = "p") -> str:
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines)


def text(body: str) -> list[str]:
    page = f"<title>{TITLE}</title><body><h1>{TITLE}</h1>{body}</body>"
    return extract_article(page.encode(), URL).text.split("\n")


LINK = "<a href=/n/{}>В соседней Дубраве выбрали лучшего гармониста</a>"
LINKS_BETWEEN: dict[str, Callable[[str, int], str]] = {
    "paragraphs": lambda line, n: f"<p>{line}</p><p>{LINK.format(n)}</p>",
    "boxes": lambda line, n: f"<p>{line}</p><div class=more-link>{LINK.format(n)}</div>",
    "divs": lambda line, n: f"<div>{line}</div><div>{LINK.format(n)}</div>",
    "lines": lambda line, n: f"{line}<br>{LINK.format(n)}<br>",
}


@pytest.mark.parametrize("make", LINKS_BETWEEN.values(), ids=LINKS_BETWEEN)
@pytest.mark.parametrize(
    "above",
    ["", "<div class=who><a href=/a>Ирина Павловна Берёзкина, газета</a></div>"],
    ids=["", "below an author"],
)
def test_links_after_each_paragraph_leave_the_text_whole(
    make: Callable[[str, int], str], above: str
) -> None:
    body = "".join(make(line, n) for n, line in enumerate(TEXT))
    assert text(f"<div class=t>{above}{body}</div>") == TEXT


@pytest.mark.parametrize(
    "item",
    [
        "<p><a href=/n/{n}>{title}</a></p><p>{line}</p>",
        "<h3><a href=/n/{n}>{title}</a></h3><p>{line}</p>",
        "<div><a href=/n/{n}>{title}</a><p>{line}</p></div>",
    ],
)
def test_a_list_of_news_below_a_heading_has_no_text(item: str) -> None:
    lines = [*TEXT, *OTHER]
    items = "".join(item.format(n=n, title=OTHER_TITLE, line=line) for n, line in enumerate(lines))
    assert text(f"<div class=t>{items}</div>") == [""]


@pytest.mark.parametrize("mark", ["<a name=top>", "<a id=news-5>", "<a name='n5'><b>Новое</b>"])
def test_a_mark_that_is_never_ended_is_no_link(mark: str) -> None:
    page = f"<title>{TITLE}</title><body>{mark}<h2>{TITLE}</h2>{paragraphs(TEXT)}"
    assert extract_article(page.encode(), URL).text.split("\n") == TEXT


def test_a_sentence_that_goes_over_into_a_link_is_text_but_none_that_sends_there() -> None:
    told = "Ранее мы писали, что <a href=/n/3>каток в Дубраве открыли ещё в декабре</a>."
    sent = "О других катках читайте <a href=/n/4>в нашем большом обзоре катков района</a>."
    body = f"<p>{LEAD}</p><p>{told}</p><p>{MIDDLE}</p><p>{sent}</p><p>{END}</p>"
    assert text(body) == [
        *(LEAD, "Ранее мы писали, что каток в Дубраве открыли ещё в декабре.", MIDDLE, END)
    ]


@pytest.mark.parametrize(
    "frame",
    [
        "<div><img src=/1.jpg align=left>{}</div>",
        "<div><img src=/1.jpg>{}</div>",
        "<div class=photo><img src=/1.jpg><div class=anons>{}</div></div>",
    ],
)
def test_the_first_paragraph_beside_a_picture_is_text(frame: str) -> None:
    body = f"<div>{frame.format(LEAD)}{paragraphs(TEXT[1:], 'div')}</div>"
    assert text(body) == TEXT


@pytest.mark.parametrize(
    "caption",
    [
        "Лёд блестит под прожекторами в день открытия",
        "Первые посетители нового катка в Берёзовке.",
        "Фото: дом культуры посёлка Берёзовка, с разрешения организаторов праздника на льду.",
    ],
)
def test_a_caption_under_a_picture_is_no_text(caption: str) -> None:
    picture = f"<div><img src=/1.jpg><br><i>{caption}</i></div>"
    body = f"<div>{LEAD}</div>{picture}{paragraphs(TEXT[1:], 'div')}"
    assert text(f"<div>{body}</div>") == TEXT


@pytest.mark.parametrize(
    "following",
    [
        "<div class=mat><h1>{title}</h1><div class=d>28.02.2024</div>{body}</div>",
        "<div class=mat><h2>{title}</h2><span>28 февраля 2024</span>{body}</div>",
        "<div class=mat><h2><a href=/n/2>{title}</a></h2>{body}</div>",
        "<div class=row><div class=it><h4><a href=/n/2>{title}</a></h4><p>{first}</p></div></div>",
        "<div class=about><h3>О газете</h3>{body}</div>",
    ],
)
def test_what_follows_with_its_own_headline_is_another_article(following: str) -> None:
    told = {"title": OTHER_TITLE, "body": paragraphs(OTHER), "first": OTHER[0]}
    ours = f"<div class=mat><h1>{TITLE}</h1><div class=d>01.03.2024</div>{paragraphs(TEXT)}</div>"
    page = f"<title>{TITLE} | Город</title><body>{ours}{following.format(**told)}"
    assert extract_article(page.encode(), URL).text.split("\n") == TEXT


def test_parts_with_headings_of_their_own_are_one_article() -> None:
    first = f"<section class=s><h1>{TITLE}</h1>{paragraphs(TEXT)}</section>"
    second = f"<section class=s><h2>Как это было</h2>{paragraphs(OTHER)}</section>"
    page = f"<title>{TITLE}</title><body>{first}{second}"
    found = extract_article(page.encode(), URL).text.split("\n")
    assert found == [*TEXT, "Как это было", *OTHER]


def test_headings_with_marks_to_find_them_by_are_the_texts_own() -> None:
    part = (
        f"<div class=part><h2><a href=#how>Как это было когда-то</a></h2>{paragraphs(OTHER)}</div>"
    )
    found = text(f"<div class=t>{paragraphs(TEXT)}{part}</div>")
    assert [line for line in found if line in OTHER] == OTHER


@pytest.mark.parametrize("heading", ["Обсуждение", "3 отзыва", "Мнения", "Комментарии"])
def test_remarks_signed_with_name_and_time_are_no_text(heading: str) -> None:
    said = "".join(
        f"<div class=msg><b>Гость {n}</b> <i>13.10.2011 1{n}:00</i><p>{line}</p></div>"
        for n, line in enumerate(REMARKS)
    )
    assert text(f"<div id=c>{paragraphs(TEXT)}<h4>{heading}</h4>{said}</div>") == TEXT


@pytest.mark.parametrize("heading", ["Обсуждение", "Мнения", "Главное", "Подробности"])
def test_a_heading_amid_the_text_stays_with_what_is_below_it(heading: str) -> None:
    rows = ["Длина: 60 м", "Ширина: 30 м", "Открыт с 10:00 до 21:00."]
    body = f"<p>{LEAD}</p><h3>{heading}</h3><ul>{paragraphs(rows, 'li')}</ul>{paragraphs(TEXT[1:])}"
    found = [line.removeprefix("- ") for line in text(f"<div class=t>{body}</div>")]
    assert found == [LEAD, heading, *rows, *TEXT[1:]]


@pytest.mark.parametrize("heading", ["Главное", "Подробности", "Ранее", "Самое интересное"])
def test_the_same_heading_above_links_goes_with_them(heading: str) -> None:
    links = f"<ul><li>{LINK.format(1)}</li><li>{LINK.format(2)}</li></ul>"
    assert text(f"<p>{LEAD}</p><h3>{heading}</h3>{links}{paragraphs(TEXT[1:])}") == TEXT


@pytest.mark.parametrize(
    ("lead", "told"),
    [
        (f"<h2>{LEAD}</h2>", [LEAD]),
        ("<div class=post__lead>Коньки дают по билету</div>", ["Коньки дают по билету"]),
        ("<p class=subtitle>Коньки дают по билету</p>", ["Коньки дают по билету"]),
        ("<h2>Новости посёлка</h2>", []),
        ("<div class=post__date>19 декабря 2021</div>", []),
        ("<div class=anons><a href=/2>Школьники собрали тонну макулатуры</a></div>", []),
    ],
)
def test_the_lead_between_headline_and_text_is_text(lead: str, told: list[str]) -> None:
    assert text(f"{lead}<div class=post__body>{paragraphs(TEXT[1:])}</div>") == [*told, *TEXT[1:]]


def test_numbers_in_a_table_amid_the_text_are_text() -> None:
    rows = [("Сеанс", "Начало"), ("№ 1", "10:00, 12:00"), ("№ 2", "16:30")]
    cells = "".join(f"<tr><td>{name}</td><td>{time}</td></tr>" for name, time in rows)
    body = f"<p>{LEAD}</p><table>{cells}</table><p>{END}</p>"
    assert text(f"<div class=t>{body}</div>") == [LEAD, *chain(*rows), END]


def test_what_is_embedded_from_a_network_is_no_text() -> None:
    tweet = "<blockquote class=twitter-tweet><p>Ура, каток!</p>— Гость (@gost) 1 марта</blockquote>"
    assert text(f"<p>{LEAD}</p>{tweet}{paragraphs(TEXT[1:])}") == TEXT


@pytest.mark.parametrize(
    "appeal",
    [
        "Подпишитесь на рассылку <a href=/mail>здесь</a>, чтобы не пропустить новости посёлка.",
        "Скачать приложение <a href=/app>в магазине</a> можно бесплатно и без регистрации.",
    ],
)
def test_an_appeal_with_a_link_is_no_text(appeal: str) -> None:
    assert text(f"<p>{LEAD}</p><p>{appeal}</p>{paragraphs(TEXT[1:])}") == TEXT


def test_an_appeal_in_doubt_is_text_amid_it_and_none_below_it() -> None:
    appeal = "Подпишитесь на рассылку клуба, и о турнирах на льду вы узнаете первыми."
    assert text(f"<p>{LEAD}</p><p>{appeal}</p><p>{END}</p>") == [LEAD, appeal, END]
    assert text(f"<p>{LEAD}</p><p>{END}</p><p>{appeal}</p>") == [LEAD, END]
