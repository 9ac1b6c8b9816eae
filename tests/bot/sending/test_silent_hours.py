"""At night posts make no sound, by the clocks of the channel's readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.sending import Sender
from bot.slices import sender_options
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from config import Settings
from config.hours import DayHours
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import OPTIONS
from tests.emulator import Chat
from tests.store.samples import CHANNEL, queued

NIGHT = DayHours(time(23), time(7))


@pytest.mark.parametrize(
    ("zone", "silent"),
    # The clock of the tests stands at 13:30 UTC.
    [("UTC", False), ("Asia/Vladivostok", True), ("America/Los_Angeles", True)],
)
async def test_a_post_in_the_silent_hours_of_its_channel_makes_no_sound(
    application: Application,
    store: Store,
    clock: SetClock,
    channel: Chat,
    zone: str,
    silent: bool,
) -> None:
    options = replace(OPTIONS, silent=NIGHT, zone=ZoneInfo(zone))
    await queued(store)
    await Sender(TelegramChannel(application.bot, CHANNEL), store, options, now=clock).drain()
    assert [post.silent for post in channel.visible] == [silent]


async def test_silent_hours_begin_and_end_with_the_clock(
    application: Application, store: Store, clock: SetClock, channel: Chat
) -> None:
    options = replace(OPTIONS, silent=DayHours(time(14), time(15)), zone=ZoneInfo("UTC"))
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, options, now=clock)
    for number in (1, 2, 3):
        await queued(store, number)
        await sender.drain()
        clock.advance(hours=1)
    assert [post.silent for post in channel.visible] == [False, True, False]


def test_each_channel_has_its_own_pace_and_hours() -> None:
    settings = Settings.model_validate(
        {
            "sender": {"per_minute": 12},
            "channel": [
                {"chat": "@calm", "per_minute": 2, "silent": "23:00-07:00"},
                {"chat": "@usual", "timezone": "Europe/Moscow"},
            ],
        }
    )
    calm, usual = (sender_options(settings, said.chat) for said in settings.channel)
    assert (calm.per_minute, calm.silent) == (2, NIGHT)
    assert (usual.per_minute, usual.silent) == (12, None)
    assert usual.zone == ZoneInfo("Europe/Moscow")
