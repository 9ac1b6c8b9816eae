"""What came of an action, as the log keeps it: for readers of every language. Pure.

A message is kept as it stands in the code, with what was put into its braces, as JSON.
"""

from __future__ import annotations

import json
from typing import Any

from bot.language import Said, gettext

DONE = "done"
REFUSED = "refused: not an operator"
WELCOMED = "welcomed"
"""A stranger has begun, and was told what the channel is."""


def kept(reply: str) -> str:
    """Return what the log keeps of what somebody was told."""
    return json.dumps(_packed(reply), ensure_ascii=False) if isinstance(reply, Said) else reply


def told(outcome: str) -> str:
    """Return what the log has kept, in the language that is spoken."""
    try:
        packed = json.loads(outcome)
    except ValueError:
        # Words that were put together, or kept by an earlier version.
        return outcome
    return str(_unpacked(packed))


def in_english(reply: str) -> str:
    """Return what somebody was told as the process's own log has it."""
    if not isinstance(reply, Said):
        return reply
    arguments = {name: _in_english(value) for name, value in reply.arguments.items()}
    return reply.message.format(**arguments) if arguments else reply.message


def _in_english(value: object) -> object:
    return in_english(value) if isinstance(value, str) else value


def _packed(value: object) -> object:
    if isinstance(value, Said):
        return [value.message, {name: _packed(one) for name, one in value.arguments.items()}]
    return value if isinstance(value, (int, float)) else str(value)


def _unpacked(packed: Any) -> Any:
    if not isinstance(packed, list):
        return packed
    message, arguments = packed
    unpacked = {name: _unpacked(value) for name, value in arguments.items()}
    return gettext(message).format(**unpacked) if unpacked else gettext(message)
