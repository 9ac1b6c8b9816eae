from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console, RenderableType

from bot.comparison import costs, overall, per_slice, remarks, tables
from classifier.training.compare.clock import Clock
from classifier.training.compare.outcome import Comparison
from classifier.training.compare.running import compare
from tests.classifier.compared import Absent, WordSpotter, rows


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    candidates = [WordSpotter(notes=("knows two words",)), Absent()]
    return compare(rows(), candidates, Clock(), data="[bold]news.jsonl")


def _shown(table: RenderableType | None, width: int = 160) -> str:
    assert table is not None
    console = Console(width=width)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def test_the_table_has_a_line_for_every_candidate(comparison: Comparison) -> None:
    shown = _shown(overall(comparison))
    assert "[bold]news.jsonl: 18 of 90 texts held out" in shown
    (line,) = (line for line in shown.splitlines() if "word spotter" in line)
    # F1, precision and recall of four spotted of six bad, and none wrong.
    for figure in ("0.800", "1.000", "0.667"):
        assert figure in line
    assert "absent model: needs newsieve[encoder]" in shown


def test_what_a_candidate_costs_is_told(comparison: Comparison) -> None:
    (line,) = (line for line in _shown(costs(comparison)).splitlines() if "spotter" in line)
    assert line.split()[-2:] == ["1.23", "kB"]


def test_a_narrow_terminal_shows_every_figure_whole(comparison: Comparison) -> None:
    (result,) = comparison.results
    long = replace(result, name="TF-IDF of 2–5 characters + logistic regression")
    for table in tables(replace(comparison, results=(long,))):
        assert "…" not in _shown(table, width=80)


def test_each_kind_of_texts_shows_what_it_can(comparison: Comparison) -> None:
    shown = _shown(per_slice(comparison))
    assert "4 of 4 bad" in shown
    (line,) = (line for line in shown.splitlines() if "word spotter" in line)
    assert line.split()[-2:] == ["1.000", "0.000"]


def test_one_kind_alone_makes_no_second_table() -> None:
    data = [replace(row, kind="all") for row in rows()]
    assert per_slice(compare(data, [WordSpotter()], Clock())) is None


def test_kinds_are_no_markup(comparison: Comparison) -> None:
    (result,) = comparison.results
    slices = {"[red]kind": result.slices["ad"], **result.slices}
    odd = replace(comparison, results=(replace(result, slices=slices),))
    assert "[red]kind" in _shown(per_slice(odd))


def test_what_a_reader_must_know_is_said_below(comparison: Comparison) -> None:
    warned = replace(comparison, warnings=("labelled good and bad",))
    assert list(remarks(warned)) == ["word spotter: knows two words", "labelled good and bad"]


def test_of_many_warnings_some_are_shown_each_on_one_plain_line(comparison: Comparison) -> None:
    warned = replace(comparison, warnings=("мост\n\x1b[31m\ud83d " + "река " * 100,) * 30)
    _, *lines, last = remarks(warned)
    assert len(lines) == 10
    assert all(line.isprintable() and len(line) <= 150 for line in lines)
    assert last == "and 20 more like these"
