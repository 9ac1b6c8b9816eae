"""The whole ledger, batch by batch."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Entry, Reason
from bot.store import Store
from tests.store.samples import CHANNEL, NOW, item, judged, record, verdict

SOON = NOW + timedelta(days=30)


async def exported(store: Store, **span: object) -> list[Entry]:
    told = {"before": SOON, "size": 2, **span}
    return [entry async for batch in store.export.lines(**told) for entry in batch]  # type: ignore[arg-type]


async def test_an_empty_ledger_has_no_lines(store: Store) -> None:
    assert await exported(store) == []


async def test_every_line_comes_once_in_the_order_of_the_verdicts(
    store: Store,
) -> None:
    ids = await record(store, *(item(number) for number in range(7, 0, -1)))
    # Two batches' worth at the same moment, and the first item last.
    for item_id in ids[1:]:
        await store.ledger.record_verdict(item_id, verdict(Reason.BAD), [CHANNEL], at=NOW)
    late = NOW + timedelta(seconds=1)
    await store.ledger.record_verdict(ids[0], verdict(Reason.GOOD), [CHANNEL], at=late)
    assert [entry.recorded.id for entry in await exported(store)] == [*ids[1:], ids[0]]


async def test_lines_begin_with_since_and_end_before_before(
    store: Store,
) -> None:
    # Item N is judged N minutes after NOW.
    ids = [await judged(store, Reason.BAD, number) for number in range(1, 8)]
    span = {"since": NOW + timedelta(minutes=2), "before": NOW + timedelta(minutes=6)}
    assert [entry.recorded.id for entry in await exported(store, **span)] == ids[1:5]


async def test_what_is_judged_meanwhile_is_not_waited_for(
    store: Store,
) -> None:
    for number in range(1, 4):
        await judged(store, Reason.BAD, number)
    seen = 0
    async for batch in store.export.lines(before=NOW + timedelta(hours=1), size=2):
        seen += len(batch)
        # A newsieve at work may write between two batches.
        (item_id,) = await record(store, item(100 + seen))
        at = NOW + timedelta(days=1)
        assert await store.ledger.record_verdict(item_id, verdict(Reason.BAD), [], at=at)
    assert seen == 3
