"""Text that was encoded twice: utf-8 taken for another encoding, and that made utf-8 again.

Of a Cyrillic letter each of the two bytes has become a character: "РњРѕСЃС‚" or "ÐœÐ¾ÑÑ‚"
for "Мост".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SAMPLE = 20_000
_FEWEST = 10
_LETTER = re.compile("[А-Яа-яЁё]")


def undoubled(text: str) -> str:
    """Return ``text`` with what was encoded twice put right, if most of its letters were."""
    for mistake in _MISTAKES:
        if mistake.is_in(text[:_SAMPLE]):
            return mistake.run.sub(mistake.mended, text)
    return text


@dataclass(frozen=True, slots=True)
class _Mistake:
    """What utf-8 was taken for: a one-byte encoding, or such as are mixed up with it.

    Attributes:
        leads: what the first bytes of Cyrillic letters have become.
        pair: such a one and what a second byte may have become.
        run: what has come of bytes above ASCII.
        table: by character, the one whose number is the byte it has come of.
    """

    leads: str
    pair: re.Pattern[str]
    run: re.Pattern[str]
    table: dict[int, int]

    def is_in(self, sample: str) -> bool:
        # The quick look first: nearly all texts are passed by here.
        suspects = sum(map(sample.count, self.leads))
        if suspects < _FEWEST or suspects < 2 * sample.count("о"):
            return False
        letters = sum(letter not in self.leads for letter in _LETTER.findall(sample))
        return len(self.pair.findall(sample)) > max(letters, suspects // 2)

    def mended(self, found: re.Match[str]) -> str:
        try:
            return found[0].translate(self.table).encode("latin-1").decode("utf-8")
        except UnicodeError:
            return found[0]


def _mistake(encoding: str, *others: str) -> _Mistake:
    # What an encoding does not define comes out as a control character.
    became = [
        {bytes([byte]).decode(name, "ignore") or chr(byte) for name in (encoding, *others)}
        for byte in range(0x80, 0x100)
    ]
    leads = "".join(became[0xD0 - 0x80] | became[0xD1 - 0x80])
    second, any_of_them = (re.escape("".join(set().union(*p))) for p in (became[:0x40], became))
    return _Mistake(
        leads=leads,
        pair=re.compile(f"[{leads}][{second}]"),
        run=re.compile(f"[{any_of_them}]+"),
        table={ord(c): byte for byte, those in enumerate(became, start=0x80) for c in those},
    )


_MISTAKES = (_mistake("cp1251"), _mistake("cp1252", "latin-1"))
