"""What the operator of a storm has said of items. Pure."""

from __future__ import annotations

from random import Random

_COMMANDS = ("good", "good", "good", "bad", "undo")
"""What is mostly said is that something is good: else little is seen where that is needed."""


class Opinions:
    """The labels in force, by the addresses of the items."""

    def __init__(self) -> None:
        self._labels: dict[str, list[str]] = {}

    def change(self, url: str, chance: Random) -> str:
        """Change the mind about an item; return the command that says so."""
        labels = self._labels.setdefault(url, [])
        command = chance.choice([one for one in _COMMANDS if one in _open(labels)])
        if command == "undo":
            labels.pop()
        else:
            labels.append(command)
        return command

    def allow(self, url: str, *, premoderated: bool) -> bool:
        """Tell whether an accepted item is to be seen in a channel."""
        newest = self._labels.get(url, [])[-1:]
        return newest == ["good"] if premoderated else newest != ["bad"]


def _open(labels: list[str]) -> set[str]:
    """Return the commands that would change something."""
    return {"good", "bad", "undo"} - set(labels[-1:] or ["undo"])
