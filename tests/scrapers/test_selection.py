"""Selectors mean what soupsieve says, however they are carried out."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from scrapers.errors import ParseError
from scrapers.text.markup import parse_markup
from scrapers.text.selection import select

PAGE = """<html><head><title>т</title></head><body id="top" class="page wide">
<div class="news-list">
<div class="item first" data-id="7"><a href="/a-1">Один</a><span>1</span></div>
<div class="item" data-id="8"><h3><a href="/b?x=1">Два</a></h3><p>текст <b>два</b></p></div>
<div class="item item--ad" lang="ru"><a name="x">Три</a><p></p></div></div>
<ul><li>а</li><li class="Item">б</li><li>в</li></ul><input type="TEXT" name="q"><p>конец</p>
</body></html>"""


@pytest.mark.parametrize(
    "selector",
    [
        *("a", "div a", "div > a", ".item", ".item.first", "div.item", "#top", "*", "h3 + p"),
        *("h3 ~ p", "a[href]", "a[href='/a-1']", 'a[href^="/"]', "a[href$='1']", "a[href*=x]"),
        *("[class~=item]", "[lang|=ru]", "[data-id='8'] a", "ul li:first-child", "li:last-child"),
        *("li:nth-child(2)", "p:only-child", "h3, h1, .first", " div  >  h3 a ", "A", ".Item"),
        *("div:not(.first) a", "div:has(h3)", "li:nth-child(2n+1)", "a:-soup-contains('Два')"),
        *("[type=text]", "p:empty", "div.item:is(.first, .item--ad)", "li:nth-of-type(2)", "b"),
        *(".item--ad > p", "body > div:first-of-type", ":root", "div.gone", "a[href='/A-1' i]"),
    ],
)
def test_a_selector_picks_what_beautiful_soup_picks(selector: str) -> None:
    root = parse_markup(PAGE)
    before = etree.tostring(root)
    found = [(element.tag, dict(element.attrib)) for element in select(root, selector, "page")]
    soup = BeautifulSoup(PAGE, "lxml")
    wanted = [
        (tag.name, {k: t if isinstance(t, str) else " ".join(t) for k, t in tag.attrs.items()})
        for tag in soup.select(selector)
    ]
    assert found == wanted
    assert etree.tostring(root) == before


@pytest.mark.parametrize("selector", ["", "a[", "..a", "a >", ":nothing", "a:has("])
def test_what_is_no_selector_is_one_clear_line(selector: str) -> None:
    with pytest.raises(ParseError, match="is no CSS selector"):
        select(parse_markup(PAGE), selector, "page")
