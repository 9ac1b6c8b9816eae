"""How a post opens: its headline is its first line, or the first sentence of a long one."""

from __future__ import annotations

import re
import unicodedata

_FEWEST_WORDS = 3
_SHORTEST = 15
_LONGEST = 200
# A line up to this length is taken whole, however many sentences it has.
_ONE_LINE = 120

# An abbreviation ("в г.", "им. А. С.") has few letters before its stop, or a small one behind it.
_SENTENCE_END = re.compile(
    r"""(?:(?:(?<=\w\w\w)|(?<=[»"')\]]))\.|[!?…])[»"')\]]*\s+(?=[^\sа-яёa-z])"""
)
_LABELS = re.compile(r"(?:[#@][\w.]+[\s,|]*)+")
_ENDED = (".", "!", "?", "…", ":", ",", ";", "—", "–", "-")
_SEPARATORS = "|—–-•·*_~=<>/\\"
# Emoji and other symbols, what modifies or joins them, what is private or not yet assigned.
_SYMBOLS = ("So", "Sk", "Sm", "Mn", "Me", "Cf", "Co", "Cn")


def split_headline(text: str) -> tuple[str, str]:
    """Return the headline of ``text`` and the rest of it.

    The headline is its first line, or the first sentence of a long one; a greeting or a label
    alone ("Срочно!") takes what follows along. Signs and emoji around it are no part of it,
    nor are lines of hashtags before it, which stay in the rest. It is empty if the text
    opens with nothing of such a length: then the rest is the whole text.

    Args:
        text: plain, one paragraph a line.
    """
    lines = text.split("\n")
    labels = 0
    while labels < len(lines) and _is_label(lines[labels]):
        labels += 1
    headline, rest = "", lines[labels:]
    while rest and len(headline) <= _LONGEST:
        opening, left = _opening(rest[0])
        headline = _joined(headline, _undecorated(opening))
        rest = [left, *rest[1:]] if left else rest[1:]
        if _is_headline(headline):
            return headline, "\n".join(lines[:labels] + rest)
    return "", text


def _opening(line: str) -> tuple[str, str]:
    """Return what of ``line`` may be a headline, and what is left of it."""
    end = _SENTENCE_END.search(line, 0, _LONGEST + 1) if len(line) > _ONE_LINE else None
    return (line[: end.end()].rstrip(), line[end.end() :]) if end else (line, "")


def _joined(beginning: str, more: str) -> str:
    if not (beginning and more):
        return beginning or more
    return f"{beginning}{' ' if beginning.endswith(_ENDED) else '. '}{more}"


def _is_headline(words: str) -> bool:
    return _SHORTEST <= len(words) <= _LONGEST and len(words.split()) >= _FEWEST_WORDS


def _is_label(line: str) -> bool:
    """Say whether ``line`` has nothing but hashtags, mentions, emoji and rules."""
    words = _undecorated(line)
    return bool(_LABELS.fullmatch(words)) or not any(map(str.isalnum, words))


def _undecorated(line: str) -> str:
    """Return ``line`` without the signs and emoji before its first word and behind its last."""
    start, end = 0, len(line)
    while start < end and _is_decoration(line[start]):
        start += 1
    while start < end and _is_decoration(line[end - 1]):
        end -= 1
    return line[start:end]


def _is_decoration(sign: str) -> bool:
    return sign.isspace() or sign in _SEPARATORS or unicodedata.category(sign) in _SYMBOLS
