"""How long a post waits after a failure."""

from __future__ import annotations

from datetime import timedelta

from bot.errors import ChannelClosed, NotSent, PostError
from bot.model import Post

FIRST = timedelta(seconds=2)
LONGEST = timedelta(hours=1)
"""The pause after failures in a row doubles from the one to the other."""

CLOSED = timedelta(minutes=5)
"""How soon a channel that does not let the bot in is tried again."""


def pause_after(error: PostError, post: Post) -> timedelta:
    """Return how long to leave ``post`` alone: as asked for, else longer after each failure."""
    if isinstance(error, NotSent) and error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    doubled = min(FIRST * (1 << min(post.attempts, 16)), LONGEST)
    return max(doubled, CLOSED) if isinstance(error, ChannelClosed) else doubled
