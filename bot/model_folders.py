"""The folders of ``classifier.models``: one for each model, named after it, whole or not there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.bundles import open_model
from bot.store import Work, hold
from classifier import ModelBundle, ModelError, load_bundle
from classifier.bundle import fingerprint
from classifier.parity import first_divergence
from classifier.saving import bundle_files, write_bundle
from classifier.text import Cleaner
from classifier.training.curves import LEARNING_CURVES
from config import Settings

_CARD = "MODEL_CARD.md"
_ODD = re.compile(r"[^\w.-]")
_UNFINISHED = re.compile(r"\..+-[0-9a-f]{8}-\w{8}")


def copy_model(settings: Settings, source: Path) -> ModelBundle:
    """Copy the model in the folder ``source`` to the others; return it as read back.

    Raises:
        ModelError: if it cannot be loaded or written, or does not answer as was recorded.
        StoreError: if another process works on the models.
    """
    with hold(settings.store_url, Work.MODELS):
        bundle = open_model(source, settings.classifier.custom, cleaner=Cleaner(yo=False))
        _expect_as_recorded(bundle, source)
        card, curves = (_text_of(source / name) for name in (_CARD, LEARNING_CURVES))
        pictures = None if curves is None else {LEARNING_CURVES: curves}
        return write_model(bundle, settings.classifier.models, card=card, pictures=pictures)


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None  # a model is as good without its card, and the card without its picture


def folder_of(bundle: ModelBundle) -> str:
    """Return the name of the folder that a model has among others."""
    return folder_name(bundle.identity)


def folder_name(model: str) -> str:
    """Return the name of the folder of the model with this identity."""
    return _ODD.sub("_", model)


def write_model(
    bundle: ModelBundle,
    models: Path,
    *,
    card: str | None = None,
    pictures: Mapping[str, str] | None = None,
) -> ModelBundle:
    """Write ``bundle`` to a folder named after it, and return it as read back.

    The same model that is there already stays as it is: it may be in use.

    Raises:
        ModelError: if it cannot be written, or does not answer as was recorded.
    """
    _sweep(models)
    bundle = replace(bundle, fingerprint=fingerprint(bundle_files(bundle)))
    folder = models / folder_of(bundle)
    written = _same(folder, bundle) or write_bundle(bundle, folder, card=card, pictures=pictures)
    _expect_as_recorded(written, folder)
    return written


def _same(folder: Path, bundle: ModelBundle) -> ModelBundle | None:
    try:
        found = load_bundle(folder)
    except ModelError:
        return None  # nothing there, or nothing that is whole
    return found if found.fingerprint == bundle.fingerprint else None


def _expect_as_recorded(bundle: ModelBundle, path: Path) -> None:
    if bundle.parity is None:
        return
    found = first_divergence(bundle.parity, bundle.network, bundle.text)
    if found is not None:
        raise ModelError(f"does not answer as was recorded: differs at {found.place!r}", path=path)


def _sweep(models: Path) -> None:
    """Remove what a process that was killed while it wrote has left."""
    for path in models.glob(".*"):
        if path.is_dir() and _UNFINISHED.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)
