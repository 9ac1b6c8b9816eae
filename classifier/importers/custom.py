"""A user's own Python file that registers the layers of a model."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classifier.errors import BundleMissing, ModelError


def load_custom(path: str | Path) -> Mapping[str, Any]:
    """Run the Python file at ``path``, which calls ``classifier.network.register_layer``.

    It is code and is run as such: only one's own belongs here.

    Returns:
        what the file defines, by name.

    Raises:
        BundleMissing: if it is not there.
        ModelError: if it fails.
    """
    path = Path(path)
    if not path.is_file():
        raise BundleMissing("no such file", path=path)
    try:
        return runpy.run_path(str(path))
    except Exception as error:  # whatever the user's code raises is told with the file's name
        raise ModelError(f"{type(error).__name__}: {error}", path=path) from error
