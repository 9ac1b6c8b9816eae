"""The emulator's HTML is as strict as Telegram's."""

from __future__ import annotations

import pytest

from tests.emulator.markup import Entity, MarkupError, parse_html, rewrite_url, utf16_length


def test_markup_becomes_text_with_entities() -> None:
    text, entities = parse_html('<b>Мост</b> открыт, <a href="https://town.example/1">подробно</a>')

    assert text == "Мост открыт, подробно"
    assert entities == [
        Entity("bold", 0, 4),
        Entity("text_link", 13, 8, "https://town.example/1"),
    ]


def test_offsets_count_utf16_units() -> None:
    text, entities = parse_html("🌷🌷 <b>весна</b>")

    assert utf16_length(text) == 10
    assert entities == [Entity("bold", 5, 5)]


def test_nested_marks_are_kept_and_code_holds_none() -> None:
    assert [e.type for e in parse_html("<b>а<i>б</i></b>")[1]] == ["bold", "italic"]
    assert [e.type for e in parse_html("<code>а<i>б</i></code>")[1]] == ["code"]


def test_surrounding_space_is_cut_and_offsets_follow() -> None:
    assert parse_html("\n  <b>да</b> \n") == ("да", [Entity("bold", 0, 2)])


def test_only_the_four_named_references_and_the_numeric_ones_are_read() -> None:
    text, _ = parse_html("&lt;&gt;&amp;&quot;&#1078;&#x436; &nbsp;&laquo;")

    assert text == '<>&"жж &nbsp;&laquo;'


def test_plain_addresses_become_links() -> None:
    _, entities = parse_html("см. https://town.example/a, и всё")

    assert entities == [Entity("url", 4, 22)]


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<p>нет</p>", 'unsupported start tag "p" at byte offset 0'),
        ("да <br>", 'unsupported start tag "br" at byte offset 5'),
        ("<b>да", 'can\'t find end tag corresponding to start tag "b"'),
        ("да</b>", "unexpected end tag at byte offset 4"),
        ("<b><i>да</b></i>", 'expected "</i>", found "</b>"'),
        ("1 < 2", 'unsupported start tag "" at byte offset 2'),
        ('<a href="x', 'unclosed start tag "a"'),
        ("<span>да</span>", 'tag "span" must have class "tg-spoiler"'),
        ("<b>да</b", "unclosed end tag"),
        ("<script>alert(1)</script>", 'unsupported start tag "script"'),
    ],
)
def test_what_telegram_refuses_is_refused(markup: str, complaint: str) -> None:
    with pytest.raises(MarkupError) as refusal:
        parse_html(markup)

    assert complaint in str(refusal.value)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://Town.Example", "https://town.example/"),
        ("https://новости.рф/мост?a=1#b", "https://xn--b1amnebsh.xn--p1ai/мост?a=1#b"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
        ("town.example", "http://town.example/"),
        ("javascript:alert(1)", None),
    ],
)
def test_addresses_are_rewritten(written: str, kept: str | None) -> None:
    assert rewrite_url(written) == kept


def test_a_link_without_a_usable_address_is_plain_text() -> None:
    assert parse_html('<a href="ftp://town.example">файл</a>') == ("файл", [])
