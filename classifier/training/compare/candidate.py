"""What takes part in a comparison: anything that learns from labelled texts and then scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy.typing as npt

from classifier.training.report import Numbers

Places = npt.NDArray[Any]
"""Whole numbers that tell rows."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of the file.

    Attributes:
        texts: title and text as one, as they are scored.
        places: which row of the file each is, counted from 0.
    """

    texts: tuple[str, ...]
    places: Places


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a candidate learns from.

    Attributes:
        part: the texts, each as often as the file has it.
        labels: of each text, 1 bad.
        order: the texts to learn from, by their place in ``part``; a rare one several times.
        weights: how much each of ``order`` counts.
        seed: of whatever is left to chance.
    """

    part: Part
    labels: Numbers
    order: Places
    weights: Numbers
    seed: int


@dataclass(frozen=True, slots=True)
class Scorer:
    """A fitted candidate.

    Attributes:
        score: how likely each text is bad, 0 to 1.
        size: bytes it takes where it is to run, its vocabulary among them.
        notes: what a reader of its figures must know.
    """

    score: Callable[[Part], Numbers]
    size: int
    notes: tuple[str, ...] = ()


class Candidate(Protocol):
    """Anything that learns from labelled texts and then scores."""

    @property
    def key(self) -> str:
        """A short word to choose it by; what it has in common with others stands first."""

    @property
    def name(self) -> str:
        """What it is, for people."""

    def load(self) -> None:
        """Import what it needs, so that this is not counted as fitting.

        Raises:
            ModelError: if that is not there, naming the extra that brings it.
        """

    def fit(self, lesson: Lesson) -> Scorer:
        """Learn from ``lesson``; the same lesson gives the same scorer.

        Raises:
            ModelError: if nothing can be learned from it.
        """
