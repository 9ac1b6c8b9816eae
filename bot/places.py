"""Where channels and their posts are on the web. Pure."""

from __future__ import annotations

import re

_PRIVATE = re.compile("-100([0-9]+)")


def channel_address(chat: str) -> str | None:
    """Return where a chat is, or None if only its members can tell."""
    if chat.startswith("@"):
        return f"https://t.me/{chat[1:]}"
    private = _PRIVATE.fullmatch(chat)
    return f"https://t.me/c/{private.group(1)}" if private else None


def post_address(chat: str, message_id: int | None) -> str | None:
    """Return where a message of a chat is, or None if that is not known."""
    channel = channel_address(chat)
    return None if channel is None or message_id is None else f"{channel}/{message_id}"
