"""Models that lie where models lie and may come into use."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import Path

from bot.bundles import open_model
from bot.model_folders import folder_name
from classifier import Classifier, ModelError
from classifier.bundle import MANIFEST, read_fingerprint
from config import Settings

_NUMBERS = 10**9
"""A button carries nine digits."""


def candidates(settings: Settings) -> list[Path]:
    """Return the folders of the models, by their names."""
    found = (path.parent for path in settings.classifier.models.glob(f"*/{MANIFEST}"))
    return sorted(folder for folder in found if not folder.name.startswith("."))


def number_of(folder: Path) -> int:
    """Return a number that stands for a model in a button."""
    return int(sha256(folder.name.encode()).hexdigest(), 16) % _NUMBERS


def holds(folder: Path, model: str) -> bool:
    """Tell whether the model in ``folder``, whatever that is called, has this identity."""
    if folder.name == folder_name(model):
        return True
    try:
        found = read_fingerprint(folder)
    except ModelError:
        return False  # whoever tries it is told what is wrong with it
    return model.endswith(f"-{found[:8]}")


async def open_candidate(folder: Path, settings: Settings) -> Classifier:
    """Return the model in ``folder``, ready to score.

    Raises:
        ModelError: if it cannot be used.
    """
    custom = settings.classifier.custom
    bundle = await asyncio.to_thread(open_model, folder, custom, said_by="classifier.custom")
    return Classifier(bundle)
