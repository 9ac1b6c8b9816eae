"""What was recorded in English, told in the language that is spoken.

Verdicts, trainings and posts keep a line of why they are as they are. It is written where
nobody knows who will read it: in the log, on the command line, in chat.
"""

from __future__ import annotations

import re

from bot.language import gettext, ngettext
from bot.recorded import ALL


def retold(recorded: str) -> str:
    """Return a recorded line in the language that is spoken; what is not known stays English."""
    counted = _WORDS.fullmatch(recorded)
    if counted is not None:
        count = int(counted.group(1))
        return ngettext("{count} word", "{count} words", count).format(count=count)
    for message, pattern in _PATTERNS:
        match = pattern.fullmatch(recorded)
        if match is not None:
            told = {name: retold(found) for name, found in match.groupdict().items()}
            return gettext(message).format(**told)
    return recorded


def _pattern(message: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", message)
    return re.compile(
        "".join(_group(part) if n % 2 else re.escape(part) for n, part in enumerate(parts))
    )


def _group(name: str) -> str:
    return f"(?P<{name}>{_SHAPES.get(name, '[-+.,%0-9]+')})"


_WORDS = re.compile("([0-9]+) words?")
_SHAPES = {"reason": ".+", "address": r"https?://\S+", "words": ".+", "phrase": '[«"].+[»"]'}
_PATTERNS = tuple((message, _pattern(message)) for message in ALL)
