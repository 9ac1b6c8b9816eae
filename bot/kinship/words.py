"""The words of a text as they are compared: as lemmas, numbers and names told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from classifier.text import Cleaner
from classifier.text.lemmas import lemma

LONGEST = 40_000
"""Characters of a text that are compared; the longest articles have fewer."""

_CLEANER = Cleaner(look_alikes=True)
# 11:30, 98,66 and 12.000 are one number each, and А.С. is one word.
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|(?:[^\W\d_]\.){2,}[^\W\d_]?|[^\W_]+(?:-[^\W_]+)*")
# They tell one day's news from another's as numbers do.
_DAYS = """
вчера сегодня завтра послезавтра понедельник вторник среда четверг пятница суббота воскресенье
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
"""
_DATES = frozenset(_DAYS.split())
# A capital letter after these makes no name.
_OPENING = re.compile(r"(?:^|[.!?…:;\n•]|[«»\"“”„—–-])[\s«\"“„(]*$")
_LOOKED_BACK = 6


class Kind(Enum):
    """What a word is: numbers and names tell events apart that share all other words.

    Days and months are numbers, abbreviations are no names: who writes РФ means Россия.
    """

    PLAIN = 0
    NUMBER = 1
    NAME = 2


@dataclass(frozen=True, slots=True)
class Words:
    """A text, word by word.

    Attributes:
        lemmas: of all words in order, the title first.
        kinds: of each word.
        title: how many of them are the title's.
    """

    lemmas: tuple[str, ...]
    kinds: tuple[Kind, ...]
    title: int

    def __len__(self) -> int:
        return len(self.lemmas)


def read_words(title: str, text: str) -> Words:
    """Return the words of an item; of a very long text those of its first LONGEST characters."""
    head, body = _read(title), _read(text)
    lemmas, kinds = zip(*head, *body, strict=True) if head or body else ((), ())
    return Words(lemmas, kinds, len(head))


def _read(text: str) -> list[tuple[str, Kind]]:
    cleaned = _CLEANER.clean(text[:LONGEST])
    found = []
    for match in _WORD.finditer(cleaned):
        word = match[0]
        its = lemma(word.lower()).replace("ё", "е")
        if word[0].isdigit() or its in _DATES:
            kind = Kind.NUMBER
        elif word.istitle() and not _opens(cleaned, match.start()):
            kind = Kind.NAME
        else:
            kind = Kind.PLAIN
        found.append((its, kind))
    return found


def _opens(text: str, start: int) -> bool:
    before = text[max(start - _LOOKED_BACK, 0) : start]
    return start == 0 or _OPENING.search(before) is not None
