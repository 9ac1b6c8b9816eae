"""A premoderated channel gets what an operator calls good, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import PostState, Reason, Truth
from bot.store import Judged, Store
from bot.whereabouts import asks
from tests.store.samples import ANNA, BORIS, CHANNEL, NOW, item, judged, post_of, record, verdict

OTHER = "@other_news"


async def due(store: Store, chat: str = CHANNEL) -> int | None:
    """Return the item that would go out next, or None."""
    post = await store.posts.due(chat, NOW + timedelta(days=1))
    return None if post is None else post.item_id


async def label(store: Store, item_id: int, truth: Truth) -> None:
    assert await store.labels.add(item_id, truth, ANNA, chats=[CHANNEL], at=NOW)


async def test_an_accepted_item_waits_for_a_word(store: Store) -> None:
    await store.premoderation.set([CHANNEL])
    item_id = await judged(store, Reason.GOOD)
    assert await due(store) is None
    assert await store.premoderation.waiting() == {CHANNEL: 1}
    assert (await post_of(store, item_id)).held
    (waiting,) = await store.ledger.reviews_without_card(1)
    assert waiting.recorded.id == item_id
    await label(store, item_id, Truth.GOOD)
    assert await due(store) == item_id
    assert await store.ledger.reviews() == []


async def test_a_bad_label_and_its_undo_post_nothing(store: Store) -> None:
    await store.premoderation.set([CHANNEL])
    item_id = await judged(store, Reason.GOOD)
    await label(store, item_id, Truth.BAD)
    assert await store.ledger.reviews() == []
    await store.labels.undo(ANNA, at=NOW, item_id=item_id)
    assert await due(store) is None
    assert len(await store.ledger.reviews()) == 1


async def test_a_good_label_that_is_taken_back_takes_the_post_back(store: Store) -> None:
    await store.premoderation.set([CHANNEL])
    item_id = await judged(store, Reason.GOOD)
    await label(store, item_id, Truth.GOOD)
    post = await post_of(store, item_id)
    assert await store.posts.begin_sending(post.id, at=NOW, floor_id=None)
    assert await store.posts.record_sent(post.id, 41, at=NOW)
    await store.labels.undo(ANNA, at=NOW, item_id=item_id)
    assert not (await post_of(store, item_id)).wanted


async def test_other_channels_do_not_wait(store: Store) -> None:
    await store.premoderation.set([CHANNEL])
    item_id = await judged(store, Reason.GOOD, chats=(CHANNEL, OTHER))
    assert await due(store) is None
    assert await due(store, OTHER) == item_id
    await label(store, item_id, Truth.BAD)
    await store.labels.undo(ANNA, at=NOW, item_id=item_id)
    assert (await due(store), await due(store, OTHER)) == (None, item_id)


async def test_a_rejected_item_that_is_called_good_goes_out(store: Store) -> None:
    await store.premoderation.set([CHANNEL])
    item_id = await judged(store, Reason.BAD)
    assert await store.ledger.reviews() == []
    await label(store, item_id, Truth.GOOD)
    assert await due(store) == item_id


async def test_a_label_that_was_quicker_than_the_verdict_counts(store: Store) -> None:
    await store.premoderation.set([CHANNEL])
    (item_id,) = await record(store, item(1))
    await label(store, item_id, Truth.GOOD)
    await store.ledger.record_verdict(item_id, verdict(Reason.GOOD), [CHANNEL], at=NOW)
    assert await due(store) == item_id


async def test_no_repeat_and_no_other_source_goes_round_the_operator(store: Store) -> None:
    await store.premoderation.set([OTHER])
    first = await judged(store, Reason.GOOD)
    (second,) = await record(store, item(2))
    repeat = Judged(second, verdict(Reason.DUPLICATE), [OTHER], first)
    await store.ledger.record_verdicts([repeat], at=NOW)
    assert await due(store, OTHER) is None
    await store.sources.record_run("vesti", [item(1)], chats=[OTHER], at=NOW, due_at=NOW)
    assert await due(store, OTHER) is None
    await label(store, first, Truth.GOOD)
    assert await due(store, OTHER) == first


async def test_what_is_queued_when_premoderation_begins_waits_too(store: Store) -> None:
    accepted = await judged(store, Reason.GOOD, 1)
    called_good = await judged(store, Reason.BAD, 2)
    await label(store, called_good, Truth.GOOD)
    await store.premoderation.set([CHANNEL])
    assert await due(store) == called_good
    assert (await post_of(store, accepted)).held
    assert await store.premoderation.waiting() == {CHANNEL: 1}


async def test_what_waits_when_premoderation_ends_is_not_let_go_unseen(store: Store) -> None:
    await store.premoderation.set([CHANNEL])
    await judged(store, Reason.GOOD, 1)
    await store.premoderation.set([])
    later = await judged(store, Reason.GOOD, 2)
    assert await due(store) == later
    assert len(await store.ledger.reviews()) == 1


async def test_what_was_sent_before_stays(store: Store) -> None:
    item_id = await judged(store, Reason.GOOD)
    post = await post_of(store, item_id)
    assert await store.posts.begin_sending(post.id, at=NOW, floor_id=None)
    assert await store.posts.record_sent(post.id, 41, at=NOW)
    await store.premoderation.set([CHANNEL])
    post = await post_of(store, item_id)
    assert (post.state, post.wanted) == (PostState.SENT, True)


async def test_a_skipped_item_is_not_asked_about_again_and_may_be_labelled(store: Store) -> None:
    item_id = await judged(store, Reason.UNSURE)
    assert await store.premoderation.skip(item_id, ANNA, at=NOW)
    assert not await store.premoderation.skip(item_id, BORIS, at=NOW)
    assert await store.ledger.reviews() == []
    await label(store, item_id, Truth.GOOD)
    assert await due(store) == item_id


async def state(store: Store, item_id: int, *steps: str) -> None:
    """Bring the post of an item into a state by these steps of the sender."""
    post = await post_of(store, item_id)
    later = NOW + timedelta(hours=1)
    for step in steps:
        assert await {
            "begin": lambda: store.posts.begin_sending(post.id, at=NOW, floor_id=None),
            "lose": lambda: store.posts.record_uncertain(post.id, not_before=NOW, error="lost"),
            "refuse": lambda: store.posts.record_failed(post.id, "refused"),
            "put off": lambda: store.posts.postpone(post.id, not_before=later, error="flood"),
            "miss": lambda: store.posts.requeue(post.id),
            "find": lambda: store.posts.record_sent(post.id, 41, at=NOW),
            "expire": lambda: store.posts.expire(
                CHANNEL, queued_before=later, at=later, sure=timedelta(), error="too old"
            ),
            "remove": lambda: store.posts.record_removed(post.id, at=NOW),
        }[step]()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["begin", "lose"], ["miss"]),
        (["begin"], ["put off"]),
        (["begin", "find", "remove"], ["miss"]),
        (["begin", "find", "remove", "miss"], []),
    ],
    ids=["not found", "put off", "removed and gone", "gone"],
)
async def test_what_turns_out_not_to_be_there_waits_once_premoderation_has_begun(
    store: Store, before: list[str], after: list[str]
) -> None:
    item_id = await judged(store, Reason.GOOD)
    await state(store, item_id, *before)
    await store.premoderation.set([CHANNEL])
    await state(store, item_id, *after)
    assert await due(store) is None
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert asks(entry)
    await label(store, item_id, Truth.GOOD)
    assert await due(store) == item_id


async def test_what_is_found_after_premoderation_has_begun_stays(store: Store) -> None:
    item_id = await judged(store, Reason.GOOD)
    await state(store, item_id, "begin", "lose")
    await store.premoderation.set([CHANNEL])
    await state(store, item_id, "find")
    assert await due(store) is None
    assert (await post_of(store, item_id)).wanted


@pytest.mark.parametrize(
    "before",
    [[], ["begin", "refuse"], ["expire"], ["begin", "find", "remove"]],
    ids=["queued", "refused", "expired", "removed"],
)
@pytest.mark.parametrize("truth", Truth)
async def test_a_label_that_is_taken_back_lets_nothing_out_unseen(
    store: Store, before: list[str], truth: Truth
) -> None:
    item_id = await judged(store, Reason.GOOD)
    await state(store, item_id, *before)
    if truth is Truth.BAD:
        await label(store, item_id, truth)
    await store.premoderation.set([CHANNEL])
    if truth is Truth.GOOD:
        await label(store, item_id, truth)
    await store.labels.undo(ANNA, at=NOW, item_id=item_id)
    assert await due(store) is None
