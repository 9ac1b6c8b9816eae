from __future__ import annotations

from typing import Any

import pytest

from bot.model import Reason, Truth
from bot.store import Store
from bot.store.sources import MOST_SEEDING_RUNS
from tests.store.samples import ANNA, CHANNEL, HOUR, NOW, item, judged, record


def named(*names: str, path: str = "rss") -> dict[str, str]:
    return {name: f"https://{name}.example/{path}" for name in names}


async def test_a_new_source_is_due_at_once(store: Store) -> None:
    await store.sources.ensure(named("gazeta"), at=NOW)
    (state,) = await store.sources.states()
    assert (state.name, state.added_at, state.due_at, state.runs) == ("gazeta", NOW, NOW, 0)


async def test_a_known_source_keeps_its_state(store: Store) -> None:
    await store.sources.ensure(named("gazeta"), at=NOW)
    await store.sources.ensure(named("gazeta", "vesti"), at=NOW + HOUR)
    assert [state.added_at for state in await store.sources.states()] == [NOW, NOW + HOUR]


async def test_a_source_with_a_new_address_begins_anew(store: Store) -> None:
    await store.sources.ensure(named("gazeta", "vesti"), at=NOW)
    for name in ("gazeta", "vesti"):
        await store.sources.record_run(name, [], at=NOW, due_at=NOW + 9 * HOUR, etag='"a1"')
    await store.sources.record_failure("gazeta", "answered 404", at=NOW, due_at=NOW + 9 * HOUR)

    moved = {**named("vesti"), **named("gazeta", path="new")}
    await store.sources.ensure(moved, at=NOW + HOUR)

    anew, same = await store.sources.states()
    assert (anew.due_at, anew.runs, anew.failures, anew.error) == (NOW + HOUR, 0, 0, "")
    assert (anew.etag, anew.url) == (None, moved["gazeta"])
    assert (same.due_at, same.runs, same.etag) == (NOW + 9 * HOUR, 1, '"a1"')


async def test_a_source_that_is_to_be_read_otherwise_is_due_at_once_and_keeps_its_past(
    store: Store,
) -> None:
    addresses = named("gazeta", "vesti")
    await store.sources.ensure(addresses, at=NOW, readings=dict.fromkeys(addresses, "a"))
    for name in addresses:
        await store.sources.record_run(name, [], at=NOW, due_at=NOW + 9 * HOUR, etag='"a1"')
        await store.sources.record_failure(name, "no links", at=NOW, due_at=NOW + 9 * HOUR)

    await store.sources.ensure(addresses, at=NOW + HOUR, readings={"gazeta": "b", "vesti": "a"})

    corrected, same = await store.sources.states()
    assert (corrected.due_at, corrected.failures, corrected.etag) == (NOW + HOUR, 0, None)
    assert (corrected.runs, corrected.seeded) == (1, True)
    assert (same.due_at, same.failures, same.etag) == (NOW + 9 * HOUR, 1, '"a1"')


async def test_states_can_be_asked_by_name(store: Store) -> None:
    await store.sources.ensure(named("gazeta", "vesti", "radio"), at=NOW)
    states = await store.sources.states(["vesti", "radio", "nobody"])
    assert [state.name for state in states] == ["radio", "vesti"]
    assert await store.sources.states([]) == []


async def test_a_run_leaves_its_validators_and_its_next_moment(store: Store) -> None:
    await store.sources.ensure(named("gazeta"), at=NOW)
    await store.sources.record_run(
        "gazeta", [item()], at=NOW, due_at=NOW + HOUR, etag='"a1"', last_modified="yesterday"
    )
    (state,) = await store.sources.states()
    assert (state.etag, state.last_modified) == ('"a1"', "yesterday")
    assert (state.last_run_at, state.last_success_at, state.due_at) == (NOW, NOW, NOW + HOUR)
    assert (state.runs, state.failures, state.error) == (1, 0, "")


async def test_failures_in_a_row_are_counted_until_a_run_succeeds(store: Store) -> None:
    for hours in (1, 2):
        await store.sources.record_failure(
            "gazeta", "status 500\nfrom the server", at=NOW, due_at=NOW + hours * HOUR
        )
    (failing,) = await store.sources.states()
    assert (failing.failures, failing.error) == (2, "status 500 from the server")
    assert (failing.due_at, failing.last_success_at) == (NOW + 2 * HOUR, None)

    await record(store, item())
    (cured,) = await store.sources.states()
    assert (cured.failures, cured.error, cured.runs) == (0, "", 1)


async def test_only_what_the_first_run_finds_is_seeding(store: Store) -> None:
    await store.sources.record_failure("gazeta", "no answer", at=NOW, due_at=NOW)
    (first,) = await store.sources.record_run("gazeta", [item(1)], at=NOW, due_at=NOW)
    (second,) = await store.sources.record_run("gazeta", [item(2)], at=NOW, due_at=NOW)
    assert (first.seeding, second.seeding) == (True, False)


async def test_a_first_run_that_left_something_is_followed_by_another_first_run(
    store: Store,
) -> None:
    seeding = []
    for number, complete in ((1, False), (2, True), (3, True)):
        (recorded,) = await store.sources.record_run(
            "gazeta", [item(number)], at=NOW, due_at=NOW, complete=complete
        )
        seeding.append(recorded.seeding)
    assert seeding == [True, True, False]


async def test_a_listing_without_an_end_is_taken_for_seen_after_a_while(store: Store) -> None:
    for number in range(MOST_SEEDING_RUNS):
        (recorded,) = await store.sources.record_run(
            "gazeta", [item(number)], at=NOW, due_at=NOW, complete=False
        )
        assert recorded.seeding
    (recorded,) = await store.sources.record_run(
        "gazeta", [item(99)], at=NOW, due_at=NOW, complete=False
    )
    assert not recorded.seeding


@pytest.mark.parametrize(("reason", "posts"), [(Reason.GOOD, 2), (Reason.BAD, 0)])
async def test_what_another_source_shows_later_goes_to_its_channels_too(
    store: Store, reason: Reason, posts: int
) -> None:
    item_id = await judged(store, reason)
    for _ in range(2):
        await store.sources.record_run(
            "vesti", [item(1, source="vesti")], at=NOW, due_at=NOW, chats=["@vesti"]
        )
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert len(entry.posts) == posts


async def test_what_was_labelled_bad_goes_to_no_further_channel(store: Store) -> None:
    item_id = await judged(store, Reason.GOOD)
    await store.labels.add(item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    await store.sources.record_run("vesti", [item(1)], at=NOW, due_at=NOW, chats=["@vesti"])
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert [post.chat for post in entry.posts] == [CHANNEL]


async def test_a_run_over_an_address_that_the_source_no_longer_has_is_not_recorded(
    store: Store,
) -> None:
    await store.sources.ensure({"gazeta": "https://gazeta.example/old"}, at=NOW)
    await store.sources.ensure({"gazeta": "https://gazeta.example/new"}, at=NOW)
    late: dict[str, Any] = {"at": NOW, "due_at": NOW + HOUR, "url": "https://gazeta.example/old"}
    assert await store.sources.record_run("gazeta", [item()], **late) == []
    await store.sources.record_failure("gazeta", "timeout", **late)
    (state,) = await store.sources.states(["gazeta"])
    assert (state.runs, state.failures, state.seeded, state.due_at) == (0, 0, False, NOW)
    found = {**late, "url": "https://gazeta.example/new"}
    assert len(await store.sources.record_run("gazeta", [item()], **found)) == 1
