from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.model import Post, PostState, Truth
from bot.store import Store
from tests.store.samples import ANNA, CHANNEL, HOUR, NOW, post_of, queued, sent

Step = Callable[[Store, Post], Awaitable[bool]]


async def unwanted(store: Store, post: Post) -> Post:
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    return await post_of(store, post.item_id)


async def begin(store: Store, post: Post) -> bool:
    return await store.posts.begin_sending(post.id, at=NOW, floor_id=40)


async def record_sent(store: Store, post: Post) -> bool:
    return await store.posts.record_sent(post.id, 41, at=NOW)


async def postpone(store: Store, post: Post) -> bool:
    return await store.posts.postpone(post.id, not_before=NOW + HOUR, error="busy")


async def fail(store: Store, post: Post) -> bool:
    return await store.posts.record_failed(post.id, "refused")


async def doubt(store: Store, post: Post) -> bool:
    return await store.posts.record_uncertain(post.id, not_before=NOW + HOUR, error="no answer")


async def remove(store: Store, post: Post) -> bool:
    return await store.posts.record_removed(post.id, at=NOW)


async def restore(store: Store, post: Post) -> bool:
    return await store.posts.record_restored(post.id, at=NOW + HOUR)


async def requeue(store: Store, post: Post) -> bool:
    return await store.posts.requeue(post.id)


async def delay(store: Store, post: Post) -> bool:
    found = await post_of(store, post.item_id)
    return await store.posts.delay(post.id, state=found.state, not_before=NOW + HOUR, error="busy")


async def given_up(
    store: Store, *, queued_before: datetime, at: datetime, sure: timedelta = timedelta()
) -> list[int]:
    found = await store.posts.expire(
        CHANNEL, queued_before=queued_before, at=at, sure=sure, error="too old"
    )
    return [post.id for post in found]


async def due_at(store: Store, moment: datetime) -> int | None:
    post = await store.posts.due(CHANNEL, moment)
    return None if post is None else post.id


async def expire(store: Store, post: Post) -> bool:
    return bool(await given_up(store, queued_before=NOW + HOUR, at=NOW))


async def confirm(store: Store, post: Post) -> bool:
    attempt = (await post_of(store, post.item_id)).sending_at
    return await store.posts.record_seen(post.id, attempt=attempt, at=NOW)


async def send_again(store: Store, post: Post) -> bool:
    attempt = (await post_of(store, post.item_id)).sending_at
    return await store.posts.send_again(post.id, attempt=attempt, at=NOW)


ROADS: dict[PostState, tuple[Step, ...]] = {
    PostState.QUEUED: (),
    PostState.SENDING: (begin,),
    PostState.SENT: (begin, record_sent),
    PostState.UNCERTAIN: (begin, doubt),
    PostState.REMOVED: (begin, record_sent, remove),
    PostState.FAILED: (begin, fail),
    PostState.EXPIRED: (expire,),
}


async def brought(store: Store, state: PostState) -> Post:
    """Return a post that went the usual way to ``state``."""
    post = await queued(store)
    for step in ROADS[state]:
        assert await step(store, post)
    return await post_of(store, post.item_id)


async def test_a_queued_post_is_due_at_once(store: Store) -> None:
    post = await queued(store)
    assert await store.posts.due(CHANNEL, NOW) == post
    assert await store.posts.due("@other", NOW) is None


async def test_the_oldest_post_is_due_first(store: Store) -> None:
    first, second = await queued(store, 1), await queued(store, 2)
    assert await store.posts.pending(CHANNEL) == [first, second]
    await begin(store, first)
    assert await store.posts.due(CHANNEL, NOW) == second


async def test_a_removal_goes_before_what_is_to_be_sent(store: Store) -> None:
    waiting, seen = await queued(store, 1), await sent(store, 2)
    seen = await unwanted(store, seen)
    assert await store.posts.pending(CHANNEL) == [seen, waiting]


async def test_a_post_in_line_with_what_is_wanted_needs_nothing(store: Store) -> None:
    await sent(store)
    await unwanted(store, await queued(store, 2))
    assert await store.posts.due(CHANNEL, NOW) is None
    assert await store.posts.next_moment(CHANNEL) is None


async def test_a_removed_post_that_is_wanted_again_is_due(store: Store) -> None:
    post = await unwanted(store, await sent(store))
    await remove(store, post)
    assert await store.posts.due(CHANNEL, NOW) is None
    await store.labels.undo(ANNA, at=NOW)
    again = await store.posts.due(CHANNEL, NOW)
    assert again == await post_of(store, post.item_id)
    assert await begin(store, post)


async def test_a_removed_post_that_no_longer_is_wanted_is_not_brought_back(store: Store) -> None:
    post = await unwanted(store, await sent(store))
    await remove(store, post)
    assert not await store.posts.begin_restoring(post.id, at=NOW)
    await store.labels.undo(ANNA, at=NOW)
    assert await store.posts.begin_restoring(post.id, at=NOW)


async def test_a_post_that_was_being_brought_back_is_removed_again_if_unwanted(
    store: Store,
) -> None:
    post = await brought(store, PostState.REMOVED)
    assert await store.posts.begin_restoring(post.id, at=NOW)
    post = await unwanted(store, post)
    assert await store.posts.due(CHANNEL, NOW) == post
    await remove(store, post)
    assert await store.posts.due(CHANNEL, NOW) is None


async def test_a_restored_post_is_the_same_message(store: Store) -> None:
    post = await brought(store, PostState.REMOVED)
    assert await restore(store, post)
    restored = await post_of(store, post.item_id)
    assert (restored.state, restored.message_id) == (PostState.SENT, 41)
    assert restored.sent_at == NOW + HOUR


async def test_an_uncertain_post_is_due_whether_wanted_or_not(store: Store) -> None:
    post = await brought(store, PostState.UNCERTAIN)
    assert await store.posts.due(CHANNEL, NOW + HOUR) == post
    post = await unwanted(store, post)
    assert await store.posts.due(CHANNEL, NOW + HOUR) == post


async def test_a_postponed_post_waits_for_its_moment(store: Store) -> None:
    post = await brought(store, PostState.SENDING)
    assert await postpone(store, post)
    assert await store.posts.due(CHANNEL, NOW) is None
    assert await store.posts.next_moment(CHANNEL) == NOW + HOUR
    due = await store.posts.due(CHANNEL, NOW + HOUR)
    assert due is not None
    assert (due.state, due.attempts, due.error) == (PostState.QUEUED, 1, "busy")


async def test_the_next_moment_is_that_of_the_post_that_waits_least(store: Store) -> None:
    first, second = await queued(store, 1), await queued(store, 2)
    assert await store.posts.next_moment(CHANNEL) == first.queued_at
    await begin(store, first)
    await postpone(store, first)
    assert await store.posts.next_moment(CHANNEL) == second.queued_at
    assert await store.posts.next_moment("@other") is None


async def test_the_intent_to_send_is_kept_with_its_moment_and_floor(store: Store) -> None:
    post = await brought(store, PostState.SENDING)
    assert (post.sending_at, post.floor_id, post.message_id) == (NOW, 40, None)
    assert await store.posts.due(CHANNEL, NOW + HOUR) is None


async def test_a_post_that_became_unwanted_is_not_begun(store: Store) -> None:
    post = await queued(store)
    await unwanted(store, post)
    assert not await begin(store, post)


async def test_a_success_clears_the_trouble_before_it(store: Store) -> None:
    post = await brought(store, PostState.UNCERTAIN)
    assert await record_sent(store, post)
    post = await post_of(store, post.item_id)
    assert (post.state, post.message_id, post.sent_at) == (PostState.SENT, 41, NOW)
    assert (post.attempts, post.error, post.not_before) == (0, "", None)


async def test_failed_probes_are_counted(store: Store) -> None:
    post = await brought(store, PostState.UNCERTAIN)
    assert await doubt(store, post)
    assert (await post_of(store, post.item_id)).attempts == 2


async def test_a_delay_changes_nothing_but_the_moment(store: Store) -> None:
    post = await unwanted(store, await sent(store))
    assert await delay(store, post)
    assert await post_of(store, post.item_id) == replace(
        post, not_before=NOW + HOUR, attempts=1, error="busy"
    )


async def test_a_requeued_post_starts_afresh(store: Store) -> None:
    post = await brought(store, PostState.UNCERTAIN)
    assert await requeue(store, post)
    post = await post_of(store, post.item_id)
    assert (post.state, post.attempts, post.error) == (PostState.QUEUED, 0, "")
    assert await store.posts.due(CHANNEL, NOW) == post


SAFE = {
    begin: {PostState.QUEUED, PostState.REMOVED},
    record_sent: set(PostState) - {PostState.SENT, PostState.REMOVED},
    postpone: {PostState.QUEUED, PostState.SENDING, PostState.UNCERTAIN},
    fail: set(PostState) - {PostState.REMOVED, PostState.EXPIRED},
    confirm: {PostState.UNCERTAIN},
    send_again: {PostState.UNCERTAIN},
    doubt: {PostState.SENDING, PostState.UNCERTAIN},
    remove: set(PostState) - {PostState.QUEUED, PostState.SENDING, PostState.EXPIRED},
    requeue: {PostState.UNCERTAIN, PostState.FAILED, PostState.REMOVED},
    restore: {PostState.REMOVED},
    delay: set(PostState),
}


@pytest.mark.parametrize("state", PostState)
async def test_a_step_from_a_wrong_state_changes_nothing(store: Store, state: PostState) -> None:
    post = await brought(store, state)
    for step, starts in SAFE.items():
        if state not in starts:
            assert not await step(store, post), step.__name__
            assert await post_of(store, post.item_id) == post


@pytest.mark.parametrize("step", SAFE)
async def test_a_step_may_start_from_each_of_its_states(store: Store, step: Step) -> None:
    post = await queued(store)
    for state in SAFE[step]:
        await _put(store, post, state)
        assert await step(store, post), state


async def _put(store: Store, post: Post, state: PostState) -> None:
    # Any state leads to sent or removed, from there to the start, from there on.
    await record_sent(store, post)
    await remove(store, post)
    await begin(store, post)
    if state in (PostState.QUEUED, PostState.EXPIRED):
        await postpone(store, post)
    for way in ROADS[state][0 if state is PostState.EXPIRED else 1 :]:
        assert await way(store, post)
    assert (await post_of(store, post.item_id)).state is state


async def test_an_answer_to_an_old_question_changes_nothing(store: Store) -> None:
    post = await brought(store, PostState.UNCERTAIN)
    earlier = NOW - HOUR
    assert not await store.posts.record_seen(post.id, attempt=earlier, at=NOW)
    assert not await store.posts.send_again(post.id, attempt=earlier, at=NOW)
    assert await post_of(store, post.item_id) == post


async def test_only_waits_that_no_clock_would_tell_are_shortened(store: Store) -> None:
    post = await brought(store, PostState.UNCERTAIN)
    soon = NOW + timedelta(minutes=1)
    assert await store.posts.shorten(CHANNEL, longest=NOW + HOUR, instead=soon) == []
    (short,) = await store.posts.shorten(CHANNEL, longest=NOW, instead=soon)
    assert (short.id, short.not_before, short.state) == (post.id, soon, PostState.UNCERTAIN)


async def test_the_ids_of_our_own_posts_are_known(store: Store) -> None:
    for number, message_id in ((1, 41), (2, 57), (3, 44)):
        await sent(store, number, message_id)
    await queued(store, 4)
    assert await store.posts.known_ids(CHANNEL, None) == [41, 44, 57]
    assert await store.posts.known_ids(CHANNEL, 41) == [44, 57]
    assert await store.posts.known_ids("@other", None) == []


async def test_a_delay_does_not_hold_up_a_post_that_has_moved_on(store: Store) -> None:
    post = await brought(store, PostState.UNCERTAIN)
    await requeue(store, post)
    assert not await store.posts.delay(
        post.id, state=PostState.UNCERTAIN, not_before=NOW + HOUR, error="still unknown"
    )
    assert (await post_of(store, post.item_id)).not_before is None


async def test_a_delay_does_not_hold_up_a_post_whose_message_is_known_meanwhile(
    store: Store,
) -> None:
    post = await sent(store)
    said: dict[str, Any] = {"state": PostState.SENT, "not_before": NOW + HOUR, "error": "unknown"}
    assert not await store.posts.delay(post.id, **said, unplaced=True)
    assert (await post_of(store, post.item_id)).not_before is None
    assert await store.posts.delay(post.id, **said)


async def test_what_a_dead_process_was_sending_becomes_uncertain(store: Store) -> None:
    interrupted, waiting = await queued(store, 1), await queued(store, 2)
    await begin(store, interrupted)
    (found,) = await store.posts.recover(not_before=NOW + HOUR)
    assert (found.id, found.state) == (interrupted.id, PostState.UNCERTAIN)
    assert (found.floor_id, found.not_before, found.attempts) == (40, NOW + HOUR, 1)
    assert await store.posts.get(waiting.id) == waiting
    assert await store.posts.recover(not_before=NOW) == []


async def test_one_channel_can_be_recovered_while_another_works(store: Store) -> None:
    await brought(store, PostState.SENDING)
    assert await store.posts.recover(not_before=NOW, chat="@other") == []
    assert len(await store.posts.recover(not_before=NOW, chat=CHANNEL)) == 1


async def test_a_post_is_found_by_its_message(store: Store) -> None:
    post = await sent(store, message_id=3_000_000_000)
    assert await store.posts.by_message(CHANNEL, 3_000_000_000) == post
    assert await store.posts.by_message("@other", 3_000_000_000) is None
    assert await store.posts.get(404) is None


async def test_the_highest_message_id_counts_what_is_being_sent(store: Store) -> None:
    assert await store.posts.highest_message_id(CHANNEL) is None
    post = await sent(store, message_id=39)
    assert await store.posts.highest_message_id(CHANNEL) == 39
    await remove(store, post)
    await begin(store, post)
    assert await store.posts.highest_message_id(CHANNEL) == 40


async def test_what_is_too_old_is_given_up_when_that_is_found_again_an_hour_later(
    store: Store,
) -> None:
    late, post = NOW + 24 * HOUR, await queued(store, 1)
    assert await given_up(store, queued_before=late, at=late, sure=HOUR) == []
    assert await store.posts.due(CHANNEL, late) is None
    assert await given_up(store, queued_before=late, at=late + HOUR / 2, sure=HOUR) == []
    assert await given_up(store, queued_before=late, at=late + HOUR, sure=HOUR) == [post.id]


async def test_what_is_not_too_old_after_all_is_sent(store: Store) -> None:
    late, post = NOW + 24 * HOUR, await queued(store, 1)
    assert await given_up(store, queued_before=late, at=late, sure=HOUR) == []
    assert await given_up(store, queued_before=NOW, at=NOW + HOUR, sure=HOUR) == []
    assert await due_at(store, NOW + HOUR) == post.id


async def test_a_post_that_was_in_its_channel_once_is_never_given_up(store: Store) -> None:
    late, post = NOW + 24 * HOUR, await queued(store, 1)
    for step in (begin, record_sent, remove, requeue):
        assert await step(store, post)
    assert (await post_of(store, post.item_id)).state is PostState.QUEUED
    assert await given_up(store, queued_before=late, at=late) == []
    assert await due_at(store, late) == post.id


async def test_labelling_an_overdue_post_good_sends_it(store: Store) -> None:
    late, post = NOW + 24 * HOUR, await queued(store, 1)
    assert await given_up(store, queued_before=late, at=late, sure=HOUR) == []
    await store.labels.add(post.item_id, Truth.GOOD, ANNA, chats=[CHANNEL], at=late)
    assert await due_at(store, late) == post.id
