"""Relative paths in settings are meant from the folder of the settings file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

_FOLDER: ContextVar[Path | None] = ContextVar("folder of the settings file", default=None)


@contextmanager
def meant_from(folder: Path) -> Iterator[None]:
    """Let relative paths that are validated inside the block be meant from ``folder``."""
    token = _FOLDER.set(folder)
    try:
        yield
    finally:
        _FOLDER.reset(token)


def absolute(path: Path) -> Path:
    """Return ``path`` as meant, whole.

    Raises:
        ValueError: if it begins with ``~`` and a name that nobody has here.
    """
    try:
        written = path.expanduser()
    except RuntimeError:
        told = f"{path} begins with the folder of somebody who is not known here"
        raise ValueError(told) from None
    return (_FOLDER.get() or Path.cwd()) / written


def _existing(path: Path) -> Path:
    whole = absolute(path)
    with _looked_at(whole):
        there = whole.exists()
    if not there:
        raise ValueError(f"{whole} is not there")
    return whole


def _file(path: Path) -> Path:
    whole = absolute(path)
    with _looked_at(whole):
        is_folder = whole.is_dir()
    if is_folder:
        raise ValueError(f"{whole} is a folder")
    return whole


def _readable(path: Path) -> Path:
    whole = absolute(path)
    with _looked_at(whole):
        empty = not whole.read_bytes().strip()
    if empty:
        raise ValueError(f"{whole} is empty")
    return whole


@contextmanager
def _looked_at(whole: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ValueError(f"cannot read {whole}: {error.strerror}") from None


AnyPath = Annotated[Path, AfterValidator(absolute)]
"""A path that need not be there yet."""
FilePath = Annotated[Path, AfterValidator(_file)]
"""A file that need not be there yet."""
ExistingPath = Annotated[Path, AfterValidator(_existing)]
"""A file or folder that is there."""
ReadablePath = Annotated[Path, AfterValidator(_readable)]
"""A file that can be read and is not empty."""
