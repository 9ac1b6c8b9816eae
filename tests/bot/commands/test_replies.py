from __future__ import annotations

from bot.model import Reason
from bot.sending import Sender
from bot.store import Store
from tests.bot.commands.samples import posted
from tests.emulator import (
    Chat,
    Emulator,
    User,
)
from tests.store.samples import (
    judged,
)


async def test_a_post_quoted_from_the_channel_is_labelled(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    operator.say("/bad", reply_to=message)
    await telegram.wait_until_deleted(message)


async def test_a_forwarded_post_is_labelled(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    operator.say("/bad", reply_to=operator.forward(message))
    await telegram.wait_until_deleted(message)


async def test_a_post_is_labelled_under_it_in_the_discussion_group(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    channel.linked = telegram.add_group("discussion")
    message = await posted(store, sender, channel)
    (below,) = channel.linked.visible
    operator.say("/bad", chat=channel.linked, reply_to=below)
    await telegram.wait_until_deleted(message)


async def test_the_same_message_number_of_another_channel_is_not_meant(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    other = telegram.post_as_admin(telegram.add_channel("@elsewhere"), "Другое")
    assert other.id == message.id
    reply = await operator.ask("/bad", reply_to=operator.forward(other))
    assert "no card or post of mine" in reply.text
    assert not message.deleted


async def test_a_reply_to_the_bots_own_answer_means_its_item(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.BAD, 2)
    first = await operator.ask("/good 1")
    await operator.ask("/good 2")
    reply = await operator.ask("/undo", reply_to=first)
    assert "Item 1 is no longer labelled good." in reply.text
