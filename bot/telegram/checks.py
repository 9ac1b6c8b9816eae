"""Whether the account and its chats are what the settings say."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from telegram import Bot, ChatFullInfo, ChatMember, ChatMemberAdministrator
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError

from bot.errors import ChannelClosed, PostError, Refused
from bot.identity import Told
from bot.telegram.account import Application
from bot.telegram.calls import chat_key, translated
from bot.telegram.failures import translate
from bot.waiting import wait_for_any
from config import ConfigError

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""Seconds between two attempts to reach Telegram at start."""

NOT_ADMINISTRATOR = "the bot is not an administrator of this channel"
NOT_A_MEMBER = "the bot is not a member of this group"
MAY_NOT_POST = "the bot may not post in this channel"
NOT_FOUND = "not found: name it by its @name, or by its number if the bot is in it"
MAY_NOT_DELETE = "the bot may not delete posts in this channel: what you call bad would stay"
PROBLEMS = (NOT_ADMINISTRATOR, NOT_A_MEMBER, MAY_NOT_POST, NOT_FOUND)
"""What may be wrong with a chat."""


async def sign_in(application: Application) -> str:
    """Make ``application`` ready to be used; return the bot's name, with its @.

    Raises:
        ConfigError: if Telegram does not accept the token.
        PostError: if Telegram cannot be reached.
    """
    try:
        await application.initialize()
    except InvalidToken:
        raise ConfigError(["telegram.token: Telegram does not accept it"]) from None
    except TelegramError as error:
        raise translate(error) from error
    return str(application.bot.name)


async def sign_in_patiently(application: Application, stop: asyncio.Event) -> str | None:
    """As sign_in, but wait for Telegram to be reachable; None if ``stop`` is set before.

    Raises:
        ConfigError: if Telegram does not accept the token.
    """
    pause = 1.0
    while not stop.is_set():
        try:
            return await sign_in(application)
        except PostError as error:
            logger.warning(
                "Telegram cannot be reached, trying again in %.0f s: %s",
                pause,
                error,
                extra={"action": "sign_in_failed"},
            )
        await wait_for_any(stop, timeout=pause)
        pause = min(2 * pause, LONGEST_PAUSE)
    return None


async def sign_out(application: Application) -> None:
    """Close the connections, however far signing in has come."""
    await application.shutdown()
    await application.bot.shutdown()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the bot stands with a chat.

    Attributes:
        problem: why it cannot post there, in one line that does not name the chat; None if it can.
        told: which chat it is; None if that cannot be found out.
    """

    problem: str | None
    told: Told | None = None


async def standing(bot: Bot, chat: str) -> Standing:
    """Return whether the bot can post in ``chat``, and which one that is.

    Raises:
        PostError: if Telegram cannot be asked.
    """
    told: Told | None = None
    try:
        with translated():
            found = await bot.get_chat(chat_key(chat))
            told = Told(found.id, _names_of(found))
            is_private = found.type == ChatType.PRIVATE
            return Standing(None if is_private else await _rights_problem(bot, found), told)
    except (ChannelClosed, Refused) as error:
        missing = "chat not found" in str(error).lower()
        return Standing(NOT_FOUND if missing else str(error), told)


async def chat_problem(bot: Bot, chat: str) -> str | None:
    """Return in one line why the bot cannot post in ``chat``, or None if it can.

    Raises:
        PostError: if Telegram cannot be asked.
    """
    return (await standing(bot, chat)).problem


async def successor(bot: Bot, group: int) -> int | None:
    """Return the number of the supergroup that a group has become, or None if it is one still.

    Raises:
        PostError: if Telegram does not tell.
    """
    try:
        await bot.get_chat(group)
    except ChatMigrated as error:
        return error.new_chat_id
    except TelegramError as error:
        raise translate(error) from error
    return None


def _names_of(chat: ChatFullInfo) -> tuple[str, ...]:
    names = dict.fromkeys(filter(None, (chat.username, *chat.active_usernames)))
    return tuple(f"@{name}" for name in names)


async def chat_title(bot: Bot, chat: str) -> str | None:
    """Return what a chat is called, or None if it has no title.

    Raises:
        PostError: if Telegram cannot be asked, or does not tell.
    """
    with translated():
        return (await bot.get_chat(chat_key(chat))).title


async def removal_problem(bot: Bot, chat: str) -> str | None:
    """Return in one line why posts cannot be removed from a channel, or None if they can.

    Raises:
        PostError: if Telegram cannot be asked, or does not tell.
    """
    with translated():
        found = await bot.get_chat(chat_key(chat))
        member = await _membership(bot, found) if found.type == ChatType.CHANNEL else None
    shut = isinstance(member, ChatMemberAdministrator) and not member.can_delete_messages
    return MAY_NOT_DELETE if shut else None


async def _rights_problem(bot: Bot, chat: ChatFullInfo) -> str | None:
    member = await _membership(bot, chat)
    if member is None:
        return NOT_ADMINISTRATOR
    if chat.type != ChatType.CHANNEL:
        outside = member.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}
        return NOT_A_MEMBER if outside else None
    if member.status == ChatMemberStatus.OWNER:
        return None
    if not isinstance(member, ChatMemberAdministrator):
        return NOT_ADMINISTRATOR
    return None if member.can_post_messages else MAY_NOT_POST


async def _membership(bot: Bot, chat: ChatFullInfo) -> ChatMember | None:
    """Return what the bot is in ``chat``; None if that is told to its administrators only."""
    try:
        return await bot.get_chat_member(chat.id, bot.id)
    except BadRequest as error:
        if chat.type == ChatType.CHANNEL and "member list is inaccessible" in error.message.lower():
            return None
        raise
