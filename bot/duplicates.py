"""Which items are the same piece of news under two addresses, and which of them stands for all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.model import Reason, RecordedItem
from scrapers import Item

_WORD = re.compile(r"[^\W_]+")


def fingerprint(item: Item) -> str:
    """Return a hash of the item's words: case, punctuation and spacing do not count.

    Two items with equal fingerprints are word for word the same text.
    """
    words = _WORD.findall(f"{item.title} {item.text}".lower().replace("ё", "е"))
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of an item that others may repeat.

    Attributes:
        first: id of the item whose text it repeats; its own id if it repeats none.
        reason: of the verdict on that first item; None before there is one.
    """

    first: int
    reason: Reason | None


def choose_twin(
    recorded: RecordedItem, alike: Iterable[int], standings: Mapping[int, Standing]
) -> int | None:
    """Return the id of the item that ``recorded`` repeats, or None.

    Args:
        recorded: an item.
        alike: ids of items with the same text, or nearly, that came before it.
        standings: of these.

    It is the first of them, whatever became of it: what was bad once is bad, and
    what was stale is no news in another place. Only where a source was new when
    it showed the text, that tells nothing but that the text is older than the
    source: an item that is dated is judged by its own age.
    """
    firsts = {
        standings[one].first
        for one in alike
        if standings[one].reason is not Reason.SEEDED or recorded.item.published is None
    }
    return min(firsts - {recorded.id}, default=None)


def standing_of(
    recorded: RecordedItem,
    reason: Reason,
    twin: int | None,
    standings: Mapping[int, Standing],
) -> Standing:
    """Return where an item stands once it is judged."""
    if reason is not Reason.DUPLICATE or twin is None:
        return Standing(recorded.id, reason)
    return Standing(twin, next(s.reason for s in standings.values() if s.first == twin))
