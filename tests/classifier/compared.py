"""Labelled texts for comparisons, and candidates that need no framework."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from classifier.errors import ModelError
from classifier.training.compare.candidate import Lesson, Part, Scorer
from classifier.training.dataset import Row
from classifier.training.report import Numbers

_PLACES = ("Заозёрск", "Речной", "Ольховка", "Липки", "Северный")
_GOOD = ("открыли мост через реку", "починили старую школу", "посадили сосновый лес")
_BAD = ("скидки на мягкие диваны", "кредит без справок", "гороскоп для рыб")


def rows() -> list[Row]:
    """Sixty good texts and thirty bad ones of three kinds, no two of them alike."""
    found = []
    for i in range(20):
        place = f"{_PLACES[i % 5]}-{i}"
        found += [Row(f"{place} {what} {i * 7} числа", 0, "news") for what in _GOOD]
        if i % 2:
            found.append(Row(f"{place} {_BAD[0]} {i * 7} рублей", 1, "ad"))
            found.append(Row(f"{place} {_BAD[1]} {i * 3} минут", 1, "ad"))
            found.append(Row(f"{place} {_BAD[2]} {i} дней", 1, "news"))
    return found


@dataclass(slots=True)
class WordSpotter:
    """Calls bad what holds one of some words; keeps the lessons it was given."""

    words: tuple[str, ...] = ("скидки", "кредит")
    key: str = "spotter-plain"
    name: str = "word spotter"
    notes: tuple[str, ...] = ()
    lessons: list[Lesson] = field(default_factory=list)

    def load(self) -> None:
        """Need nothing."""

    def fit(self, lesson: Lesson) -> Scorer:
        """Learn nothing."""
        self.lessons.append(lesson)
        return Scorer(self._score, 1234, self.notes)

    def _score(self, part: Part) -> Numbers:
        return np.array([0.9 if self._spots(text) else 0.1 for text in part.texts])

    def _spots(self, text: str) -> bool:
        return any(word in text for word in self.words)


@dataclass(frozen=True, slots=True)
class Absent:
    """A candidate whose extra is not installed."""

    key: str = "absent"
    name: str = "absent model"

    def load(self) -> None:
        """Fail."""
        raise ModelError("needs newsieve[encoder]")

    def fit(self, lesson: Lesson) -> Scorer:
        """Never get here."""
        raise AssertionError(lesson)
