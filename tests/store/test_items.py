from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from bot.model import Reason
from bot.store import Store
from bot.store.sources import DEAD_FOR
from scrapers import Item, canonical_url
from tests.store.samples import HOUR, NOW, item, record, verdict

MOSCOW = timezone(timedelta(hours=3))


async def test_an_item_comes_back_as_it_went_in(store: Store) -> None:
    published = datetime(2024, 3, 9, 8, 5, 7, 31, tzinfo=MOSCOW)
    whole = item(published=published, image="https://gazeta.example/1.jpg", text="Ура 🎉 <script>")
    (recorded,) = await store.sources.record_run("gazeta", [whole], at=NOW, due_at=NOW)
    assert recorded.item == whole
    assert recorded.item.published is not None
    assert recorded.item.published.utcoffset() == timedelta(hours=3)
    assert (recorded.seen_at, recorded.sources) == (NOW, ("gazeta",))
    assert await store.items.unjudged() == [recorded]


async def test_an_item_is_recorded_once_whatever_tracking_its_address_has(store: Store) -> None:
    await record(store, item())
    again = item(url="https://GAZETA.example:443/news/1?utm_source=rss#comments", title="Иначе")
    assert await record(store, again) == []
    assert len(await store.items.unjudged()) == 1


async def test_one_run_may_show_the_same_address_twice(store: Store) -> None:
    assert len(await record(store, item(), item(title="То же самое"))) == 1


async def test_an_item_knows_every_source_it_was_seen_at(store: Store) -> None:
    await record(store, item(), source="gazeta")
    assert await record(store, item(), item(2), source="agency") != []
    first, second = await store.items.unjudged()
    assert (first.sources, second.sources) == (("gazeta", "agency"), ("agency",))
    assert first.item.source == "gazeta"


async def test_a_run_without_items_records_none(store: Store) -> None:
    assert await record(store) == []


async def test_the_oldest_news_comes_first(store: Store) -> None:
    dated = [item(number, published=NOW - number * HOUR) for number in (2, 1, 3)]
    await record(store, item(4), item(5), *dated)
    titles = [recorded.item.title[-1] for recorded in await store.items.unjudged()]
    assert titles == ["3", "2", "1", "5", "4"]


async def test_a_date_from_the_edge_of_the_calendar_stops_no_run(store: Store) -> None:
    edge = datetime.min.replace(tzinfo=MOSCOW)
    (recorded, _) = await store.sources.record_run(
        "gazeta", [item(1, published=edge), item(2)], at=NOW, due_at=NOW
    )
    assert recorded.item.published == edge


async def test_text_that_no_database_takes_stops_no_run(store: Store) -> None:
    broken = Item("gazeta", "https://gazeta.example/\ud83d", "за\0головок", "пол\ud83dсмайла")
    (item_id,) = await record(store, broken)
    (recorded,) = await store.items.unjudged()
    assert (recorded.item.title, recorded.item.text) == ("заголовок", "пол?смайла")
    assert await record(store, broken) == []
    assert item_id == recorded.id


async def test_an_address_may_be_longer_than_an_index_takes(store: Store) -> None:
    digits = "".join(str(number * 7919) for number in range(4000))
    assert len(await record(store, item(url=f"https://gazeta.example/{digits}"))) == 1


async def test_a_run_may_find_thousands_of_items(store: Store) -> None:
    found = [item(number) for number in range(2500)]
    assert len(await record(store, *found)) == 2500
    assert await record(store, *found) == []


async def test_unseen_addresses_are_those_without_an_item(store: Store) -> None:
    await record(store, item(1))
    known, other = canonical_url(item(1).url), canonical_url(item(2).url)
    assert await store.items.unseen([known, other], now=NOW) == {other}
    assert await store.items.unseen([], now=NOW) == set()


async def test_a_page_that_gave_nothing_is_left_alone_for_a_while(store: Store) -> None:
    dead, other = canonical_url(item(1).url), canonical_url(item(2).url)
    await store.sources.record_run("gazeta", [], at=NOW, due_at=NOW, dead=[dead])
    await store.sources.record_run("gazeta", [], at=NOW + HOUR, due_at=NOW, dead=[dead])
    assert await store.items.unseen([dead, other], now=NOW + DEAD_FOR) == {other}
    assert await store.items.unseen([dead, other], now=NOW + DEAD_FOR + HOUR) == {dead, other}


async def test_a_judged_item_waits_no_longer(store: Store) -> None:
    one, two = await record(store, item(2), item(1))
    await store.ledger.record_verdict(one, verdict(Reason.BAD), [], at=NOW)
    assert [recorded.id for recorded in await store.items.unjudged()] == [two]


async def test_unjudged_items_come_in_batches(store: Store) -> None:
    ids = await record(store, *(item(number) for number in range(5)))
    assert [recorded.id for recorded in await store.items.unjudged(limit=2)] == ids[:2]


async def test_copies_are_the_earlier_items_with_the_same_words(store: Store) -> None:
    (first,) = await record(store, item(1))
    same = {"title": item(1).title.upper(), "text": item(1).text}
    (second,) = await record(store, item(2, **same), source="agency")
    (third,) = await record(store, item(3, **same), source="radio")
    (other,) = await record(store, item(4))
    ids = [first, second, third, other]
    assert await store.items.copies(ids) == {second: [first], third: [first, second]}
    await store.ledger.record_verdict(second, verdict(Reason.DUPLICATE), [], at=NOW)
    assert await store.items.copies(ids) == {second: [first], third: [first]}


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="names no zone"):
        await store.sources.ensure({"gazeta": ""}, at=NOW.replace(tzinfo=None))
    assert await store.sources.states() == []
