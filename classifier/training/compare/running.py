"""The comparison itself: split once, then fit, score and measure one candidate after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from classifier.errors import ModelError
from classifier.training.balance import Balance, class_weights, upsampled
from classifier.training.compare.candidate import Candidate, Lesson, Part, Places
from classifier.training.compare.clock import Clock
from classifier.training.compare.outcome import (
    Comparison,
    LeftOut,
    Result,
    f1_interval,
    rank_slices,
)
from classifier.training.compare.words import lemmas
from classifier.training.contradictions import find_contradictions
from classifier.training.dataset import NAMES, Row, expect_enough
from classifier.training.report import Numbers
from classifier.training.split import assign_folds

FOLDS = 5

Step = Callable[[str], None]
"""Is told the name of the candidate whose turn it is."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The rows to learn from and those to measure on."""

    learned: Lesson
    held_out: Part
    held_out_rows: tuple[Row, ...]


def compare(
    rows: Sequence[Row],
    candidates: Sequence[Candidate],
    clock: Clock,
    *,
    data: str = "",
    seed: int = 1,
    balance: Balance = Balance.UPSAMPLE,
    on_step: Step = lambda name: None,
) -> Comparison:
    """Fit the candidates to four fifths of ``rows`` and measure them on the others.

    Args:
        rows: labelled texts in the order of their file.
        candidates: who takes part, see ``all_candidates``.
        clock: the one the candidates know.
        data: name of the file.
        seed: of the split, and of what the candidates leave to chance.
        balance: what is done about bad rows being rarer.
        on_step: is told whose turn it is.

    Raises:
        ModelError: if there are too few rows, or no candidate can run.
    """
    sides = split(rows, seed, balance)
    _remember_lemmas(rows)
    outcomes = [_try(candidate, sides, clock, on_step) for candidate in candidates]
    results = tuple(outcome for outcome in outcomes if isinstance(outcome, Result))
    left_out = tuple(outcome for outcome in outcomes if isinstance(outcome, LeftOut))
    if not results:
        raise ModelError(f"no model can run: {_reasons(left_out)}")
    return Comparison(
        data=data,
        rows=len(rows),
        bad=sum(row.label for row in rows),
        held_out=sides.held_out_rows,
        seed=seed,
        balance=balance,
        results=results,
        left_out=left_out,
        warnings=warnings_about(rows),
    )


def split(rows: Sequence[Row], seed: int, balance: Balance) -> Sides:
    """Return both sides; near-duplicates are on the same one.

    Raises:
        ModelError: if either label has too few rows, or only copies of a few.
    """
    expect_enough(rows)
    held_out = np.array(assign_folds(rows, FOLDS, seed)) == 0
    learned, measured = np.flatnonzero(~held_out), np.flatnonzero(held_out)
    labels = np.array([row.label for row in rows], dtype=np.float64)
    for side in (learned, measured):
        _expect_both(labels[side])
    order, weights = _balanced(labels[learned], balance, seed)
    return Sides(
        Lesson(_part(rows, learned), labels[learned], order, weights, seed),
        _part(rows, measured),
        tuple(compress(rows, held_out)),
    )


def warnings_about(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return what is wrong with the data, though it can be used, one line each."""
    return tuple(
        f"labelled good in {_rows(found.good)} and bad in {_rows(found.bad)}: {found.text}"
        for found in find_contradictions(rows)
    )


def _rows(places: Sequence[int]) -> str:
    return f"row{'s' if len(places) > 1 else ''} {', '.join(map(str, places))}"


def _part(rows: Sequence[Row], places: Places) -> Part:
    return Part(tuple(rows[int(place)].text for place in places), places)


def _balanced(labels: Numbers, balance: Balance, seed: int) -> tuple[Places, Numbers]:
    """Return the rows to learn from, and how much each counts."""
    if balance is Balance.UPSAMPLE:
        order = upsampled(labels, np.random.default_rng(seed))
        return order, np.ones(len(order))
    alike = np.ones(len(labels))
    weights = class_weights(labels, alike) if balance is Balance.CLASS_WEIGHTS else alike
    return np.arange(len(labels)), weights


def _expect_both(labels: Numbers) -> None:
    for label, name in enumerate(NAMES):
        if not (labels == label).any():
            raise ModelError(
                f"the {name} rows are copies of each other: too few to learn from some and "
                "measure on others"
            )


def _remember_lemmas(rows: Sequence[Row]) -> None:
    """Lemmas are remembered: without this the first candidate would pay for all."""
    for row in rows:
        lemmas(row.text)


def _try(candidate: Candidate, sides: Sides, clock: Clock, on_step: Step) -> Result | LeftOut:
    on_step(candidate.name)
    try:
        candidate.load()
        return _run(candidate, sides, clock)
    except ModelError as error:
        return LeftOut(candidate.key, candidate.name, str(error))


def _run(candidate: Candidate, sides: Sides, clock: Clock) -> Result:
    began = clock.now()
    scorer = candidate.fit(sides.learned)
    fitted = clock.now()
    scores = scorer.score(sides.held_out)
    scored = clock.now()
    rows = sides.held_out_rows
    return Result(
        key=candidate.key,
        name=candidate.name,
        scores=scores,
        slices=rank_slices(rows, scores),
        f1_between=f1_interval(rows, scores, sides.learned.seed),
        fit_seconds=fitted - began,
        score_seconds=scored - fitted,
        size=scorer.size,
        notes=scorer.notes,
    )


def _reasons(left_out: Sequence[LeftOut]) -> str:
    reasons = Counter(left.reason for left in left_out)
    return "; ".join(reasons) or "none was chosen"
