"""Which items readers see now, in the order in which they were posted, as the database finds it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, exists, not_, or_, select

from bot.model import PostState
from bot.store.schema import posts, verdicts


def seen_items(chat: str | None = None) -> Select[Any]:
    """Return the query for the ids of the items seen in ``chat``, the newest post first.

    None: in any channel; an item is there once, with its newest post. Whoever asks for a few
    reads no more posts than that: the order is one of an index.
    """
    query = (
        select(posts.c.item_id)
        .join(verdicts, verdicts.c.item_id == posts.c.item_id)
        .where(posts.c.state == PostState.SENT)
        .order_by(posts.c.sent_at.desc(), posts.c.item_id.desc())
    )
    if chat is not None:
        return query.where(posts.c.chat == chat)
    later = posts.alias("later")
    follows = or_(
        later.c.sent_at > posts.c.sent_at,
        and_(later.c.sent_at == posts.c.sent_at, later.c.id > posts.c.id),
    )
    same_item = (later.c.item_id == posts.c.item_id, later.c.state == PostState.SENT)
    return query.where(not_(exists().where(*same_item, follows)))
