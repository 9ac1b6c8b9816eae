"""Pages and other files on disk: written whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bot.errors import PageError

_SYSTEM = ("dev", "proc")
"""Top folders whose entries are never replaced."""


def expect_writable(path: Path) -> None:
    """See that a page can be written to ``path``, before hours are spent on what it shows.

    Raises:
        PageError: if it cannot.
    """
    if path.is_dir():
        raise PageError(f"{path}: a folder: the page needs the name of a file")
    folder = path.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise PageError(f"{path}: the page cannot be written: no such folder, or closed")


def no_place_for(path: Path) -> str | None:
    """Return in one line why ``write_whole`` cannot write to ``path``, or None if it can."""
    folder = next(above for above in path.absolute().parents if above.exists())
    if not folder.is_dir():
        return f"{path}: {folder} is no folder"
    return None if os.access(folder, os.W_OK) else f"{path}: {folder} is closed to writing"


def write_whole(path: Path, page: str) -> None:
    """Put ``page`` at ``path`` at once: a reader never sees half of it.

    Its folder is made if need be. Half a character, as JSON may hold it, becomes a question mark.

    Raises:
        PageError: if it cannot be written; what was there before stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with drafted(path, errors="replace") as file:
            file.write(page)
    except OSError as error:
        raise PageError(f"{path}: {error.strerror or error}") from error


@contextmanager
def drafted(path: Path, *, errors: str = "strict", newline: str | None = None) -> Iterator[TextIO]:
    """Give a file that takes the place of ``path`` when the block is left; it is UTF-8.

    Whatever ends the block before leaves what was there. What is no file, as a pipe or a
    device, is written to as it is; so is ``/dev/stdout``, whatever stands behind it.

    Raises:
        OSError: if it cannot be written.
    """
    target = path.resolve()
    if path.absolute().parts[1] in _SYSTEM or (target.exists() and not target.is_file()):
        with path.open("w", encoding="utf-8", errors=errors, newline=newline) as file:
            yield file
        return
    descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors=errors, newline=newline) as file:
            yield file
        Path(draft).chmod(0o644)
        Path(draft).replace(target)
    except BaseException:  # Ctrl-C too leaves no draft behind
        Path(draft).unlink(missing_ok=True)
        raise
