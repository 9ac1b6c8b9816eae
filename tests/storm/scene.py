"""How things stand before something happens, and how they came to stand so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.commands import Request
from tests.emulator import Chat, Emulator
from tests.store.samples import ANNA, CHANNEL, NOW

OFFICE = str(ANNA.id)
"""The operators' chat."""

SCRATCH = "scratch"


@dataclass(frozen=True)
class Setting:
    """How newsieve is set up.

    Attributes:
        chats: the channels; each has a sender of its own, and carries everything.
        premoderated: those of them where nothing is seen before an operator calls it good.
        has_scratch_chat: newsieve can look for a post; else its operators are asked.
    """

    chats: tuple[str, ...] = (CHANNEL,)
    premoderated: frozenset[str] = frozenset()
    has_scratch_chat: bool = True


@dataclass
class Meant:
    """What is to be seen, by all that the pipeline and the operators have said.

    Attributes:
        chats: numbers of the items that were judged, and in which channels each is to be seen.
        before: what was meant of an item before each of its labels in force.
        cleared: items and channels in which they might ever be seen.
        reprints: numbers of items of another source, and which item each repeats.
        is_told_again: posts name, or have named, another source.
        commands: how many were given.
    """

    chats: dict[int, frozenset[str]] = field(default_factory=dict)
    before: dict[int, list[frozenset[str]]] = field(default_factory=dict)
    cleared: set[tuple[int, str]] = field(default_factory=set)
    reprints: dict[int, int] = field(default_factory=dict)
    is_told_again: bool = False
    commands: int = 0

    def see(self, number: int, chats: frozenset[str]) -> None:
        """Let an item be seen in these channels from now on, and nowhere else."""
        self.chats[number] = chats
        self.cleared |= {(number, chat) for chat in chats}

    def label(self, number: int, chats: frozenset[str]) -> None:
        """Let a label say where an item is to be seen."""
        self.before.setdefault(number, []).append(self.chats[number])
        self.see(number, chats)

    def undo(self, number: int) -> None:
        """Take back the last label of an item."""
        self.see(number, self.before[number].pop())


@dataclass(frozen=True)
class Scene:
    """How things stand: kept to begin there again and again.

    Attributes:
        updates: what operators have asked for, and newsieve has not heard yet.
    """

    database: Path
    setting: Setting
    chats: dict[int, Chat]
    now: datetime = NOW + timedelta(hours=1)
    meant: Meant = field(default_factory=Meant)
    updates: tuple[Request, ...] = ()

    @classmethod
    def first(cls, database: Path, setting: Setting, telegram: Emulator) -> Scene:
        """Return the beginning: an empty database, empty channels, and an operator."""
        telegram.world.chats = {}
        for chat in setting.chats:
            telegram.add_channel(chat)
        telegram.add_group(SCRATCH)
        telegram.add_user(ANNA.id, ANNA.name)
        return cls(database, setting, telegram.world.chats)
