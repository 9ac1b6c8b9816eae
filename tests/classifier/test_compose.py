from __future__ import annotations

import pytest

from classifier import compose


def test_title_and_text_become_two_lines() -> None:
    assert compose("Мост открыт", "По нему пошли трамваи.") == "Мост открыт\nПо нему пошли трамваи."


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Мост открыт", "Мост открыт. По нему пошли трамваи."),
        ("Мост открыт.", "Мост открыт: по нему пошли трамваи."),
        ("МОСТ   ОТКРЫТ", "Мост\nоткрыт, по нему пошли трамваи."),
        ("Мост открыт", "Мост открыт"),
        ("", "Мост открыт"),
    ],
)
def test_a_text_that_opens_with_its_title_is_not_doubled(title: str, text: str) -> None:
    assert compose(title, text) == text


def test_a_word_that_only_begins_like_the_title_is_no_repetition() -> None:
    assert compose("Дом", "Домашние пироги") == "Дом\nДомашние пироги"


def test_a_title_of_marks_alone_is_kept() -> None:
    assert compose("…", "Дождь") == "…\nДождь"


def test_an_item_without_text_is_its_title() -> None:
    assert compose(" Мост открыт ", "  ") == "Мост открыт"
