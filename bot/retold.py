"""What was recorded in English, told in the language that is spoken.

Verdicts, trainings and posts keep a line of why they are as they are, and settings and models
that cannot be used are refused with one. It is written where nobody knows who will read it: in
the log, on the command line, in chat.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import reduce

from bot.language import gettext, gettext_noop, ngettext
from bot.models_refused import VALUES
from bot.recorded import ALL


def retold(recorded: str) -> str:
    """Return a recorded line in the language that is spoken; what is not known stays English."""
    if recorded.count(": ") > _MOST_NAMES:
        return recorded
    counted = _WORDS.fullmatch(recorded)
    if counted is not None:
        count = int(counted.group(1))
        return ngettext("{count} word", "{count} words", count).format(count=count)
    return _retold_by(_LINES, recorded)


def all_retold(recorded: Sequence[str]) -> str:
    """Return recorded lines, of which there is at least one, as one sentence."""
    return reduce(
        lambda told, more: gettext(_AND).format(reason=told, more=more), map(retold, recorded)
    )


def _retold_by(known: Iterable[tuple[str, re.Pattern[str]]], recorded: str) -> str:
    for message, pattern in known:
        match = pattern.fullmatch(recorded)
        if match is not None:
            told = {name: _part(name, found) for name, found in match.groupdict().items()}
            return gettext(message).format(**told)
    return recorded


def _part(name: str, found: str) -> str:
    if name in _LINES_WITHIN:
        return retold(found)
    return _retold_by(_VALUES, found) if name in _VALUES_WITHIN else found


def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", message)
    return re.compile(
        "".join(_group(part) if n % 2 else re.escape(part) for n, part in enumerate(parts))
    )


def _group(name: str) -> str:
    return f"(?P<{name}>{_SHAPES.get(name, '[-+.,%0-9]+')})"


def _patterns(messages: Iterable[str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((message, _pattern(message)) for message in messages)


_MOST_NAMES = 30
"""A line in which more of them follow one another is none of ours."""

_AND = gettext_noop("{reason}; {more}")
_WORDS = re.compile("([0-9]+) words?")
_QUOTED = r"'(?:[^'\\]|\\.)*'" + r'|"(?:[^"\\]|\\.)*"'
# A line that opens with a name may have the key before it that is in trouble.
_NO_KEY = "(?:(?!: ).)+"
_LINES_WITHIN = frozenset(("reason", "words", "fault"))
_VALUES_WITHIN = frozenset(("expected", "found"))
_SHAPES = {
    **dict.fromkeys(("reason", "words", "wanted", "expected", "found"), ".+"),
    **dict.fromkeys(("fault", "file", "path", "value"), _NO_KEY),
    **dict.fromkeys(("kind", "name"), _QUOTED),
    "address": r"https?://\S+",
    "choices": rf"(?:{_QUOTED})(?:, (?:{_QUOTED}))*",
    "key": r"\S.*?",
    "most": r"\S+",
    "phrase": '[«"].+[»"]',
    "tag": "[^<>]+",
}
_LINES = _patterns(ALL)
_VALUES = _patterns(VALUES)
