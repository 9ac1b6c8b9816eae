"""What readers see of an item."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.channel import Message
from bot.model import Entry
from bot.render import renderer

Render = Callable[[Entry], Message]
"""What readers see of an item; raises ValueError if there is no way to show it."""

Illustrate = Callable[[Message], Awaitable[Message]]
"""Adds the picture that a post is to have, if it can be had; raises nothing."""


async def _unchanged(message: Message) -> Message:
    return message


@dataclass(frozen=True, slots=True)
class Appearance:
    """How items become posts.

    Attributes:
        render: makes the words.
        illustrate: adds the picture.
    """

    render: Render = field(default_factory=renderer)
    illustrate: Illustrate = _unchanged
