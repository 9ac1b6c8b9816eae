"""Addresses that end in a short number: which pages of such links list articles, and which none."""

from __future__ import annotations

import pytest

from scrapers import LayoutChanged
from scrapers.listings.listing import find_links
from scrapers.listings.numbers import judged, numbered

SITE = "https://gorod.example"
HEADLINES = (
    "Набережную открыли после долгого ремонта",
    "Школьники посадили аллею из клёнов у вокзала",
    "Зимний сад в парке примет первых гостей",
    "Пекарня на Речной улице отметила юбилей",
)
SECTIONS = (
    "Общество и люди района",
    "Культура и народное творчество",
    "Жилищное и коммунальное хозяйство",
    "Вопросы и ответы читателей",
)


def page(address: str, wordings: tuple[str, ...]) -> str:
    return "".join(
        f"<p><a href='{address.format(number)}'>{words}</a></p>"
        for number, words in enumerate(wordings, 1)
    )


def links(body: str) -> list[str]:
    return find_links(body.encode(), f"{SITE}/")


@pytest.mark.parametrize(
    "address", ["/view/{}", "/{}", "/news/{}/", "/news{}", "/n/a-{}", "/show.php?n={}", "/?text={}"]
)
def test_short_numbers_are_articles_where_the_links_are_headlines(address: str) -> None:
    wanted = [SITE + address.format(number) for number in range(1, 5)]
    assert links(page(address, HEADLINES)) == wanted
    assert links(page(address, HEADLINES) + page("/chto/{}", SECTIONS)) == wanted


@pytest.mark.parametrize("address", ["/view/{}", "/{}", "/show.php?n={}"])
@pytest.mark.parametrize(
    "wordings",
    [SECTIONS, ("1", "2", "3", "4"), ("Показать следующую страницу новостей района",) * 4],
    ids=["sections", "pages", "the same words"],
)
def test_they_are_none_where_the_links_are_names(address: str, wordings: tuple[str, ...]) -> None:
    with pytest.raises(LayoutChanged):
        links(page(address, wordings))


@pytest.mark.parametrize(
    "address",
    [
        *("/page/{}", "/news/page{}", "/news?page={}", "/?PAGEN_1={}", "/news?start={}"),
        *("/rubric/{}", "/rubrika/{}", "/razdel/{}", "/?cat={}", "/tag/{}", "/tema/{}"),
        *(
            "/kalendar/{}",
            "/05/{}",
            "/?month=5&day={}",
            "/user/{}",
            "/forum/{}",
            "/photo/{}",
            "/?video={}",
            "/opros/{}",
        ),
    ],
)
def test_what_is_named_as_something_else_is_no_article_whatever_its_links_say(address: str) -> None:
    with pytest.raises(LayoutChanged):
        links(page(address, HEADLINES))


def test_beside_news_with_addresses_of_its_own_numbers_are_something_else() -> None:
    news = page("/news/12{}4.html", HEADLINES)
    notices = page("/sale/{}", tuple(f"Продам {words.lower()}" for words in HEADLINES))
    assert links(f"{news}<ul>{notices.replace('p>', 'li>')}</ul>") == [
        f"{SITE}/news/12{number}4.html" for number in range(1, 5)
    ]


def test_a_number_that_tells_an_article_anyway_needs_no_other_evidence() -> None:
    assert numbered([f"{SITE}/view/1234", f"{SITE}/news/5.html", f"{SITE}/news"]) == set()


def test_sections_with_one_article_each_are_judged_together() -> None:
    told = {
        f"{SITE}/{section}/{number}": words
        for number, (section, words) in enumerate(zip(("a", "b", "c", "d"), HEADLINES, strict=True))
    }
    assert judged(set(told), told).articles == set(told)
    assert judged(set(told), {}).articles == set()
