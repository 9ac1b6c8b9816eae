"""Pages of posts and rejections follow one another, whatever comes meanwhile."""

from __future__ import annotations

from bot.model import Entry, Reason, Truth
from bot.store import Store
from tests.store.samples import (
    ANNA,
    CHANNEL,
    HOUR,
    NOW,
    item,
    judged,
    post_of,
    queued,
    record,
    sent,
    verdict,
)


def ids(entries: list[Entry]) -> list[int]:
    return [entry.recorded.id for entry in entries]


async def test_a_page_of_rejections_begins_behind_an_item(store: Store) -> None:
    for number in range(1, 6):
        await judged(store, Reason.BAD, number)
    first = ids(await store.pages.rejections(2))
    await judged(store, Reason.BAD, 6)
    assert first == [5, 4]
    assert ids(await store.pages.rejections(2, before=4)) == [3, 2]
    assert ids(await store.pages.rejections(2, before=2)) == [1]
    assert ids(await store.pages.rejections(2, before=1)) == []
    assert ids(await store.pages.rejections(2, before=99)) == []


async def test_rejections_of_one_moment_are_all_shown_once(store: Store) -> None:
    for number in range(1, 6):
        (item_id,) = await record(store, item(number))
        await store.ledger.record_verdict(item_id, verdict(Reason.BAD), [], at=NOW)
    assert ids(await store.pages.rejections(3)) == [5, 4, 3]
    assert ids(await store.pages.rejections(3, before=3)) == [2, 1]


async def test_rejections_are_narrowed_to_a_reason_or_a_source(store: Store) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.STALE, 2)
    await judged(store, Reason.GOOD, 3)
    (other,) = await record(store, item(4, source="radio"), source="radio")
    await store.ledger.record_verdict(other, verdict(Reason.BAD), [], at=NOW)
    # The radio shows the first one, too.
    await record(store, item(1), source="radio")
    assert ids(await store.pages.rejections(9)) == [2, 1, other]
    assert ids(await store.pages.rejections(9, reason=Reason.BAD)) == [1, other]
    assert ids(await store.pages.rejections(9, source="radio")) == [1, other]
    assert ids(await store.pages.rejections(9, source="radio", before=1)) == [other]
    assert ids(await store.pages.rejections(9, source="%")) == []


async def test_a_page_of_posts_begins_behind_a_post_also_if_that_is_gone(store: Store) -> None:
    for number in range(1, 6):
        await sent(store, number, message_id=40 + number)
    assert ids(await store.pages.posted(2)) == [5, 4]
    post = await post_of(store, 4)
    await store.labels.add(4, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    assert await store.posts.record_removed(post.id, at=NOW + 9 * HOUR)
    await sent(store, 6, message_id=60)
    assert ids(await store.pages.posted(2, before=(NOW + 4 * HOUR, 4))) == [3, 2]
    assert ids(await store.pages.posted(2, before=(NOW + 2 * HOUR, 2))) == [1]
    assert ids(await store.pages.posted(2, before=(NOW + 1 * HOUR, 1))) == []


async def test_an_item_in_two_channels_stands_once_where_its_newest_post_does(store: Store) -> None:
    first = await judged(store, Reason.GOOD, 1, chats=("@one", "@two"))
    entry = await store.ledger.entry(first)
    assert entry is not None
    one, two = entry.posts
    await store.posts.record_sent(one.id, 41, at=NOW)
    await store.posts.record_sent(two.id, 42, at=NOW + 3 * HOUR)
    second = await judged(store, Reason.GOOD, 2, chats=("@one",))
    entry = await store.ledger.entry(second)
    assert entry is not None
    await store.posts.record_sent(entry.posts[0].id, 43, at=NOW + HOUR)
    assert ids(await store.pages.posted(9)) == [first, second]
    assert ids(await store.pages.posted(9, before=(NOW + 3 * HOUR, first))) == [second]
    assert ids(await store.pages.posted(9, before=(NOW + HOUR, second))) == []
    # Where only the older post is still seen, that one counts.
    assert await store.posts.record_removed(two.id, at=NOW + 4 * HOUR)
    assert ids(await store.pages.posted(9)) == [second, first]


async def test_posts_of_one_moment_are_all_shown_once(store: Store) -> None:
    for number in range(1, 5):
        post = await queued(store, number)
        assert await store.posts.begin_sending(post.id, at=NOW, floor_id=None)
        assert await store.posts.record_sent(post.id, 40 + number, at=NOW)
    assert ids(await store.pages.posted(2)) == [4, 3]
    assert ids(await store.pages.posted(2, before=(NOW, 3))) == [2, 1]
