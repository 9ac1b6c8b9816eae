"""A comparison of models as tables in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from classifier.training.compare.figures import duration, of_slice, share, short_size, slices_of
from classifier.training.compare.outcome import Comparison, Result
from classifier.training.report import OVERALL

_WHOLE: tuple[tuple[str, Callable[[Result], float | None]], ...] = (
    ("F1", lambda result: result.slices[OVERALL].called.f1),
    ("precision", lambda result: result.slices[OVERALL].called.precision),
    ("recall", lambda result: result.slices[OVERALL].called.recall),
    ("AUC", lambda result: result.slices[OVERALL].auc),
    ("AP", lambda result: result.slices[OVERALL].average_precision),
)


def overall(comparison: Comparison) -> Table:
    """Return the measures on all held-out texts, one candidate a row, with times and sizes."""
    f1, *others = (name for name, _ in _WHOLE)
    table = _table(f1, "95 %", *others, "to fit", "a text", "size")
    table.title = Text(_title(comparison))
    best = [_best([value(result) for result in comparison.results]) for _, value in _WHOLE]
    for result in comparison.results:
        table.add_row(Text(result.name), *_cells(result, best, len(comparison.held_out)))
    for left in comparison.left_out:
        table.add_row(Text(f"{left.name}: {left.reason}"), style="dim")
    return table


def per_slice(comparison: Comparison) -> Table | None:
    """Return one measure of each kind of text: F1, or what it has that takes its place.

    None if there is only one kind.
    """
    slices = slices_of(comparison)
    if not slices:
        return None
    table = _table(*(f"{one.name}\n{one.measure}\n{one.bad} of {one.rows} bad" for one in slices))
    for result in comparison.results:
        cells = (share(of_slice(result, one)) for one in slices)
        table.add_row(Text(result.name), *cells)
    return table


def remarks(comparison: Comparison) -> Iterator[str]:
    """Yield what a reader must know besides the figures, one line each."""
    for result in comparison.results:
        for note in result.notes:
            yield f"{result.name}: {note}"
    yield from comparison.warnings


def _table(*heads: str) -> Table:
    """Texts of others are never read as markup: a kind may be called ``[bold]``."""
    table = Table("", box=SIMPLE_HEAD, title_justify="left")
    for head in heads:
        table.add_column(Text(head), justify="right", no_wrap=True)
    return table


def _cells(result: Result, best: Sequence[float | None], texts: int) -> Iterator[str | Text]:
    f1, *others = (
        _figure(value(result), top) for (_, value), top in zip(_WHOLE, best, strict=True)
    )
    yield f1
    yield "–".join(share(end) for end in result.f1_between)
    yield from others
    yield duration(result.fit_seconds)
    yield duration(result.score_seconds / texts)
    yield short_size(result.size)


def _title(comparison: Comparison) -> str:
    return f"{comparison.data}: {len(comparison.held_out)} of {comparison.rows} texts held out"


def _best(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _figure(value: float | None, best: float | None) -> Text:
    return Text(share(value), style="bold" if value == best else "")
