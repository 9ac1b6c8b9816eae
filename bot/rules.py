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
_IN_A_WORD = re.compile(r"\w\*|\*\w")
_CLEANER = Cleaner(markup=False, look_alikes=True, lemmas=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in a text; punctuation between them does not count.

    Attributes:
        words: in lower case, without ё.
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
    if written.count(STAR) > 1:
        raise CommandError(_("A phrase takes one * at most."))
    if _IN_A_WORD.search(written):
        told = _("The * stands between words, for up to {most} of them, not for parts of a word.")
        raise CommandError(told.format(most=MOST_SKIPPED))
    parts = [tuple(words_of(part)) for part in written.split(STAR)]
    if not any(parts):
        raise CommandError(_("There are no words in this phrase."))
    if not all(parts):
        raise CommandError(_("The * needs words on both sides."))
    return parts
