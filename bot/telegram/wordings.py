"""In which words a post may stand in a channel. Pure."""

from __future__ import annotations

import re

from bot.channel import Message
from bot.render import CAPTION_LIMIT, LIMIT, plain_text, trim, utf16_length

_WORD = re.compile(r"\w+")


def as_plain_text(message: Message, limit: int) -> str:
    """Return ``message`` without markup; its address in full, by which it is recognised."""
    room = limit - utf16_length(message.url) - len("\n\n")
    return f"{trim(plain_text(message.html), room)}\n\n{message.url}"


def is_worded_as(text: str, message: Message) -> bool:
    """Tell whether ``text`` is what readers see of ``message``, in one of the forms it is sent in.

    Telegram may tidy what stands between the words.
    """
    forms = (
        plain_text(message.html),
        plain_text(message.caption or message.html),
        as_plain_text(message, LIMIT),
        as_plain_text(message, CAPTION_LIMIT),
    )
    return _words_of(text) in map(_words_of, forms)


def _words_of(text: str) -> list[str]:
    return _WORD.findall(text)
