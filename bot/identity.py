"""Which channel is which: one may be written in many ways, and a name may change hands. Pure.

A channel is its number in Telegram. Its posts are kept under the chat as the settings write it, so
whenever that is written otherwise they follow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Known: TypeAlias = "Mapping[str, int | None]"
"""The chats under which something is kept, as written, with their numbers; None: never told."""

_NUMBER = re.compile("-?[0-9]{1,18}")
_BASIC_GROUPS = range(-999_999_999_999, 0)


@dataclass(frozen=True, slots=True)
class Told:
    """Which chat it is that the settings name.

    Attributes:
        id: its number.
        names: its @names.
    """

    id: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A channel is written otherwise than before.

    Attributes:
        before: as something is kept under.
        after: as the settings write it.
        anew: it was a group and is a supergroup: the numbers of its earlier messages are void.
    """

    before: str
    after: str
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another channel bears the name that the settings write.

    Attributes:
        chat: the name.
        former: the number of the channel that bore it.
    """

    chat: str
    former: int


Change: TypeAlias = "Moved | Replaced"


def changes_of(
    known: Known, told: Mapping[str, Told], became: Mapping[int, int] | None = None
) -> list[Change]:
    """Return what has happened to the chats since they were known.

    Args:
        known: what there was.
        told: what is so now, by the chats that the settings name; one left out is not known.
        became: numbers of groups, with the numbers of the supergroups that they have become.
    """
    now_at = {one.id: chat for chat, one in told.items()}
    changes: list[Change] = []
    for chat, number in sorted(known.items()):
        was = _number_of(chat, number, told)
        if was is None:
            continue
        now = (became or {}).get(was, was)
        if chat in told and told[chat].id == now:
            continue
        if now in now_at:
            changes.append(Moved(chat, now_at[now], anew=now != was))
        elif chat in told:
            changes.append(Replaced(chat, was))
    return changes


def presumed(chat: str, known: Known) -> Told | None:
    """Return which chat this must be while Telegram cannot be asked; None if nobody knows."""
    numbers = {_number_in(name) if number is None else number for name, number in known.items()}
    number = _number_in(chat)
    if number is not None:
        return Told(number) if number in numbers else None
    same = (number for name, number in known.items() if name.casefold() == chat.casefold())
    number = next((number for number in same if number is not None), None)
    return None if number is None else Told(number, (chat,))


def left_groups(known: Known, told: Mapping[str, Told]) -> list[int]:
    """Return the groups that the settings no longer name: each may be a supergroup by now."""
    named = {one.id for one in told.values()}
    numbers = {_number_in(chat) if number is None else number for chat, number in known.items()}
    return sorted(one for one in numbers - named if one is not None and one in _BASIC_GROUPS)


def dropped(known: Known, chats: Collection[str]) -> list[str]:
    """Return the chats under which something is kept, and which ``chats`` name in no way."""
    named = {one.id for chat in chats if (one := presumed(chat, known)) is not None}
    return sorted(
        chat
        for chat, number in known.items()
        if chat not in chats and (_number_in(chat) if number is None else number) not in named
    )


def named_twice(told: Mapping[str, Told]) -> list[str]:
    """Return a line for each chat that the settings name in two ways."""
    written: defaultdict[int, list[str]] = defaultdict(list)
    for chat, one in told.items():
        written[one.id].append(chat)
    twice = (chats for chats in written.values() if len(chats) > 1)
    return [f"channel: {' and '.join(chats)} are one and the same chat" for chats in twice]


def _number_of(chat: str, number: int | None, told: Mapping[str, Told]) -> int | None:
    """Return the number of a chat that is known; by its name if it was never told."""
    if number is not None:
        return number
    if chat in told:
        return told[chat].id
    bears = (
        one.id
        for one in told.values()
        if chat.casefold() in {name.casefold() for name in one.names}
    )
    return next(bears, _number_in(chat))


def _number_in(chat: str) -> int | None:
    return int(chat) if _NUMBER.fullmatch(chat) else None
