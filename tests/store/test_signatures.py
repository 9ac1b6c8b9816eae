from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.duplicates import Standing
from bot.kinship import Signature, read_words, sign
from bot.model import Reason
from bot.store import Judged, Store
from tests.store.samples import HOUR, NOW, item, record, verdict


def signatures(ids: list[int]) -> dict[int, Signature]:
    return {item_id: sign(read_words("", f"Мост номер {item_id} открыт")) for item_id in ids}


async def test_signatures_are_read_in_the_order_in_which_they_were_stored(store: Store) -> None:
    first, second, third = await record(store, item(1), item(2), item(3))
    await store.signatures.add(signatures([third]), since=NOW)
    added = await store.signatures.add(signatures([first, second, third]), since=NOW)
    every = await store.signatures.after(0, since=NOW)
    assert [trace.item_id for trace in every] == [third, first, second]
    assert [(t.place, t.source, t.at) for t in added] == [(t.place, t.source, t.at) for t in every]
    assert every[0].source == "gazeta"
    newer = await store.signatures.after(every[0].place, since=NOW, limit=1)
    assert [trace.item_id for trace in newer] == [first]


async def test_of_writers_at_once_nobody_is_overlooked(store: Store) -> None:
    ids = await record(store, *(item(number) for number in range(20)))
    seen: list[int] = []

    async def write_and_read(item_id: int) -> None:
        (trace,) = await store.signatures.add(signatures([item_id]), since=NOW)
        before = await store.signatures.after(0, since=NOW)
        assert [t.place for t in before if t.place <= trace.place] == [*range(1, trace.place + 1)]
        seen.append(item_id)

    await asyncio.gather(*map(write_and_read, ids))
    assert sorted(seen) == sorted(ids)


async def test_what_is_no_longer_compared_goes_and_its_place_is_not_given_again(
    store: Store,
) -> None:
    first, second = await record(store, item(1), item(2))
    (old,) = await store.signatures.add(signatures([first]), since=NOW)
    later = NOW + timedelta(days=5)
    await store.signatures.add({}, since=later)
    assert await store.signatures.after(0, since=NOW) == []
    (new,) = await store.signatures.add(signatures([second]), since=NOW)
    assert new.place > old.place
    assert await store.signatures.after(0, since=NOW + HOUR) == []


async def test_repeats_and_stories_of_an_item_are_told_from_both_sides(store: Store) -> None:
    one, again, other, more = await record(store, *(item(number) for number in (4, 3, 2, 1)))
    await store.ledger.record_verdicts(
        [
            Judged(one, verdict(Reason.GOOD), []),
            Judged(again, verdict(Reason.DUPLICATE), [], twin=one, stories=[(more, 0.5)]),
            Judged(other, verdict(Reason.GOOD), [], stories=[(again, 0.6), (one, 0.5)]),
            Judged(more, verdict(Reason.BAD), []),
        ],
        at=NOW,
    )
    assert [found.id for found in await store.items.repeats(one)] == [again]
    assert [found.id for found in await store.items.repeats(again)] == [one]
    for item_id in (one, again):
        assert [found.id for found in await store.items.same_story(item_id)] == [other]
    assert [found.id for found in await store.items.same_story(other)] == [one, again]
    assert await store.items.same_story(more) == []
    assert await store.items.repeats(other) == []
    assert await store.items.standings([one, again, other, more]) == {
        one: Standing(one, Reason.GOOD),
        again: Standing(one, Reason.GOOD),
        other: Standing(other, Reason.GOOD),
        more: Standing(more, Reason.BAD),
    }


async def test_an_item_without_a_verdict_stands_for_itself(store: Store) -> None:
    (item_id,) = await record(store, item())
    assert await store.items.standings([item_id]) == {item_id: Standing(item_id, None)}
