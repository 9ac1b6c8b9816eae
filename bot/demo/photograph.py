"""Photographs of pages, by a headless Chromium where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from matplotlib.image import imread, imsave

from bot.errors import BotError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_TALLEST = 4000
_MARGIN = 24
_SECONDS = 120


def browser() -> str | None:
    """Return the program that photographs pages, or None if there is none here."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def photograph(page: Path, picture: Path, *, program: str, width: int) -> None:
    """Photograph ``page``, ``width`` CSS pixels wide and as high as it is, to a PNG.

    A CSS pixel becomes two pixels, as on a phone.

    Raises:
        BotError: if the program fails.
    """
    with tempfile.TemporaryDirectory(prefix="newsieve-photograph-") as profile:
        command = [
            program,
            "--headless",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=2",
            f"--user-data-dir={profile}",
            f"--window-size={width},{_TALLEST}",
            f"--screenshot={picture.absolute()}",
            # A browser of root runs in no sandbox; the page is our own and runs no script.
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            page.absolute().as_uri(),
        ]
        picture.unlink(missing_ok=True)
        try:
            ended = subprocess.run(  # noqa: S603
                command, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise BotError(f"{program}: no picture after {_SECONDS} seconds") from None
    if not picture.exists():
        raise BotError(f"{program}: {' '.join(ended.stderr.split())[-300:]}")
    _trim(picture)


def _trim(picture: Path) -> None:
    """Cut off what is below the page: rows of one colour."""
    pixels = imread(picture)
    busy = np.flatnonzero((pixels != pixels[-1, 0]).any(axis=(1, 2)))
    end = int(busy[-1]) + 1 + _MARGIN if len(busy) else len(pixels)
    imsave(picture, pixels[:end])
