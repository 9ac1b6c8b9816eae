"""Where chats and their messages are in the web. Pure."""

from __future__ import annotations

import re

from bot.model import Post

# Of a private channel's number, Telegram's links leave the beginning out.
_PRIVATE = re.compile("-100([0-9]+)")


def chat_link(chat: str) -> str:
    """Return the address of a chat, as configured; empty if it has none."""
    if chat.startswith("@"):
        return f"https://t.me/{chat[1:]}"
    private = _PRIVATE.fullmatch(chat)
    return f"https://t.me/c/{private.group(1)}" if private else ""


def post_link(post: Post) -> str:
    """Return the address of a post's message; that of its chat if nobody knows which it is."""
    chat = chat_link(post.chat)
    return f"{chat}/{post.message_id}" if chat and post.message_id else chat
