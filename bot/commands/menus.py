"""The menus of commands: operators have one, in their language, and readers have none."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from telegram import Bot, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.commands.guide import MENU
from bot.language import LANGUAGES, gettext, speaking
from bot.telegram.calls import chat_key
from bot.telegram.failures import reason_of

logger = logging.getLogger(__name__)

_FOR_ALL, *_FOR_SOME = LANGUAGES


class Menus:
    """The menus in the operators' chats.

    Telegram knows no chat with a person who never wrote to the bot: such a one gets the menu
    with the first command.
    """

    def __init__(self, bot: Bot, chats: Iterable[int | str]) -> None:
        self._bot = bot
        self._known: set[int | str] = set()
        self._missing: dict[int | str, None] = {}
        self.extend(chats)

    def extend(self, chats: Iterable[int | str]) -> None:
        """Let these chats have a menu too, as soon as somebody writes there."""
        new = {chat_key(str(chat)): None for chat in chats}
        self._missing |= {key: None for key in new if key not in self._known}
        self._known |= set(new)

    async def publish(self) -> None:
        """Give every chat its menu, and readers none; what fails is tried again by ``catch_up``."""
        try:
            # Earlier versions showed the commands to everybody.
            await self._bot.delete_my_commands()
        except TelegramError as error:
            _log_failure("readers", error)
        for chat in list(self._missing):
            await self._publish_in(chat)

    async def catch_up(self, chat_id: int) -> None:
        """Give the chat of an operator, who has just written there, the menu it has not yet."""
        if chat_id in self._missing:
            await self._publish_in(chat_id)

    async def _publish_in(self, chat: int | str) -> None:
        scope = BotCommandScopeChat(chat)
        try:
            await self._bot.set_my_commands(_commands(_FOR_ALL), scope)
            for language in _FOR_SOME:
                await self._bot.set_my_commands(_commands(language), scope, language_code=language)
        except (BadRequest, Forbidden):
            logger.info("no menu in chat %s yet", chat, extra={"action": "menu_waits"})
        except TelegramError as error:
            _log_failure(str(chat), error)
        else:
            del self._missing[chat]


def _commands(language: str) -> list[tuple[str, str]]:
    with speaking(language):
        return [(name, gettext(what)) for name, what in MENU.items()]


def _log_failure(whose: str, error: TelegramError) -> None:
    logger.warning(
        "the menu of commands for %s was not published: %s",
        whose,
        reason_of(error),
        extra={"action": "menu_failed"},
    )
