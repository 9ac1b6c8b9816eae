"""Phrases as tables of expressions, one a line."""

from __future__ import annotations

import re


def _alternatives(phrases: str) -> str:
    """Return an expression for one of ``phrases``, one a line; indented lines go on."""
    lines = re.sub(r"\n {8,}", "", phrases).split("\n")
    return "|".join(line.strip() for line in lines if line.strip())


def starting(phrases: str) -> re.Pattern[str]:
    """Return what finds one of ``phrases`` at the beginning of a line."""
    return re.compile(rf"[\W_]*(?:{_alternatives(phrases)})", re.IGNORECASE)


def whole(phrases: str) -> re.Pattern[str]:
    """Return what finds lines that are one of ``phrases``, numbers behind it aside."""
    return re.compile(rf"[\W_]*(?:{_alternatives(phrases)})[\W\d_]*", re.IGNORECASE)
