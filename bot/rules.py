"""Phrase rules: an operator's word on all texts that hold a phrase. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import CommandError
from bot.language import gettext as _
from bot.model import Decision
from classifier.text import Cleaner

STAR = "*"
MOST_SKIPPED = 3
"""How many words the star of a phrase may stand for, at most; it may also stand for none."""

MOST_WORDS = 10
MOST_LETTERS = 200

_EXACT = re.compile(r'\s*(?:=|")')
LEAST_STEM = 3
"""So many letters stand before a star that ends a word, at least."""

_AROUND = "«»„“”\"'’=(),.;:!?"
_CLEANER = Cleaner(markup=False, look_alikes=True, lemmas=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in a text; punctuation between them does not count.

    Attributes:
        words: in lower case, without ё; one that ends in a star stands for all that begin so.
        exact: they stand there in these very forms; otherwise in any.
        gap: how many of them come before the star, which stands for up to MOST_SKIPPED words;
            None: there is no star.
    """

    words: tuple[str, ...]
    exact: bool = False
    gap: int | None = None

    @classmethod
    def parse(cls, written: str, *, exact: bool | None = None) -> Phrase:
        """Return the phrase that an operator has written.

        Args:
            written: words, perhaps in quotation marks.
            exact: None: it is if it opens with a straight quotation mark or with ``=``.

        Raises:
            CommandError: if it is too long or has no words, or no place for its star.
        """
        before, *behind = _parts(written)
        words = (*before, *(word for part in behind for word in part))
        if len(words) > MOST_WORDS:
            raise CommandError(_("At most {most} words make a phrase.").format(most=MOST_WORDS))
        is_exact = _EXACT.match(written) is not None if exact is None else exact
        return cls(words, is_exact, len(before) if behind else None)

    @property
    def text(self) -> str:
        """The phrase without quotation marks; ``parse`` reads it."""
        if self.gap is None:
            return " ".join(self.words)
        return " ".join((*self.words[: self.gap], STAR, *self.words[self.gap :]))

    def __str__(self) -> str:
        return f'"{self.text}"' if self.exact else f"«{self.text}»"


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """What is decided on an item whose text holds a phrase.

    Attributes:
        decision: accept or reject.
    """

    id: int
    phrase: Phrase
    decision: Decision

    def __str__(self) -> str:
        return f"{self.id} {self.phrase}"


def words_of(text: str) -> Iterator[str]:
    """Yield the words of ``text`` as phrases have them."""
    return _CLEANER.words(text)


def _parts(written: str) -> list[tuple[str, ...]]:
    """Return the words before the star and those behind it."""
    if len(written) > MOST_LETTERS:
        raise CommandError(_("At most {most} letters make a phrase.").format(most=MOST_LETTERS))
    parts: list[tuple[str, ...]] = [()]
    for piece in written.split():
        if piece.strip(_AROUND) == STAR:
            parts.append(())
        else:
            parts[-1] += _words_in(piece)
    if len(parts) > 2:
        raise CommandError(_("A phrase takes one * between its words at most."))
    if not any(parts):
        raise CommandError(_("There are no words in this phrase."))
    if not all(parts):
        raise CommandError(_("The * needs words on both sides."))
    return parts


def _words_in(piece: str) -> tuple[str, ...]:
    """Return the words of what stands between two spaces; a stem keeps its star."""
    if STAR not in piece:
        return tuple(words_of(piece))
    before, _star, behind = piece.strip(_AROUND).partition(STAR)
    words = tuple(words_of(before))
    if behind or not words or len(words[-1]) < LEAST_STEM:
        told = _(
            "The * stands between words, for up to {most} of them, or ends a stem of at least "
            "{least} letters, like погиб*. It does not stand for other parts of a word."
        )
        raise CommandError(told.format(most=MOST_SKIPPED, least=LEAST_STEM))
    return (*words[:-1], words[-1] + STAR)
