"""The command crossval: k folds, out-of-fold scores, a network a fold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar
from rich.table import Table

from bot.cli.options import AsJson, console, open_log, print_json
from classifier.training.crossval.options import Framework, NetworkName, Options, Progress
from classifier.training.orders import LARGEST_SEED

if TYPE_CHECKING:
    from classifier.training.crossval.report import CrossvalReport, Figures, NetworkReport

_MEASURES = {
    "f1": "F1",
    "precision": "precision",
    "recall": "recall",
    "false_alarms": "false\nalarms",
    "auc": "AUC",
    "average_precision": "average\nprecision",
}


def register(app: typer.Typer) -> None:
    """Add the command of this module to ``app``."""
    app.command()(crossval)


def crossval(  # noqa: PLR0913, PLR0917  each option of a command is an argument
    context: typer.Context,
    data: Annotated[Path, typer.Argument(help="JSON lines or CSV: text, label; see `train`.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of the scores and figures.")],
    test: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Further texts, scored by every fold and averaged."),
    ] = None,
    network: Annotated[
        list[NetworkName] | None,
        typer.Option(help="May be said several times; left out: competition."),
    ] = None,
    framework: Annotated[
        Framework, typer.Option(help="What the networks are fitted with.")
    ] = Framework.TORCH,
    folds: Annotated[int, typer.Option(min=2, help="Into how many the rows are dealt.")] = 5,
    seed: Annotated[
        int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed gives the same numbers.")
    ] = 1,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Left out: what the network usually needs.")
    ] = None,
    features: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.npy|columns",
            help="Numbers beside the text: an array, or the column `features` of the rows.",
        ),
    ] = None,
    test_features: Annotated[
        Path | None, typer.Option(metavar="FILE.npy", help="The array of the test file.")
    ] = None,
    vectors: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Word vectors: as word2vec writes text, or .npy with the words in a .txt.",
        ),
    ] = None,
    save: Annotated[
        bool, typer.Option("--save", help="Also write each fold's network as a ModelBundle.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Score every row by a network that has not seen it.

    Rows are dealt into folds with labels and slices even and near-duplicates
    together; each fold is scored by a network fitted to the others. Written are
    oof.csv, test.csv and report.json.

    Needs PyTorch or Keras: pip install 'newsieve[train]'.
    """
    from classifier.training.crossval.run import crossval as cross_validate  # noqa: PLC0415
    from classifier.training.crossval.writing import expect_folder, write_report  # noqa: PLC0415

    options = Options(
        networks=tuple(network or (NetworkName.COMPETITION,)),
        folds=folds,
        seed=seed,
        framework=framework,
        epochs=epochs,
        test=test,
        features=features,
        test_features=test_features,
        vectors=vectors,
        bundles=save,
    )
    open_log(context)
    expect_folder(out, [data, test, options.features_file, test_features, vectors])
    with _shown() as show:
        report = cross_validate(data, options, on_progress=show)
    written = write_report(report, out)
    if as_json:
        print_json({**report.to_json(), "files": [str(path) for path in written]})
    else:
        _print(report, out)


@contextmanager
def _shown() -> Iterator[Callable[[Progress], None]]:
    """Show a bar while this lasts; give what is to be told of each epoch."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    terminal = Console(stderr=True)
    hidden = not terminal.is_terminal
    with Bar(*columns, console=terminal, transient=True, disable=hidden) as bar:
        task = bar.add_task("reading", total=None)

        def show(at: Progress) -> None:
            told = f"{at.network.value}, fold {at.fold}, epoch {at.epoch}, loss {at.loss:.3f}"
            bar.update(task, description=told, completed=at.done, total=at.total)

        yield show


def _print(report: CrossvalReport, out: Path) -> None:
    terminal = console()
    for network in report.networks:
        for table in _tables(network):
            terminal.print(table)
    for note in report.notes:
        terminal.print(f"note: {note}", markup=False, soft_wrap=True)
    terminal.print(f"written to {out}", markup=False, soft_wrap=True)


def _tables(network: NetworkReport) -> Iterator[Table]:
    title = f"{network.network.value}: out of fold, ± between folds, threshold {network.threshold}"
    yield _table(title, network.measures, network.spread)
    if network.test is not None:
        yield _table(f"{network.network.value}: test file, the folds' average", network.test, {})


def _table(title: str, slices: Mapping[str, Figures], spread: Mapping[str, Figures]) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    for heading in ("slice", "rows", "bad", *_MEASURES.values()):
        table.add_column(heading, justify="left" if heading == "slice" else "right")
    for name, figures in slices.items():
        table.add_row(*_cells(name, figures, spread.get(name, {})))
    return table


def _cells(name: str, figures: Figures, spread: Figures) -> list[str]:
    counts = [str(figures["rows"]), str(figures["bad"])]
    return [name, *counts, *(_cell(figures[key], spread.get(key)) for key in _MEASURES)]


def _cell(value: float | int | None, deviation: float | int | None) -> str:
    """A figure, and below it how far the folds lie apart: side by side they need a wide screen."""
    if value is None:
        return ""
    return f"{value:.3f}" if deviation is None else f"{value:.3f}\n±{deviation:.3f}"
