"""How long something is left alone after a failure. Pure."""

from __future__ import annotations

from datetime import timedelta

from bot.errors import ChannelClosed, NotSent, PostError, Uncertain

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=5)
"""The pause after failures in a row doubles from the one to the other."""

CLOSED = timedelta(minutes=5)
"""How soon a channel that does not let the bot in is tried again."""

LONGEST_ASKED = timedelta(days=1)
"""No server may ask for a longer pause."""


def pause_after(error: PostError, failures: int) -> timedelta:
    """Return how long to leave alone what failed: as asked for, else longer each time.

    ``failures`` is how often it has failed before, in a row.
    """
    if isinstance(error, NotSent) and error.retry_after is not None:
        return timedelta(seconds=min(error.retry_after, LONGEST_ASKED.total_seconds()))
    if isinstance(error, ChannelClosed):
        return CLOSED
    return min(FIRST * (1 << min(failures, 16)), LONGEST)


def channel_pause(error: PostError, failures: int) -> timedelta:
    """Return how long to leave a whole channel alone after ``failures`` others in a row.

    One answer that got lost says nothing about the next; several would leave one post after
    the other in doubt.
    """
    if isinstance(error, Uncertain):
        return pause_after(error, failures - 1) if failures else timedelta()
    return pause_after(error, failures)
