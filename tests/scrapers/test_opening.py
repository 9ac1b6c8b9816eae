from __future__ import annotations

import pytest

from classifier import compose
from scrapers.text.opening import split_headline

LONG = "Мост через реку достраивали три года, и вот по нему пошли первые автобусы. " * 4


@pytest.mark.parametrize(
    ("text", "headline", "rest"),
    [
        ("В парке открыли каток\nВход свободный.", "В парке открыли каток", "Вход свободный."),
        ("В парке открыли каток", "В парке открыли каток", ""),
        ("⚡️❗️ В парке открыли каток ⛸\nВход", "В парке открыли каток", "Вход"),
        ("В парке открыли каток. Все рады!\nДа", "В парке открыли каток. Все рады!", "Да"),
        (LONG, "Мост через реку достраивали три года, и вот по нему пошли первые автобусы.", None),
        ("Срочно!\nВ парке открыли каток\nДа", "Срочно! В парке открыли каток", "Да"),
        ("МОЛНИЯ\nВ парке открыли каток", "МОЛНИЯ. В парке открыли каток", ""),
        (
            "➖➖➖\n#новости #парк\nВ парке открыли каток",
            "В парке открыли каток",
            "➖➖➖\n#новости #парк",
        ),
        ("«Каток» открыт: «Ура!»", "«Каток» открыт: «Ура!»", ""),
        ("Фото", "", "Фото"),
        ("а" * 300, "", "а" * 300),
        ("", "", ""),
        ("🎉🎉🎉", "", "🎉🎉🎉"),
    ],
)
def test_a_post_is_split_where_its_headline_ends(
    text: str, headline: str, rest: str | None
) -> None:
    found, left = split_headline(text)
    assert found == headline
    assert left == (text[len(headline) :].lstrip() if rest is None else rest)


def test_an_abbreviation_ends_no_sentence() -> None:
    text = (
        "Жители с. Берёзовка и г. Новый Посад вместе с волонтёрами им. А. С. Петрова посадили в "
        "сквере двести молодых клёнов. Работа заняла день."
    )
    assert split_headline(text)[1] == "Работа заняла день."


def test_no_word_is_lost_for_the_classifier() -> None:
    text = "Доброе утро!\nМост открыт для всех.\n" + LONG
    assert compose(*split_headline(text)).split() == text.split()
