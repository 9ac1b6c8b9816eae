"""Whether a text is another one again: shortened, lengthened or under a new headline.

What looks alike and is not: the weather, exchange rates, results and bulletins that
come in the same words every day. There the numbers and names change places.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from bot.kinship.sketch import FEWEST_PHRASES, PHRASE
from bot.kinship.words import Kind, Words

LIKE = 0.5
"""Phrases that a reprint shares, of all phrases of the two texts."""

LIKE_SHORTENED = 0.3
"""The same for a reprint that is shorter than what it was taken from."""

CONTAINED_SHORTENED = 0.6
"""Phrases that it shares, of its own ones."""

CONTAINED = 0.8
"""Phrases that the shorter text shares, of its own ones, where the longer one is much longer."""

LIKE_AT_ONE_SOURCE = 0.8
"""Who has told it already tells something new in nearly the same words."""

_BEGINNING = 1.5
"""Of a text that goes on from a shorter one, this many times its length is compared with it."""

_MOST_EXCHANGED = 0.1
"""Of all numbers and names; a longer text may have one corrected."""

_COMPARED = 600
_SHORT = 3

Phrases = set[tuple[str, ...]]


def is_reprint(older: Words, newer: Words, *, one_source: bool) -> bool:
    """Tell whether ``newer`` says nothing that ``older`` has not said, in its words.

    Args:
        older: the text that came first.
        newer: the text in question.
        one_source: whether both come from the same source.
    """
    old, new = _phrases(older), _phrases(newer)
    if min(len(old), len(new)) < FEWEST_PHRASES:
        return False
    alike = _share(old, new)
    if one_source:
        return alike >= LIKE_AT_ONE_SOURCE and _exchanged(older, newer) == 0
    if alike < LIKE and not _is_part(old, new) and not _goes_on(older, newer):
        return False
    return _exchanged(older, newer) <= _MOST_EXCHANGED


def _is_part(old: Phrases, new: Phrases) -> bool:
    """Tell whether the newer text is the older one shortened."""
    kept = len(old & new) / len(new)
    if len(new) > len(old) or kept < CONTAINED_SHORTENED:
        return False
    return kept >= CONTAINED or _share(old, new) >= LIKE_SHORTENED


def _goes_on(older: Words, newer: Words) -> bool:
    """Tell whether the newer text begins like the older one, of which it holds almost all."""
    old, new = _phrases(older), _phrases(newer)
    beginning = _phrases(newer, int(len(older) * _BEGINNING))
    return len(old & new) >= CONTAINED * len(old) and _share(old, beginning) >= LIKE


def _exchanged(one: Words, other: Words) -> float:
    """Return the share of numbers and names in whose place the other text has others."""
    matcher = SequenceMatcher(
        None, one.lemmas[:_COMPARED], other.lemmas[:_COMPARED], autojunk=False
    )
    exchanged = sum(
        _disagree(one, slice(i, i_end), other, slice(j, j_end))
        for change, i, i_end, j, j_end in matcher.get_opcodes()
        if change == "replace"
    )
    telling = min(sum(kind is not Kind.PLAIN for kind in words.kinds) for words in (one, other))
    return exchanged / max(telling, 1)


def _disagree(one: Words, here: slice, other: Words, there: slice) -> bool:
    """Tell whether both passages have numbers, or short ones names, and share none of them."""
    numbers = _of_kind(one, here, Kind.NUMBER), _of_kind(other, there, Kind.NUMBER)
    if all(numbers) and numbers[0].isdisjoint(numbers[1]):
        return True
    if here.stop - here.start > _SHORT or there.stop - there.start > _SHORT:
        return False
    names = _of_kind(one, here, Kind.NAME), _of_kind(other, there, Kind.NAME)
    return all(names) and names[0].isdisjoint(names[1])


def _of_kind(words: Words, place: slice, kind: Kind) -> set[str]:
    there = zip(words.lemmas[place], words.kinds[place], strict=True)
    return {lemma for lemma, its in there if its is kind}


def _phrases(words: Words, count: int | None = None) -> Phrases:
    lemmas = words.lemmas[:count]
    return {tuple(lemmas[i : i + PHRASE]) for i in range(len(lemmas) - PHRASE + 1)}


def _share(one: Phrases, other: Phrases) -> float:
    return len(one & other) / max(len(one | other), 1)
