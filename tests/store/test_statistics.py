"""The figures of the ledger, as the database counts them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.figures import BINS, Checked, Figures, SourceTally, stretches
from bot.model import BY_RULE, Objection, Reason, Truth, Verdict
from bot.store import Store
from tests.store.samples import ANNA, BORIS, CHANNEL, NOW, item, queued, record

DAY = timedelta(days=1)


async def figures(store: Store, days: int = 3, now: datetime = NOW) -> Figures:
    return await store.statistics.figures(stretches(days, now, timezone.utc), timezone.utc)


async def decided(
    store: Store,
    number: int,
    reason: Reason,
    *,
    at: datetime = NOW,
    score: float = 0.125,
    threshold: float = 0.5,
    source: str = "gazeta",
    detail: str = "",
) -> int:
    """Record an item with its verdict; return its id."""
    (item_id,) = await record(store, item(number, source=source), source=source)
    verdict = Verdict(reason, score, threshold, "model", detail)
    await store.ledger.record_verdict(item_id, verdict, [CHANNEL], at=at)
    return item_id


async def test_of_an_empty_store_everything_is_nothing(store: Store) -> None:
    its = await figures(store)
    assert len(its.tallies) == 3
    assert (its.judged, its.posts, its.rescued, its.thresholds, its.sources) == (0, 0, 0, (), ())
    assert its.checked.share is None


async def test_verdicts_are_counted_by_day_and_reason(store: Store) -> None:
    await decided(store, 1, Reason.GOOD)
    await decided(store, 2, Reason.GOOD, at=NOW - DAY)
    await decided(store, 3, Reason.BAD, at=NOW - DAY)
    await decided(store, 4, Reason.DUPLICATE, at=NOW - DAY)
    await decided(store, 5, Reason.BAD, at=NOW - 3 * DAY)
    before, yesterday, today = (await figures(store)).tallies
    assert before.counts == {}
    assert yesterday.counts == {Reason.GOOD: 1, Reason.BAD: 1, Reason.DUPLICATE: 1}
    assert today.counts == {Reason.GOOD: 1}


async def test_a_day_begins_at_midnight_and_ends_before_the_next(store: Store) -> None:
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    await decided(store, 1, Reason.GOOD, at=midnight)
    await decided(store, 2, Reason.GOOD, at=midnight - timedelta(microseconds=1))
    _, yesterday, today = (await figures(store)).tallies
    assert (yesterday.judged, today.judged) == (1, 1)


async def test_posts_are_counted_on_the_day_they_went_out(store: Store) -> None:
    for number in (1, 2):
        post = await queued(store, number)
        assert await store.posts.begin_sending(post.id, at=NOW, floor_id=None)
        assert await store.posts.record_sent(post.id, 40 + number, at=NOW - DAY)
    await queued(store, 3)
    assert [tally.posts for tally in (await figures(store)).tallies] == [0, 2, 0]


async def test_labels_that_contradict_the_verdict_are_corrections(store: Store) -> None:
    accepted = [await decided(store, n, Reason.GOOD, at=NOW - DAY) for n in (1, 2, 3)]
    rejected = [await decided(store, n, Reason.BAD) for n in (4, 5)]
    unsure = await decided(store, 6, Reason.UNSURE)
    for item_id, truth in (
        (accepted[0], Truth.BAD),
        (accepted[1], Truth.GOOD),
        (rejected[0], Truth.GOOD),
        (rejected[1], Truth.BAD),
        (unsure, Truth.BAD),
    ):
        await store.labels.add(item_id, truth, ANNA, chats=[CHANNEL], at=NOW)
    its = await figures(store)
    assert [tally.corrected for tally in its.tallies] == [0, 1, 0]
    assert [tally.confirmed for tally in its.tallies] == [0, 1, 0]
    assert its.rescued == 1


async def test_what_is_bad_only_as_a_repeat_or_as_old_is_no_mistake_of_the_sieve(
    store: Store,
) -> None:
    for number, objection in enumerate((Objection.DUPLICATE, Objection.OLD, Objection.AD), 1):
        item_id = await decided(store, number, Reason.GOOD)
        await store.labels.add(
            item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW, objection=objection
        )
    *_, today = (await figures(store)).tallies
    assert (today.corrected, today.untimely) == (1, 2)


async def test_the_newest_label_counts_and_one_taken_back_does_not(store: Store) -> None:
    first = await decided(store, 1, Reason.GOOD)
    second = await decided(store, 2, Reason.GOOD)
    await store.labels.add(first, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    await store.labels.add(first, Truth.GOOD, BORIS, chats=[CHANNEL], at=NOW)
    await store.labels.add(second, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    await store.labels.undo(ANNA, at=NOW, item_id=second)
    assert (await figures(store)).checked == Checked(accepted=2, right=1)


async def test_scores_fall_into_bins_by_what_they_decided(store: Store) -> None:
    for number, (reason, score) in enumerate(
        [
            (Reason.GOOD, 0.0),
            (Reason.GOOD, 0.049),
            (Reason.GOOD, 0.5),
            (Reason.BAD, 0.951),
            (Reason.BAD, 1.0),
            (Reason.UNSURE, 0.55),
            (Reason.DUPLICATE, 0.3),
        ],
        1,
    ):
        await decided(store, number, reason, score=score)
    await decided(store, 8, Reason.GOOD, score=0.975, detail=f"{BY_RULE}7 «мост»")
    scores = (await figures(store)).scores
    assert {reason: sum(bins) for reason, bins in scores.items()} == {
        Reason.GOOD: 3,
        Reason.UNSURE: 1,
        Reason.BAD: 2,
    }
    assert (scores[Reason.GOOD][0], scores[Reason.GOOD][10]) == (2, 1)
    assert scores[Reason.BAD][BINS - 1] == 2
    assert scores[Reason.UNSURE][11] == 1


async def test_the_threshold_in_force_comes_last(store: Store) -> None:
    await decided(store, 1, Reason.GOOD, threshold=0.5, at=NOW - DAY)
    await decided(store, 2, Reason.GOOD, threshold=0.62)
    await decided(store, 3, Reason.GOOD, threshold=0.4, at=NOW - 2 * DAY)
    assert (await figures(store)).thresholds == (0.4, 0.5, 0.62)


async def test_what_each_source_brought_is_counted_without_what_was_there_before(
    store: Store,
) -> None:
    await decided(store, 1, Reason.GOOD, source="Вести")
    await decided(store, 2, Reason.BAD, source="Вести")
    await decided(store, 3, Reason.SEEDED, source="Вести")
    await decided(store, 4, Reason.SHORT, source="Голос")
    its = await figures(store)
    assert sorted(its.sources, key=lambda one: one.name) == [
        SourceTally("Вести", 2, 1),
        SourceTally("Голос", 1, 0),
    ]
    assert (its.judged, its.seeded) == (3, 1)


async def test_ninety_days_are_counted_as_three_are(store: Store) -> None:
    await decided(store, 1, Reason.GOOD, at=NOW - 89 * DAY)
    await decided(store, 2, Reason.GOOD)
    its = await figures(store, days=90)
    assert [tally.judged for tally in its.tallies] == [1, *[0] * 88, 1]
