"""Opening a model, with the layers of one's own that it may need."""

from __future__ import annotations

import re
from pathlib import Path

from classifier import ModelBundle, ModelError, UnsupportedLayer, load_bundle
from classifier.importers.custom import load_custom
from classifier.text import Cleaner

OPTION = "--custom FILE"

_CLASS = re.compile(r"[\w>]+")


def open_model(
    path: Path, custom: Path | None, *, said_by: str = OPTION, cleaner: Cleaner | None = None
) -> ModelBundle:
    """Return the model at ``path``, after running ``custom``, the user's file of its layers.

    Args:
        path: a bundle's folder or a one-file JSON.
        custom: a Python file that registers layers; None: there is none.
        said_by: how the user names that file, for the message if it is missing.
        cleaner: for a one-file JSON, which has none of its own.

    Raises:
        ModelError: if either cannot be used.
    """
    if custom is not None:
        load_custom(custom)
    try:
        return load_bundle(path, cleaner=cleaner)
    except UnsupportedLayer as error:
        raise suggest_custom(error, said_by) from error


def suggest_custom(error: UnsupportedLayer, said_by: str = OPTION) -> ModelError:
    """Return ``error``, with how to name the file of one's own layers if that may help.

    It does not for a layer that is known, with a setting that is not.
    """
    if not _CLASS.fullmatch(error.layer_class):
        return error
    return ModelError(f"{error}; if it is your own, name the file that registers it: {said_by}")
