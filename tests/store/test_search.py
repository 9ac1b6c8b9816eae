"""Items are found by their words on both databases, the newest first."""

from __future__ import annotations

import pytest

from bot.model import Reason
from bot.sought import Sought
from bot.store import Store
from bot.store import search as searching
from tests.store.samples import CHANNEL, NOW, item, record, verdict


async def kept(store: Store, number: int, title: str, text: str = "") -> int:
    (item_id,) = await record(store, item(number, title=title, text=text))
    assert await store.ledger.record_verdict(item_id, verdict(Reason.BAD), [CHANNEL], at=NOW)
    return item_id


async def ids(store: Store, written: str, limit: int = 10) -> list[int]:
    found = await store.search.find(Sought.parse(written), limit)
    return [entry.recorded.id for entry in found.entries]


@pytest.mark.parametrize("written", ["мост", "мосты", "МОСТОМ", "Ёлками мосту", "iphone"])
async def test_words_are_found_in_any_form_and_case_in_title_and_text(
    store: Store, written: str
) -> None:
    first = await kept(store, 1, "МОСТ И ЁЛКИ", "Цена как у iPhone.")
    second = await kept(store, 2, "Открытие", "К мосту привезли елку, а в ней iPhone.")
    await kept(store, 3, "Пост и елей", "Без остатка, на телефоне.")
    assert await ids(store, written) == [second, first]


@pytest.mark.parametrize("written", ["«100%»", "«a_b»", "«c\\d»"])
async def test_wildcards_and_quotation_marks_mean_themselves(store: Store, written: str) -> None:
    wanted = await kept(store, 1, "Готово на 100%", "a_b c\\d")
    await kept(store, 2, "Готово на 1000", "axb ccd")
    assert await ids(store, written) == [wanted]


async def test_what_has_no_verdict_yet_is_not_found(store: Store) -> None:
    await record(store, item(1, title="Новый мост"))
    assert await ids(store, "мост") == []


async def test_so_many_are_found_as_are_asked_for_and_it_is_told_that_there_are_more(
    store: Store,
) -> None:
    for number in range(1, 6):
        await kept(store, number, f"Мост {number}")
    few = await store.search.find(Sought.parse("мост"), 3)
    assert ([entry.recorded.id for entry in few.entries], few.rest) == ([5, 4, 3], 3)
    assert few.looked_through is None
    assert (await store.search.find(Sought.parse("мост"), 5)).rest is None
    more = await store.search.find(Sought.parse("мост"), 3, before=3)
    assert ([entry.recorded.id for entry in more.entries], more.rest) == ([2, 1], None)


async def test_not_more_than_so_much_is_looked_through(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        await kept(store, number, f"Мост {number}")
    monkeypatch.setattr(searching, "MOST_ITEMS", 2)
    assert await found_stepwise(store) == [([5, 4], 2), ([3, 2], 4), ([1], None)]


async def found_stepwise(store: Store) -> list[tuple[list[int], int | None]]:
    """Go on with a search where it stops; return what was found each time, and how far it came."""
    steps: list[tuple[list[int], int | None]] = []
    rest = None
    while not steps or rest is not None:
        found = await store.search.find(Sought.parse("мост"), 10, before=rest)
        steps.append(([entry.recorded.id for entry in found.entries], found.looked_through))
        rest = found.rest
    return steps


async def test_a_search_that_takes_too_long_ends_with_what_it_has(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        await kept(store, number, f"Мост {number}")
    monkeypatch.setattr(searching, "_STRIDE", 2)
    assert await ids(store, "мост") == [5, 4, 3, 2, 1]
    monkeypatch.setattr(searching, "LONGEST", 0.0)
    monkeypatch.setattr(searching, "_BATCH", 1)
    assert await found_stepwise(store) == [([5], 1), ([4], 2), ([3], 3), ([2], 4), ([1], None)]
