"""The texts that are measured on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from bot.errors import BotError
from classifier import compose


def read_texts(path: Path) -> list[str]:
    """Return the texts of a file of JSON lines ``{"title"?, "text"}``, gzipped if it ends so.

    Raises:
        BotError: if it cannot be read, or holds none.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            texts = [_text(json.loads(line)) for line in lines if line.strip()]
    except OSError as error:
        raise BotError(f"{path}: {error.strerror or error}") from None
    except (EOFError, ValueError, TypeError) as error:
        raise BotError(f"{path}: not JSON lines with a text each: {error}") from None
    except KeyError:
        raise BotError(f"{path}: a line has no text") from None
    if not texts:
        raise BotError(f"{path}: no texts in it")
    return texts


def _text(row: object) -> str:
    if not isinstance(row, dict):
        raise TypeError(f"{row!r} is no object")
    title, text = row.get("title") or "", row["text"]
    if not isinstance(title, str) or not isinstance(text, str):
        raise TypeError("title and text must be strings")
    return compose(title, text)
