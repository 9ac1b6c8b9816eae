"""What is refused for good holds up nothing else."""

from __future__ import annotations

import pytest

from bot.model import PostState, Reason
from bot.sending import Sender
from bot.store import Store
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import state_of, titles
from tests.emulator import (
    Chat,
    Emulator,
    Fault,
    bad_request,
    drop_after,
    forbidden,
)
from tests.store.samples import CHANNEL, item, post_of, queued, record, verdict


async def test_a_refused_post_fails_and_the_next_one_goes_out(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat
) -> None:
    refused, other = await queued(store, 1), await queued(store, 2)
    telegram.inject("sendMessage", bad_request("message is too long"))
    await sender.drain()
    assert await state_of(store, refused) is PostState.FAILED
    assert "too long" in (await post_of(store, refused.item_id)).error
    assert await state_of(store, other) is PostState.SENT


@pytest.mark.parametrize(
    "words", ["can't parse entities: unsupported start tag", "ENTITY_BOUNDS_INVALID"]
)
async def test_a_post_whose_markup_is_refused_goes_out_as_plain_text_with_its_address(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, words: str
) -> None:
    await queued(store)
    telegram.inject("sendMessage", bad_request(words))
    await sender.drain()
    (message,) = channel.visible
    assert message.text.startswith(item(1).title)
    assert message.links == [item(1).url]
    assert {entity.type for entity in message.entities} == {"url"}


async def test_a_post_refused_as_plain_text_too_fails_and_the_next_one_goes_out(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat
) -> None:
    refused, _ = await queued(store, 1), await queued(store, 2)
    telegram.inject("sendMessage", bad_request("can't parse entities"), times=2)
    await sender.drain()
    assert await state_of(store, refused) is PostState.FAILED
    assert titles(channel) == [item(2).title]
    assert len(telegram.calls_of("sendMessage")) == 3


async def test_plain_text_that_may_have_arrived_is_found_by_its_address(
    store: Store, sender: Sender, telegram: Emulator, channel: Chat, clock: SetClock
) -> None:
    await queued(store, 1)
    await sender.drain()
    post = await queued(store, 2)
    telegram.inject("sendMessage", bad_request("can't parse entities"))
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    assert titles(channel) == [item(1).title, item(2).title]
    assert await state_of(store, post) is PostState.SENT


async def test_an_item_whose_address_cannot_be_linked_fails_and_the_next_one_goes_out(
    store: Store, sender: Sender, channel: Chat, clock: SetClock
) -> None:
    (odd,) = await record(store, item(1, url="https://gazeta.example/a b"))
    await store.ledger.record_verdict(odd, verdict(Reason.GOOD), [CHANNEL], at=clock())
    await queued(store, 2)
    await sender.drain()
    assert (await post_of(store, odd)).state is PostState.FAILED
    assert titles(channel) == [item(2).title]


@pytest.mark.parametrize(
    "fault", [forbidden(), bad_request("need administrator rights in the channel chat")]
)
async def test_a_closed_channel_loses_no_post(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    fault: Fault,
) -> None:
    await queued(store, 1)
    await queued(store, 2)
    telegram.inject("sendMessage", fault)
    await sender.drain()
    assert [post.state for post in await store.posts.pending(CHANNEL)] == [PostState.QUEUED] * 2
    assert len(telegram.calls_of("sendMessage")) == 1
    clock.advance(minutes=6)
    await sender.drain()
    assert len(channel.visible) == 2
