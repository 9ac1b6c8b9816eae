"""The catalogues: what is said in the code can be said in every language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot
from bot.commands.texts import dated, moment, reason_word
from bot.language import LANGUAGES, gettext, ngettext, speaking
from bot.model import Reason
from bot.retold import retold
from bot.telegram.checks import PROBLEMS
from tests.bot.recorded_lines import arguments_of

ROOT = Path(bot.__file__).parent
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
Key = tuple["str | None", tuple[str, ...]]


def in_the_code() -> dict[Key, str]:
    """Return the messages of the code, each with the file it stands in."""
    found = extract_from_dir(ROOT, keywords=KEYWORDS)
    return {
        (context, message if isinstance(message, tuple) else (message,)): file
        for file, _line, message, _comments, context in found
    }


def in_the_catalogue(language: str) -> list[Message]:
    with (ROOT / "locale" / f"{language}.po").open("rb") as file:
        return [one for one in read_po(file, locale=language, abort_invalid=True) if one.id]


def key_of(message: Message) -> Key:
    return message.context, tuple(message.id) if message.pluralizable else (str(message.id),)


def forms_of(message: Message) -> list[str]:
    """Return the words of a message, or those in its singular and plurals."""
    said = message.string
    return [str(form or "") for form in (said if isinstance(said, (tuple, list)) else [said])]


@pytest.fixture(params=LANGUAGES[1:], scope="module")
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_no_message_of_the_code_is_missing_and_none_is_left_over(language: str) -> None:
    code = set(in_the_code())
    catalogue = {key_of(message) for message in in_the_catalogue(language)}
    assert {"missing": code - catalogue, "left over": catalogue - code} == {
        "missing": set(),
        "left over": set(),
    }


def test_every_message_has_its_words_in_every_number(language: str) -> None:
    for message in in_the_catalogue(language):
        forms = forms_of(message)
        assert len(forms) == (3 if message.pluralizable else 1), message.id
        assert all(forms), message.id
        assert not message.fuzzy, message.id


def test_placeholders_agree(language: str) -> None:
    for message in in_the_catalogue(language):
        _, (*_, original) = key_of(message)
        forms = forms_of(message)
        for form in forms:
            assert placeholders(form) == placeholders(original), message.id


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_markup_agrees(language: str) -> None:
    for message in in_the_catalogue(language):
        _, (*_, original) = key_of(message)
        for form in forms_of(message):
            assert [form.count(mark) for mark in "<>&"] == [
                original.count(mark) for mark in "<>&"
            ], message.id


def test_no_message_hides_where_it_is_not_found() -> None:
    """Inside an f-string a message is not seen by what collects them."""
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in ROOT.rglob("*.py")
        for outer in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(outer, ast.JoinedStr)
        for node in messages_in(outer)
    ]
    assert hidden == []


def messages_in(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in KEYWORDS
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node


@pytest.mark.parametrize(
    ("number", "told"), [(1, "1 метка"), (3, "3 метки"), (11, "11 меток"), (21, "21 метка")]
)
def test_russian_numbers(number: int, told: str) -> None:
    with speaking("ru"):
        assert ngettext("{count} label", "{count} labels", number).format(count=number) == told


def test_a_language_ends_with_its_block_and_an_unknown_one_is_english() -> None:
    with speaking("ru"):
        with speaking("de"):
            assert gettext("Undo") == "Undo"
        with speaking(None):
            assert gettext("Undo") == "Отменить"
    assert gettext("Undo") == "Undo"


def test_moments_are_told_in_the_zone_that_is_spoken_in_and_utc_is_named() -> None:
    at = datetime(2026, 11, 22, 17, 53, tzinfo=timezone.utc)
    assert moment(at) == "22 Nov 17:53 UTC"
    with speaking("ru", ZoneInfo("Asia/Yekaterinburg")) as office:
        assert (moment(at), dated(at)) == ("22.11 22:53", "22.11.2026 22:53")
        with speaking("en"):
            assert (moment(at), dated(at)) == ("22 Nov 22:53", "22 Nov 2026 22:53")
        with speaking(None, ZoneInfo("Europe/Moscow")):
            assert moment(at) == "22.11 20:53"
        office.zone = timezone.utc
        assert moment(at) == "22.11 17:53 UTC"


def test_nothing_stays_nothing() -> None:
    with speaking("ru"):
        assert gettext("") == ""


def test_every_reason_has_a_word_of_its_own() -> None:
    with speaking("ru"):
        assert len({reason_word(reason) for reason in Reason}) == len(Reason)


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        ("of item 12", "новости 12"),
        ("3d old", "возраст 3 дн."),
        ("1w2d old", "возраст 1 нед. 2 дн."),
        ("52w old", "возраст 52 нед."),
        ("1 word", "1 слово"),
        ("2 words", "2 слова"),
        ("11 words", "11 слов"),
        ("answered 500 Internal Server Error", "ответ 500 Internal Server Error"),
        (
            "Need administrator rights in the channel chat",
            "бот не администратор этого канала",
        ),
        (
            "a post is longer than 4096 characters even without its text",
            "пост даже без текста длиннее 4096 знаков",
        ),
        ("1d4h old", "возраст 1 дн. 4 ч"),
        ("90% Cyrillic", "кириллицы 90%"),
        (
            "waits for an operator: telegram.scratch_chat is not set",
            "ждёт решения оператора: telegram.scratch_chat не задан",
        ),
        ("could not be posted for 24 hours", "не удавалось опубликовать в течение 24 ч"),
        (
            "its links lead nowhere: https://gazeta.example/1: answered 404 Not Found",
            "ссылки никуда не ведут: https://gazeta.example/1: ответ 404 Not Found",
        ),
        ("no answer: [Errno 111] who knows", "нет ответа: [Errno 111] who knows"),
    ],
)
def test_recorded_lines_are_retold(recorded: str, told: str) -> None:
    with speaking("ru"):
        assert retold(recorded) == told


ERRORS = {"FetchError": 1, "Blocked": 1, "Challenged": 1, "ParseError": 1, "LayoutChanged": 1}
ERRORS |= {"BodyError": 0, "CannotProbe": 0}
"""Which of their arguments says why: /sources, /status and cards show it."""
PUT_TOGETHER = {"7", "7, 7", "not a web address7", "its robots.txt 7"}
"""Reasons whose words stand elsewhere in the code."""
PUT_TOGETHER |= {"no links that look like articles7"}
PASSED_OVER = {"it names no news", "it names nothing of late", "it is not of this section"}
PASSED_OVER |= {"none of its articles can be read"}
"""Why a sitemap is not proposed, which only the command line tells."""


def shown_reasons() -> dict[str, str]:
    """Return the reasons that the code gives for such errors, by where; a seven for each figure."""
    files = [*(ROOT.parent / "scrapers").rglob("*.py"), *(ROOT / "telegram").rglob("*.py")]
    return {
        where: reason
        for path in files
        for error, place in ERRORS.items()
        for where, reason in arguments_of(path, error, place)
    }


def test_why_a_source_or_a_post_is_in_trouble_is_told_in_russian() -> None:
    given = shown_reasons()
    assert len(given) > 30
    with speaking("ru"):
        english = {where: why for where, why in given.items() if retold(why) == why}
    known = PUT_TOGETHER | PASSED_OVER
    assert {where: why for where, why in english.items() if why not in known} == {}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_is_wrong_with_a_chat_is_retold(problem: str) -> None:
    with speaking("ru"):
        assert retold(problem) != problem


def test_lines_within_lines_are_retold_and_unknown_ones_stay() -> None:
    with speaking("ru"):
        assert retold(
            "it cures 3 of 5 mistakes on the newer labels and makes none: that may be chance (12%)"
        ) == (
            "на новых метках исправлено ошибок: 3 из 5, новых нет: "
            "это может быть случайностью (12%)"
        )
        assert retold("Forbidden: bot was kicked") == "Forbidden: bot was kicked"
