"""The command that sets kinds of models side by side: compare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.options import AsJson, console, open_log, print_json
from bot.comparison import remarks, tables
from bot.pages import expect_writable, write_whole
from classifier.training.balance import Balance
from classifier.training.compare.candidates import WORDS, all_candidates, choose
from classifier.training.compare.clock import Clock
from classifier.training.compare.outcome import Comparison
from classifier.training.compare.page import render
from classifier.training.compare.running import Step
from classifier.training.compare.running import compare as run
from classifier.training.compare.vectors import GivenVectors
from classifier.training.dataset import read_dataset
from classifier.training.orders import FEWEST_WORDS, LARGEST_SEED
from classifier.training.overwriting import expect_kept


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command()(compare)


def compare(  # noqa: PLR0913, PLR0917
    context: typer.Context,
    data: Annotated[Path, typer.Argument(help="JSON lines or CSV: text, label, title?, kind?")],
    models: Annotated[
        str,
        typer.Option(
            metavar="NAME,…", help="Only these: tfidf, tfidf-sgd, network, encoder-svc, …"
        ),
    ] = "",
    words: Annotated[
        str, typer.Option(metavar="N,…", help="Vocabulary sizes of the article's network.")
    ] = ",".join(map(str, WORDS)),
    vectors: Annotated[
        Path | None,
        typer.Option(metavar="FILE.npy", help="Your sentence vectors, one for each row of DATA."),
    ] = None,
    balance: Annotated[
        Balance, typer.Option(help="What is done about bad texts being rarer.")
    ] = Balance.UPSAMPLE,
    seed: Annotated[
        int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed gives the same figures.")
    ] = 1,
    report: Annotated[
        Path, typer.Option(metavar="FILE.html", help="Where to write the page.")
    ] = Path("compare.html"),
    as_json: AsJson = False,
) -> None:
    """Set kinds of models side by side on a labelled file.

    All learn from the same four fifths and are measured on the same fifth;
    near-duplicates are on one side. Bad is the positive class, the threshold
    0.5 for all; AUC and average precision need none. What is not installed is
    left out: pip install 'newsieve[train,encoder]' brings all.
    """
    open_log(context)
    expect_writable(report)
    expect_kept([data, vectors], report)
    rows = read_dataset(data)
    given = GivenVectors.read(vectors, len(rows)) if vectors else None
    clock = Clock()
    candidates = choose(all_candidates(clock, words=_sizes(words), vectors=given), _listed(models))
    with _progress(len(candidates)) as on_step:
        comparison = run(
            rows, candidates, clock, data=data.name, seed=seed, balance=balance, on_step=on_step
        )
    write_whole(report, render(comparison))
    if as_json:
        print_json(comparison.as_json())
    else:
        _print(comparison, report)


@contextmanager
def _progress(total: int) -> Iterator[Step]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    shown = Console(stderr=True)
    disabled = not shown.is_terminal
    with Progress(*columns, console=shown, transient=True, disable=disabled) as bar:
        task, done = bar.add_task("", total=total), count()
        yield lambda name: bar.update(task, completed=next(done), description=name)


def _print(comparison: Comparison, report: Path) -> None:
    for table in tables(comparison):
        console().print(table)
    for line in remarks(comparison):
        typer.echo(line)
    typer.echo(f"{report}: curves, confusion matrices and the most confident mistakes")


def _listed(said: str) -> list[str]:
    return [word.strip() for word in said.split(",") if word.strip()]


def _sizes(said: str) -> list[int]:
    try:
        sizes = [int(word.replace("_", "")) for word in _listed(said)]
    except ValueError:
        sizes = []
    if not sizes or min(sizes) < FEWEST_WORDS:
        raise typer.BadParameter(
            f"{said!r}: whole numbers from {FEWEST_WORDS} on, such as 1000,5000",
            param_hint="--words",
        )
    return sizes
