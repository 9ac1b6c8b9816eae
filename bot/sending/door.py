"""Whether a channel lets the bot in. Who wants to know is told once each time that changes."""

from __future__ import annotations

from collections.abc import Callable


def _nobody(_why: str | None) -> None:
    """Tell nobody."""


class Door:
    """The door of one channel: open until it is found shut.

    Attributes:
        told: is called with why the channel is shut, and with None when it is open again.
        in_doubt: it has not let the bot in since somebody last looked which chat it is.
    """

    def __init__(self) -> None:
        self.told: Callable[[str | None], None] = _nobody
        self.in_doubt = False
        self._is_shut = False

    def know_shut(self) -> None:
        """Take it that the channel is shut, and that everybody knows."""
        self._is_shut = True

    def find_shut(self, why: str) -> None:
        """Take note that the channel did not let the bot in."""
        self.in_doubt = True
        if not self._is_shut:
            self._is_shut = True
            self.told(why)

    def find_open(self) -> None:
        """Take note that the channel did what it was asked for."""
        if self._is_shut:
            self._is_shut = False
            self.told(None)
