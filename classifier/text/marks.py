"""Combining marks: accents, stress marks and all else that stands on another character."""

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 30
"""Unicode's own limit for text that is safe to stream: no language needs so many on one letter,
and putting them in order takes time that grows with the square of their number."""

_PERHAPS_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{MOST_MARKS + 1},}}")


def without_heaps(text: str) -> str:
    """Return ``text`` without the marks that pile up on one letter: safe to normalize."""
    return _PERHAPS_MARKS.sub(_few, text)


def _few(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in run.group():
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
