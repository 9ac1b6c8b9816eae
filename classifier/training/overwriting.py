"""What is read must outlive what is written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from classifier.errors import ModelError


def expect_kept(given: Iterable[Path | None], written: Path) -> None:
    """See that none of the files that are read is lost when ``written`` is written.

    Args:
        given: files that are read; one that is None or not there is nobody's loss.
        written: a file, or a folder that is replaced with all that is in it.

    Raises:
        ModelError: if one of them is ``written``, under whatever name, or lies in it.
    """
    for path in given:
        if path is None or not path.exists() or not written.exists():
            continue
        if written.samefile(path):
            raise ModelError(f"is read, as {path}: nothing is written over it", path=written)
        if written.resolve() in path.resolve().parents:
            raise ModelError(f"would be replaced, and {path.name} in it is read", path=written)
