"""What an error of the Bot API says about whether something was done."""

from __future__ import annotations

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.errors import ChannelClosed, NotSent, PostError, Refused, Uncertain

# Only with these as its cause has a request certainly never left.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

# Parts of error texts, lower-cased, that speak of the chat and not of the message.
_CLOSED = (
    "chat not found",
    "not enough rights",
    "need administrator rights",
    "have no rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "bot is not a member",
    "chat was deactivated",
    "group chat was upgraded",
)


def reason_of(error: TelegramError) -> str:
    """Return ``error`` in one line without the token that some of them carry."""
    if isinstance(error, InvalidToken):
        return "Telegram does not accept the bot's token"
    # python-telegram-bot adds the whole page that a gateway answered with.
    told, _, _ = error.message.partition(". Parsing the server response")
    return " ".join(told.split()) or type(error).__name__


def never_left(error: TelegramError) -> bool:
    """Tell whether the request certainly never reached Telegram."""
    return isinstance(error.__cause__, _NEVER_LEFT)


def translate(error: TelegramError) -> PostError:
    """Return what ``error`` means for what was being done.

    BadRequest and TimedOut are kinds of NetworkError in python-telegram-bot, so
    the order matters; whatever is not known to be a refusal is Uncertain.
    """
    reason = reason_of(error)
    if isinstance(error, RetryAfter):
        return NotSent(reason, retry_after=seconds_of(error))
    if isinstance(error, Conflict) or never_left(error):
        return NotSent(reason)
    if isinstance(error, ChatMigrated):
        moved = "this group is a supergroup now: write {} in its place in the settings"
        return ChannelClosed(moved.format(error.new_chat_id))
    if isinstance(error, (Forbidden, InvalidToken)):
        return ChannelClosed(reason)
    if isinstance(error, BadRequest):
        return ChannelClosed(reason) if _speaks_of_chat(reason) else Refused(reason)
    return Uncertain(reason)


def _speaks_of_chat(reason: str) -> bool:
    return any(words in reason.lower() for words in _CLOSED)


def seconds_of(error: RetryAfter) -> float:
    """Return how many seconds Telegram asks to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
