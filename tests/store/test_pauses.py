"""What is paused rests: nothing is sent to a channel, whatever else is done for its posts."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Paused, PostState, Reason, Truth
from bot.store import Store
from tests.store.samples import ANNA, BORIS, CHANNEL, NOW, judged, post_of, queued, sent

LATER = NOW + timedelta(days=1)


async def pause(store: Store, name: str = CHANNEL, update_id: int | None = None) -> bool:
    return await store.pauses.pause(Paused.CHANNEL, name, ANNA, at=NOW, update_id=update_id)


async def resume(store: Store, name: str = CHANNEL, update_id: int | None = None) -> bool:
    return await store.pauses.resume(Paused.CHANNEL, name, BORIS, at=NOW, update_id=update_id)


async def test_a_pause_tells_who_made_it_and_when(store: Store) -> None:
    assert await pause(store)
    assert not await pause(store)
    ((name, one),) = (await store.pauses.all(Paused.CHANNEL)).items()
    assert (name, one.operator, one.at) == (CHANNEL, ANNA, NOW)
    assert await store.pauses.all(Paused.SOURCE) == {}
    assert await store.pauses.is_paused(Paused.CHANNEL, CHANNEL)
    assert await resume(store)
    assert not await resume(store)
    assert not await store.pauses.is_paused(Paused.CHANNEL, CHANNEL)


async def test_a_command_that_comes_again_does_not_undo_what_was_done_since(store: Store) -> None:
    assert await pause(store, update_id=1)
    assert await resume(store, update_id=2)
    assert not await pause(store, update_id=1)
    assert await store.pauses.all(Paused.CHANNEL) == {}


async def test_nothing_is_due_to_be_sent_to_a_paused_channel(store: Store) -> None:
    post = await queued(store)
    await pause(store)
    assert await store.posts.due(CHANNEL, LATER) is None
    assert await store.posts.next_moment(CHANNEL) is None
    assert len(await store.posts.pending(CHANNEL)) == 1
    # It was read a moment before the pause.
    assert not await store.posts.begin_sending(post.id, at=NOW, floor_id=None)
    await pause(store, "@other")
    await resume(store)
    assert await store.posts.due(CHANNEL, LATER) == post
    assert await store.posts.begin_sending(post.id, at=NOW, floor_id=None)


async def test_removals_and_questions_go_on_while_a_channel_is_paused(store: Store) -> None:
    bad, doubtful = await sent(store, 1, 41), await queued(store, 2)
    assert await store.posts.begin_sending(doubtful.id, at=NOW, floor_id=None)
    await store.posts.record_uncertain(doubtful.id, not_before=NOW, error="timeout")
    await pause(store)
    await store.labels.add(bad.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    due = await store.posts.due(CHANNEL, LATER)
    assert due is not None
    assert due.id == bad.id
    assert await store.posts.record_removed(bad.id, at=NOW)
    due = await store.posts.due(CHANNEL, LATER)
    assert due is not None
    assert (due.id, due.state) == (doubtful.id, PostState.UNCERTAIN)


async def test_what_was_removed_is_not_brought_back_while_a_channel_is_paused(store: Store) -> None:
    post = await sent(store)
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    assert await store.posts.record_removed(post.id, at=NOW)
    await pause(store)
    await store.labels.undo(ANNA, at=NOW, item_id=post.item_id)
    assert (await post_of(store, post.item_id)).wanted
    assert await store.posts.due(CHANNEL, LATER) is None
    assert not await store.posts.begin_restoring(post.id, at=NOW)
    await resume(store)
    assert await store.posts.begin_restoring(post.id, at=NOW)


async def test_what_waits_through_a_pause_is_told_from_what_waited_too_long(store: Store) -> None:
    day, late = timedelta(days=1), NOW + timedelta(hours=30)
    for number in (1, 2, 3):
        await queued(store, number)
    early, at_once = NOW + timedelta(minutes=2), timedelta()
    await store.posts.expire(CHANNEL, queued_before=early, at=early, sure=at_once, error="late")
    fresh = await judged(store, Reason.GOOD, 24 * 60)
    unwanted = await queued(store, 4)
    await store.labels.add(unwanted.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    # Those that the sender has not given up yet are given up all the same.
    told = await store.posts.backlog(CHANNEL, since=NOW, now=late, expire=day)
    assert (told.waiting, told.given_up) == (1, (3, 2, 1))
    told = await store.posts.backlog(CHANNEL, since=late + day, now=late, expire=day)
    assert told.given_up == (3, 2)
    told = await store.posts.backlog(CHANNEL, since=late, now=late, expire=None)
    assert (told.waiting, told.given_up) == (3, ())
    assert (await post_of(store, fresh)).state is PostState.QUEUED
