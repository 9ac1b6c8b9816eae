"""What can go wrong with settings.

ConfigError   every mistake found, at once
"""

from __future__ import annotations

from collections.abc import Sequence


class ConfigError(Exception):
    """The settings cannot be used.

    Attributes:
        problems: one line for each mistake, opening with the key's name; never a secret's value.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))
