"""What the log tells of a post."""

from __future__ import annotations

import logging

from bot.model import Post

logger = logging.getLogger(__name__)


def tell(level: int, action: str, post: Post, what: object) -> None:
    """Log that something has become of ``post``."""
    logger.log(
        level,
        "post %d of item %d in %s: %s",
        post.id,
        post.item_id,
        post.chat,
        what,
        extra={"action": action, "post": post.id, "item": post.item_id, "channel": post.chat},
    )
