"""How the words that made a score are told. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.commands.scores import decimal
from bot.commands.texts import and_more, escape
from bot.language import gettext as _
from bot.render import one_line
from classifier.explain import Explanation, Push

MOST_WORDS = 8
WORD_LENGTH = 40
LEAST_PUSH = 0.005
"""What is written as 0.00 pushed nothing."""

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:-\d+)*")
_HIDDEN = re.compile(r"0[0-]*")


def push_lines(explanation: Explanation, text: str) -> list[str]:
    """Return lines of HTML: the words of ``text`` that pushed its score, and which way.

    Punctuation says nothing to who reads it: what it adds is told in one figure. Of a number, of
    which a model may know the length only, is told what stands in the text, if only one can be
    meant.
    """
    pushes = [push for push in explanation.by_word() if abs(push.value) >= LEAST_PUSH]
    words = [push for push in pushes if _LETTER_OR_DIGIT.search(push.word)]
    if not pushes:
        return [_("No word moves its score.")]
    up, down = [p for p in words if p.value > 0], [p for p in words if p.value < 0]
    lines = [_("Towards bad: {words}").format(words=_told(up, text))] if up else []
    lines += [_("Towards good: {words}").format(words=_told(down, text))] if down else []
    lines += _punctuation(sum(push.value for push in pushes if push not in words))
    if explanation.exact:
        lines.append(_("The figures are log-odds, and add up to the score."))
    else:
        lines.append(_("The figures are log-odds: what leaving the word out would take away."))
    return lines


def _told(pushes: Sequence[Push], text: str) -> str:
    numbers = set(_NUMBER.findall(text))
    told = ", ".join(
        f"{escape(one_line(_as_written(push.word, numbers), WORD_LENGTH))} {_signed(push.value)}"
        for push in pushes[:MOST_WORDS]
    )
    left_out = len(pushes) - MOST_WORDS
    return f"{told} {and_more(left_out)}" if left_out > 0 else told


def _punctuation(value: float) -> list[str]:
    if abs(value) < LEAST_PUSH:
        return []
    return [_("Punctuation: {value}").format(value=_signed(value))]


def _as_written(word: str, numbers: Iterable[str]) -> str:
    if not _HIDDEN.fullmatch(word):
        return word
    alike = [number for number in numbers if _DIGIT.sub("0", number) == word]
    return alike[0] if len(alike) == 1 else word


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + decimal(value)
