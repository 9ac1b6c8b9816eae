"""Pages on disk: written whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bot.errors import PageError


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


def write_whole(path: Path, page: str) -> None:
    """Put ``page`` at ``path`` at once: a reader never sees half of it.

    Its folder is made if need be. Half a character, as JSON may hold it, becomes a question mark.

    Raises:
        PageError: if it cannot be written; what was there before stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
                file.write(page)
            Path(draft).chmod(0o644)
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise PageError(f"{path}: {error.strerror or error}") from error
