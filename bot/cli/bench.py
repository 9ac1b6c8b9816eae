"""The benchmarks: bench classifier, bench scrapers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.bench.chart import draw, expect_matplotlib
from bot.bench.figures import Figure, to_json
from bot.bench.pages import read_pages
from bot.bench.process import measured
from bot.bench.table import tables
from bot.bench.texts import read_texts
from bot.cli.options import AsJson, console, print_json


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    group = typer.Typer(help="How fast newsieve is, as ratios.", no_args_is_help=True)
    group.command()(classifier)
    group.command()(scrapers)
    app.add_typer(group, name="bench")


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
    figures = _show(measured("classifier", *([] if texts is None else [str(texts)])), as_json)
    if chart is not None:
        draw(figures, chart)


def scrapers(
    pages: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Pages to read; left out: invented ones."),
    ] = None,
    sites: Annotated[int, typer.Option(min=1, max=800, help="How many sites are read.")] = 500,
    articles: Annotated[
        int, typer.Option(min=1, max=999_999, help="How many articles they have together.")
    ] = 20_000,
    as_json: AsJson = False,
) -> None:
    """Measure the scrapers: pages beside trafilatura, and many sites on loopback.

    The sites answer after 50 ms. They are read as fast as possible, with and
    without selectors, and then politely. A core's pages a second are told by
    the time that all processes together had a processor.
    """
    read_pages(pages)  # a wrong folder is told before anything is measured
    given = "" if pages is None else str(pages)
    _show(measured("scrapers", given, str(sites), str(articles)), as_json)


def _show(found: Iterable[Figure], as_json: bool) -> list[Figure]:
    """Print the figures, as JSON lines when they come or as tables in the end; return them."""
    figures = []
    with Console(stderr=True).status("measuring…"):
        for figure in found:
            figures.append(figure)
            if as_json:
                print_json(to_json(figure))
    if not as_json:
        for table in tables(figures):
            if table.row_count:
                console().print(table)
    return figures
