"""The command line. Every error is one clear line; every exit code means something.

0 done · 1 something failed · 2 wrong use or wrong settings
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from bot.cli import (
    bench,
    bundles,
    compare,
    crossval,
    labels,
    ledger,
    models,
    retraining,
    running,
    setup,
    sources,
    template,
    train,
)
from bot.cli.failures import failure_line
from bot.cli.options import ConfigFile, LogJson, Options, Verbose, give_version, problem_lines
from bot.clock import utc_now
from bot.errors import BotError
from classifier import ModelError
from config import ConfigError
from scrapers import ScrapeError

app = typer.Typer(
    name="newsieve",
    help="Fills a Telegram channel with good news only.\n\n"
    "New here? `newsieve demo` shows it at work without a token or a network; "
    "`newsieve init` writes the settings of your own channel.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def options(
    context: typer.Context,
    config: ConfigFile = None,
    log_json: LogJson = False,
    verbose: Verbose = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=give_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Keep what holds for every command."""
    context.obj = Options(config=config, log_json=log_json, verbose=verbose)


running.register(app)
setup.register(app)
sources.register(app)
template.register(app)
models.register(app)
train.register(app)
compare.register(app)
crossval.register(app)
retraining.register(app)
bundles.register(app)
labels.register(app)
ledger.register(app)
bench.register(app)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        _run()
    except ConfigError as error:
        _end(2, problem_lines(error))
    except ScrapeError as error:
        _end(1, [failure_line(error, utc_now())])
    except (BotError, ModelError) as error:
        _end(1, [str(error)])
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody to tell.
        _discard_output()
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        # A full disk behind standard output, no free port: what no part could foresee better.
        _discard_output()
        name = f"{error.filename}: " if error.filename else ""
        _end(1, [f"{name}{error.strerror or error}"])
    except KeyboardInterrupt:
        _end(130, ["interrupted"])


def _run() -> None:
    try:
        app()
    finally:
        # Only here can it still be told that there is no room for it.
        sys.stdout.flush()


def _discard_output() -> None:
    """Let what could not be written go nowhere: Python would try once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _end(code: int, lines: list[str]) -> None:
    for line in lines:
        sys.stderr.write(f"newsieve: {line}\n")
    sys.exit(code)


__all__ = ["app", "main"]
