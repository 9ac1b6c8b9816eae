"""Operators are answered in the language of their Telegram."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import Cards, Desk, Request, answer
from bot.commands.answer import COMMANDS
from bot.language import speaking
from bot.model import Operator, Reason
from bot.store import Store
from tests.emulator import Chat, Emulator, User
from tests.store.samples import NOW, item, judged, queued, record, verdict


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ru", "Новость 1 отмечена хорошей."),
        ("ru-RU", "Новость 1 отмечена хорошей."),
        ("en", "Item 1 is labelled good now."),
        ("pt-br", "Item 1 is labelled good now."),
    ],
)
async def test_an_answer_is_in_the_language_of_who_asks(
    bot: None, store: Store, operator: User, language: str, told: str
) -> None:
    await judged(store, Reason.BAD)
    operator.language = language
    assert told in (await operator.ask("/good 1")).text


async def test_errors_are_in_that_language_too(bot: None, operator: User) -> None:
    operator.language = "ru"
    assert (await operator.ask("/bad 99")).text == "Новости 99 в журнале нет."
    assert "/help" in (await operator.ask("привет")).text


async def test_what_was_recorded_in_english_is_told_in_russian(
    bot: None, store: Store, operator: User
) -> None:
    operator.language = "ru"
    (item_id,) = await record(store, item(1))
    found = replace(verdict(Reason.DUPLICATE), detail="of item 12")
    await store.ledger.record_verdict(item_id, found, [], at=NOW)
    assert "повтор новости 12" in (await operator.ask("/rejected")).text


async def test_a_card_in_the_office_is_in_the_language_of_the_settings(
    bot: None, store: Store, telegram: Emulator, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    with speaking("ru"):
        await cards.show_reviews()
    (card,) = office.visible
    assert card.text.startswith("На проверку:")
    assert list(card.buttons) == ["Хорошая", "Плохая", "Пропустить", "Почему?"]


async def test_who_presses_or_asks_in_the_office_changes_no_language_there(
    bot: None, store: Store, telegram: Emulator, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    operator.language = "ru"
    assert await operator.press(card, "Good").answered() == "Item 1 is labelled good now."
    await telegram.wait_until_edited(card)
    assert list(card.buttons) == ["Undo"]
    assert "The last 24 hours" in (await operator.ask("/status", chat=office)).text
    assert "За последние 24 часа" in (await operator.ask("/status")).text


async def test_two_operators_are_each_answered_in_their_own(
    bot: None, operator: User, telegram: Emulator
) -> None:
    operator.language = None
    assert "The last 24 hours" in (await operator.ask("/status")).text
    operator.language = "ru"
    assert "За последние 24 часа" in (await operator.ask("/status")).text
    operator.language = "en"
    assert "The last 24 hours" in (await operator.ask("/status")).text


async def test_trouble_is_told_in_russian_where_it_was_recorded_in_english(
    store: Store, desk: Desk
) -> None:
    post = await queued(store)
    why = "Forbidden: bot was kicked from the channel chat"
    await store.posts.postpone(post.id, not_before=NOW, error=why)
    await store.sources.record_failure("gazeta", "answered 404 Not Found", at=NOW, due_at=NOW)
    asked = Request(1, Operator(7001, "operator one"), 7001, "status", language="ru")
    told = (await answer(desk, asked, COMMANDS)).html
    assert "бота удалили из этого канала" in told
    assert "gazeta: ответ 404 Not Found" in told
