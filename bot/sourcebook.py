"""The settings files as a list of sources, which is read, added to and taken from.

The command line does it in a process of its own, and operators do it in chat: the same way.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.proposing import free_name, taken
from config import ConfigError, Settings, SourceSettings, load_settings
from config.blocks import BESIDE, add_source, remove_source, without_source
from config.problems import cross_problems, describe_problems

_VARIABLE = "NEWSIEVE_SOURCE"


@dataclass(frozen=True, slots=True)
class Added:
    """A source that is in the settings now.

    Attributes:
        path: the file it was written to; None: it was there already, perhaps by another name.
    """

    name: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Sourcebook:
    """The settings file, and ``sources.toml`` beside it.

    Attributes:
        path: the settings file; None: the environment alone says what there is.
    """

    path: Path | None

    def read(self) -> Settings:
        """Return the settings as they are written now.

        Raises:
            ConfigError: with every mistake in them.
        """
        return load_settings(self.path)

    def writable(self) -> Path:
        """Return the settings file beside which sources are written.

        Raises:
            ConfigError: there is none, or what would be written there would not count.
        """
        if self.path is None:
            reason = f"there is no newsieve.toml here that a {BESIDE} could stand beside"
            raise ConfigError([f"source: {reason}; `newsieve init` writes both"])
        if any(name.upper() == _VARIABLE for name in os.environ):
            raise ConfigError([f"source: {_VARIABLE} in the environment says what there is"])
        return self.path

    def write(self, values: Mapping[str, Any]) -> Path:
        """Add a source of these keys; return the file.

        Raises:
            ConfigError: it could not be read again, or the file cannot be written; all is as
                it was.
        """
        check_declaration(values)
        return add_source(self.writable(), values)

    def add(self, values: Mapping[str, Any]) -> Added:
        """Add a source of these keys if none has its address; a name that is taken gets a number.

        Raises:
            ConfigError: as above, or if there is a mistake in the settings as they are.
        """
        sources = self.read().source
        if there := taken(sources, str(values["url"])):
            return Added(there.name, None)
        name = free_name(sources, str(values["name"]))
        return Added(name, self.write({**values, "name": name}))

    def remove(self, name: str) -> Path:
        """Take the source ``name`` out; return the file that it was in.

        Raises:
            ConfigError: there is none, or the settings would have a mistake without it.
        """
        path = self.writable()
        if problems := cross_problems(without_source(path, name)):
            raise ConfigError([f"{problem}; {name!r} stays" for problem in problems])
        return remove_source(path, name)


def expect_new(sources: Iterable[SourceSettings], addresses: Sequence[str], name: str = "") -> None:
    """Raises ConfigError: a source has this name or one of these addresses already."""
    listed = tuple(sources)
    for address in addresses:
        if said := taken(listed, address):
            raise ConfigError([f"source: {said.name!r} has this address already: {said.url}"])
    if any(said.name == name for said in listed):
        raise ConfigError([f"source: one is named {name!r} already"])


def check_declaration(values: Mapping[str, Any]) -> None:
    """Raises ConfigError: these are not the keys of a source."""
    try:
        SourceSettings(**values)
    except ValidationError as error:
        raise ConfigError(
            [f"source.{problem}" for problem in describe_problems(error, SourceSettings)]
        ) from None
