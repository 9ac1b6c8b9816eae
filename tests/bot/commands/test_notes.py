"""Notes are told together, and none is lost that certainly did not arrive."""

from __future__ import annotations

import asyncio

import pytest

from bot.commands.notes import Notes
from bot.errors import NotSent
from bot.telegram import Application
from tests.emulator import Chat, Emulator, flood


@pytest.fixture
def notes(application: Application, office: Chat) -> Notes:
    return Notes(application.bot, str(office.id), gather=0.02)


async def test_notes_that_come_together_are_one_message(
    notes: Notes, telegram: Emulator, office: Chat
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(notes.run(stop))
    telegram.inject("sendMessage", flood(1))
    notes.add("Первое <b>")
    notes.add("Второе")
    told = await telegram.wait_for_post(office)
    assert told.text == "Первое <b>\nВторое"
    stop.set()
    await running
    assert office.visible == [told]


async def test_a_note_that_telegram_holds_off_waits_and_goes_out_with_the_next(
    notes: Notes, telegram: Emulator, office: Chat
) -> None:
    telegram.inject("sendMessage", flood(1))
    notes.add("Первое")
    with pytest.raises(NotSent):
        await notes.tell()
    notes.add("Второе")
    await notes.tell()
    assert [message.text for message in office.visible] == ["Первое\nВторое"]


async def test_a_chat_that_is_shut_loses_the_note_and_stops_nothing(
    notes: Notes, office: Chat
) -> None:
    office.status = "kicked"
    notes.add("Первое")
    await notes.tell()
    assert office.visible == []
