"""What comes from a chat and what goes back, free of any framework."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from zlib import crc32

from bot.model import Operator


@dataclass(frozen=True, slots=True)
class Target:
    """A message that a command speaks of: a card, or a post in a channel.

    Attributes:
        name: the chat's public name without @, or None.
        links: what the message links to, if that is known.
    """

    chat_id: int
    message_id: int
    name: str | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """Someone asks for something, by a command or a button.

    Attributes:
        update_id: tells apart what is asked twice from what is delivered twice.
        operator: who asks; whether he may is still to be seen.
        chat_id: where he asks.
        command: one word, without the slash.
        arguments: what follows it.
        targets: the messages it replies to, as far as they could be an item.
        language: the language of who asks, as Telegram tells it; None if it does not.
    """

    update_id: int
    operator: Operator
    chat_id: int
    command: str
    arguments: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    language: str | None = None

    @property
    def is_private(self) -> bool:
        """Whether nobody else reads the answer: a chat with the bot has its user's id."""
        return self.chat_id == self.operator.id


class Button(str, Enum):
    """What the buttons of a card ask for."""

    GOOD = "good"
    ANYWAY = "anyway"
    BAD = "bad"
    UNDO = "undo"
    BECAUSE = "because"
    LOG = "log"
    LAST = "last"
    REJECTED = "rejected"
    FIND = "find"
    SOURCE = "source"
    SOURCES = "sources"
    CHANNEL = "channel"
    SKIP = "skip"
    WHY = "why"
    POSTED = "posted"
    AGAIN = "again"
    GONE = "gone"
    BAR = "bar"
    ALLOW = "allow"
    THRESHOLD = "threshold"
    UNSET = "unset"
    RULE = "rule"
    UNRULE = "unrule"
    RULES = "rules"
    MODEL = "model"
    ADD = "add"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer.

    Attributes:
        html: Telegram HTML within the limits of a message.
        brief: the same in at most 200 characters of plain text, for a pressed button.
        item_id: the one item it speaks of, if it does.
        about: what else it speaks of, by name, if a pressed button does not tell.
        buttons: callback data of the buttons below it, by their captions.
        beside: pressed for, it comes below the card, which stays as it is.
        refused: nothing is to be seen but why not: a card whose button was pressed stays.
        changed: whether something was done, as far as it was no mere question by its name.
        picture: a PNG; ``html`` then stands below it, in at most 1024 UTF-16 units.
        then: is called when a command has been answered with it.
    """

    html: str
    brief: str = ""
    item_id: int | None = None
    buttons: tuple[tuple[str, str], ...] = ()
    picture: bytes | None = None
    about: str = ""
    then: Callable[[], None] | None = None
    beside: bool = False
    refused: bool = False
    changed: bool = True


def data_of(button: Button, *numbers: int) -> str:
    """Return the callback data of a button: the word and numbers, nothing else."""
    return ":".join([button.value, *map(str, numbers)])


def key_of(kind: str, name: str) -> int:
    """Return a number of at most ten digits that tells a name from the others of its kind.

    Callback data has no room for names; whoever gets one back looks for the name that has it.
    """
    return crc32(f"{kind} {name}".encode("utf-8", "surrogatepass"))
