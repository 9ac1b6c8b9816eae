"""Posts that are edited to name the other sources that tell their story."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from bot.also import REST
from bot.channel import Message as Shown
from bot.model import PostState, Truth
from bot.sending import Appearance, Sender
from bot.slices import sender_options
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from config import Settings
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import OPTIONS, accepted, titles
from tests.emulator import (
    Chat,
    Emulator,
    Fault,
    Hold,
    Message,
    bad_request,
    drop_after,
    drop_before,
    flood,
    forbidden,
    server_error,
)
from tests.store.samples import ANNA, CHANNEL, item, post_of, queued, reprinted, retold

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x03\x20\x00\x00\x02\x58\x08\x02"
EDITS = ("editMessageText", "editMessageCaption")
LIST = "Об этом также пишут: "


def also(message: Message) -> str:
    """Return what a post says of who else tells its story."""
    return message.text.partition(LIST)[2]


def edits(telegram: Emulator) -> int:
    return sum(len(telegram.calls_of(method)) for method in EDITS)


@pytest.fixture
async def seen(store: Store, sender: Sender, channel: Chat) -> Message:
    """A post of the first item."""
    await queued(store)
    await sender.drain()
    (message,) = channel.visible
    return message


async def test_other_sources_are_named_in_one_edit_with_a_link_each(
    store: Store, sender: Sender, telegram: Emulator, seen: Message
) -> None:
    before = seen.text
    await reprinted(store, 1, 2, "radio")
    await retold(store, 1, 3, "vesti")
    await sender.drain()
    assert seen.text == f"{before}\n\n{LIST}radio, vesti"
    assert seen.links == [item(number).url for number in (1, 2, 3)]
    await sender.drain()
    assert edits(telegram) == 1


async def test_a_post_goes_out_before_another_is_edited_and_names_nobody_at_first(
    store: Store, sender: Sender, telegram: Emulator, seen: Message
) -> None:
    await reprinted(store, 1, 2)
    await queued(store, 3)
    await reprinted(store, 3, 4)
    await sender.drain()
    asked = [call.method for call in telegram.calls[-3:]]
    assert asked == ["sendMessage", "editMessageText", "editMessageText"]
    assert LIST not in str(telegram.calls_of("sendMessage")[-1].parameters)


async def test_who_comes_soon_after_an_edit_waits_for_the_next(
    store: Store, sender: Sender, seen: Message, clock: SetClock
) -> None:
    await reprinted(store, 1, 2, "radio")
    await sender.drain()
    for number, source in ((3, "vesti"), (4, "agency")):
        await reprinted(store, 1, number, source)
        await sender.drain()
    assert also(seen) == "radio"
    clock.advance(seconds=REST.total_seconds())
    await sender.drain()
    assert also(seen) == "radio, vesti, agency"


async def test_a_source_whose_item_is_labelled_bad_is_named_no_more(
    store: Store, sender: Sender, seen: Message, clock: SetClock
) -> None:
    again = await reprinted(store, 1, 2)
    await sender.drain()
    await store.labels.add(again, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert LIST not in seen.text
    await store.labels.undo(ANNA, at=clock())
    clock.advance(minutes=10)
    await sender.drain()
    assert also(seen) == "radio"


@pytest.mark.parametrize(
    "fault", [drop_after(), drop_before(), flood(3), server_error(), server_error(done=True)]
)
async def test_an_edit_is_tried_until_it_is_done(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    seen: Message,
    clock: SetClock,
    fault: Fault,
) -> None:
    await reprinted(store, 1, 2)
    telegram.inject("editMessageText", fault)
    await sender.drain()
    assert edits(telegram) == 1
    clock.advance(minutes=1)
    await sender.drain()
    assert also(seen) == "radio"
    clock.advance(minutes=10)
    await sender.drain()
    assert edits(telegram) == 2


async def test_an_edit_whose_answer_was_lost_does_not_outlast_its_reason(
    store: Store, sender: Sender, telegram: Emulator, seen: Message, clock: SetClock
) -> None:
    again = await reprinted(store, 1, 2)
    telegram.inject("editMessageText", drop_after())
    await sender.drain()
    assert also(seen) == "radio"
    await store.labels.add(again, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    clock.advance(minutes=1)
    await sender.drain()
    assert LIST not in seen.text


async def test_an_edit_that_was_cut_off_does_not_outlast_its_reason(
    store: Store, sender: Sender, telegram: Emulator, seen: Message, clock: SetClock
) -> None:
    again = await reprinted(store, 1, 2)
    slow = Hold()
    telegram.inject("editMessageText", slow)
    editing = asyncio.create_task(sender.drain())
    await slow.reached.wait()
    editing.cancel()
    slow.release()
    await store.labels.add(again, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await sender.drain()
    assert LIST not in seen.text


@pytest.mark.parametrize("reason", ["message to edit not found", "message can't be edited"])
async def test_a_post_that_cannot_be_edited_is_given_up_once_and_holds_up_nothing(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    seen: Message,
    clock: SetClock,
    caplog: pytest.LogCaptureFixture,
    reason: str,
) -> None:
    await queued(store, 2)
    await sender.drain()
    clock.advance(minutes=1)
    for first, number in ((1, 3), (2, 4)):
        await reprinted(store, first, number)
    telegram.inject("editMessageText", bad_request(reason))
    with caplog.at_level(logging.WARNING):
        await sender.drain()
    assert sorted(map(also, channel.visible)) == ["", "radio"]
    await reprinted(store, 2, 5, "vesti")
    clock.advance(hours=1)
    await sender.drain()
    assert edits(telegram) == 2
    told = [record for record in caplog.records if vars(record).get("action") == "edit_given_up"]
    assert len(told) == 1


async def test_a_bot_that_may_not_edit_goes_on_posting(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, seen: Message, clock: SetClock
) -> None:
    await reprinted(store, 1, 2)
    telegram.inject("editMessageText", forbidden("not enough rights"))
    await sender.drain()
    await queued(store, 3)
    await sender.drain()
    assert titles(channel) == [item(1).title, item(3).title]
    clock.advance(minutes=5)
    await sender.drain()
    assert also(seen) == "radio"


async def test_a_post_that_was_struck_out_stays_so_and_names_others_once_it_is_back(
    store: Store, sender: Sender, channel: Chat, seen: Message, clock: SetClock
) -> None:
    channel.can_delete = False
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await reprinted(store, 1, 2)
    await sender.drain()
    struck_out = seen.text
    assert item(1).title not in struck_out
    clock.advance(hours=1)
    await sender.drain()
    assert seen.text == struck_out
    await store.labels.undo(ANNA, at=clock())
    await sender.drain()
    assert (titles(channel), also(seen)) == ([item(1).title], "radio")
    assert (await post_of(store, 1)).state is PostState.SENT


async def test_below_a_picture_the_caption_names_them(
    store: Store, application: Application, channel: Chat, clock: SetClock
) -> None:
    async def illustrate(message: Shown, _source: str) -> Shown:
        return replace(message, photo=PNG)

    sender = Sender(
        TelegramChannel(application.bot, CHANNEL),
        store,
        OPTIONS,
        appearance=Appearance(illustrate=illustrate),
        now=clock,
    )
    await accepted(store, 1, image="https://gazeta.example/1.png", text="слово " * 400)
    await sender.drain()
    await reprinted(store, 1, 2)
    await sender.drain()
    (message,) = channel.visible
    assert message.photo == PNG
    assert also(message) == "radio"
    assert message.links == [item(1).url, item(2).url]


async def test_a_post_whose_markup_telegram_refuses_stays_plain(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat
) -> None:
    refusal = bad_request("can't parse entities")
    telegram.inject("sendMessage", refusal)
    telegram.inject("editMessageText", refusal)
    await queued(store)
    await sender.drain()
    await reprinted(store, 1, 2)
    await sender.drain()
    (message,) = channel.visible
    assert f"{LIST}radio" in message.text
    assert {entity.type for entity in message.entities} == {"url"}


async def test_a_post_that_is_old_is_left_as_it_is(
    store: Store, sender: Sender, telegram: Emulator, seen: Message, clock: SetClock
) -> None:
    clock.advance(hours=49)
    await reprinted(store, 1, 2)
    await sender.drain()
    assert edits(telegram) == 0


async def test_where_nobody_is_to_be_named_nothing_is_edited(
    store: Store, application: Application, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    options = replace(OPTIONS, also=False)
    sender = Sender(TelegramChannel(application.bot, CHANNEL), store, options, now=clock)
    await queued(store)
    await sender.drain()
    await reprinted(store, 1, 2)
    await sender.drain()
    assert edits(telegram) == 0


def test_each_channel_says_whether_it_names_others_and_names_only_sources_that_it_carries() -> None:
    settings = Settings.model_validate(
        {
            "channel": [{"chat": "@all"}, {"chat": "@city", "sources": ["city"], "also": False}],
            "source": [
                {"name": "Вести", "url": "https://vesti.example/", "tags": ["city"]},
                {"name": "Радио", "url": "https://radio.example/"},
            ],
        }
    )
    every, city = (sender_options(settings, said.chat) for said in settings.channel)
    assert (every.also, every.sources) == (True, None)
    assert (city.also, city.sources) == (False, {"Вести"})
