"""What posts say of who else tells their story, and which are to be edited."""

from __future__ import annotations

from datetime import timedelta

from bot.also import NOBODY, WORTHWHILE, Also, Mention
from bot.model import Paused, Post, Reason, Truth
from bot.store import Amendment, Store
from tests.store.samples import (
    ANNA,
    CHANNEL,
    HOUR,
    NOW,
    item,
    judged,
    post_of,
    queued,
    reprinted,
    retold,
    sent,
)

LATER = NOW + 2 * HOUR


async def due(store: Store) -> Amendment | None:
    return await store.mentions.due(CHANNEL, now=LATER)


async def named(store: Store, post: Post) -> list[int]:
    return [mention.item_id for mention in (await store.mentions.also([post]))[post.id].named]


async def edited(store: Store, post: Post) -> None:
    """Edit a post as it is to be."""
    assert await store.mentions.begin(post.id)
    also = (await store.mentions.also([post]))[post.id]
    await store.mentions.record_edited(post.id, also, at=LATER)


async def test_a_sent_post_whose_text_another_source_brings_is_edited_once(store: Store) -> None:
    post = await sent(store)
    assert await due(store) is None
    again = await reprinted(store, post.item_id, 2)
    also = Also((Mention(again, "radio", item(2).url),))
    assert await due(store) == Amendment(post, 41, also, attempts=0)
    await edited(store, post)
    assert await due(store) is None


async def test_reprints_and_other_texts_are_found_from_each_side(store: Store) -> None:
    first = await sent(store)
    again = await reprinted(store, first.item_id, 2)
    other = await retold(store, again, 3, "vesti")
    others_copy = await reprinted(store, other, 4, "agency")
    bad = await retold(store, first.item_id, 5, "lenta", Reason.BAD)
    assert await named(store, first) == [again, other, others_copy]
    await store.labels.add(other, Truth.GOOD, ANNA, chats=[CHANNEL], at=NOW)
    assert await named(store, await post_of(store, other)) == [first.item_id, again, others_copy]
    await store.labels.add(bad, Truth.GOOD, ANNA, chats=[CHANNEL], at=NOW)
    assert await named(store, first) == [again, other, others_copy, bad]


async def test_in_a_premoderated_channel_another_text_waits_for_an_operator(store: Store) -> None:
    await store.premoderation.set([CHANNEL])
    post = await queued(store)
    other = await retold(store, post.item_id, 2, "vesti")
    assert await named(store, post) == []
    await store.labels.add(other, Truth.GOOD, ANNA, chats=[CHANNEL], at=NOW)
    assert await named(store, post) == [other]


async def test_who_is_labelled_bad_is_named_no_more_until_that_is_undone(store: Store) -> None:
    post = await sent(store)
    again = await reprinted(store, post.item_id, 2)
    await edited(store, post)
    await store.labels.add(again, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    amendment = await due(store)
    assert amendment is not None
    assert amendment.also == NOBODY
    await store.labels.undo(ANNA, at=NOW)
    assert await due(store) is None


async def test_only_recent_posts_that_are_to_be_seen_are_edited(store: Store) -> None:
    post, waiting = await sent(store), await queued(store, 2)
    for number, first in ((3, post), (4, waiting)):
        await reprinted(store, first.item_id, number)
    assert await store.mentions.due("@other", now=LATER) is None
    assert await store.mentions.due(CHANNEL, now=NOW + HOUR + WORTHWHILE) is not None
    too_late = NOW + HOUR + WORTHWHILE + timedelta(seconds=1)
    assert await store.mentions.due(CHANNEL, now=too_late) is None
    await store.pauses.pause(Paused.CHANNEL, CHANNEL, ANNA, at=NOW)
    assert await due(store) is None
    await store.pauses.resume(Paused.CHANNEL, CHANNEL, ANNA, at=NOW)
    assert await due(store) is not None
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    assert await due(store) is None
    assert not await store.mentions.begin(post.id)


async def test_the_newest_post_is_edited_first(store: Store) -> None:
    older, newer = await sent(store, 1, 41), await sent(store, 2, 42)
    for number, first in ((3, newer), (4, older)):
        await reprinted(store, first.item_id, number)
    for post in (newer, older):
        amendment = await store.mentions.due(CHANNEL, now=NOW + 3 * HOUR)
        assert amendment is not None
        assert amendment.post == post
        await edited(store, post)


async def test_an_edit_whose_end_is_unknown_is_made_again(store: Store) -> None:
    post = await sent(store)
    again = await reprinted(store, post.item_id, 2)
    assert await store.mentions.begin(post.id)
    # What it names now nobody knows, so this does not end it.
    await store.labels.add(again, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    amendment = await due(store)
    assert amendment is not None
    assert amendment.also == NOBODY
    await edited(store, post)
    assert await due(store) is None


async def test_a_failed_edit_waits_for_its_moment(store: Store) -> None:
    post = await sent(store)
    await reprinted(store, post.item_id, 2)
    await store.mentions.delay(post.id, attempts=1, not_before=LATER + HOUR)
    assert await due(store) is None
    amendment = await store.mentions.due(CHANNEL, now=LATER + HOUR)
    assert amendment is not None
    assert amendment.attempts == 1


async def test_a_post_that_cannot_be_edited_is_left_alone_until_it_is_another(
    store: Store,
) -> None:
    post = await sent(store)
    await reprinted(store, post.item_id, 2)
    await store.mentions.give_up(post.id)
    assert await due(store) is None
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    await store.posts.record_removed(post.id, at=NOW)
    await store.labels.undo(ANNA, at=NOW)
    await store.posts.begin_sending(post.id, at=NOW, floor_id=41)
    await store.posts.record_sent(post.id, 42, at=NOW)
    amendment = await due(store)
    assert amendment is not None
    assert amendment.message_id == 42


async def test_a_post_that_comes_back_names_nobody_at_first(store: Store) -> None:
    post = await sent(store)
    await reprinted(store, post.item_id, 2)
    await edited(store, post)
    await store.labels.add(post.item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    await store.posts.record_removed(post.id, at=NOW)
    await store.labels.undo(ANNA, at=NOW)
    assert await store.posts.record_restored(post.id, at=NOW)
    assert await due(store) is not None


async def test_each_channel_has_its_own_edits(store: Store) -> None:
    item_id = await judged(store, Reason.GOOD, chats=(CHANNEL, "@other"))
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    for post in entry.posts:
        await store.posts.record_sent(post.id, 41, at=NOW)
    await reprinted(store, item_id, 2)
    await edited(store, entry.posts[0])
    assert await due(store) is None
    assert await store.mentions.due("@other", now=LATER) is not None
    assert await store.mentions.due("@other", now=LATER, sources=["gazeta"]) is None
