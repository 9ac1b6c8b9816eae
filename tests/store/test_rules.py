from __future__ import annotations

import asyncio

import pytest

from bot.model import Decision
from bot.rules import Phrase
from bot.store import Store
from bot.store import rules as stored_rules
from bot.store.rules import StoredRule
from tests.store.samples import ANNA, BORIS, HOUR, NOW


async def draft(store: Store, written: str = "сбор * лечение") -> StoredRule:
    return await store.rules.draft(Phrase.parse(written), Decision.REJECT, ANNA, at=NOW)


async def test_a_drafted_rule_does_not_count_before_it_is_applied(store: Store) -> None:
    rule = await draft(store)
    assert not rule.in_force
    assert await store.rules.in_force() == []
    assert await store.rules.apply(rule.rule.id, BORIS, at=NOW + HOUR)
    (applied,) = await store.rules.in_force()
    assert applied.rule == rule.rule
    assert (applied.operator, applied.applied_at) == (BORIS, NOW + HOUR)


async def test_a_phrase_comes_back_as_it_was_drafted(store: Store) -> None:
    for written in ("Сбор средств", '"ёлка * года"', "=стали"):
        rule = await draft(store, written)
        assert rule.rule.phrase == Phrase.parse(written)
        assert await store.rules.get(rule.rule.id) == rule


async def test_the_same_rule_is_drafted_once(store: Store) -> None:
    assert await draft(store, "Сбор средств") == await draft(store, "«сбор, средств»")
    exact = await draft(store, '"сбор средств"')
    accepting = await store.rules.draft(Phrase.parse("сбор средств"), Decision.ACCEPT, ANNA, at=NOW)
    assert (
        len({exact.rule.id, accepting.rule.id, (await draft(store, "сбор средств")).rule.id}) == 3
    )


async def test_a_removed_rule_can_be_put_back(store: Store) -> None:
    rule_id = (await draft(store)).rule.id
    assert not await store.rules.remove(rule_id, ANNA, at=NOW)
    assert await store.rules.apply(rule_id, ANNA, at=NOW)
    assert await store.rules.remove(rule_id, ANNA, at=NOW)
    assert await store.rules.in_force() == []
    assert not await store.rules.remove(rule_id, ANNA, at=NOW)
    assert await store.rules.apply(rule_id, ANNA, at=NOW)
    assert [stored.rule.id for stored in await store.rules.in_force()] == [rule_id]


async def test_of_many_at_once_one_applies_it(store: Store) -> None:
    rule_id = (await draft(store)).rule.id
    many = [store.rules.apply(rule_id, ANNA, at=NOW) for _ in range(5)]
    assert sum(await asyncio.gather(*many)) == 1


async def test_a_command_delivered_twice_is_done_once(store: Store) -> None:
    rule_id = (await draft(store)).rule.id
    assert await store.rules.apply(rule_id, ANNA, at=NOW, update_id=7)
    assert not await store.rules.remove(rule_id, ANNA, at=NOW, update_id=7)
    assert await store.rules.remove(rule_id, ANNA, at=NOW, update_id=8)
    assert not await store.rules.apply(rule_id, ANNA, at=NOW, update_id=7)


async def test_there_are_no_more_rules_than_there_is_room_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_rules, "MOST_RULES", 2)
    ids = [(await draft(store, written)).rule.id for written in ("один", "два", "три")]
    applied = [await store.rules.apply(rule_id, ANNA, at=NOW) for rule_id in ids]
    assert applied == [True, True, False]


async def test_a_rule_that_nobody_drafted_is_not_applied(store: Store) -> None:
    assert not await store.rules.apply(99, ANNA, at=NOW)
    assert await store.rules.get(99) is None
