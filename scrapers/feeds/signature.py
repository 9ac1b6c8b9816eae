"""What a channel writes under each of its posts: its name, an invitation, where to send news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

_FEWEST = 4
_MOST_LINES = 4


def without_signatures(texts: Sequence[str]) -> list[str]:
    """Return ``texts`` without the last lines that most of them share.

    Fewer than four texts say nothing about what they have in common. A text of one line keeps it.

    Args:
        texts: of one source, plain, one paragraph a line.
    """
    paragraphs = [text.split("\n") for text in texts]
    for _ in range(_MOST_LINES):
        shared = _shared_ending(paragraphs)
        for lines in paragraphs:
            if lines[-1] == shared and len(lines) > 1:
                lines.pop()
    return ["\n".join(lines) for lines in paragraphs]


def _shared_ending(paragraphs: Sequence[Sequence[str]]) -> str | None:
    """Return the last line of at least half of them, if they are enough to tell."""
    endings = Counter(lines[-1] for lines in paragraphs if len(lines) > 1)
    for ending, count in endings.most_common(1):
        if count >= _FEWEST and 2 * count >= len(paragraphs):
            return ending
    return None
