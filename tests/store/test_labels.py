from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.model import Objection, Post, PostState, Reason, Truth
from bot.store import Imported, LabelledText, Store
from tests.store.samples import (
    ANNA,
    BORIS,
    CHANNEL,
    HOUR,
    NOW,
    item,
    judged,
    post_of,
    queued,
    record,
    sent,
    verdict,
)


async def add(store: Store, item_id: int, truth: Truth, update_id: int | None = None) -> bool:
    label = await store.labels.add(
        item_id, truth, ANNA, chats=[CHANNEL], at=NOW, update_id=update_id
    )
    return label is not None


async def wanted(store: Store, item_id: int) -> bool:
    return (await post_of(store, item_id)).wanted


async def test_a_label_is_kept_with_who_when_and_why(store: Store) -> None:
    item_id = await judged(store, Reason.DUPLICATE)
    label = await store.labels.add(item_id, Truth.GOOD, ANNA, chats=[], at=NOW)
    assert label is not None
    assert (label.item_id, label.truth, label.operator) == (item_id, Truth.GOOD, ANNA)
    assert (label.created_at, label.reason) == (NOW, Reason.DUPLICATE)
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert entry.label == label


async def test_a_post_labelled_bad_is_to_be_removed(store: Store) -> None:
    post = await sent(store)
    assert await add(store, post.item_id, Truth.BAD)
    due = await store.posts.due(CHANNEL, NOW)
    assert due is not None
    assert (due.id, due.wanted, due.state) == (post.id, False, PostState.SENT)


async def test_a_rejected_item_labelled_good_is_queued(store: Store) -> None:
    item_id = await judged(store, Reason.BAD)
    assert await add(store, item_id, Truth.GOOD)
    due = await store.posts.due(CHANNEL, NOW)
    assert due is not None
    assert (due.item_id, due.state, due.queued_at) == (item_id, PostState.QUEUED, NOW)


async def test_a_good_label_makes_only_the_posts_that_are_missing(store: Store) -> None:
    post = await sent(store)
    await store.labels.add(post.item_id, Truth.GOOD, ANNA, chats=[CHANNEL, "@two"], at=NOW)
    entry = await store.ledger.entry(post.item_id)
    assert entry is not None
    assert [(each.chat, each.state) for each in entry.posts] == [
        (CHANNEL, PostState.SENT),
        ("@two", PostState.QUEUED),
    ]


async def test_the_same_label_again_changes_nothing(store: Store) -> None:
    post = await queued(store)
    assert await add(store, post.item_id, Truth.BAD)
    assert not await add(store, post.item_id, Truth.BAD)
    assert await store.labels.undo(ANNA, at=NOW) is not None
    assert await wanted(store, post.item_id)


async def test_the_newest_active_label_counts(store: Store) -> None:
    post = await queued(store)
    for truth, expected in ((Truth.BAD, False), (Truth.GOOD, True), (Truth.BAD, False)):
        assert await add(store, post.item_id, truth)
        assert await wanted(store, post.item_id) is expected
    for expected in (True, False, True):
        assert await store.labels.undo(ANNA, at=NOW) is not None
        assert await wanted(store, post.item_id) is expected
    assert await store.labels.undo(ANNA, at=NOW) is None


async def test_undo_takes_a_rejected_item_back_out_of_the_queue(store: Store) -> None:
    item_id = await judged(store, Reason.BAD)
    await add(store, item_id, Truth.GOOD)
    undone = await store.labels.undo(ANNA, at=NOW)
    assert undone is not None
    assert (undone.item_id, undone.truth) == (item_id, Truth.GOOD)
    assert await store.posts.due(CHANNEL, NOW) is None
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert entry.label is None


async def give_up(store: Store, post: Post, how: str) -> None:
    """Let a post be refused, given up, or be about to be."""
    if how == "refused":
        assert await store.posts.begin_sending(post.id, at=NOW, floor_id=None)
        assert await store.posts.record_failed(post.id, "no such address")
    else:
        sure = HOUR if how == "overdue" else timedelta()
        later = NOW + 2 * HOUR
        await store.posts.expire(CHANNEL, queued_before=later, at=later, sure=sure, error="old")


@pytest.mark.parametrize("how", ["refused", "expired", "overdue"])
async def test_undo_gives_up_again_what_a_good_label_revived(store: Store, how: str) -> None:
    await give_up(store, await queued(store), how)
    before = await post_of(store, 1)
    assert await store.posts.due(CHANNEL, NOW + 3 * HOUR) is None
    for _ in range(2):
        assert await add(store, before.item_id, Truth.GOOD)
        assert await store.posts.due(CHANNEL, NOW) is not None
        assert await store.labels.undo(ANNA, at=NOW) is not None
        now = await post_of(store, before.item_id)
        assert (now.state, now.error, now.wanted) == (before.state, before.error, True)
        assert (now.queued_at, now.overdue_at) == (before.queued_at, before.overdue_at)


async def test_undo_takes_back_where_only_a_good_label_had_posted(store: Store) -> None:
    await judged(store, Reason.GOOD, chats=(CHANNEL, "@two"))
    entry = await store.ledger.entry(1)
    assert entry is not None
    first, second = entry.posts
    await give_up(store, second, "refused")
    await store.labels.add(1, Truth.GOOD, ANNA, chats=[CHANNEL, "@two", "@new"], at=NOW)
    entry = await store.ledger.entry(1)
    assert entry is not None
    for post in entry.posts:
        assert await store.posts.begin_sending(post.id, at=NOW, floor_id=None)
        assert await store.posts.record_sent(post.id, 41, at=NOW)
    await store.labels.undo(ANNA, at=NOW)
    for truth in (None, Truth.BAD):
        if truth is not None:
            assert await add(store, 1, truth)
            await store.labels.undo(ANNA, at=NOW)
        entry = await store.ledger.entry(1)
        assert entry is not None
        assert {post.chat: post.wanted for post in entry.posts} == {
            first.chat: True,
            second.chat: False,
            "@new": False,
        }


async def test_undo_is_about_the_operators_own_labels(store: Store) -> None:
    first, second = await judged(store, Reason.BAD, 1), await judged(store, Reason.BAD, 2)
    await store.labels.add(first, Truth.GOOD, ANNA, chats=[], at=NOW)
    await store.labels.add(second, Truth.GOOD, BORIS, chats=[], at=NOW + HOUR)
    undone = await store.labels.undo(ANNA, at=NOW)
    assert undone is not None
    assert undone.item_id == first


async def test_undo_of_an_item_is_about_anyones_label(store: Store) -> None:
    item_id = await judged(store, Reason.BAD)
    await store.labels.add(item_id, Truth.GOOD, ANNA, chats=[], at=NOW)
    undone = await store.labels.undo(BORIS, at=NOW, item_id=item_id)
    assert undone is not None
    assert undone.operator == ANNA
    assert await store.labels.undo(BORIS, at=NOW, item_id=item_id) is None


async def test_a_command_delivered_twice_is_done_once(store: Store) -> None:
    item_id = await judged(store, Reason.BAD)
    assert await add(store, item_id, Truth.GOOD, update_id=900)
    assert await store.operators.seen(900)
    assert await store.labels.undo(ANNA, at=NOW, update_id=901) is not None
    assert not await add(store, item_id, Truth.GOOD, update_id=900)
    assert await store.labels.undo(ANNA, at=NOW, update_id=901) is None
    assert await store.posts.due(CHANNEL, NOW) is None


async def test_two_operators_at_once_leave_one_truth(store: Store) -> None:
    post = await queued(store)
    given = await asyncio.gather(
        *(
            store.labels.add(post.item_id, Truth.BAD, operator, chats=[CHANNEL], at=NOW)
            for operator in (ANNA, BORIS) * 5
        )
    )
    assert sum(label is not None for label in given) == 1
    undone = await asyncio.gather(
        *(store.labels.undo(ANNA, at=NOW, item_id=post.item_id) for _ in range(5))
    )
    assert sum(label is not None for label in undone) == 1
    assert await wanted(store, post.item_id)


async def test_a_reason_is_kept_with_the_label_in_force_and_with_no_other(store: Store) -> None:
    first, second = await judged(store, Reason.GOOD, 1), await judged(store, Reason.GOOD, 2)
    for item_id, truth in (
        (first, Truth.BAD),
        (second, Truth.BAD),
        (second, Truth.GOOD),
        (second, Truth.BAD),
    ):
        assert await add(store, item_id, truth)
    ad = Objection.AD
    await store.labels.add(second, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW, objection=ad)
    given, _ = await store.labels.texts()
    assert [row.objection for row in given] == [None, ad]
    for _ in range(2):
        assert await store.labels.undo(ANNA, at=NOW, item_id=second) is not None
    given, _ = await store.labels.texts()
    assert [(row.label, row.objection) for row in given] == [(Truth.BAD, None)] * 2


async def test_an_item_that_is_not_there_cannot_be_labelled(store: Store) -> None:
    with pytest.raises(LookupError, match="no item 404"):
        await add(store, 404, Truth.GOOD, update_id=1)
    assert not await store.operators.seen(1)


async def test_an_item_labelled_good_before_its_verdict_is_queued_with_it(store: Store) -> None:
    (item_id,) = await record(store, item())
    assert await add(store, item_id, Truth.GOOD)
    assert await store.posts.pending(CHANNEL) == []
    await store.ledger.record_verdict(item_id, verdict(Reason.BAD), [CHANNEL], at=NOW)
    assert await wanted(store, item_id)


async def test_export_tells_each_items_newest_label(store: Store) -> None:
    one, two = await judged(store, Reason.BAD, 1), await judged(store, Reason.GOOD, 2)
    await add(store, one, Truth.BAD)
    await add(store, one, Truth.GOOD)
    await add(store, two, Truth.BAD)
    await store.labels.undo(ANNA, at=NOW, item_id=two)
    first = item(1)
    assert await store.labels.export() == [
        LabelledText(first.title, first.text, Truth.GOOD, Reason.BAD, ANNA.name, NOW)
    ]


async def test_imported_texts_are_exported_once(store: Store) -> None:
    texts = [
        LabelledText("", "Скидки до конца недели", Truth.BAD),
        LabelledText("Школа", "Первый звонок", Truth.GOOD, Reason.STALE, "operator one", NOW),
    ]
    assert await store.labels.import_(texts) == Imported(2, 0)
    assert await store.labels.import_([*texts, texts[0]]) == Imported(0, 2)
    exported = await store.labels.export()
    assert sorted(exported, key=lambda row: row.title) == texts
    assert await store.labels.import_([]) == Imported(0, 0)


async def test_a_text_imported_again_takes_the_newer_label(store: Store) -> None:
    await store.labels.import_([LabelledText("", "Скидки", Truth.GOOD)])
    corrected = LabelledText("", "Скидки", Truth.BAD, operator="operator two", at=NOW)
    assert await store.labels.import_([corrected]) == Imported(0, 1, changed=(corrected,))
    assert await store.labels.import_([corrected]) == Imported(0, 1)
    assert await store.labels.export() == [corrected]


async def test_an_operators_label_counts_more_than_an_imported_one(store: Store) -> None:
    item_id = await judged(store, Reason.BAD)
    imported = LabelledText(item().title, item().text, Truth.BAD)
    await store.labels.import_([imported])
    await add(store, item_id, Truth.GOOD)
    (row,) = await store.labels.export()
    assert (row.label, row.operator) == (Truth.GOOD, ANNA.name)
    assert await store.labels.import_([imported]) == Imported(0, 1, overruled=(imported,))
    await store.labels.undo(ANNA, at=NOW, item_id=item_id)
    assert await store.labels.import_([imported]) == Imported(0, 1)
