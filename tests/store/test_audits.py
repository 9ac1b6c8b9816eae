"""Rejections drawn for the audit wait for a label, and what comes of them is counted."""

from __future__ import annotations

from datetime import timedelta, timezone

from bot.audit import Audit
from bot.figures import stretches
from bot.model import Reason, Truth
from bot.store import Judged, Store
from tests.store.samples import ANNA, CHANNEL, NOW, item, record, verdict


async def rejected(
    store: Store, number: int, *, drawn: bool = True, reason: Reason = Reason.BAD
) -> int:
    (item_id,) = await record(store, item(number))
    one = Judged(item_id, verdict(reason), [CHANNEL], drawn=drawn)
    assert await store.ledger.record_verdicts([one], at=NOW) == [item_id]
    return item_id


async def audit(store: Store, days: int = 1, *, later: timedelta = timedelta()) -> Audit:
    span = stretches(days, NOW + later, timezone.utc)
    return (await store.statistics.figures(span, timezone.utc)).audit


async def label(store: Store, item_id: int, truth: Truth) -> None:
    assert await store.labels.add(item_id, truth, ANNA, chats=[CHANNEL], at=NOW)


async def test_what_is_drawn_waits_for_a_card_and_the_rest_does_not(store: Store) -> None:
    first = await rejected(store, 1)
    await rejected(store, 2, drawn=False)
    (waiting,) = await store.ledger.reviews_without_card(1)
    assert (waiting.recorded.id, waiting.drawn) == (first, True)
    await label(store, first, Truth.BAD)
    assert await store.ledger.reviews() == []


async def test_a_skipped_one_waits_no_more_and_counts_for_nothing(store: Store) -> None:
    await store.premoderation.skip(await rejected(store, 1), ANNA, at=NOW)
    assert await store.ledger.reviews() == []
    assert await audit(store) == Audit(rejected=1, drawn=1)


async def test_the_answers_to_drawn_rejections_are_counted(store: Store) -> None:
    ids = [await rejected(store, number) for number in range(1, 5)]
    for item_id, truth in zip(ids[:3], (Truth.GOOD, Truth.BAD, Truth.BAD), strict=True):
        await label(store, item_id, truth)
    await label(store, await rejected(store, 5, drawn=False), Truth.GOOD)
    await rejected(store, 6, drawn=False, reason=Reason.STALE)
    assert await audit(store) == Audit(
        rejected=5, drawn=4, answered=3, good=1, known_good=2, known_bad=2
    )


async def test_the_newest_label_counts_and_none_that_was_taken_back(store: Store) -> None:
    first, second = await rejected(store, 1), await rejected(store, 2)
    await label(store, first, Truth.BAD)
    await label(store, first, Truth.GOOD)
    await label(store, second, Truth.GOOD)
    await store.labels.undo(ANNA, at=NOW, item_id=second)
    assert await audit(store) == Audit(rejected=2, drawn=2, answered=1, good=1, known_good=1)


async def test_other_days_do_not_count(store: Store) -> None:
    await label(store, await rejected(store, 1), Truth.GOOD)
    assert await audit(store, later=timedelta(days=3)) == Audit()
