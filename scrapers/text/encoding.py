"""Bytes to text: the bytes decide, what the header and the document say are hints.

Cyrillic pages come in utf-8, windows-1251, koi8-r and a few rarer ones, and are
often labelled as another of these. utf-8 shows itself by its structure; it may be
damaged, or have words of another encoding in it. See `scrapers.text.cyrillic` for the others.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from scrapers.text.cyrillic import ENCODINGS, PLAUSIBLE, likeliest
from scrapers.text.doubled import undoubled

# That of utf-8 is no more than a hint: editors put it before pages of any encoding.
_WIDE_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = (
    *("cp1250", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
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
_UTF8_CHARACTER = rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
_UTF8_WORD = re.compile(rb"(?:" + _UTF8_CHARACTER + rb")+")
_SAMPLE = 30_000
_MOST_RUNS = 5000
# So much of what is above ASCII must be whole words of utf-8, if not all of it is. Of the other
# encodings only cp866 has such words by chance, and fewer.
_UTF8_SHARE = 0.3
# One broken character among this many whole ones is damage, not another encoding.
_DAMAGE = 20
# The upper bytes of utf-16 that Russian pages have: Latin, Cyrillic, dashes, signs.
_PAGES = b"\0\x04\x20\x21"
# Controls that no text has, whatever its encoding, and how many of them are no damage any more.
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b")
_MOST_CONTROLS = 1 / 50


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return ``body`` as text; bytes that fit no encoding become U+FFFD.

    ``content_type`` is the HTTP header, if there is one.
    """
    for bom, name in _WIDE_BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace")
    body = body.removeprefix(codecs.BOM_UTF8)
    hints = _hints(body, content_type)
    if wide := _wide(body, hints):
        return body.decode(wide, "replace")
    return undoubled(_narrow(body, hints))


def is_binary(body: bytes) -> bool:
    """Say whether ``body`` is no text in any encoding: a picture, an archive, a document."""
    if body.startswith((b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"GIF8", b"\xff\xd8\xff")):
        return True
    if body.startswith(tuple(bom for bom, _ in _WIDE_BOMS)) or _unmarked(body):
        return False
    head = body[:_HEAD]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return b"\0" in head and controls > _MOST_CONTROLS * len(head)


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
    known = python_name in ENCODINGS or python_name in _OTHERS
    return python_name if known else None


def _wide(body: bytes, hints: Sequence[str]) -> str | None:
    """Return which utf-16 ``body`` is in without a mark, or None."""
    if order := _unmarked(body):
        return order
    if any(name.startswith("utf-16") for name in hints) and b"\0" in body[:200]:
        return "utf-16-be" if body[:200:2].count(0) > body[1:200:2].count(0) else "utf-16-le"
    return None


def _unmarked(body: bytes) -> str | None:
    """Return which utf-16 ``body`` opens in, if every second byte says so."""
    head = body[:200]
    for order, high, low in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if 0 in high and 0 not in low and not high.strip(_PAGES):
            return order
    return None


def _narrow(body: bytes, hints: Sequence[str]) -> str:
    try:
        # Without an end: a character that is cut off there is none.
        text, _ = codecs.utf_8_decode(body, "strict", False)
    except UnicodeDecodeError:
        pass
    else:
        if text or not body:
            return text
    runs = list(islice(_runs(body), _MOST_RUNS))
    if _is_damaged_utf8(runs):
        return _mended_utf8(body, hints)
    return body.decode(_one_byte_encoding(runs, hints), "replace")


def _runs(body: bytes) -> Iterator[bytes]:
    """Yield what stands together above ASCII: in Cyrillic texts, words."""
    return (run.group() for run in _HIGH.finditer(body))


def _is_damaged_utf8(runs: Sequence[bytes]) -> bool:
    words = sum(len(run) for run in runs if _UTF8_WORD.fullmatch(run))
    if words >= _UTF8_SHARE * sum(map(len, runs)):
        return True
    text = b" ".join(runs)[:_SAMPLE].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - broken
    return whole > _DAMAGE * broken


def _mended_utf8(body: bytes, hints: Sequence[str]) -> str:
    """Return ``body`` with the words that are not utf-8 read in the encoding they are in."""
    odd = (run for run in _runs(body) if not _is_nearly_utf8(run))
    foreign = list(islice(odd, _MOST_RUNS))
    name, worth = likeliest(b" ".join(foreign)[:_SAMPLE], hints)
    if max(map(len, foreign), default=0) < 3 or worth < PLAUSIBLE:
        return body.decode("utf-8", "replace")
    return _HIGH.sub(partial(_as_utf8, name), body).decode("utf-8", "replace")


def _as_utf8(encoding: str, run: re.Match[bytes]) -> bytes:
    word = run.group()
    return word if _is_nearly_utf8(word) else word.decode(encoding, "replace").encode()


def _is_nearly_utf8(run: bytes) -> bool:
    text = run.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(text) >= 2 * broken


def _one_byte_encoding(runs: Sequence[bytes], hints: Sequence[str]) -> str:
    words = [run for run in runs if len(run) > 2]
    best, worth = likeliest(b" ".join(words or runs)[:_SAMPLE], hints)
    foreign = [name for name in hints if name in _OTHERS]
    # Most of it stands together, as letters of another alphabet do; the accented letters of
    # Latin texts stand alone between ASCII ones.
    cyrillic = 2 * sum(map(len, words)) > sum(map(len, runs))
    doubtful = worth < PLAUSIBLE or not cyrillic
    return foreign[0] if foreign and doubtful else best
