from __future__ import annotations

import asyncio

from bot.store import Store
from bot.store.thresholds import ChosenThreshold
from tests.store.samples import ANNA, BORIS, HOUR, NOW


async def choose(
    store: Store, value: float, *, before: ChosenThreshold | None, base: float | None = None
) -> ChosenThreshold:
    chosen = await store.thresholds.choose(
        value, ANNA, base=base, before=before.id if before else None, at=NOW
    )
    assert chosen is not None
    return chosen


async def test_until_one_is_chosen_there_is_none(store: Store) -> None:
    assert await store.thresholds.current(None) is None
    assert await store.thresholds.current(0.5) is None


async def test_the_one_chosen_last_is_in_force_and_knows_who_and_when(store: Store) -> None:
    first = await choose(store, 0.6, before=None)
    second = await choose(store, 0.1, before=first)
    assert await store.thresholds.current(None) == second
    assert (second.value, second.operator, second.chosen_at) == (0.1, ANNA, NOW)


async def test_what_is_taken_back_gives_way_to_the_one_before(store: Store) -> None:
    first = await choose(store, 0.6, before=None)
    second = await choose(store, 0.7, before=first)
    assert await store.thresholds.withdraw(second.id, BORIS, at=NOW + HOUR)
    assert await store.thresholds.current(None) == first
    assert not await store.thresholds.withdraw(second.id, BORIS, at=NOW + HOUR)
    assert await store.thresholds.withdraw(first.id, BORIS, at=NOW + HOUR)
    assert await store.thresholds.current(None) is None


async def test_only_the_one_in_force_is_taken_back(store: Store) -> None:
    first = await choose(store, 0.6, before=None)
    second = await choose(store, 0.7, before=first)
    assert not await store.thresholds.withdraw(first.id, ANNA, at=NOW)
    assert not await store.thresholds.withdraw(99, ANNA, at=NOW)
    assert await store.thresholds.current(None) == second


async def test_other_settings_put_it_out_of_force_until_they_are_as_they_were(
    store: Store,
) -> None:
    chosen = await choose(store, 0.6, before=None, base=0.1 + 0.2)
    assert await store.thresholds.current(0.3) is None
    assert await store.thresholds.current(None) is None
    assert await store.thresholds.current(0.1 + 0.2) == chosen


async def test_of_many_at_once_one_comes_into_force(store: Store) -> None:
    many = [
        store.thresholds.choose(value / 10, ANNA, base=None, before=None, at=NOW)
        for value in range(5)
    ]
    assert sum(chosen is not None for chosen in await asyncio.gather(*many)) == 1


async def test_a_command_delivered_twice_is_done_once(store: Store) -> None:
    told = {"base": None, "at": NOW, "update_id": 7}
    first = await store.thresholds.choose(0.6, ANNA, before=None, **told)  # type: ignore[arg-type]
    assert first is not None
    again = await store.thresholds.choose(0.6, ANNA, before=first.id, **told)  # type: ignore[arg-type]
    assert again is None
    assert await store.thresholds.current(None) == first
    assert not await store.thresholds.withdraw(first.id, ANNA, at=NOW, update_id=7)
