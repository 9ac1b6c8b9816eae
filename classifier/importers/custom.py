"""A user's own Python file that registers the layers of a model."""

from __future__ import annotations

import runpy
from pathlib import Path

from classifier.errors import BundleMissing, ModelError


def load_custom(path: str | Path) -> None:
    """Run the Python file at ``path``, which calls ``classifier.network.register_layer``.

    It is code and is run as such: only one's own belongs here.

    Raises:
        BundleMissing: if it is not there.
        ModelError: if it fails.
    """
    path = Path(path)
    if not path.is_file():
        raise BundleMissing("no such file", path=path)
    try:
        runpy.run_path(str(path))
    except Exception as error:  # whatever the user's code raises is told with the file's name
        raise ModelError(f"{type(error).__name__}: {error}", path=path) from error
