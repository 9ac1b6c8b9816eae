from __future__ import annotations

import pytest

from bot.render import (
    LIMIT,
    Style,
    link,
    one_line,
    plain,
    plain_text,
    render_post,
    trim,
    utf16_length,
)
from scrapers import Item
from tests.emulator import parse_html

ADDRESS = "https://gazeta.example/news/1"


def item(**fields: object) -> Item:
    told: dict[str, object] = {
        "source": "gazeta",
        "url": ADDRESS,
        "title": "В Заречье открыли мост",
        "text": "Движение пустили утром.\nПервыми проехали школьники.",
    }
    return Item(**{**told, **fields})  # type: ignore[arg-type]


def post(text_length: int = 800, **fields: object) -> str:
    return render_post(
        item(**fields), source_name="Газета", style=Style(text_length=text_length)
    ).html


def test_a_post_shows_title_text_and_a_link_to_its_item() -> None:
    message = render_post(item(), source_name="Газета")
    text, entities = parse_html(message.html)
    assert text == (
        "В Заречье открыли мост\n\nДвижение пустили утром.\nПервыми проехали школьники.\n\nГазета"
    )
    assert [entity.url for entity in entities if entity.type == "text_link"] == [ADDRESS]
    assert message.url == ADDRESS


def test_markup_in_an_item_is_shown_and_never_interpreted() -> None:
    html = post(title="<script>alert(1)</script> & <b>", text='5 < 6 &amp; "да" </a>')
    text, entities = parse_html(html)
    assert "<script>alert(1)</script> & <b>" in text
    assert '5 < 6 &amp; "да" </a>' in text
    assert sorted(entity.type for entity in entities) == ["bold", "text_link"]


def test_quotes_in_an_address_do_not_leave_the_link() -> None:
    address = 'https://gazeta.example/?q="><b>x</b>&a=1'
    _, entities = parse_html(post(url=address))
    assert len([entity for entity in entities if entity.type == "text_link"]) == 1
    assert sum(entity.type == "bold" for entity in entities) == 1


@pytest.mark.parametrize("char", '&<>\U0001f600я"')
def test_the_longest_item_fits_into_a_message(char: str) -> None:
    message = render_post(
        item(title=char * 20_000, text=char * 20_000),
        source_name=char * 500,
        style=Style(text_length=LIMIT),
    )
    text, _ = parse_html(message.html)
    assert LIMIT - 10 <= utf16_length(text) <= LIMIT


def test_a_post_without_text_or_title_has_no_empty_lines() -> None:
    assert parse_html(post(title=""))[0].startswith("Движение")
    assert parse_html(post(text=""))[0] == "В Заречье открыли мост\n\nГазета"
    assert parse_html(post(text_length=0))[0] == "В Заречье открыли мост\n\nГазета"


def test_a_title_repeated_by_the_text_is_shown_once() -> None:
    text, _ = parse_html(post(text="В Заречье открыли мост.\nДвижение пустили утром."))
    assert text.count("открыли мост") == 1


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://gazeta.example/1",
        "/news/1",
        "https://",
        "https://gazeta.example/a b",
        "https://gazeta.example/\u202e",
        "https://[gazeta/",
        "tg://user?id=1",
    ],
)
def test_an_address_that_cannot_be_linked_makes_no_post(address: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a link"):
        post(url=address)
    assert link(address, "слова") == "слова"


def test_only_a_picture_from_the_web_is_shown() -> None:
    def image(address: str | None) -> str | None:
        return render_post(item(image=address), source_name="").image

    assert image("https://gazeta.example/1.jpg") == "https://gazeta.example/1.jpg"
    assert image("data:image/png;base64,AAAA") is None
    assert image(None) is None


def test_a_source_without_a_name_is_told_by_its_host() -> None:
    message = render_post(item(), source_name=" \u200b", style=Style(text_length=0))
    assert message.html.endswith("\n\ngazeta.example")


def test_control_and_bidirectional_characters_are_left_out() -> None:
    assert plain("а\u202eб\u2066в\x00г\u200bд\x85е\ufeff\ud800") == "абвгде"


def test_emoji_made_of_several_characters_stay_whole() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f"
    assert plain(family) == family


def test_spaces_are_tidied_and_paragraphs_stay() -> None:
    assert plain("  один \t два\u00a0 \r\n\n\n три  ") == "один два\nтри"
    assert one_line("один\nдва", 100) == "один два"


def test_what_fits_is_not_trimmed() -> None:
    assert trim("Мост открыт.", 12) == "Мост открыт."


def test_a_trimmed_text_ends_after_a_sentence() -> None:
    assert trim("Мост открыли утром. Первыми проехали дети.", 25) == "Мост открыли утром."


@pytest.mark.parametrize(
    ("text", "limit", "trimmed"),
    [
        ("Мост открыли в г. Пензе утром, сообщили власти.", 20, "Мост открыли в г.…"),
        ("Улица им. А. С. Пушкина открыта для машин.", 18, "Улица им. А. С.…"),
        ("«Мост открыт». Движение началось сегодня.", 25, "«Мост открыт»."),
        ("Собрали 5 тыс. рублей на новый парк.", 20, "Собрали 5 тыс.…"),
        ("Музей открыл проф. Соколов из Заречья.", 28, "Музей открыл проф. Соколов…"),
        ("Школу построили в пос. Лесной за год.", 26, "Школу построили в пос.…"),
        ("Сквер на просп. Мира, корп. 2 открыт.", 30, "Сквер на просп. Мира, корп. 2…"),
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str, limit: int, trimmed: str) -> None:
    assert trim(text, limit) == trimmed


@pytest.mark.parametrize(
    "sentence",
    [
        "Надои выросли на 20%.",
        "Проложили 5 км.",
        "Дом занял 120 кв. м.",
        "Победили со счётом 3:2.",
        "Парк назвали «Заря».",
        "Открыт новый пост.",
    ],
)
def test_a_figure_a_unit_or_a_closing_mark_ends_a_sentence(sentence: str) -> None:
    assert trim(f"{sentence} Теперь все рады.", len(sentence) + 8) == sentence


def test_the_number_of_a_line_ends_no_sentence() -> None:
    assert trim("План:\n1. Мост\n2. Сквер", 12) == "План:\n1.…"


def test_a_trimmed_text_without_a_near_sentence_ends_after_a_word() -> None:
    assert trim("Да. Сегодня в городе открыли новый мост", 30) == "Да. Сегодня в городе открыли…"
    assert trim("Слово, другое", 9) == "Слово…"


def test_a_number_with_a_point_ends_no_sentence() -> None:
    assert trim("Выросло в 12.5 раза за год", 15) == "Выросло в 12.5…"


def test_one_endless_word_is_cut_within_the_limit() -> None:
    assert trim("я" * 50, 10) == "я" * 9 + "…"


@pytest.mark.parametrize("limit", range(14))
def test_a_limit_is_kept_in_utf16_units_and_no_character_is_halved(limit: int) -> None:
    trimmed = trim("\U0001f600" * 6 + " слово.", limit)
    assert utf16_length(trimmed) <= limit
    trimmed.encode("utf-8")


def test_the_plain_text_of_a_post_is_what_readers_see() -> None:
    html = post(title="Мост & <дорога>")
    assert plain_text(html) == parse_html(html)[0]
