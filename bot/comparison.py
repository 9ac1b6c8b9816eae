"""A comparison of models as tables in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from classifier.training.compare.figures import (
    duration,
    of_slice,
    plain,
    share,
    short_size,
    slices_of,
)
from classifier.training.compare.outcome import Comparison, Result
from classifier.training.report import OVERALL

_WHOLE: tuple[tuple[str, Callable[[Result], float | None]], ...] = (
    ("F1", lambda result: result.slices[OVERALL].called.f1),
    ("precision", lambda result: result.slices[OVERALL].called.precision),
    ("recall", lambda result: result.slices[OVERALL].called.recall),
    ("AUC", lambda result: result.slices[OVERALL].auc),
    ("AP", lambda result: result.slices[OVERALL].average_precision),
)

_KIND, _LINE = 20, 150
"""Characters of the name of a kind, and of a line, at most."""
_WARNINGS = 10


def tables(comparison: Comparison) -> Iterator[Table]:
    """Yield what a comparison gave: overall, by kind of text, and what each candidate costs."""
    yield overall(comparison)
    yield from filter(None, [per_slice(comparison)])
    yield costs(comparison)


def overall(comparison: Comparison) -> Table:
    """Return the measures on all held-out texts, one candidate a row; who is left out, and why."""
    f1, *others = (name for name, _ in _WHOLE)
    table = _table(f1, "95 %", *others)
    table.title = Text(_title(comparison))
    best = [_best([value(result) for result in comparison.results]) for _, value in _WHOLE]
    for result in comparison.results:
        table.add_row(Text(result.name), *_cells(result, best))
    for left in comparison.left_out:
        table.add_row(Text(f"{left.name}: {left.reason}"), style="dim")
    return table


def costs(comparison: Comparison) -> Table:
    """Return how long each candidate takes, and how much room."""
    table = _table("to fit", "a text", "size")
    for result in comparison.results:
        each = result.score_seconds / len(comparison.held_out)
        times = (duration(result.fit_seconds), duration(each))
        table.add_row(Text(result.name), *times, short_size(result.size))
    return table


def per_slice(comparison: Comparison) -> Table | None:
    """Return one measure of each kind of text: F1, or what it has that takes its place.

    None if there is only one kind.
    """
    slices = slices_of(comparison)
    if not slices:
        return None
    table = _table(
        *(f"{plain(one.name, _KIND)}\n{one.measure}\n{one.bad} of {one.rows} bad" for one in slices)
    )
    for result in comparison.results:
        cells = (share(of_slice(result, one)) for one in slices)
        table.add_row(Text(result.name), *cells)
    return table


def remarks(comparison: Comparison) -> Iterator[str]:
    """Yield what a reader must know besides the figures, one line each."""
    for result in comparison.results:
        for note in result.notes:
            yield f"{result.name}: {note}"
    for warning in comparison.warnings[:_WARNINGS]:
        yield plain(warning, _LINE)
    if more := comparison.warnings[_WARNINGS:]:
        yield f"and {len(more)} more like these"


def _table(*heads: str) -> Table:
    """Texts of others are never read as markup: a kind may be called ``[bold]``."""
    table = Table("", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title_justify="left")
    for head in heads:
        table.add_column(Text(head), justify="right", no_wrap=True)
    return table


def _cells(result: Result, best: Sequence[float | None]) -> Iterator[str | Text]:
    f1, *others = (
        _figure(value(result), top) for (_, value), top in zip(_WHOLE, best, strict=True)
    )
    yield f1
    yield "–".join(share(end) for end in result.f1_between)
    yield from others


def _title(comparison: Comparison) -> str:
    held_out = f"{len(comparison.held_out)} of {comparison.rows} texts held out"
    return f"{plain(comparison.data, _LINE)}: {held_out}"


def _best(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _figure(value: float | None, best: float | None) -> Text:
    return Text(share(value), style="bold" if value == best else "")
