"""Which items are the same piece of news under two addresses."""

from __future__ import annotations

import hashlib
import re

from scrapers import Item

_WORD = re.compile(r"[^\W_]+")


def fingerprint(item: Item) -> str:
    """Return a hash of the item's words: case, punctuation and spacing do not count.

    Two items with equal fingerprints are word for word the same text.
    """
    words = _WORD.findall(f"{item.title} {item.text}".lower().replace("ё", "е"))
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
