"""What readers see of an item."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.channel import Message
from bot.render import Render, renderer

Illustrate = Callable[[Message, str], Awaitable[Message]]
"""Adds the picture that a post is to have, if it can be had, of the source of that name.

Raises nothing.
"""


async def _unchanged(message: Message, _source: str) -> Message:
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
