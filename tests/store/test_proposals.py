"""What was proposed is known as long as a button below it may be pressed."""

from __future__ import annotations

from bot.store import Store
from tests.store.samples import ANNA, NOW

DECLARED = {"name": "Город\x00 <\ud83d>", "url": "https://gorod.example/", "tags": ["район"]}


async def test_a_proposal_is_kept_as_it_was_declared(store: Store) -> None:
    number = await store.proposals.keep(DECLARED, ANNA, at=NOW)
    other = await store.proposals.keep(DECLARED, ANNA, at=NOW)
    kept = await store.proposals.get(number)
    assert kept is not None
    assert (kept.id, kept.declaration, kept.operator, kept.added_at) == (
        number,
        DECLARED,
        ANNA,
        None,
    )
    await store.proposals.record_added(other, at=NOW)
    assert await store.proposals.get(number) == kept
    added = await store.proposals.get(other)
    assert added is not None
    assert added.added_at == NOW
    assert await store.proposals.get(other + 1) is None
