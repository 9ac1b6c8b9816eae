"""How scores and thresholds are written in chat. Pure."""

from __future__ import annotations

from bot.language import spoken
from bot.model import Verdict

DIGITS = 2
MOST_DIGITS = 6


def score_of(verdict: Verdict) -> str:
    """Return a verdict's score, exact enough to see on which side of its threshold it lies."""
    return decimal(verdict.score, digits_between(verdict.score, verdict.threshold))


def digits_between(*values: float) -> int:
    """Return how many digits it takes for values that differ to look different."""
    different = set(values)
    for digits in range(DIGITS, MOST_DIGITS):
        if len({f"{value:.{digits}f}" for value in different}) == len(different):
            return digits
    return MOST_DIGITS


def decimal(value: float, digits: int = DIGITS) -> str:
    """Return a number with so many digits: "0.50", "0,50"."""
    return _as_spoken(f"{value:.{digits}f}")


def plain_decimal(value: float) -> str:
    """Return a number with as many digits as it has: "0.5", "0,5"."""
    return _as_spoken(f"{value:g}")


def _as_spoken(written: str) -> str:
    return written.replace(".", ",") if spoken() == "ru" else written
