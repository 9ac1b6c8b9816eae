"""What somebody looks for in titles and texts. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import takewhile

from bot.errors import CommandError
from bot.language import gettext as _
from classifier.text.lemmas import forms_of

MOST_WORDS = 8
MOST_LETTERS = 200
# A shorter beginning is in too many other words.
_STEM = 4

_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"\s*[«\"“„](.+)[»\"”“]\s*", re.DOTALL)
# Any one character, for a database that compares with LIKE.
_ANY = "_"
_TWO_LETTERS = str.maketrans("еёЕЁ", _ANY * 4)


@dataclass(frozen=True, slots=True)
class Sought:
    """Words to be found in any form or as the beginning of others, or a phrase as it stands.

    Attributes:
        words: in lower case, without ё.
        phrase: the same words with what stands between them; None: they need not be together.
    """

    words: tuple[str, ...]
    phrase: str | None = None

    @classmethod
    def parse(cls, written: str) -> Sought:
        """Return what is looked for; in quotation marks it is a phrase.

        Raises:
            CommandError: if there are no words in it, or too many.
        """
        if len(written) > MOST_LETTERS:
            told = _("At most {most} letters can be looked for.")
            raise CommandError(told.format(most=MOST_LETTERS))
        quoted = _QUOTED.fullmatch(written)
        phrase = _plain(quoted.group(1)) if quoted else None
        words = tuple(dict.fromkeys(_WORD.findall(phrase or _plain(written))))
        if not words:
            raise CommandError(_("What shall I look for? Write it behind it: /find new bridge."))
        if len(words) > MOST_WORDS:
            raise CommandError(_("At most {most} words can be looked for.").format(most=MOST_WORDS))
        return cls(words, phrase)

    def patterns(self) -> list[list[str]]:
        """Return for each word patterns of LIKE: what has the word matches one of them.

        Other texts may match as well: no database folds the case of all letters, and the
        first one may be anything here. None of what was written can be a wildcard in them.
        """
        return [
            [pattern for part in sorted(self._parts(word)) for pattern in _patterns(part)]
            for word in self.words
        ]

    def finder(self) -> Callable[[str], bool]:
        """Return what tells whether a text has all that is looked for."""
        if self.phrase is not None:
            phrase = self.phrase
            return lambda text: phrase in _plain(text)
        wanted = [(word, _forms(word)) for word in self.words]

        def has_all(text: str) -> bool:
            there = set(_WORD.findall(_plain(text)))
            return all(_is_there(word, forms, there) for word, forms in wanted)

        return has_all

    def _parts(self, word: str) -> set[str]:
        """Return a few parts of words, one of which all forms of ``word`` have in them."""
        forms = {word} if self.phrase is not None else _forms(word)
        stem = _common_beginning(forms)
        if len(stem) >= _STEM:
            return {stem}
        return {
            form for form in forms if not any(other != form and other in form for other in forms)
        }


def _common_beginning(words: Iterable[str]) -> str:
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*words, strict=False))
    return "".join(letters[0] for letters in alike)


def _is_there(word: str, forms: set[str], there: set[str]) -> bool:
    return bool(forms & there) or any(one.startswith(word) for one in there)


def _forms(word: str) -> set[str]:
    return {word, *(_plain(form) for form in forms_of(word))}


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def _patterns(part: str) -> tuple[str, str]:
    inner = (_ANY + part[1:]).translate(_TWO_LETTERS)
    loud = part.upper().translate(_TWO_LETTERS)
    return f"%{inner}%", f"%{loud}%"
