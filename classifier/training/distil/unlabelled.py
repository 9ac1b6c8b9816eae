"""Texts that nobody labelled: whole ones, and their first sentences, which read like headlines."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable
from pathlib import Path

from classifier.errors import BundleMissing, ModelError

_HALF = re.compile("[\ud800-\udfff]")
_SENTENCE = re.compile(r"(.{25,160}?[.!?…])(?:\s|$)")
_LONGEST_START = 140  # characters of a first line that does not end like a sentence


def read_unlabelled(path: Path) -> list[str]:
    """Return the texts of a file of JSON lines, each with a ``text``; blank ones are left out.

    Args:
        path: UTF-8; packed by gzip if its name ends in ``.gz``.

    Raises:
        BundleMissing: if there is no such file.
        ModelError: if it cannot be read, naming the first line that is wrong; or holds no text.
    """
    lines = _read(path).split("\n")
    texts = [_text(line, number, path) for number, line in enumerate(lines, 1) if line.strip()]
    kept = [text for text in texts if text.strip()]
    if not kept:
        raise ModelError("no texts", path=path)
    return kept


def first_sentences(texts: Iterable[str]) -> list[str]:
    """Return the first sentence of each text.

    It is 26 to 161 characters of the first line, up to a full stop, a question or exclamation
    mark, or an ellipsis before a space. A line without such an end is cut at 140 characters.
    """
    return [_first_sentence(text) for text in texts]


def _first_sentence(text: str) -> str:
    line = text.strip().split("\n")[0]
    found = _SENTENCE.match(line)
    return found.group(1) if found else line[:_LONGEST_START]


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except FileNotFoundError:
        raise BundleMissing("no such file", path=path) from None
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ModelError(f"not packed by gzip, or cut off ({error})", path=path) from error
    except UnicodeDecodeError as error:
        raise ModelError(f"not UTF-8 at byte {error.start}", path=path) from error
    except OSError as error:
        raise ModelError(error.strerror or str(error), path=path) from error


def _text(line: str, number: int, path: Path) -> str:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"line {number}: not JSON ({error})", path=path) from error
    text = record.get("text") if isinstance(record, dict) else None
    if not isinstance(text, str):
        raise ModelError(f"line {number}: not an object with a text", path=path)
    return _HALF.sub("\ufffd", text)  # a post cut in an emoji holds half of it
