"""What is kept of a source's health, and the alerts that wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.health import Alert, Checkup, Health
from bot.model import SourceState
from bot.store import Store
from scrapers.health import Condition, Usual
from tests.store.samples import HOUR, NOW

HEALTH = Health(
    condition=Condition.BLOCKED,
    detail="asks for a login (401)",
    streak=2,
    since=NOW - HOUR,
    standing=Condition.BLOCKED,
    good_at=NOW - 2 * HOUR,
    news_at=NOW - 3 * HOUR,
    usual=Usual(runs=12, shown=29.5, articles=40, titles=1.0, texts=0.75, barren=1),
)


def alert(source: str = "gazeta", at: datetime = NOW) -> Alert:
    return Alert(
        source=source,
        before=Condition.FINE,
        condition=Condition.BLOCKED,
        detail="asks for a login (401)",
        since=at - HOUR,
        good_at=at - 2 * HOUR,
        at=at,
    )


async def fail(store: Store, checkup: Checkup, name: str = "gazeta") -> None:
    await store.sources.record_failure(name, "401", at=NOW, due_at=NOW + HOUR, checkup=checkup)


async def state(store: Store, name: str = "gazeta") -> SourceState:
    (found,) = await store.sources.states([name])
    return found


async def test_a_source_that_never_ran_has_nothing_wrong(store: Store) -> None:
    await store.sources.ensure({"gazeta": "https://gazeta.example"}, at=NOW)
    assert (await state(store)).health == Health()


async def test_health_is_kept_as_it_was_told_by_a_failure_and_by_a_run(store: Store) -> None:
    await fail(store, Checkup(HEALTH))
    assert (await state(store)).health == HEALTH

    better = Health(condition=Condition.NOTHING_NEW, since=NOW, streak=1, good_at=NOW)
    await store.sources.record_run("gazeta", [], at=NOW, due_at=NOW, checkup=Checkup(better))
    assert (await state(store)).health == better


async def test_what_nobody_diagnosed_stays_as_it_was(store: Store) -> None:
    await fail(store, Checkup(HEALTH))
    await store.sources.record_failure("gazeta", "500", at=NOW, due_at=NOW)
    await store.sources.record_run("gazeta", [], at=NOW, due_at=NOW)
    assert (await state(store)).health == HEALTH


async def test_an_interval_is_kept_until_another_is_told(store: Store) -> None:
    interval = timedelta(minutes=7, seconds=30)
    await store.sources.record_run("gazeta", [], at=NOW, due_at=NOW, interval=interval)
    await store.sources.record_run("gazeta", [], at=NOW, due_at=NOW)
    assert (await state(store)).interval == interval


async def test_at_a_new_address_a_sound_source_has_no_past(store: Store) -> None:
    await store.sources.ensure({"gazeta": "https://gazeta.example/old"}, at=NOW)
    sound = Checkup(Health(usual=Usual(runs=9, shown=30)))
    await store.sources.record_run("gazeta", [], at=NOW, due_at=NOW, interval=HOUR, checkup=sound)
    await store.sources.ensure({"gazeta": "https://gazeta.example/new"}, at=NOW)
    anew = await state(store)
    assert (anew.health, anew.interval) == (Health(), None)


async def test_at_a_new_address_a_broken_source_is_broken_until_a_run_says_otherwise(
    store: Store,
) -> None:
    await store.sources.ensure({"gazeta": "https://gazeta.example/old"}, at=NOW)
    await fail(store, Checkup(HEALTH))
    await store.sources.ensure({"gazeta": "https://gazeta.example/new"}, at=NOW)
    anew = (await state(store)).health
    assert (anew.standing, anew.since) == (Condition.BLOCKED, HEALTH.since)
    assert anew.usual == Usual()


async def test_an_alert_waits_until_it_was_told_and_never_again(store: Store) -> None:
    await fail(store, Checkup(HEALTH, alert()))
    (waiting,) = await store.alerts.waiting()
    assert (waiting.alert, waiting.proposal, waiting.sending_at) == (alert(), None, None)

    await store.alerts.begin_telling([waiting.id], at=NOW)
    (perhaps,) = await store.alerts.waiting()
    assert perhaps.sending_at == NOW

    await store.alerts.record_not_told([waiting.id])
    (not_told,) = await store.alerts.waiting()
    assert not_told.sending_at is None

    await store.alerts.record_told([waiting.id], at=NOW)
    assert await store.alerts.waiting() == []


async def test_alerts_are_told_in_their_order(store: Store) -> None:
    for name in ("gazeta", "vesti", "radio"):
        await fail(store, Checkup(HEALTH, alert(name)), name)
    assert [waiting.alert.source for waiting in await store.alerts.waiting()] == [
        "gazeta",
        "vesti",
        "radio",
    ]


async def test_a_proposal_stays_with_its_alert(store: Store) -> None:
    for name in ("gazeta", "vesti"):
        await fail(store, Checkup(HEALTH, alert(name)), name)
    first, second = await store.alerts.waiting()
    await store.alerts.keep_proposal(first.id, 'link = ".news a"')
    await store.alerts.keep_proposal(second.id, "")
    proposals = [waiting.proposal for waiting in await store.alerts.waiting()]
    assert proposals == ['link = ".news a"', ""]


async def test_alerts_of_a_source_are_counted_by_condition_and_time(store: Store) -> None:
    for hours in (30, 3, 1):
        await fail(store, Checkup(HEALTH, alert(at=NOW - hours * HOUR)))
    await fail(store, Checkup(HEALTH, alert("vesti")), "vesti")
    lately = NOW - 24 * HOUR
    assert await store.alerts.told_lately("gazeta", Condition.BLOCKED, after=lately) == 2
    assert await store.alerts.told_lately("gazeta", Condition.GONE, after=lately) == 0
