"""Going through texts one by one: which comes next, what was decided, what is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.model import Truth


class Decision(str, Enum):
    """What a person says of a text."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"

    @property
    def truth(self) -> Truth | None:
        """The label it gives; None for a text that was skipped."""
        return {Decision.GOOD: Truth.GOOD, Decision.BAD: Truth.BAD}.get(self)


@dataclass(frozen=True, slots=True)
class Step:
    """One key that counted: a decision on a text, or the newest one taken back.

    Attributes:
        key: tells the text from all others.
        decision: None: the one on this text is taken back.
    """

    key: str
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be labelled.

    Attributes:
        key: tells it from all others.
        label: the one it came with, if any.
        score: how bad the model thinks it is, 0…1.
    """

    key: str
    title: str
    text: str
    label: Truth | None
    score: float


class Review:
    """A pass through texts, the most uncertain first.

    Attributes:
        candidates: in the order in which they are shown.
    """

    def __init__(
        self, candidates: Iterable[Candidate], threshold: float, steps: Iterable[Step] = ()
    ) -> None:
        """Go on where ``steps`` ended; those on texts that are gone do not count."""
        self.candidates: Sequence[Candidate] = sorted(
            candidates, key=lambda candidate: abs(candidate.score - threshold)
        )
        self._known = {candidate.key for candidate in self.candidates}
        self._decisions: dict[str, Decision] = {}
        for step in steps:
            self.take(step)

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """What stands, by key, in the order in which it was decided."""
        return self._decisions

    @property
    def next(self) -> Candidate | None:
        """The most uncertain text without a decision; None: that is all."""
        return next((one for one in self.candidates if one.key not in self._decisions), None)

    def undo(self) -> Step | None:
        """Return the step that takes back the newest decision; None if there is none."""
        newest = next(reversed(self._decisions), None)
        return None if newest is None else Step(newest, None)

    def take(self, step: Step) -> None:
        """Let ``step`` count."""
        self._decisions.pop(step.key, None)
        if step.decision is not None and step.key in self._known:
            self._decisions[step.key] = step.decision
