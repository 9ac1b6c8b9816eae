"""The command labels review: one key a text, the most uncertain first."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.bundles import open_model
from bot.cli.options import ConfigFile, console, open_settings
from bot.current import open_current
from bot.review import Candidate, Decision, Review, Step
from bot.review_file import (
    Entry,
    StepsFile,
    open_steps,
    read_entries,
    steps_path,
    write_labelled_entries,
)
from bot.review_keys import Key, open_keys
from classifier import Classifier
from classifier.text import Cleaner
from config import Settings

_HELP = "g good · b bad · s skip · u undo · q quit"
_LONGEST = 3_000
"""Characters of a text that are shown; nobody judges by what comes after."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""A text from anywhere shall not steer the terminal."""
_DECIDING = {Key.GOOD: Decision.GOOD, Key.BAD: Decision.BAD, Key.SKIP: Decision.SKIP}


def review(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="JSON lines or CSV: text, title and label if any.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Labelled texts; left out: FILE.labelled.jsonl."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Left out: the one in the settings.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Label texts one by one, the most uncertain first.

    One key a text: g good, b bad, s skip, u undo, q quit; the same keys of a
    Russian keyboard do. Each counts at once and is kept in FILE.review, where
    the next review goes on. At the end, or with q, all rows that have a label
    are written as JSON lines. Without a terminal keys are read by lines.
    """
    if out is not None and out.suffix.lower() == ".csv":
        raise typer.BadParameter("JSON lines are written, no CSV", param_hint="'--out'")
    settings = open_settings(context, config, needed=False)
    entries = read_entries(file)
    classifier = _classifier(settings, model)
    threshold = settings.classifier.threshold
    candidates = _candidates(entries, classifier)
    with open_steps(steps_path(file)) as steps:
        going = Review(
            candidates, classifier.threshold if threshold is None else threshold, steps.steps
        )
        _go_through(going, steps, console())
    target = out or file.with_name(f"{file.name}.labelled.jsonl")
    written = write_labelled_entries(entries, going.decisions, target)
    typer.echo(f"{_tally(going)}; {written} labelled texts written to {target}")


def _classifier(settings: Settings, model: Path | None) -> Classifier:
    if model is None:
        return asyncio.run(open_current(settings))
    custom = settings.classifier.custom
    bundle = open_model(model, custom, said_by="classifier.custom", cleaner=Cleaner(yo=False))
    return Classifier(bundle)


def _candidates(entries: Sequence[Entry], classifier: Classifier) -> Iterator[Candidate]:
    """Yield each text once, with its score."""
    unique = list({entry.key: entry for entry in entries}.values())
    with Console(stderr=True).status("scoring…"):
        scores = classifier.score([entry.composed for entry in unique])
    for entry, score in zip(unique, scores, strict=True):
        yield Candidate(entry.key, entry.title, entry.text, entry.label, score.value)


def _go_through(going: Review, steps: StepsFile, terminal: Console) -> None:
    """Show text after text until there is none, or whoever looks at them wants no more."""
    with open_keys() as keys:
        _show(going, terminal)
        while going.next is not None:
            key = next(keys, Key.QUIT)
            if key is Key.QUIT:
                return
            step = _step(going, key)
            if step is None:
                terminal.print(_HELP if key is None else "nothing to undo", markup=False)
                continue
            steps.add(step)
            going.take(step)
            _show(going, terminal)


def _step(going: Review, key: Key | None) -> Step | None:
    if key is Key.UNDO:
        return going.undo()
    if key is None or going.next is None:
        return None
    return Step(going.next.key, _DECIDING[key])


def _show(going: Review, terminal: Console) -> None:
    shown = going.next
    if shown is None:
        return
    place = f"{len(going.decisions) + 1} of {len(going.candidates)}"
    label = "" if shown.label is None else f" · labelled {shown.label.name.lower()}"
    terminal.print()
    terminal.rule(Text(f"{place} · score {shown.score:.3f}{label}"), align="left")
    if shown.title:
        terminal.print(Text(_plain(shown.title), style="bold"))
    terminal.print(Text(_plain(shown.text)))
    terminal.print(Text(_HELP, style="dim"))


def _plain(text: str) -> str:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return _CONTROLS.sub("�", shown.replace("\r\n", "\n")).encode("utf-8", "replace").decode()


def _tally(going: Review) -> str:
    counts = Counter(going.decisions.values())
    said = (
        f"{counts[Decision.GOOD]} good, {counts[Decision.BAD]} bad, {counts[Decision.SKIP]} skipped"
    )
    return f"{len(going.decisions)} of {len(going.candidates)} decided: {said}"
