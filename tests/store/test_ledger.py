from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import PostState, Reason, Truth, Verdict
from bot.store import Judged, Store
from tests.store.samples import ANNA, CHANNEL, HOUR, NOW, item, judged, record, sent, verdict


async def test_a_verdict_is_kept_whole(store: Store) -> None:
    (item_id,) = await record(store, item())
    given = Verdict(Reason.DUPLICATE, 0.1 + 0.2, 0.55, "article-0a1b2c", "of item 12")
    await store.ledger.record_verdict(item_id, given, [CHANNEL], at=NOW)
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert (entry.verdict, entry.decided_at, entry.label, entry.posts) == (given, NOW, None, ())
    assert entry.recorded.item == item()


async def test_there_is_no_entry_before_the_verdict(store: Store) -> None:
    (item_id,) = await record(store, item())
    assert await store.ledger.entry(item_id) is None
    assert await store.ledger.entry(404) is None


async def test_an_accepted_item_is_queued_for_each_channel(store: Store) -> None:
    item_id = await judged(store, Reason.GOOD, chats=("@one", "@two"))
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert [(post.chat, post.state, post.wanted) for post in entry.posts] == [
        ("@one", PostState.QUEUED, True),
        ("@two", PostState.QUEUED, True),
    ]


@pytest.mark.parametrize("reason", sorted(set(Reason) - {Reason.GOOD}))
async def test_what_is_not_accepted_is_not_queued(store: Store, reason: Reason) -> None:
    await judged(store, reason)
    assert await store.posts.pending(CHANNEL) == []


async def test_an_item_is_judged_once(store: Store) -> None:
    item_id = await judged(store, Reason.BAD)
    assert not await store.ledger.record_verdict(item_id, verdict(Reason.GOOD), ["@c"], at=NOW)
    assert not await store.ledger.record_verdict(404, verdict(Reason.GOOD), ["@c"], at=NOW)
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert (entry.verdict.reason, entry.posts) == (Reason.BAD, ())


async def test_an_item_labelled_bad_before_its_verdict_is_not_wanted(store: Store) -> None:
    (item_id,) = await record(store, item())
    await store.labels.add(item_id, Truth.BAD, ANNA, chats=[], at=NOW)
    await store.ledger.record_verdict(item_id, verdict(Reason.GOOD), [CHANNEL], at=NOW)
    assert await store.posts.due(CHANNEL, NOW) is None
    await store.labels.undo(ANNA, at=NOW)
    assert await store.posts.due(CHANNEL, NOW) is not None


async def test_rejections_are_told_newest_first(store: Store) -> None:
    bad, stale = await judged(store, Reason.BAD, 1), await judged(store, Reason.STALE, 2)
    await judged(store, Reason.GOOD, 3)
    await judged(store, Reason.UNSURE, 4)
    assert [entry.recorded.id for entry in await store.ledger.rejections()] == [stale, bad]
    assert [entry.recorded.id for entry in await store.ledger.rejections(1)] == [stale]


async def test_a_review_waits_until_it_is_labelled(store: Store) -> None:
    first, second = await judged(store, Reason.UNSURE, 1), await judged(store, Reason.UNSURE, 2)
    await judged(store, Reason.BAD, 3)
    assert [entry.recorded.id for entry in await store.ledger.reviews()] == [second, first]
    await store.labels.add(second, Truth.GOOD, ANNA, chats=[CHANNEL], at=NOW)
    assert [entry.recorded.id for entry in await store.ledger.reviews()] == [first]
    await store.labels.undo(ANNA, at=NOW)
    assert len(await store.ledger.reviews()) == 2


async def test_a_review_needs_one_card_in_each_chat(store: Store) -> None:
    first, second = await judged(store, Reason.UNSURE, 1), await judged(store, Reason.UNSURE, 2)
    waiting = await store.ledger.reviews_without_card(-100)
    assert [entry.recorded.id for entry in waiting] == [first, second]
    await store.operators.record_card(-100, 7, first, at=NOW)
    waiting = await store.ledger.reviews_without_card(-100)
    assert [entry.recorded.id for entry in waiting] == [second]
    assert len(await store.ledger.reviews_without_card(-200)) == 2


async def test_a_label_that_was_taken_back_needs_a_card_anew(store: Store) -> None:
    item_id = await judged(store, Reason.UNSURE)
    await store.operators.record_card(-100, 7, item_id, at=NOW)
    await store.labels.add(item_id, Truth.GOOD, ANNA, chats=[CHANNEL], at=NOW + HOUR)
    await store.labels.undo(ANNA, at=NOW + 2 * HOUR)
    assert await store.ledger.waiting_counts(-100, since=NOW) == (0, 1)
    assert len(await store.ledger.reviews_without_card(-100)) == 1
    await store.operators.record_card(-100, 7, item_id, at=NOW + 2 * HOUR)
    assert await store.ledger.waiting_counts(-100, since=NOW) == (1, 0)


async def test_posted_items_are_those_seen_now_the_newest_first(store: Store) -> None:
    first, second = await sent(store, 1, 41), await sent(store, 2, 42)
    removed = await sent(store, 3, 43)
    await store.posts.record_removed(removed.id, at=NOW)
    await judged(store, Reason.GOOD, 4)
    posted = await store.ledger.posted()
    assert [entry.recorded.id for entry in posted] == [second.item_id, first.item_id]


async def test_an_item_posted_to_two_channels_is_one_line(store: Store) -> None:
    item_id = await judged(store, Reason.GOOD, chats=("@one", "@two"))
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    for post in entry.posts:
        await store.posts.record_sent(post.id, 41, at=NOW)
    (line,) = await store.ledger.posted()
    assert len(line.posts) == 2


async def test_verdicts_are_counted_by_reason_from_a_moment_on(store: Store) -> None:
    for number, reason in enumerate((Reason.BAD, Reason.GOOD, Reason.BAD, Reason.BAD), start=1):
        await judged(store, reason, number)
    assert await store.ledger.counts(NOW) == {Reason.BAD: 3, Reason.GOOD: 1}
    assert await store.ledger.counts(NOW + timedelta(minutes=3)) == {Reason.BAD: 2}
    assert await store.ledger.counts(NOW + HOUR) == {}


@pytest.mark.parametrize(("first", "chats"), [(Reason.GOOD, ["@one", "@two"]), (Reason.BAD, [])])
async def test_a_duplicate_adds_its_channels_to_the_item_it_repeats(
    store: Store, first: Reason, chats: list[str]
) -> None:
    original = await judged(store, first, 1, chats=("@one",))
    (repeated,) = await record(store, item(2))
    again = Judged(repeated, verdict(Reason.DUPLICATE), ["@two"], twin=original)

    assert await store.ledger.record_verdicts([again], at=NOW) == [repeated]

    entry = await store.ledger.entry(original)
    assert entry is not None
    assert [post.chat for post in entry.posts] == chats
    assert await store.ledger.record_verdicts([again], at=NOW) == []


async def test_the_posts_of_one_channel_are_not_crowded_out_by_another(store: Store) -> None:
    shown = await sent(store, 1, message_id=41)
    for number in (2, 3):
        await judged(store, Reason.GOOD, number, chats=("@other",))
        other = await store.posts.due("@other", NOW + 9 * HOUR)
        assert other is not None
        await store.posts.begin_sending(other.id, at=NOW, floor_id=None)
        await store.posts.record_sent(other.id, number, at=NOW + number * HOUR)
    posted = await store.ledger.posted(1, chat=CHANNEL)
    assert [entry.recorded.id for entry in posted] == [shown.item_id]
