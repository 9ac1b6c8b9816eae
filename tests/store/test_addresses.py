"""Items that are shown at other addresses than their own."""

from __future__ import annotations

from bot.store import Store
from scrapers import canonical_url
from tests.store.samples import NOW, item, record

OWN = item(1).url
SECTION = "https://gazeta.example/sport/1"
HOT = "https://gazeta.example/hot/1"


async def unseen(store: Store, *addresses: str) -> set[str]:
    return await store.items.unseen(list(map(canonical_url, addresses)), now=NOW)


async def test_a_link_to_an_item_is_seen_from_then_on_like_its_own_address(store: Store) -> None:
    assert len(await record(store, item(1, link=SECTION))) == 1
    assert await unseen(store, OWN, f"{SECTION}/?utm_source=main") == set()
    assert await unseen(store, HOT) == {HOT}


async def test_an_item_that_comes_by_another_link_is_the_same(store: Store) -> None:
    await record(store, item(1))
    assert await record(store, item(1, link=SECTION), item(1, link=HOT)) == []
    assert await unseen(store, SECTION, HOT) == set()
    assert len(await store.items.unjudged()) == 1


async def test_two_links_to_a_new_item_make_one(store: Store) -> None:
    assert len(await record(store, item(1, link=SECTION), item(1, link=HOT))) == 1
    assert await unseen(store, OWN, SECTION, HOT) == set()


async def test_what_another_source_shows_at_the_other_address_is_the_same(store: Store) -> None:
    await record(store, item(1, link=SECTION))
    assert await record(store, item(1, url=SECTION), source="agency") == []
    [recorded] = await store.items.unjudged()
    assert (recorded.item.url, recorded.sources) == (OWN, ("gazeta", "agency"))


async def test_an_item_with_an_address_of_its_own_keeps_it(store: Store) -> None:
    first, second = await record(store, item(2), item(1))
    assert await record(store, item(1, link=item(2).url)) == []
    assert [recorded.id for recorded in await store.items.unjudged()] == [first, second]
    assert await record(store, item(2)) == []
