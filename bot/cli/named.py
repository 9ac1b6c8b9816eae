"""A source that is named on the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from config import ConfigError, Settings, SourceSettings

Name = Annotated[str, typer.Argument(metavar="NAME", help="The source's name in the settings.")]


def named_source(settings: Settings, name: str) -> SourceSettings:
    """Return the source of that name.

    Raises:
        ConfigError: there is none.
    """
    for said in settings.source:
        if said.name == name:
            return said
    raise ConfigError([f"source: none is named {name!r}; `newsieve source list` shows them"])
