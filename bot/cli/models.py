"""The command that uses a model on texts: score."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from bot.bundles import OPTION
from bot.cli.options import ConfigFile, open_settings, print_json
from bot.current import open_current
from bot.decide import Rules, decide_by_score
from bot.errors import BotError
from classifier import Classifier, compose

BATCH = 256


def register(app: typer.Typer) -> None:
    """Add the command of this module to ``app``."""
    app.command()(score)


def score(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="JSON lines; left out or '-': standard input."),
    ] = None,
    custom: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Your Python file that registers the model's layers; it is run."
        ),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Score texts: how likely each is bad.

    In: {"id"?, "title"?, "text"} a line. Out, in order: {"id", "score",
    "verdict", "model"}. The verdict is the classifier's alone: accept, review
    or reject.
    """
    settings = open_settings(context, config, needed=False)
    said_by = f"{OPTION} or classifier.custom"
    classifier = asyncio.run(open_current(settings, custom, said_by=said_by))
    rules = Rules.from_settings(settings, classifier.threshold)
    with _opened(file) as lines:
        for batch in _batches(_read_texts(lines)):
            _print_scores(batch, classifier, rules)


def _opened(file: Path | None) -> Any:
    if file is None or str(file) == "-":
        return nullcontext(sys.stdin)
    try:
        return file.open(encoding="utf-8")
    except OSError as error:
        raise BotError(f"{file}: {error.strerror}") from None


def _read_texts(lines: TextIO) -> Iterator[tuple[Any, str]]:
    """Yield id and text of each line that is not blank.

    Raises:
        BotError: at the first line that is not as it should be.
    """
    try:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _read_text(number, line)
    except UnicodeDecodeError:
        raise BotError("the input is not utf-8 text") from None


def _read_text(number: int, line: str) -> tuple[Any, str]:
    try:
        row = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # endless numbers and nesting among them
        raise BotError(f"line {number}: not JSON: {error}") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BotError(f'line {number}: needs an object with a "text"')
    title = row.get("title") or ""
    if not isinstance(title, str):
        raise BotError(f'line {number}: "title" must be text')
    return row.get("id"), compose(title, row["text"])


def _batches(rows: Iterable[tuple[Any, str]]) -> Iterator[list[tuple[Any, str]]]:
    """Yield the rows in batches; what came before a wrong line is not lost with it."""
    batch: list[tuple[Any, str]] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except BotError:
        yield batch
        raise
    yield batch


def _print_scores(batch: list[tuple[Any, str]], classifier: Classifier, rules: Rules) -> None:
    scores = classifier.score([text for _, text in batch])
    for (identity, _), found in zip(batch, scores, strict=True):
        print_json(
            {
                "id": identity,
                "score": round(found.value, 6),
                "verdict": decide_by_score(found, rules).decision.value,
                "model": found.model,
            }
        )
