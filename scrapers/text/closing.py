"""What blog engines append to a text in a feed: a way to the whole of it, or its origin."""

from __future__ import annotations

import re

_LONGEST = 1000
"""So many characters before the end are looked at."""

_MOST = 3
"""So many are dropped, one behind the other."""

_INVITATION = r"(?:Читать (?:далее|дальше|полностью)|Подробнее|Continue reading|Read more)"
_TITLE = r"(?:[^\S\n]*[«\"“][^\n]*[»\"”])?"
_END = r"[\s.…:→⇒»›>\])]*\Z"
_BEHIND_A_SENTENCE = r"(?:^|(?<=[.!?…»\"”\])]\s))"
_CLOSINGS = (
    # On a line of its own, behind the last sentence, or as a link in the middle of it.
    re.compile(rf"^\W*{_INVITATION}{_TITLE}{_END}", re.IGNORECASE | re.MULTILINE),
    re.compile(rf"{_BEHIND_A_SENTENCE}[\[(]?{_INVITATION}{_TITLE}{_END}"),
    re.compile(rf"(?<=\s)Читать (?:далее|дальше|полностью){_TITLE}{_END}"),
    # WordPress names the post and the site. In a sentence of the news a small letter follows.
    re.compile(
        rf"{_BEHIND_A_SENTENCE}(?:The post [^\n]+ appeared first on"
        r"|Запись [^\n]+ впервые появилась|Сообщение [^\n]+ появились сначала на)"
        r" [^\sа-яё][^\n]*\Z",
        re.MULTILINE,
    ),
)
_WORDS = ("читать", "подробнее", "continue", "read", "the post", "запись", "сообщение")
"""Each of them has one of these; to look for them is much quicker."""


def without_closing(text: str) -> str:
    """Return plain text without the invitations and origins that close it."""
    for _ in range(_MOST):
        text = _shortened(text)
    return text


def _shortened(text: str) -> str:
    start = max(len(text) - _LONGEST, 0)
    ending = text[start:].lower()
    if not any(word in ending for word in _WORDS):
        return text
    for closing in _CLOSINGS:
        if found := closing.search(text, start):
            return text[: found.start()].rstrip()
    return text
