"""How the Bot API is called: names of chats going in, PostError coming out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import TelegramError

from bot.telegram.failures import translate


def chat_key(chat: str) -> int | str:
    """Return ``chat`` as the Bot API takes it: a number, or an @name."""
    return int(chat) if chat.lstrip("-").isdecimal() else chat


@contextmanager
def translated() -> Iterator[None]:
    """Raise errors of the Bot API as PostError."""
    try:
        yield
    except TelegramError as error:
        raise translate(error) from error
