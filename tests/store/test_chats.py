"""What is kept under a chat follows the channel, however the settings write it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.also import NOBODY
from bot.identity import Told, changes_of
from bot.model import Paused, Post, PostState, Reason, Truth
from bot.store import Judged, Store
from tests.store.samples import (
    ANNA,
    CHANNEL,
    HOUR,
    NOW,
    item,
    post_of,
    queued,
    record,
    retold,
    sent,
    verdict,
)

ID, ANOTHER, GROUP = -1001000000001, -1001000000009, -700000001
OTHER = "@other_news"


async def follow(
    store: Store, numbers: Mapping[str, int], became: Mapping[int, int] | None = None
) -> None:
    """Let the settings name these chats, and Telegram tell their numbers."""
    told = {chat: Told(number, (chat,)) for chat, number in numbers.items()}
    await store.chats.follow(changes_of(await store.chats.known(), told, became), told)


async def begun(store: Store, number: int) -> Post:
    post = await queued(store, number)
    assert await store.posts.begin_sending(post.id, at=NOW, floor_id=40)
    return await post_of(store, post.item_id)


async def uncertain(store: Store, number: int) -> Post:
    post = await begun(store, number)
    await store.posts.record_uncertain(post.id, not_before=NOW, error="timeout")
    return await post_of(store, post.item_id)


async def label(store: Store, post: Post, truth: Truth, chat: str = CHANNEL) -> None:
    await store.labels.add(post.item_id, truth, ANNA, chats=[chat], at=NOW)


async def reprint(store: Store, post: Post, number: int, chat: str) -> None:
    """Record the item's text from another source that ``chat`` carries."""
    (item_id,) = await record(store, item(number, source="radio"), source="radio")
    its = Judged(item_id, verdict(Reason.DUPLICATE), [chat], twin=post.item_id)
    assert await store.ledger.record_verdicts([its], at=NOW)


async def posts_of(store: Store, post: Post) -> dict[str, Post]:
    entry = await store.ledger.entry(post.item_id)
    assert entry is not None
    return {one.chat: one for one in entry.posts}


@pytest.mark.parametrize("written", [str(ID), "@Good_News", "@fresh_news"])
async def test_what_a_channel_has_follows_it_to_another_spelling(
    store: Store, written: str
) -> None:
    await follow(store, {CHANNEL: ID})
    seen, waiting, doubtful = (
        await sent(store, 1, 41),
        await queued(store, 2),
        await begun(store, 3),
    )
    bad = await sent(store, 4, 42)
    await label(store, bad, Truth.BAD)
    await store.pauses.pause(Paused.CHANNEL, CHANNEL, ANNA, at=NOW)
    await follow(store, {written: ID})
    assert await store.posts.by_message(written, 41) is not None
    assert await store.posts.highest_message_id(written) == 42
    pending = [post.id for post in await store.posts.pending(written)]
    assert pending == [bad.id, waiting.id]
    assert [post.id for post in await store.posts.recover(not_before=NOW)] == [doubtful.id]
    assert list(await store.pauses.all(Paused.CHANNEL)) == [written]
    await reprint(store, seen, 5, written)
    await label(store, seen, Truth.GOOD, written)
    assert list(await posts_of(store, seen)) == [written]


async def test_a_name_that_was_never_told_is_recognised(store: Store) -> None:
    post = await sent(store)
    told = {str(ID): Told(ID, ("@Good_News", "@more"))}
    await store.chats.follow(changes_of(await store.chats.known(), told), told)
    assert list(await posts_of(store, post)) == [str(ID)]
    assert await store.chats.known() == {str(ID): ID}


async def test_two_channels_may_exchange_their_names(store: Store) -> None:
    await follow(store, {CHANNEL: ID, OTHER: ANOTHER})
    post = await sent(store)
    await label(store, post, Truth.GOOD, OTHER)
    before = await posts_of(store, post)
    await follow(store, {CHANNEL: ANOTHER, OTHER: ID})
    after = await posts_of(store, post)
    assert after[OTHER].id == before[CHANNEL].id
    assert after[CHANNEL].id == before[OTHER].id
    assert await store.chats.known() == {CHANNEL: ANOTHER, OTHER: ID}


async def test_what_was_queued_before_the_channel_was_recognised_is_not_posted_twice(
    store: Store,
) -> None:
    await follow(store, {CHANNEL: ID})
    seen, waiting = await sent(store), await queued(store, 2)
    for number, post in ((3, seen), (4, waiting)):
        await reprint(store, post, number, OTHER)
    assert len(await posts_of(store, seen)) == 2
    await follow(store, {OTHER: ID})
    assert (await post_of(store, seen.item_id)).id == seen.id
    assert [post.id for post in await store.posts.pending(OTHER)] == [waiting.id]


async def test_of_two_posts_that_are_seen_the_one_under_the_present_spelling_is_known(
    store: Store,
) -> None:
    await follow(store, {CHANNEL: ID})
    seen = await sent(store)
    await store.mentions.record_edited(seen.id, NOBODY, at=NOW)
    await reprint(store, seen, 2, OTHER)
    again = (await posts_of(store, seen))[OTHER]
    assert await store.posts.begin_sending(again.id, at=NOW, floor_id=None)
    assert await store.posts.record_sent(again.id, 42, at=NOW)
    await follow(store, {OTHER: ID})
    assert (await post_of(store, seen.item_id)).message_id == 42


async def test_a_channel_that_takes_anothers_name_has_none_of_its_posts(store: Store) -> None:
    await follow(store, {CHANNEL: ID})
    seen, bad, doubtful = (
        await sent(store, 1, 41),
        await sent(store, 2, 42),
        await uncertain(store, 3),
    )
    await label(store, bad, Truth.BAD)
    late = await queued(store, 4)
    assert await store.posts.begin_sending(late.id, at=NOW, floor_id=42)
    await store.posts.postpone(late.id, not_before=NOW, error="flood")
    await retold(store, seen.item_id, 6, "radio")
    assert await store.mentions.due(CHANNEL, now=NOW + 2 * HOUR) is not None
    await follow(store, {CHANNEL: ANOTHER})
    # Neither removed nor edited nor looked for: only what was never posted is to be done.
    assert [post.id for post in await store.posts.pending(CHANNEL)] == [late.id]
    assert await store.mentions.due(CHANNEL, now=NOW + 2 * HOUR) is None
    assert await store.posts.by_message(CHANNEL, 41) is None
    assert await store.posts.highest_message_id(CHANNEL) is None
    assert await store.posts.known_ids(CHANNEL, None) == []
    closed = (await posts_of(store, doubtful)).values()
    assert [post.state for post in closed] == [PostState.FAILED] * 2
    assert all(post.error.startswith("nobody knows whether it was posted") for post in closed)
    await reprint(store, seen, 5, CHANNEL)
    assert len(await store.posts.pending(CHANNEL)) == 1
    await label(store, seen, Truth.GOOD)
    assert len(await store.posts.pending(CHANNEL)) == 2


async def test_a_channel_that_gets_its_name_back_has_its_posts_again(store: Store) -> None:
    await follow(store, {CHANNEL: ID})
    seen, bad = await sent(store, 1, 41), await sent(store, 2, 42)
    await label(store, bad, Truth.BAD)
    await follow(store, {CHANNEL: ANOTHER})
    other = await sent(store, 3, 2)
    await follow(store, {CHANNEL: ID})
    assert await store.posts.by_message(CHANNEL, 41) == seen
    assert await post_of(store, seen.item_id) == seen
    assert [post.id for post in await store.posts.pending(CHANNEL)] == [bad.id]
    assert {chat: post.state for chat, post in (await posts_of(store, other)).items()} == {
        str(ANOTHER): PostState.SENT,
        CHANNEL: PostState.FAILED,
    }
    assert await store.chats.known() == {CHANNEL: ID, str(ANOTHER): ANOTHER}


async def test_what_was_posted_before_a_group_became_a_supergroup_is_out_of_reach(
    store: Store,
) -> None:
    seen, bad, doubtful = (
        await sent(store, 1, 41),
        await sent(store, 2, 42),
        await uncertain(store, 3),
    )
    undone = await sent(store, 4, 43)
    await label(store, bad, Truth.BAD)
    await label(store, undone, Truth.BAD)
    assert await store.posts.begin_removing(undone.id, at=NOW)
    await store.labels.undo(ANNA, at=NOW, item_id=undone.item_id)
    await retold(store, seen.item_id, 5, "radio")
    await follow(store, {CHANNEL: GROUP})
    await follow(store, {str(GROUP): GROUP})
    assert await store.mentions.due(str(GROUP), now=NOW + 2 * HOUR) is not None
    now = str(ID)
    await follow(store, {now: ID}, {GROUP: ID})
    pending = {post.id: post.state for post in await store.posts.pending(now)}
    # To be removed by hand, for one; what nobody knows of the others, they are asked about.
    assert pending == {
        bad.id: PostState.SENT,
        doubtful.id: PostState.UNCERTAIN,
        undone.id: PostState.UNCERTAIN,
    }
    assert (await post_of(store, seen.item_id)).state is PostState.SENT
    assert (await post_of(store, bad.item_id)).message_id is None
    assert await store.mentions.due(now, now=NOW + 2 * HOUR) is None
    assert await store.posts.by_message(now, 41) is None
    assert await store.posts.highest_message_id(now) is None
