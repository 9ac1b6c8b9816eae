from __future__ import annotations

import sys
import unicodedata

import pytest

from scrapers.text.markup import drop_hidden, parse_markup
from scrapers.text.plain import line_of, one_line, plain_text, text_of

DISTURBING = ("Cc", "Cf", "Cs")


def test_characters_that_only_disturb_are_left_out_and_no_others() -> None:
    kept = "\t\n\r\u2028\u200d"
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        category = unicodedata.category(character)
        # What this Python does not know yet may be a character that disturbs.
        if character in kept or character.isspace() or category == "Cn":
            continue
        disturbs = category in DISTURBING
        assert (one_line(f"а{character}б") == "аб") == disturbs, hex(number)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>один</p><p>два</p>", "один\nдва"),
        ("один<br>два<br/><br>три", "один\nдва\nтри"),
        ("<p>сло<b>во</b> и&nbsp;дело</p>", "слово и дело"),
        ("<tr><td>один</td><td>два</td></tr><tr><td>три", "один два\nтри"),
        ("<p>видно<script>нет()</script><style>нет</style></p>хвост", "видно\nхвост"),
        ("<p>видно<span hidden>нет</span> снова</p>", "видно снова"),
        ("<ul><li>а</li><li>б</li></ul>", "а\nб"),
        ("без разметки & так", "без разметки & так"),
    ],
)
def test_markup_becomes_what_a_reader_sees(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    "attribute",
    [
        *("hidden", "style='display: none'", "style='color:red;visibility:hidden'"),
        *("style='position:absolute; left:-10000px'", "class='sr-only'"),
        *("class='note visually-hidden'", "class='screen-reader-text'"),
    ],
)
def test_what_is_hidden_is_dropped_and_the_text_behind_it_stays(attribute: str) -> None:
    root = parse_markup(f"<div>до <p {attribute}>скрыто <b>совсем</b></p> после</div>")
    drop_hidden(root)
    assert text_of(root) == "до после"


def test_a_page_that_scripts_will_show_is_not_hidden() -> None:
    root = parse_markup("<html><body style='visibility:hidden'><p>видно</p></body></html>")
    drop_hidden(root)
    assert line_of(root) == "видно"
