"""Which channels these are is found out at the start, and when they shut."""

from __future__ import annotations

from functools import partial

import pytest

from bot.arrivals import recognise, recognise_offline
from bot.channel import Message, Span
from bot.identity import Told, changes_of, left_groups, named_twice, presumed
from bot.lookout import Lookout
from bot.model import PostState, Truth
from bot.sending import Sender
from bot.store import Store
from bot.telegram import Application, TelegramChannel, standing
from config import Settings
from config.settings import ChannelSettings
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import OPTIONS, titles
from tests.emulator import Emulator
from tests.store.samples import ANNA, CHANNEL, item, queued, sent

ID, GROUP = -1001000000001, -700000001


def naming(*chats: str) -> Settings:
    return Settings(channel=tuple(ChannelSettings(chat=chat) for chat in chats))


async def test_the_number_and_the_names_of_a_chat_are_told(
    telegram: Emulator, application: Application
) -> None:
    chat = telegram.add_channel("@good_news", status="member")
    told = (await standing(application.bot, "@Good_News")).told
    assert told == Told(chat.id, (CHANNEL,))
    assert (await standing(application.bot, "@nowhere")).told is None


async def test_a_group_that_became_a_supergroup_goes_on_under_its_new_number(
    telegram: Emulator, application: Application, store: Store
) -> None:
    group, now = telegram.add_group("Новости района"), telegram.add_group("Новости района")
    del telegram.world.chats[group.id]
    group.id, group.type, group.migrated_to = GROUP, "group", now.id
    telegram.world.chats[group.id] = group
    post = await sent(store)
    await store.chats.follow([], {CHANNEL: Told(GROUP)})
    settings, told = naming(str(now.id)), {str(now.id): Told(now.id)}
    recognised = await recognise(settings, store, application, told)
    assert (recognised.numbers, recognised.notes) == ({str(now.id): now.id}, [])
    entry = await store.ledger.entry(post.item_id)
    assert entry is not None
    assert [(one.chat, one.state, one.message_id) for one in entry.posts] == [
        (str(now.id), PostState.SENT, None)
    ]


async def test_a_channel_that_cannot_be_asked_about_is_the_one_that_was_known(
    application: Application, store: Store
) -> None:
    await sent(store)
    await store.chats.follow([], {CHANNEL: Told(ID)})
    for written in ("@Good_News", str(ID)):
        await recognise_offline(naming(written), store)
        assert await store.posts.by_message(written, 41) is not None
    await recognise_offline(naming("@fresh_news"), store)
    assert await store.posts.by_message(str(ID), 41) is not None
    told = {"@fresh_news": Told(ID, ("@fresh_news",))}
    await recognise(naming("@fresh_news"), store, application, told)
    assert await store.posts.by_message("@fresh_news", 41) is not None


def test_a_number_that_nothing_is_kept_under_is_presumed_to_be_nobody() -> None:
    assert presumed(str(ID), {CHANNEL: None}) is None
    assert presumed(str(ID), {str(ID): None}) == Told(ID)
    assert presumed("9" * 30, {"9" * 30: None}) is None
    assert presumed("@fresh_news", {CHANNEL: ID}) is None


def test_only_groups_that_are_no_longer_named_may_have_become_supergroups() -> None:
    known = {str(GROUP): None, CHANNEL: ID, "-700000002": -700000002, "7001": 7001}
    assert left_groups(known, {"-700000002": Told(-700000002)}) == [GROUP]


def test_a_channel_taken_out_of_the_settings_is_left_as_it_is() -> None:
    assert changes_of({CHANNEL: ID, "preview": None}, {"@other": Told(7, ("@other",))}) == []


def test_a_name_and_its_number_are_one_chat() -> None:
    told = {CHANNEL: Told(1), "1": Told(1), "@other": Told(2)}
    assert named_twice(told) == ["channel: @good_news and 1 are one and the same chat"]


async def test_a_name_that_changes_hands_meanwhile_changes_nothing(
    telegram: Emulator, application: Application
) -> None:
    chat = telegram.add_channel(CHANNEL)
    channel = TelegramChannel(application.bot, CHANNEL, scratch_chat=str(telegram.add_group().id))
    channel.pin(chat.id)
    message = Message("<b>Мост</b>\nhttps://gazeta.example/1", "https://gazeta.example/1")
    await channel.send(message)
    chat.username = "fresh_news"
    fresh = telegram.add_channel(CHANNEL)
    announced = telegram.post_as_admin(fresh, "Мы открылись")
    assert await channel.find(message, Span(0)) == 1
    await channel.remove(1)
    assert (chat.visible, fresh.visible) == ([], [announced])


@pytest.mark.parametrize("status", ["administrator", "member"])
async def test_a_channel_made_anew_meanwhile_gets_what_waits_and_nothing_that_was_posted(
    telegram: Emulator, application: Application, store: Store, clock: SetClock, status: str
) -> None:
    chat, channel = telegram.add_channel(CHANNEL), TelegramChannel(application.bot, CHANNEL)
    sender, notes = Sender(channel, store, OPTIONS, now=clock), list[str]()
    lookout = Lookout(lambda: naming(CHANNEL), store, application, notes.append)
    sender.look, sender.door.in_doubt = partial(lookout.look, channel), True
    await queued(store, 1)
    await sender.drain()
    assert await store.chats.known() == {CHANNEL: chat.id}
    chat.username, chat.status = None, "kicked"
    fresh = telegram.add_channel(CHANNEL, status=status)
    telegram.post_as_admin(fresh, "Мы открылись")
    await store.labels.add(1, Truth.BAD, ANNA, chats=[CHANNEL], at=clock())
    await queued(store, 2)
    for _ in range(3):
        await sender.drain()
        clock.advance(minutes=5)
    may_post = status == "administrator"
    assert titles(fresh) == ["Мы открылись", *[item(2).title] * may_post]
    assert ["another channel now" in note for note in notes] == [True] * may_post
    for method in ("deleteMessage", "editMessageText"):
        assert all(
            str(call.parameters["chat_id"]) == str(chat.id) for call in telegram.calls_of(method)
        )
