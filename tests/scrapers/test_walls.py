"""What is shown to whoever has not paid is no part of the text; articles that speak of it are."""

from __future__ import annotations

import pytest

from scrapers.articles.article import extract_article
from scrapers.articles.phrases import announces_wall

URL = "https://gorod.example/news/77"
TITLE = "Старую мельницу превратят в музей"
LEAD = "Водяную мельницу на окраине села превратят в музей, рассказали в районной администрации."
END = "Первых посетителей музей примет весной, а вход для школьников сделают свободным."
PRICE = "За 99 рублей в месяц вы получите все статьи сайта, архив с 2005 года и письма редакции."
MORE = "<p>Жители сами принесли в музей прялки, безмены и сундук с почтовыми открытками.</p>" * 20


def text(body: str) -> str:
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1><div class=body>{body}</div>"
    return extract_article(page.encode(), URL).text


ANNOUNCED = (
    "Этот материал доступен по подписке",
    "Полный текст статьи доступен только подписчикам газеты",
    "Доступ к полной версии статьи ограничен",
    "Чтобы дочитать статью, оформите подписку",
    "Чтобы читать дальше, войдите или зарегистрируйтесь",
    "Оформите подписку, чтобы продолжить чтение",
    "Осталось прочитать 80 % текста",
    "Вы прочитали пять бесплатных материалов в этом месяце",
    "Для чтения полной версии нужна подписка",
    "Только для подписчиков",
    "This article is for subscribers only",
)


@pytest.mark.parametrize("words", ANNOUNCED)
@pytest.mark.parametrize(
    "wall",
    [
        "<div class=zz><h3>{}</h3><p>{}</p><a href=/pay>Подробнее</a></div>",
        "<p>{}</p><p>{}</p>",
        "<div><div><b>{}</b></div><div>{}</div></div>",
        "<p><b>{}</b><br>{}</p>",
    ],
    ids=["box", "paragraphs", "boxes", "lines"],
)
def test_what_is_shown_in_place_of_the_rest_is_no_text(words: str, wall: str) -> None:
    assert text(f"<p>{LEAD}</p><p>{END}</p>{wall.format(words, PRICE)}") == f"{LEAD}\n{END}"


def test_a_wall_longer_than_what_is_shown_of_the_text_is_no_text_either() -> None:
    prices = "".join(f"<p>{PRICE}</p>" for _ in range(5))
    assert text(f"<p>{LEAD}</p><section><h2>{ANNOUNCED[0]}</h2>{prices}</section>") == LEAD


def test_what_stands_below_a_mark_for_subscribers_is_read_where_it_is_shown() -> None:
    marked = f"<p>{LEAD}</p><p>Материал для подписчиков</p>{MORE}<p>{END}</p>"
    found = text(marked).split("\n")
    assert (found[0], found[-1], len(found)) == (LEAD, END, 22)
    assert text(f"<p>Материал для подписчиков</p><p>{LEAD}</p><p>{END}</p>") == f"{LEAD}\n{END}"


def test_an_offer_amid_the_text_does_not_end_it() -> None:
    offer = "<p>Оформите подписку на газету в любом отделении почты.</p>"
    assert text(f"<p>{LEAD}</p>{offer}<p>{END}</p>") == f"{LEAD}\n{END}"


@pytest.mark.parametrize(
    "sentence",
    [
        "Материалы проекта доступны жителям, которые подпишутся на рассылку.",
        "Чтобы получить доступ к порталу, жители авторизуются через Госуслуги.",
        "Текст соглашения доступен всем жителям на сайте округа.",
        "Чтобы прочитать книгу, нужно прийти в библиотеку до пятницы.",
        "Доступ к материалам выставки откроют в субботу утром.",
        "Подписчикам газеты подарили билеты в кукольный театр.",
    ],
)
def test_articles_that_speak_of_readers_and_access_stay_whole(sentence: str) -> None:
    assert not announces_wall(sentence)
    assert text(f"<p>{LEAD}</p><p>{sentence}</p><p>{END}</p>") == f"{LEAD}\n{sentence}\n{END}"
