"""Models that lie where models lie and may come into use."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from pathlib import Path

from bot.bundles import open_model
from classifier import Classifier
from classifier.bundle import MANIFEST
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


async def open_candidate(folder: Path, settings: Settings) -> Classifier:
    """Return the model in ``folder``, ready to score.

    Raises:
        ModelError: if it cannot be used.
    """
    custom = settings.classifier.custom
    bundle = await asyncio.to_thread(open_model, folder, custom, said_by="classifier.custom")
    return Classifier(bundle)
