"""How texts become numbers for a classical model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from classifier.training.compare.candidate import Part


@dataclass(frozen=True, slots=True)
class Reader:
    """Features that know their texts.

    Attributes:
        read: texts → one row of numbers each, an array or a sparse matrix.
        size: bytes of what is needed for that.
        notes: what a reader of the figures must know.
    """

    read: Callable[[Part], Any]
    size: int
    notes: tuple[str, ...] = ()


class Features(Protocol):
    """How texts become numbers."""

    @property
    def key(self) -> str:
        """A short word to choose them by."""

    @property
    def name(self) -> str:
        """What they are, for people."""

    def load(self) -> None:
        """Import what they need.

        Raises:
            ModelError: if that is not there, naming the extra that brings it.
        """

    def learn(self, part: Part) -> Reader:
        """Return them, fitted to the texts of ``part`` if there is anything to fit."""
