"""A proposed selector picks the links that were found, and not what is added beside them."""

from __future__ import annotations

import pytest

from scrapers.address import canonical_url
from scrapers.discovery.front import read_front
from scrapers.listings.listing import find_links

URL = "https://gorod.example/"
TITLES = (
    *("В Заречье открыли новый мост", "Школьники посадили яблоневый сад", "Хор едет на конкурс"),
    *("На площади прошла осенняя ярмарка", "Библиотека получила тысячу новых книг"),
)
NEWS = [f'<a href="/news/{4000 + n}.html">{title}</a>' for n, title in enumerate(TITLES)]
ROWS = "".join(f"<tr><td>1{n}.05.2005<td>{link}" for n, link in enumerate(NEWS))
# In a box for all of them, and in a box for each.
IN_A_TABLE = f'<table class="list"><caption><!-- more --></caption>{ROWS}</table>'
AROUND_A_TABLE = f'<div class="list"><table>{ROWS}</table><!-- more --></div>'
CELLS = "".join(f'<tr><td class="news">{link}' for link in NEWS)
IN_CELLS = f'<table class="list">{CELLS}</table><!-- more -->'
ARCHIVE = '<p><a href="/news/archive-2004.html">Все новости за прошлый, 2004 год</a></p>'


@pytest.mark.parametrize(
    ("listing", "selector"),
    [
        (IN_A_TABLE, ".list td a"),
        (AROUND_A_TABLE, ".list td a"),
        (IN_CELLS, ".news a"),
    ],
)
def test_a_link_that_is_added_to_a_box_of_tables_is_not_followed(
    listing: str, selector: str
) -> None:
    page = f"<html><body><h1>Вестник</h1>{listing}</body></html>"

    assert read_front(page.encode(), URL).picks[0].selector == selector
    later = page.replace("<!-- more -->", ARCHIVE).encode()
    found = find_links(later, URL, selector=selector)
    assert list(map(canonical_url, found)) == [
        canonical_url(f"{URL}news/{4000 + n}.html") for n in range(len(NEWS))
    ]
