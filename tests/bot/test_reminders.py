"""What stays wrong is told once a day, however often newsieve starts."""

from __future__ import annotations

import pytest

from bot.commands.notes import Notes
from bot.reminders import Reminders
from bot.store import Store
from bot.telegram import Application
from tests.bot.conftest import SetClock
from tests.emulator import Chat, Emulator, forbidden


@pytest.fixture
def office(telegram: Emulator) -> Chat:
    return telegram.add_group("office")


async def test_the_same_is_told_once_a_day_and_what_is_new_at_once(
    application: Application, store: Store, clock: SetClock, office: Chat
) -> None:
    async def start(why: str) -> None:
        notes = Notes(application.bot, str(office.id))
        reminders = Reminders(store, notes, now=clock)
        reminders.tell("template", why)
        reminders.tell("feed", "no folder")
        await notes.tell()

    for why in ("no title", "no title", "too long"):
        await start(why)
    clock.advance(hours=23)
    await start("too long")
    clock.advance(hours=2)
    await start("too long")
    assert [message.text for message in office.visible] == [
        "no title\nno folder",
        "too long",
        "too long\nno folder",
    ]


async def test_what_did_not_arrive_is_told_by_the_next_process(
    application: Application, store: Store, clock: SetClock, telegram: Emulator, office: Chat
) -> None:
    telegram.inject("sendMessage", forbidden())
    for _ in range(3):
        notes = Notes(application.bot, str(office.id))
        Reminders(store, notes, now=clock).tell("template", "no title")
        await notes.tell()
    assert [message.text for message in office.visible] == ["no title"]
