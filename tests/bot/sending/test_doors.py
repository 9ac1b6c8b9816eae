"""Who wants to know is told once when a channel shuts, and when it is open again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.sending import Sender
from bot.sending.pauses import CLOSED
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import OPTIONS, accepted, titles
from tests.emulator import Chat, Emulator
from tests.store.samples import item, queued


def listening(sender: Sender) -> list[str | None]:
    told: list[str | None] = []
    sender.door.told = told.append
    return told


def demote(channel: Chat) -> None:
    channel.status = "member"


def kick(channel: Chat) -> None:
    channel.status = "kicked"


def lose(channel: Chat) -> None:
    channel.username = "another_name"


@pytest.mark.parametrize(
    ("shut", "why"),
    [
        (demote, "Need administrator rights in the channel chat"),
        (kick, "Forbidden: bot was kicked from the channel chat"),
        (lose, "Chat not found"),
    ],
)
async def test_a_channel_that_shuts_and_opens_is_told_of_once_each(
    store: Store,
    sender: Sender,
    channel: Chat,
    clock: SetClock,
    shut: Callable[[Chat], None],
    why: str,
) -> None:
    told = listening(sender)
    await queued(store, 1)
    await sender.drain()
    shut(channel)
    await queued(store, 2)
    for _ in range(3):
        await sender.drain()
        clock.advance(seconds=CLOSED.total_seconds())
    assert told == [why]
    channel.status, channel.username = "administrator", "good_news"
    await sender.drain()
    assert told == [why, None]
    assert titles(channel) == [item(1).title, item(2).title]


async def test_a_group_that_became_a_supergroup_is_told_with_its_new_number(
    application: Application, store: Store, telegram: Emulator, clock: SetClock
) -> None:
    group = telegram.add_group("Новости района", migrated_to=-1001234567890)
    sender = Sender(TelegramChannel(application.bot, str(group.id)), store, OPTIONS, now=clock)
    told = listening(sender)
    await accepted(store, 1, chats=(str(group.id),))
    await sender.drain()
    assert told == [
        "this group is a supergroup now: write -1001234567890 in its place in the settings"
    ]


async def test_what_is_known_at_the_start_is_not_told_again(
    store: Store, sender: Sender, channel: Chat
) -> None:
    told = listening(sender)
    channel.status = "kicked"
    sender.door.know_shut()
    await queued(store)
    await sender.drain()
    assert told == []
