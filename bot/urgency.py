"""Which of several waiting posts goes out first. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrapers import names_day_alone

_HOUR = 3600
_DAY = timedelta(days=1)


def urgency(moment: datetime, score: float) -> float:
    """Return how urgent a post is: of two, the one with the higher number goes out first.

    News of a later hour goes before news of an earlier one; within an hour the better score does.

    Args:
        moment: when the item was published or, if its page does not say so or says the future,
            first seen; when it was asked for, if an operator did.
        score: the probability that it is bad, 0…1; 0 if an operator asked for it.
    """
    return moment.timestamp() // _HOUR + (1 - score)


def published_at(published: datetime | None, seen_at: datetime) -> datetime:
    """Return how fresh an item is: what its page says, unless that is the future.

    Where the page tells the day alone it is the end of that day, or when the item was first
    seen if that is earlier: nothing is held for older than it need be.
    """
    if published is None or published >= seen_at:
        return seen_at
    return min(published + _DAY, seen_at) if names_day_alone(published) else published
