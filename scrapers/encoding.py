"""Bytes to text: the bytes decide, what the header and the document say are hints.

Cyrillic pages come in utf-8, windows-1251, koi8-r and a few rarer ones, and are
often labelled as another of these. utf-8 shows itself by its structure. The
one-byte encodings differ only in which letter a byte stands for, so each is
judged by how Russian its letters look: how frequent they are in the language,
and whether capitals stand where capitals stand.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from itertools import pairwise

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5")
_OTHERS = (
    *("cp1250", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "mac-cyrillic"),
    *("iso8859-1", "iso8859-2", "iso8859-9", "iso8859-15", "big5", "gb2312", "gbk", "gb18030"),
    *("euc_jp", "shift_jis", "euc_kr", "utf-16", "utf-16-le", "utf-16-be"),
)
# As the WHATWG encoding standard has it: nobody means the control characters of latin-1.
_MEANT = {"iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}

_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_IN_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
# Only a <meta> speaks of the page: a <script charset> speaks of the script.
_IN_META = re.compile(rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 8192

_HIGH = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 60_000
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
# How much better another encoding must look than the one that was named, for the sample as a
# whole: the longer the sample, the less a name counts. And no more than this per character.
_TRUST = 300.0
_MOST_TRUST = 12.0
# Below this it is not Cyrillic at all.
_PLAUSIBLE = 15.0
# One broken character among this many whole ones is damage, not another encoding.
_DAMAGE = 20


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return ``body`` as text; bytes that fit no encoding become U+FFFD.

    ``content_type`` is the HTTP header, if there is one.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace")
    hints = _hints(body, content_type)
    if any(name.startswith("utf-16") for name in hints) and b"\0" in body[:200]:
        return body.decode(_wide(body), "replace")
    if _is_utf8(body):
        return body.decode("utf-8", "replace")
    return body.decode(_one_byte_encoding(body, hints), "replace")


def is_binary(body: bytes) -> bool:
    """Say whether ``body`` is no text in any encoding: a picture, an archive, a document."""
    if body.startswith((b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"GIF8", b"\xff\xd8\xff")):
        return True
    if body.startswith(tuple(bom for bom, _ in _BOMS)):
        return False
    nulls = body[:_HEAD].count(0)
    # utf-16 without a mark has a zero in nearly every second byte of its tags.
    return nulls > 0 and not (b"<\0" in body[:4] or b"\0<" in body[:4])


def _hints(body: bytes, content_type: str | None) -> list[str]:
    head = body[:_HEAD]
    named = [match[1] for match in [_IN_HEADER.search(content_type or "")] if match]
    named += [
        match[1].decode("ascii", "replace")
        for match in (_IN_XML.search(head), _IN_META.search(head))
        if match
    ]
    return [known for known in map(_known, named) if known]


def _known(name: str) -> str | None:
    name = name.lower().replace("win-", "windows-").replace("cp-", "cp")
    try:
        python_name = codecs.lookup(name).name
    except LookupError:
        return None
    python_name = _MEANT.get(python_name, python_name)
    known = python_name in _CYRILLIC or python_name in _OTHERS
    return python_name if known else None


def _wide(body: bytes) -> str:
    return "utf-16-be" if body[:200:2].count(0) > body[1:200:2].count(0) else "utf-16-le"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body[: 10 * _SAMPLE].decode("utf-8", "replace")
        broken = text.count("\ufffd")
        whole = sum(character > "\x7f" for character in text) - broken
        return whole > _DAMAGE * broken
    return True


def _one_byte_encoding(body: bytes, hints: list[str]) -> str:
    sample = _sample(body)
    scores = {name: _score(sample, name) for name in _CYRILLIC}
    trust = min(_MOST_TRUST, _TRUST / max(1, len(sample)))
    for place, name in enumerate(hint for hint in hints if hint in scores):
        scores[name] += trust / (place + 1)
    best = max(scores, key=lambda name: scores[name])
    foreign = [name for name in hints if name in _OTHERS]
    doubtful = scores[best] < _PLAUSIBLE or not _is_cyrillic(body)
    return foreign[0] if foreign and doubtful else best


def _sample(body: bytes) -> bytes:
    """Return the runs of non-ASCII bytes that may be words, or else all of them."""
    runs = _HIGH.findall(body[: 20 * _SAMPLE])
    words = [run for run in runs if len(run) > 2] or runs
    return b" ".join(words)[:_SAMPLE]


def _is_cyrillic(body: bytes) -> bool:
    """Say whether most non-ASCII bytes stand together, as letters of another alphabet do.

    The accented letters of Latin texts stand alone between ASCII ones.
    """
    runs = _HIGH.findall(body[: 20 * _SAMPLE])
    together = sum(len(run) for run in runs if len(run) > 2)
    return 2 * together > sum(map(len, runs))


def _score(sample: bytes, name: str) -> float:
    """Return how Russian ``sample`` looks in the encoding: the mean worth of its characters."""
    text = sample.decode(name, "replace")
    worth = sum(map(_worth, text)) - 60 * _capitals_inside(text)
    return worth / max(1, len(text) - text.count(" "))


@lru_cache(maxsize=1024)
def _worth(character: str) -> float:
    letter = character.lower()
    if letter in _FREQUENCY:
        return _FREQUENCY[letter]
    if letter in _OTHER_LETTERS or character in _QUOTES_AND_DASHES:
        return 0
    return -50


def _capitals_inside(text: str) -> int:
    """Count capitals that follow a small letter: the mark of koi8-r read as windows-1251."""
    return sum(a.islower() and b.isupper() for a, b in pairwise(text))
