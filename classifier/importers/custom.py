"""A user's own Python files: layers for this runtime, and the classes of them in Keras."""

from __future__ import annotations

import runpy
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classifier.bundle import is_folder
from classifier.errors import BundleMissing, ModelError
from classifier.network.registry import registrations


def load_custom(path: str | Path) -> Mapping[str, Any]:
    """Run the Python file at ``path``, which calls ``classifier.network.register_layer``.

    It is code and is run as such: only one's own belongs here.

    Returns:
        what the file defines, by name.

    Raises:
        BundleMissing: if it is not there.
        ModelError: if it fails, or registers nothing.
    """
    before = registrations()
    defined = run_file(path)
    if registrations() == before:
        raise ModelError("registers no layer: call register_layer in it", path=Path(path))
    return defined


def run_file(path: str | Path) -> Mapping[str, Any]:
    """Run the Python file at ``path`` and return what it defines, by name.

    Raises:
        BundleMissing: if it is not there.
        ModelError: if it fails; the line is named.
    """
    path = Path(path)
    if is_folder(path):
        raise BundleMissing("a folder, not a Python file", path=path)
    try:
        return runpy.run_path(str(path))
    except (Exception, SystemExit) as error:  # whatever the user's code raises
        raise ModelError(_told(error, path), path=path) from error


def _told(error: BaseException, path: Path) -> str:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    place = f"line {lines[-1]}: " if lines else ""
    reason = str(error).strip().partition("\n")[0]
    return f"{place}{type(error).__name__}: {reason}".removesuffix(": ")
