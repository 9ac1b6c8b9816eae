"""The benchmarks: bench classifier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.bench.chart import draw, expect_matplotlib
from bot.bench.figures import to_json
from bot.bench.process import measured
from bot.bench.table import tables
from bot.bench.texts import read_texts
from bot.cli.options import AsJson, console, print_json


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    group = typer.Typer(help="How fast newsieve is, as ratios.", no_args_is_help=True)
    group.command()(classifier)
    group.callback()(_benchmarks)
    app.add_typer(group, name="bench")


def _benchmarks() -> None:
    """Keep the name of the benchmark needed while there is only one."""


def classifier(
    texts: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Raw texts, JSON lines, may be gzipped; left out: what needs them is too.",
        ),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also draw the ratios: .png, .svg or .pdf.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure the bundled model beside other ways from text to score.

    Everything runs on one core, each pair in one run. Keras, PyTorch and
    onnxruntime (with onnx) are measured where they are installed.
    """
    if texts is not None:
        read_texts(texts)  # a wrong file is told before anything is measured
    if chart is not None:
        expect_matplotlib()
    figures = []
    with Console(stderr=True).status("measuring…"):
        for figure in measured(texts):
            figures.append(figure)
            if as_json:
                print_json(to_json(figure))
    if not as_json:
        for table in tables(figures):
            console().print(table)
    if chart is not None:
        draw(figures, chart)
