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

ENOUGH = 0.9
"""Of what was drawn, so much has an answer when the answers can be trusted."""

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
        drawn: how many of them were drawn.
        answered: how many drawn ones have a label.
        good: how many of those are good news.
        known_good: how many of all that were rejected operators have called good, drawn or not.
        known_bad: how many of them they have called bad.
    """

    rejected: int = 0
    drawn: int = 0
    answered: int = 0
    good: int = 0
    known_good: int = 0
    known_bad: int = 0

    @property
    def share(self) -> float | None:
        """The share of good news among them; None if nothing is answered."""
        return self.good / self.answered if self.answered else None

    @property
    def between(self) -> Between | None:
        """Between what that lies, in 95 % of such samples; None if nothing is answered."""
        return wilson(self.good, self.answered)

    @property
    def may_mislead(self) -> bool:
        """Whether so many drawn ones have no answer that those which have may be a choice."""
        return self.answered < ENOUGH * self.drawn

    @property
    def thrown_away(self) -> tuple[int, int] | None:
        """How much good news is rejected, at least and at most; None if nothing is answered.

        It is no less than operators have found of it, and no more than they have left.
        """
        ends = self.between
        if ends is None:
            return None
        least, most = self.known_good, self.rejected - self.known_bad
        low, high = (min(max(round(end * self.rejected), least), most) for end in ends)
        return low, high
