"""The links of hostile and odd pages: in bounded time, and never another error than ours."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers import ScrapeError
from scrapers.discovery.front import read_front
from scrapers.listings.listing import find_links
from scrapers.listings.survey import target_of
from tests.scrapers.growth import assert_grows_with_length

URL = "https://gorod.example/"
TITLE = "Мост через реку открыт снова"

tags = st.sampled_from(["a", "div", "h2", "ul", "li", "nav", "form", "b", "button", "base", "time"])
names = st.sampled_from(
    ["", "news", "menu", "title", "col-1", "a b c", "[", '"', "item-5", "Популярное"]
)
hrefs = st.sampled_from(
    ["", "/", "#", "//", "news/1234.html", "?id=7", "http://[", "javascript:x", "\x00", "/a-b-c"]
)
words = st.one_of(st.sampled_from([TITLE, "Популярное", "Далее", ""]), st.text(max_size=20))
elements = st.tuples(tags, names, hrefs, words, st.booleans())


def element(tag: str, name: str, href: str, text: str, closed: bool) -> str:
    end = f"</{tag}>" if closed else ""
    return f"<{tag} class='{name}' href='{href}' onclick='{href}'>{text}{end}"


@settings(max_examples=150, deadline=None)
@given(st.lists(elements, max_size=30))
def test_whatever_the_page_there_are_links_or_one_of_our_errors(
    made: list[tuple[str, str, str, str, bool]],
) -> None:
    body = "".join(element(*one) for one in made).encode("utf-8", "replace")
    with suppress(ScrapeError):
        assert find_links(body, URL)
    with suppress(ScrapeError):
        for pick in read_front(body, URL).picks:
            if pick.selector is not None:
                found = find_links(body, URL, selector=pick.selector)
                assert len(found) == len(pick.links)


@pytest.mark.parametrize(
    "piece",
    [
        f"<div class='card'><a href='/news/{{n}}'>{TITLE} {{n}}</a></div>",
        f"<a href='/news/{{n}}'>{TITLE} {{n}}<div class='menu'>",
        f"<div class='title'><b>Популярное</b><a href='/news/{{n}}'>{TITLE}</a>",
        "<div class='c{n}'><p>Новый заголовок для карточки</p><a href='/news/{n}'>Далее</a></div>",
    ],
    ids=["cards", "nested links", "nested headings", "a class each"],
)
def test_time_grows_with_the_number_of_links(piece: str) -> None:
    def page(count: int) -> bytes:
        return "".join(piece.format(n=number) for number in range(1000, 1000 + count)).encode()

    def read(count: int) -> None:
        with suppress(ScrapeError):  # not every one of them is news
            find_links(page(count), URL)

    assert_grows_with_length(read, 500)


def test_buttons_lead_where_their_scripts_go() -> None:
    def target(markup: str) -> str | None:
        from scrapers.text.markup import parse_markup

        (found,) = parse_markup(markup).iter("button")
        return target_of(found)

    assert target("<button onclick=\"location.href='/a'\">") == "/a"
    assert target("<button onclick=\"window.location = '/b'; return false\">") == "/b"
    assert target("<button data-href='/c'>") == "/c"
    assert target("<button onclick='open()'>") is None
