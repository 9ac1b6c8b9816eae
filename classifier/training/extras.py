"""Imports of what only an extra brings."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from classifier.errors import ModelError


def bring(module: str, extra: str) -> Any:
    """Return a module that comes with ``newsieve[extra]``.

    Raises:
        ModelError: if it is not installed, or a library of the system that it wants is not.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise ModelError(f"needs newsieve[{extra}]") from error
    except OSError as error:
        raise ModelError(f"cannot be loaded: {error}") from error
