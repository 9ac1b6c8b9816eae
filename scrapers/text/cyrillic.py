"""Which one-byte encoding Cyrillic bytes are in.

These encodings differ only in which letter a byte stands for, so each is judged by how
Russian its letters look: how frequent they are in the language, and whether capitals
stand where capitals stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

ENCODINGS = ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic")
"""As Python names them, the more usual ones first."""

PLAUSIBLE = 15.0
"""Below this worth bytes are not Cyrillic at all."""

# Letters of Russian with about this many occurrences in a thousand.
_FREQUENCY = {
    letter: frequency
    for letters, frequency in (
        ("о", 110), ("еаи", 80), ("нтс", 62), ("рвл", 45), ("кмдпу", 30), ("яыьгзб", 17),
        ("чйхжшю", 10), ("цщэф", 4), ("ъё", 1),
    )
    for letter in letters
}  # fmt: skip
_OTHER_LETTERS = "іїєґўђѓѕјљњћќџ"
_QUOTES_AND_DASHES = "«»„“”’–—…№ \u00a0"
# A capital behind a small letter: the mark of koi8-r read as windows-1251.
_MISPLACED = 60
# How much better another encoding must look than the one that was named, for the sample as a
# whole: the longer the sample, the less a name counts. And no more than this per character.
_TRUST = 300.0
_MOST_TRUST = 12.0


def likeliest(sample: bytes, hints: Iterable[str] = ()) -> tuple[str, float]:
    """Return the encoding that ``sample`` is most likely in, and the mean worth of a character.

    The worth is about 50 for Russian words, and below `PLAUSIBLE` for noise.

    Args:
        sample: words of bytes above ASCII, parted by spaces.
        hints: encodings that were named, the most trusted first; others are passed over.
    """
    counts = Counter(sample)
    scores = {name: _score(sample, counts, name) for name in ENCODINGS}
    trust = min(_MOST_TRUST, _TRUST / max(1, len(sample)))
    for place, name in enumerate(hint for hint in hints if hint in scores):
        scores[name] += trust / (place + 1)
    best = max(scores, key=lambda name: scores[name])
    return best, scores[best]


def _score(sample: bytes, counts: Mapping[int, int], name: str) -> float:
    worths, cases = _table(name)
    worth = sum(count * worths[byte] for byte, count in counts.items())
    worth -= _MISPLACED * sample.translate(cases).count(b"aA")
    return worth / max(1, len(sample) - counts.get(32, 0))


@lru_cache(maxsize=len(ENCODINGS))
def _table(name: str) -> tuple[tuple[float, ...], bytes]:
    """Return of each byte its worth, and whether it is a capital (A) or a small letter (a)."""
    characters = bytes(range(256)).decode(name, "replace")
    cases = "".join("A" if c.isupper() else "a" if c.islower() else " " for c in characters)
    return tuple(map(_worth, characters)), cases.encode()


def _worth(character: str) -> float:
    letter = character.lower()
    if letter in _FREQUENCY:
        return _FREQUENCY[letter]
    if letter in _OTHER_LETTERS or character in _QUOTES_AND_DASHES:
        return 0
    return -50
