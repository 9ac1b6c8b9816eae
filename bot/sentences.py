"""Where the sentences of a text end: Russian above all. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STOP = re.compile(r"""[.!?…][»"')\]]*(?=\s+[^\sа-яёa-z]|\s*$)""")
"""What ends a sentence, unless it is a full stop behind an abbreviation."""

# What such words shorten goes on with a name or a number: "проф. Иванов", "корп. 2". Those that
# are as often the last word of a sentence ("5 руб.") are left out, and so are those that are words
# themselves ("след", "муж").
_SHORTENED = """
    авг авт адм акад англ апр архиеп блж бул бульв вмч вост греч дек деп дер доб докт долл доц
    зав зам зап изд инж каб канд корп корр лат лейт митр мкр мкрн млн млрд моб наб напр
    нач нояб обл окр окт пер подп пом пос преп прим прот прп просп проф ред реж респ сент
    свящ соч стр табл тел техн тыс урожд февр франц шос юж янв mrs prof
"""
_ABBREVIATION = re.compile(rf"(?<!\w)(?:{'|'.join(_SHORTENED.split())})$", re.IGNORECASE)

# Shorter words are abbreviations ("в г.", "т. е.", "им. А. С."), but for units, and figures that
# do not number a line.
_UNIT = r"(?:\d|кв\.|куб\.)\s?(?:га|кг|км|л|м|мг|мл|мм|см|т)"
_LAST_WORD = re.compile(rf"""(?:\w{{3}}|[»"')\]%°₽€$]|[^\s\d] ?\d{{1,2}}|{_UNIT})$""")

_LONGEST = 40
"""Letters before a full stop that are looked at."""


def sentence_ends(text: str) -> Iterator[int]:
    """Yield where sentences end in ``text``, behind their last marks, in order."""
    for stop in _STOP.finditer(text):
        begin = max(stop.start() - _LONGEST, 0)
        if text[stop.start()] != "." or _is_whole(text[begin : stop.start()]):
            yield stop.end()


def _is_whole(before: str) -> bool:
    """Say whether what stands before a full stop is not cut short by it."""
    return bool(_LAST_WORD.search(before)) and not _ABBREVIATION.search(before)
