"""The command that makes a model of a labelled file: train."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot.cli.options import AsJson, console, open_log, print_json
from classifier.training.aim import Aim
from classifier.training.article_network import EPOCHS, WORDS
from classifier.training.balance import Balance
from classifier.training.orders import FEWEST_WORDS, LARGEST_SEED, EngineName, TrainOptions

if TYPE_CHECKING:
    from classifier.training.intervals import Between
    from classifier.training.train import Step
    from classifier.training.train_report import TrainReport


def register(app: typer.Typer) -> None:
    """Add the command of this module to ``app``."""
    app.command()(train)


def train(  # noqa: PLR0913, PLR0917  each option of a command is an argument
    context: typer.Context,
    data: Annotated[Path, typer.Argument(help="JSON lines or CSV: text, label, title?, kind?")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of the new ModelBundle.")],
    engine: Annotated[EngineName, typer.Option(help="Who fits the network.")] = EngineName.NUMPY,
    aim: Annotated[
        str | None, typer.Option(metavar="f1", help="The threshold with the best F1: the default.")
    ] = None,
    false_alarms: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Or the one that finds most with at most so many false alarms, such as 0.03.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed gives the same model.")
    ] = 1,
    epochs: Annotated[int, typer.Option(min=1, help="How often all rows are seen.")] = EPOCHS,
    words: Annotated[int, typer.Option(min=FEWEST_WORDS, help="Size of the vocabulary.")] = WORDS,
    balance: Annotated[
        Balance, typer.Option(help="What is done about bad texts being rarer.")
    ] = Balance.UPSAMPLE,
    as_json: AsJson = False,
) -> None:
    """Train a model on a labelled file.

    A fifth of the texts is held out and measured; the threshold is chosen on
    the others. A bundle that is there already is replaced at the very end.

    With --engine keras it needs pip install 'newsieve[train]'.
    """
    from classifier.training.train import train as fit  # noqa: PLC0415

    options = TrainOptions(engine, _aim(aim, false_alarms), seed, epochs, words, balance)
    open_log(context)
    with _shown() as show:
        report = fit(data, out, options, on_step=show)
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)


def _aim(said: str | None, false_alarms: float | None) -> Aim:
    if said not in {None, "f1"}:
        raise typer.BadParameter(f"{said!r}: f1, or --false-alarms SHARE", param_hint="--aim")
    if said is not None and false_alarms is not None:
        raise typer.BadParameter("--aim f1 or --false-alarms, not both", param_hint="--aim")
    try:
        return Aim(false_alarms)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--false-alarms") from None


@contextmanager
def _shown() -> Iterator[Callable[[Step], None]]:
    """Show a bar while this lasts, if there is a terminal; give what is to be told of each step."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    terminal = Console(stderr=True)
    hidden = not terminal.is_terminal
    with Progress(*columns, console=terminal, transient=True, disable=hidden) as bar:
        task = bar.add_task("reading", total=None)

        def show(step: Step) -> None:
            told = f"{step.name}, loss {step.loss:.3f}"
            bar.update(task, description=told, completed=step.done, total=step.total)

        yield show


def _print(report: TrainReport) -> None:
    terminal = console()
    terminal.print(_table(report))
    for note in report.notes:
        terminal.print(f"note: {note}", markup=False, soft_wrap=True)
    told = f"{report.model}, threshold {report.threshold} for {report.options.aim}"
    terminal.print(f"{told}: written to {report.path}", markup=False, soft_wrap=True)


def _table(report: TrainReport) -> Table:
    table = Table(
        title="on the texts held out; below each figure its 95 % interval",
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    for heading in ("slice", "texts", "bad", "F1", "precision", "recall", "false\nalarms"):
        table.add_column(
            heading, justify="left" if heading == "slice" else "right", overflow="fold"
        )
    for name, m in report.measures.items():
        ends = report.between[name]
        table.add_row(
            Text(name),
            str(m.rows),
            str(m.bad),
            _cell(m.f1, ends.f1),
            _cell(m.precision, ends.precision),
            _cell(m.recall, ends.recall),
            _cell(m.false_alarms, ends.false_alarms),
        )
    return table


def _cell(share: float | None, between: Between | None) -> str:
    if share is None or between is None:
        return "" if share is None else f"{share:.3f}"
    return f"{share:.3f}\n{between[0]:.3f}–{between[1]:.3f}"
