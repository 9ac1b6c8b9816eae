"""One article on pages of many makes comes out the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scrapers.article import extract_article
from tests.scrapers.makes import MAKES, TITLE

URL = "https://zarechye.example/news/77"


@pytest.mark.parametrize("make", MAKES, ids=lambda make: make.__name__)
def test_the_article_comes_out_the_same_whatever_the_page(make: Callable[[], str]) -> None:
    item = extract_article(make().encode(), URL)
    assert item.title == TITLE
    assert item.text == MAKES[make]
    assert item.published is not None
    assert item.published.date().isoformat() == "2023-03-05"
