"""Which model is in use."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.lineage import Origin, Training
from bot.store import NewModel, Store, Work, hold
from tests.store.samples import ANNA, BORIS, HOUR, NOW

START, OTHER = "a" * 64, "b" * 64
FIRST = NewModel("small-r1", "small-r1-0a", "1" * 64, START, Origin.RETRAINED, None, "small-00")
SECOND = replace(FIRST, folder="small-r2", name="small-r2-0b", fingerprint="2" * 64)


async def test_without_another_the_model_of_the_settings_is_in_use(store: Store) -> None:
    assert await store.models.active(START) is None
    assert await store.models.withdraw(START, ANNA, at=NOW) is None


async def test_a_model_that_is_activated_is_in_use_and_says_who_did_it(store: Store) -> None:
    stored = await store.models.activate(FIRST, ANNA, at=NOW, before=None)
    assert stored is not None
    assert await store.models.active(START) == stored
    assert await store.models.get(stored.id) == stored
    assert (stored.folder, stored.name, stored.replaced) == ("small-r1", "small-r1-0a", "small-00")
    assert (stored.operator, stored.activated_at, stored.root) == (ANNA, NOW, None)


async def test_a_rollback_goes_back_one_model_at_a_time(store: Store) -> None:
    first = await store.models.activate(FIRST, ANNA, at=NOW, before=None)
    assert first is not None
    second = await store.models.activate(SECOND, ANNA, at=NOW, before=first.id)
    assert await store.models.withdraw(START, BORIS, at=NOW + HOUR) == second
    assert await store.models.active(START) == first
    assert await store.models.withdraw(START, BORIS, at=NOW + HOUR) == first
    assert await store.models.active(START) is None


async def test_what_another_replaced_meanwhile_is_not_replaced_again(store: Store) -> None:
    first = await store.models.activate(FIRST, ANNA, at=NOW, before=None)
    assert await store.models.activate(SECOND, BORIS, at=NOW, before=None) is None
    assert await store.models.active(START) == first


async def test_of_many_at_once_one_comes_into_use(store: Store) -> None:
    many = [store.models.activate(FIRST, ANNA, at=NOW, before=None) for _ in range(5)]
    assert sum(stored is not None for stored in await asyncio.gather(*many)) == 1


async def test_another_model_in_the_settings_wins(store: Store) -> None:
    first = await store.models.activate(FIRST, ANNA, at=NOW, before=None)
    assert await store.models.active(OTHER) is None
    assert await store.models.abandoned(OTHER) == first
    assert await store.models.abandoned(START) is None
    assert await store.models.active(START) == first


async def test_a_rollback_delivered_twice_is_done_once(store: Store) -> None:
    first = await store.models.activate(FIRST, ANNA, at=NOW, before=None)
    assert first is not None
    await store.models.activate(SECOND, ANNA, at=NOW, before=first.id)
    assert await store.models.withdraw(START, ANNA, at=NOW, update_id=7) is not None
    assert await store.models.withdraw(START, ANNA, at=NOW, update_id=7) is None
    assert await store.models.active(START) == first


async def test_a_model_remembers_the_installed_one_it_came_from(store: Store) -> None:
    installed = replace(FIRST, origin=Origin.INSTALLED)
    root = await store.models.activate(installed, ANNA, at=NOW, before=None)
    assert root is not None
    new = replace(SECOND, root=root.id)
    retrained = await store.models.activate(new, ANNA, at=NOW, before=root.id)
    assert retrained is not None
    assert (retrained.root, root.origin) == (root.id, Origin.INSTALLED)


async def test_the_newest_training_is_remembered(store: Store) -> None:
    assert await store.models.last_training() is None
    old = Training(NOW, "refused", "не лучше", "small-r1-0a", ANNA)
    new = Training(NOW + timedelta(days=1), "too few to tell", "no labels", None, BORIS)
    for training in (old, new):
        await store.models.record_training(training, {"answer": training.answer})
    assert await store.models.last_training() == new


def test_one_process_at_a_time_makes_models_while_another_works(url: str) -> None:
    refused = pytest.raises(StoreError, match="makes or installs a model")
    with hold(url), hold(url, Work.MODELS), refused, hold(url, Work.MODELS):
        pass
    with hold(url, Work.MODELS):
        pass
