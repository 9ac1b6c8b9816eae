from __future__ import annotations

import pytest

from bot.model import Reason, Truth
from bot.store import Store, operators
from tests.store.samples import ANNA, BORIS, NOW, judged


async def act(store: Store, update_id: int | None, *, allowed: bool = True) -> None:
    await store.operators.record_action(
        update_id=update_id,
        operator=BORIS,
        chat_id=-1_000_000_000_007,
        command="/status",
        allowed=allowed,
        outcome="answered",
        at=NOW,
    )


async def test_a_recorded_update_is_seen(store: Store) -> None:
    assert not await store.operators.seen(9_000_000_001)
    await act(store, 9_000_000_001, allowed=False)
    assert await store.operators.seen(9_000_000_001)


async def test_recording_an_update_twice_is_harmless(store: Store) -> None:
    await act(store, 1)
    await act(store, 1)
    assert await store.operators.seen(1)


async def test_a_label_and_its_record_share_one_update(store: Store) -> None:
    item_id = await judged(store, Reason.BAD)
    await store.labels.add(item_id, Truth.GOOD, ANNA, chats=[], at=NOW, update_id=1)
    await act(store, 1)
    assert await store.operators.seen(1)


async def test_actions_of_the_command_line_have_no_update(store: Store) -> None:
    await act(store, None)
    await act(store, None)


async def test_of_what_strangers_ask_for_only_the_newest_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operators, "MOST_STRANGE", 2)
    await act(store, 1)
    for update_id in (2, 3, 4, 5):
        await act(store, update_id, allowed=False)
    assert [await store.operators.seen(number) for number in (1, 2, 3, 4, 5)] == [
        *(True, False, False),
        *(True, True),
    ]


async def test_a_card_leads_to_its_item(store: Store) -> None:
    first, second = await judged(store, Reason.UNSURE, 1), await judged(store, Reason.UNSURE, 2)
    await store.operators.record_card(-100, 7, first, at=NOW)
    assert await store.operators.item_of_card(-100, 7) == first
    assert await store.operators.item_of_card(-200, 7) is None
    await store.operators.record_card(-100, 7, second, at=NOW)
    assert await store.operators.item_of_card(-100, 7) == second
