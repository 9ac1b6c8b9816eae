"""What the operators know of shut channels outlives the process."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.commands.notes import Notes
from bot.doorkeeper import Doorkeeper
from bot.store import Store
from bot.telegram import Application
from tests.emulator import Chat, Emulator
from tests.store.samples import CHANNEL

OTHER = "@culture"
WHY = "not found"
SHUT = f"I cannot post:\n• {OTHER}: {WHY}"
NO_LONGER = f"I can no longer post in {OTHER}: {WHY}. What is accepted waits meanwhile."
AGAIN = f"I can post in {OTHER} again."


@pytest.fixture
def office(telegram: Emulator) -> Chat:
    return telegram.add_group("office")


@dataclass
class Newsroom:
    """Processes one after the other, and the chat of their operators."""

    application: Application
    store: Store
    office: Chat

    async def begin(self, problems: dict[str, str]) -> tuple[Doorkeeper, Notes, set[str]]:
        """Begin a process in which Telegram is asked about both channels."""
        notes = Notes(self.application.bot, str(self.office.id))
        doors = Doorkeeper(self.store, notes)
        both = (CHANNEL, OTHER)
        shut = await doors.look_round(both, problems, asked=both)
        return doors, notes, shut

    async def pass_by(self, problems: dict[str, str]) -> set[str]:
        """Let a process begin and end; return what it takes for shut."""
        _, notes, shut = await self.begin(problems)
        await notes.tell()
        return shut

    @property
    def told(self) -> list[str]:
        return [message.text for message in self.office.visible]


@pytest.fixture
def newsroom(application: Application, store: Store, office: Chat) -> Newsroom:
    return Newsroom(application, store, office)


async def test_a_channel_that_is_shut_is_told_of_once_and_once_when_it_opens(
    newsroom: Newsroom,
) -> None:
    for problems, shut in (({OTHER: WHY}, {OTHER}), ({}, set())):
        for _ in range(2):
            assert await newsroom.pass_by(problems) == shut
    assert newsroom.told == [SHUT, AGAIN]


async def test_a_channel_that_turned_a_post_away_is_shut_until_it_takes_one(
    newsroom: Newsroom,
) -> None:
    doors, notes, _ = await newsroom.begin({})
    doors.tell(OTHER, WHY)
    await notes.tell()
    assert await newsroom.pass_by({}) == {OTHER}
    doors, notes, _ = await newsroom.begin({})
    doors.tell(OTHER, None)
    await notes.tell()
    assert await newsroom.pass_by({}) == set()
    assert newsroom.told == [NO_LONGER, AGAIN]


async def test_what_did_not_reach_the_operators_is_told_by_the_next_process(
    newsroom: Newsroom,
) -> None:
    newsroom.office.status = "kicked"
    await newsroom.pass_by({OTHER: WHY})
    newsroom.office.status = "administrator"
    await newsroom.pass_by({OTHER: WHY})
    assert newsroom.told == [SHUT]
