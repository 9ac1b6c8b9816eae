"""Items, moments and people for the store's tests."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.model import Operator, Post, Reason, Verdict
from bot.store import Judged, Store
from scrapers import Item

NOW = datetime(2024, 3, 9, 12, 30, 15, 250, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
CHANNEL = "@good_news"
ANNA = Operator(5_000_000_001, "operator one")
BORIS = Operator(5_000_000_002, "operator two")


def item(number: int = 1, *, source: str = "gazeta", **fields: object) -> Item:
    """Return an item that differs from the others by its number."""
    told: dict[str, object] = {
        "source": source,
        "url": f"https://gazeta.example/news/{number}",
        "title": f"В Заречье открыли мост номер {number}",
        "text": f"Движение пустили утром.\nЭто уже {number}-й мост за год.",
    }
    return Item(**{**told, **fields})  # type: ignore[arg-type]


def verdict(reason: Reason, score: float = 0.125) -> Verdict:
    return Verdict(reason, score, threshold=0.5, model="article-0a1b2c", detail="")


async def record(store: Store, *items: Item, source: str = "gazeta") -> list[int]:
    """Record one run that found ``items`` (newest first); return the ids of the new ones."""
    new = await store.sources.record_run(source, items, at=NOW, due_at=NOW + HOUR)
    return [recorded.id for recorded in new]


async def judged(
    store: Store, reason: Reason, number: int = 1, chats: tuple[str, ...] = (CHANNEL,)
) -> int:
    """Record an item and its verdict; return its id."""
    (item_id,) = await record(store, item(number))
    at = NOW + timedelta(minutes=number)
    assert await store.ledger.record_verdict(item_id, verdict(reason), chats, at=at)
    return item_id


async def queued(store: Store, number: int = 1, chat: str = CHANNEL) -> Post:
    """Record an accepted item; return its post."""
    item_id = await judged(store, Reason.GOOD, number, (chat,))
    return await post_of(store, item_id)


async def sent(store: Store, number: int = 1, message_id: int = 41, chat: str = CHANNEL) -> Post:
    """Record an accepted item that was sent; return its post."""
    post = await queued(store, number, chat)
    assert await store.posts.begin_sending(post.id, at=NOW, floor_id=None)
    assert await store.posts.record_sent(post.id, message_id, at=NOW + number * HOUR)
    return await post_of(store, post.item_id)


async def reprinted(store: Store, first: int, number: int, source: str = "radio") -> int:
    """Record an item of another source with the text of an earlier one; return its id."""
    (item_id,) = await record(store, item(number, source=source), source=source)
    its = Judged(item_id, verdict(Reason.DUPLICATE), [], twin=first)
    assert await store.ledger.record_verdicts([its], at=NOW)
    return item_id


async def retold(
    store: Store, first: int, number: int, source: str, reason: Reason = Reason.GOOD
) -> int:
    """Record another text on the event of an earlier item; return its id."""
    (item_id,) = await record(store, item(number, source=source), source=source)
    its = Judged(item_id, verdict(reason), [], stories=[(first, 0.5)])
    assert await store.ledger.record_verdicts([its], at=NOW)
    return item_id


async def post_of(store: Store, item_id: int) -> Post:
    """Return the only post of an item."""
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    (post,) = entry.posts
    return post
