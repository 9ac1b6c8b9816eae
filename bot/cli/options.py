"""What all commands share: where the settings are, how to log, how to print."""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.logs import Redactor, configure_logging
from bot.sourcebook import Sourcebook
from config import ConfigError, Settings, load_settings
from config.problems import shorten
from config.shown import secrets_of
from config.sources import CONFIG_VARIABLE

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings file; left out: newsieve.toml in this folder.",
    ),
]
LogJson = Annotated[bool, typer.Option("--log-json", help="Write the log as JSON lines.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@dataclass(frozen=True)
class Options:
    """The options that stand before the command."""

    config: Path | None = None
    log_json: bool = False
    verbose: bool = False

    def settings_file(self, given: Path | None) -> Path | None:
        """Return the settings file that is meant, or None if there is none.

        Raises:
            ConfigError: if a file was named that does not exist.
        """
        named = given or self.config or _from_environment()
        if named is None:
            usual = Path("newsieve.toml")
            return usual if usual.exists() else None
        if not named.exists():
            raise ConfigError([f"{named}: there is no such settings file"])
        return named


def _from_environment() -> Path | None:
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else None


def open_settings(
    context: typer.Context, given: Path | None, *, needed: bool = True, log_json: bool = False
) -> Settings:
    """Return the settings and set up the log, as JSON if either place asks for it.

    Raises:
        ConfigError: if they are wrong, or needed and not there.
    """
    options: Options = context.obj
    context.obj = replace(options, log_json=options.log_json or log_json)
    path = options.settings_file(given)
    if path is None and needed and not any(name.startswith("NEWSIEVE_") for name in os.environ):
        raise ConfigError(
            ["newsieve.toml: no settings in this folder; `newsieve init` writes them"]
        )
    settings = load_settings(path)
    open_log(context, secrets=secrets_of(settings))
    return settings


def sourcebook(context: typer.Context, given: Path | None) -> Sourcebook:
    """Return the settings files that are meant, to read them again and to change the sources."""
    options: Options = context.obj
    return Sourcebook(options.settings_file(given))


def open_log(
    context: typer.Context, *, secrets: list[str] | None = None, level: int = logging.INFO
) -> Redactor:
    """Send the log to standard error the way the options ask for, from ``level`` on."""
    options: Options = context.obj
    level = logging.DEBUG if options.verbose else level
    return configure_logging(secrets=secrets or [], as_json=options.log_json, level=level)


def problem_lines(error: ConfigError) -> list[str]:
    """Return the lines to print for wrong settings."""
    return [shorten(problem) for problem in error.problems]


def print_json(value: Any) -> None:
    """Write one JSON value to standard output."""
    line = json.dumps(value, ensure_ascii=False, default=str)
    # Half a character, as JSON may hold it, cannot be written but as it was read: \ud83d.
    sys.stdout.write(line.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def console() -> Console:
    """Return the terminal to print tables on; as wide as needed when it is not one."""
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=160)


def give_version(asked: bool) -> None:
    """Print the version and end."""
    if asked:
        typer.echo(f"newsieve {version('newsieve')}")
        raise typer.Exit
