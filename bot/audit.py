"""The audit of rejections: a few, drawn at random, come before the operators. Pure.

What they say of those tells how much good news is among all that is thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from bot.model import Reason
from classifier.training.intervals import Between, wilson

AUDITED = frozenset({Reason.BAD, Reason.RULE, Reason.SHORT, Reason.LANGUAGE})
"""Reasons that speak of the text. What is told twice or too late may well be good news."""

_SEED = "audit"
_ALL = 2**64


def is_drawn(item_id: int, reason: Reason, share: float) -> bool:
    """Tell whether a rejection is drawn; ``share`` of them are, each by its id alone.

    So it is the same however often, and on whichever machine, it is asked.
    """
    if reason not in AUDITED:
        return False
    digest = sha256(f"{_SEED}:{item_id}".encode("ascii")).digest()
    return int.from_bytes(digest[:8], "big") < share * _ALL


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of the rejections that were drawn.

    Attributes:
        rejected: how many were rejected for what their text is, drawn or not.
        answered: how many drawn ones have a label.
        good: how many of those are good news.
    """

    rejected: int = 0
    answered: int = 0
    good: int = 0

    @property
    def share(self) -> float | None:
        """The share of good news among them; None if nothing is answered."""
        return self.good / self.answered if self.answered else None

    @property
    def between(self) -> Between | None:
        """Between what that lies, in 95 % of such samples; None if nothing is answered."""
        return wilson(self.good, self.answered)

    @property
    def thrown_away(self) -> tuple[int, int] | None:
        """How much good news is rejected, at least and at most; None if nothing is answered.

        What operators have found of it is counted, too.
        """
        ends = self.between
        if ends is None:
            return None
        low, high = (round(end * self.rejected) for end in ends)
        return max(low, self.good), high
