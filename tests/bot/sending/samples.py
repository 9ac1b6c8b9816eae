"""What the tests of sending have in common."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model import Post, PostState, Reason
from bot.sending import SenderOptions
from bot.store import Store
from tests.emulator import (
    Chat,
    bad_gateway,
    drop_after,
    drop_before,
    server_error,
    truncate,
)
from tests.store.samples import CHANNEL, NOW, item, post_of, record, verdict

OPTIONS = SenderOptions(per_minute=60_000, quarantine=timedelta(seconds=90))


UNCLEAR = {
    "dropped before the work": drop_before(),
    "dropped after the work": drop_after(),
    "500 without the work": server_error(),
    "500 after the work": server_error(done=True),
    "502 without the work": bad_gateway(),
    "502 after the work": bad_gateway(done=True),
    "half an answer": truncate(),
}


async def state_of(store: Store, post: Post) -> PostState:
    return (await post_of(store, post.item_id)).state


async def accepted(
    store: Store,
    number: int,
    *,
    score: float = 0.125,
    at: datetime = NOW,
    chats: tuple[str, ...] = (CHANNEL,),
    **fields: object,
) -> Post:
    """Let the pipeline accept an item; return its post in the first of the channels."""
    (item_id,) = await record(store, item(number, **fields))
    judgement = verdict(Reason.GOOD, score)
    assert await store.ledger.record_verdict(item_id, judgement, chats, at=at)
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    return entry.posts[0]


def titles(channel: Chat) -> list[str]:
    return [message.text.partition("\n")[0] for message in channel.visible]
