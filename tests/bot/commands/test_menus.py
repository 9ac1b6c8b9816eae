from __future__ import annotations

import pytest

from bot.commands import Desk, Menus, add_handlers
from bot.commands.answer import COMMANDS
from bot.commands.guide import GROUPS, MENU
from bot.language import LANGUAGES, gettext, speaking
from bot.telegram import Application, answer_waiting
from tests.emulator import Chat, Emulator, User, server_error, utf16_length


@pytest.fixture
def menus(application: Application, operator: User, office: Chat) -> Menus:
    return Menus(application.bot, [operator.id, str(office.id)])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_start_and_help_list_every_command_once_in_the_language_of_who_asks(
    bot: None, operator: User, language: str
) -> None:
    operator.language = language
    with speaking(language):
        wanted = {f"/{name} — {gettext(MENU[name])}" for name in set(COMMANDS) - {"start"}}
    for said in ("/start payload'--", "/help"):
        listed, _, _how = (await operator.ask(said)).text.rpartition("\n\n")
        lines = [line for line in listed.split("\n") if line.startswith("/")]
        assert sorted(lines) == sorted(wanted)
    assert set(MENU) | {"start"} == set(COMMANDS)


async def test_help_is_in_groups_and_fits_a_message(bot: None, operator: User) -> None:
    for operator.language in LANGUAGES:
        told = await operator.ask("/help")
        groups = told.text.split("\n\n")
        assert len(groups) == len(GROUPS) + 1
        assert utf16_length(told.text) < 2500


async def test_operators_have_a_menu_in_their_language(
    telegram: Emulator, menus: Menus, operator: User, office: Chat
) -> None:
    await menus.publish()
    for chat in (operator.chat, office):
        assert telegram.menu(chat, "ru")["status"] == "что было за сутки и что не в порядке"
        assert telegram.menu(chat, "de") == MENU


async def test_readers_have_no_menu_not_even_that_of_an_earlier_version(
    application: Application, telegram: Emulator, menus: Menus, stranger: User, channel: Chat
) -> None:
    await application.bot.set_my_commands(list(MENU.items()))
    await menus.publish()
    assert telegram.menu(stranger.chat, "ru") == telegram.menu(channel) == {}


async def test_an_operator_whom_telegram_did_not_know_gets_the_menu_with_the_first_command(
    application: Application, desk: Desk, telegram: Emulator, menus: Menus, operator: User
) -> None:
    operator.chat.status = "new"
    add_handlers(application, desk, menus)
    await menus.publish()
    assert telegram.menu(operator.chat) == {}
    operator.chat.status = "member"
    operator.say("/start")
    await answer_waiting(application)
    assert telegram.menu(operator.chat) == MENU


async def test_what_a_failure_kept_away_comes_with_the_next_command_and_only_once(
    telegram: Emulator, menus: Menus, operator: User
) -> None:
    telegram.inject("setMyCommands", server_error(), times=2)
    await menus.publish()
    assert telegram.menu(operator.chat) == {}
    for _ in range(2):
        await menus.catch_up(operator.id)
    assert telegram.menu(operator.chat) == MENU
    calls = len(telegram.calls_of("setMyCommands"))
    await menus.catch_up(operator.id)
    assert len(telegram.calls_of("setMyCommands")) == calls


async def test_a_stranger_who_writes_gets_no_menu(
    application: Application, desk: Desk, telegram: Emulator, menus: Menus, stranger: User
) -> None:
    add_handlers(application, desk, menus)
    stranger.say("/start")
    await answer_waiting(application)
    assert telegram.menu(stranger.chat) == {}
