"""The settings a newcomer starts from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

# What each file is called for the user, and in this package.
_FILES = {"newsieve.toml": "default.toml", "sources.toml": "sources.toml"}


def write_starter(folder: Path) -> list[Path]:
    """Write the starting files into ``folder`` and return their paths; overwrite nothing.

    Raises:
        FileExistsError: if one of them is there already; then none is written.
        OSError: if the folder cannot be written.
    """
    targets = [folder / name for name in _FILES]
    for target in targets:
        if target.exists():
            raise FileExistsError(17, "is there already", str(target))
    folder.mkdir(parents=True, exist_ok=True)
    for target, template in zip(targets, _FILES.values(), strict=True):
        text = files("config").joinpath(template).read_text(encoding="utf-8")
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    return targets
