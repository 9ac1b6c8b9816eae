"""What a stranger who presses Start is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import Desk, Request, answer
from bot.commands.answer import COMMANDS
from bot.model import Operator
from bot.telegram import Application
from bot.telegram.faces import Faces
from tests.bot.conftest import SetClock
from tests.emulator import Chat, Emulator, parse_html, server_error
from tests.store.samples import CHANNEL

REFUSAL = "Sorry, I only work for the operators of this channel."


class Door:
    """Where strangers knock: a desk that knows these channels."""

    def __init__(self, desk: Desk, application: Application, clock: SetClock, *chats: str) -> None:
        self._desk = replace(desk, faces=Faces(application.bot, chats, now=clock).shown)
        self._knocks = 0

    async def knock(self, command: str = "start", language: str = "en") -> str:
        """Return what a stranger is told, as HTML."""
        self._knocks += 1
        stranger = Operator(7999, "stranger")
        request = Request(500 + self._knocks, stranger, 7999, command, language=language)
        return (await answer(self._desk, request, COMMANDS)).html


@pytest.fixture
def door(desk: Desk, application: Application, clock: SetClock, channel: Chat) -> Door:
    return Door(desk, application, clock, CHANNEL)


async def test_the_channel_with_its_link_and_nothing_else(door: Door) -> None:
    assert await door.knock() == (
        "I post good news in the channel "
        '<a href="https://t.me/good_news">Хорошие новости</a>. Read it there!'
    )
    assert "Читайте" in await door.knock(language="ru")
    assert await door.knock("help") == REFUSAL


async def test_several_channels_are_a_list_and_a_title_is_no_markup(
    desk: Desk, application: Application, telegram: Emulator, clock: SetClock, channel: Chat
) -> None:
    telegram.add_channel("@culture", "<b>Культура & спорт")
    text, entities = parse_html(await Door(desk, application, clock, CHANNEL, "@culture").knock())
    assert text.splitlines()[1:] == ["Хорошие новости", "<b>Культура & спорт"]
    assert [entity.url for entity in entities] == ["https://t.me/good_news", "https://t.me/culture"]


async def test_a_private_channel_is_told_to_nobody(
    desk: Desk, application: Application, telegram: Emulator, clock: SetClock
) -> None:
    private = telegram.add_channel("", "Для своих")
    assert await Door(desk, application, clock, str(private.id)).knock() == REFUSAL


async def test_telegram_is_asked_once_an_hour_however_many_knock(
    door: Door, telegram: Emulator, clock: SetClock, channel: Chat
) -> None:
    for _ in range(3):
        await door.knock()
    assert len(telegram.calls_of("getChat")) == 1
    channel.title = "Новое имя"
    clock.advance(hours=1)
    assert "Новое имя" in await door.knock()


async def test_a_telegram_that_does_not_answer_leaves_the_plain_refusal(
    door: Door, telegram: Emulator
) -> None:
    telegram.inject("getChat", server_error())
    assert await door.knock() == REFUSAL
