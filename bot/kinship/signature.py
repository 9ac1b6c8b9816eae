"""What is kept of each text to compare later ones with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.kinship.sketch import SIZE, Sketch, sketch
from bot.kinship.story import Terms, terms
from bot.kinship.words import Words

VERSION = 1
"""Rises when signatures are made otherwise: only those of one version can be compared."""

_TERM_BYTES = 5


@dataclass(frozen=True, eq=False, slots=True)
class Signature:
    """A text in a few hundred bytes.

    Attributes:
        sketch: finds texts with the same phrases; empty for a short text.
        terms: find texts with the same rare words.
    """

    sketch: Sketch
    terms: Terms

    def as_bytes(self) -> tuple[bytes, bytes]:
        """Return sketch and terms as they are stored."""
        words = self.terms
        return (
            self.sketch.astype("<u4").tobytes(),
            words.ids.astype("<u4").tobytes() + words.codes.tobytes(),
        )

    @classmethod
    def from_bytes(cls, sketch: bytes, terms: bytes) -> Signature:
        """Return the signature that was stored.

        Raises:
            ValueError: if these are no such bytes.
        """
        numbers = np.frombuffer(sketch, dtype="<u4").astype(np.uint32)
        if len(numbers) not in (0, SIZE) or len(terms) % _TERM_BYTES:
            raise ValueError("no signature of a text")
        count = len(terms) // _TERM_BYTES
        ids = np.frombuffer(terms, dtype="<u4", count=count).astype(np.uint32)
        return cls(numbers, Terms(ids, np.frombuffer(terms, np.uint8, offset=4 * count)))


def sign(words: Words) -> Signature:
    """Return the signature of a text."""
    return Signature(sketch(words.lemmas), terms(words))
