"""The gate: whether a retrained model may take the place of the one in use.

Both score the same rows, and each row is compared with itself. On the operators' newer labels
the candidate must cure more mistakes than it makes, beyond chance; on the reference set it must
not be worse by more than a margin, the uncertainty of that included.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

import numpy as np

from classifier.network import Array

_CLIPPED = 0.005  # so that one row counts at most -ln 0.005 = 5.3
_DRAWS_AT_ONCE = 100


class Answer(str, Enum):
    """What the gate says."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class GateOptions:
    """How strict the gate is.

    Attributes:
        held_out_share: the newest share of the texts with an operator's label is kept for it.
        fewest_held_out: but never fewer texts than this.
        fewest_labels: with labels of fewer different texts nothing is trained.
        fewest_mistakes: nor if the model in use is wrong about fewer of those held out: five
            changes for the better are the fewest that are hardly chance (1 in 32).
        fewest_reference: nor with a smaller reference set.
        chance: how likely as many cures may be by chance, at most.
        error_margin: by how much the share of mistakes on the reference set may rise.
        loss_margin: by how much the mean logarithmic loss on it may rise.
        draws: how often rows are drawn again to see how far the differences are chance.
        seed: of those draws.
    """

    held_out_share: float = 0.3
    fewest_held_out: int = 10
    fewest_labels: int = 30
    fewest_mistakes: int = 5
    fewest_reference: int = 100
    chance: float = 0.05
    error_margin: float = 0.03
    loss_margin: float = 0.03
    draws: int = 2000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    """By how much something rose from one model to the other.

    Attributes:
        mean: over the rows.
        low, high: in 95 % of samples like these rows it would lie in between.
    """

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Paired:
    """Two models on the same rows.

    Attributes:
        rows: how many there are.
        mistakes_before, mistakes_after: how many of them each model is wrong about.
        cured: rows that were wrong and are right.
        spoiled: rows that were right and are wrong.
        chance: how likely as many cures are by chance, if each change goes either way
            as easily (exact sign test, one-sided).
        errors: the share of mistakes.
        loss: the mean logarithmic loss, of scores kept within 0.005 to 0.995.
    """

    rows: int
    mistakes_before: int
    mistakes_after: int
    cured: int
    spoiled: int
    chance: float
    errors: Change
    loss: Change

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, with five digits."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


def compare_paired(
    labels: Array, before: Array, after: Array, threshold: float, options: GateOptions
) -> Paired:
    """Return how the scores ``after`` differ from those ``before``, row by row.

    The same arguments give the same answer.

    Args:
        labels: (rows,), 0 good, 1 bad; at least one row.
        before: (rows,), scores of the model in use.
        after: (rows,), scores of the candidate.
        threshold: a row is called bad when its score is above.
        options: draws and seed of the intervals.
    """
    wrong = [(scores > threshold) != (labels == 1) for scores in (before, after)]
    cured, spoiled = int((wrong[0] & ~wrong[1]).sum()), int((~wrong[0] & wrong[1]).sum())
    rises = np.stack(
        [wrong[1].astype(np.float64) - wrong[0], _losses(labels, after) - _losses(labels, before)],
        axis=1,
    )
    errors, loss = _changes(rises, options)
    return Paired(
        rows=len(labels),
        mistakes_before=int(wrong[0].sum()),
        mistakes_after=int(wrong[1].sum()),
        cured=cured,
        spoiled=spoiled,
        chance=sign_test(cured, spoiled),
        errors=errors,
        loss=loss,
    )


def sign_test(cured: int, spoiled: int) -> float:
    """Return how likely at least ``cured`` of all changes are for the better by a fair coin."""
    changes = cured + spoiled
    favourable = sum(math.comb(changes, count) for count in range(cured, changes + 1))
    return float(favourable / 2**changes)


def judge(newer: Paired, reference: Paired, options: GateOptions) -> tuple[Answer, str]:
    """Return what the gate says to a candidate, and why, in plain words.

    Args:
        newer: on the held-out labels of the operators.
        reference: on the bundle's reference set.
        options: the margins.
    """
    for complaint in (_worse(reference, options), _no_better(newer, options)):
        if complaint is not None:
            return complaint
    return Answer.ACCEPTED, (
        f"it cures {newer.cured} of {newer.mistakes_before} mistakes on the newer labels, makes "
        f"{newer.spoiled or 'no'} new one{'s' if newer.spoiled > 1 else ''}, and is not worse "
        "on the reference set"
    )


def _worse(reference: Paired, options: GateOptions) -> tuple[Answer, str] | None:
    if reference.errors.high > options.error_margin:
        return Answer.REFUSED, (
            f"on the reference set {reference.errors.high:.1%} more mistakes cannot be ruled out "
            f"({reference.mistakes_before} before, {reference.mistakes_after} after); "
            f"the margin is {options.error_margin:.1%}"
        )
    if reference.loss.high > options.loss_margin:
        return Answer.REFUSED, (
            f"on the reference set a loss higher by {reference.loss.high:.3f} cannot be ruled "
            f"out; the margin is {options.loss_margin:.3f}"
        )
    return None


def _no_better(newer: Paired, options: GateOptions) -> tuple[Answer, str] | None:
    changes = f"it cures {newer.cured} of {newer.mistakes_before} mistakes on the newer labels"
    changes += f" and makes {newer.spoiled or 'none'}"
    if newer.cured <= newer.spoiled:
        return Answer.REFUSED, f"{changes}: no better than the model in use"
    if newer.loss.mean > 0:
        return Answer.REFUSED, f"{changes}, but is surer of those that are left: the loss rises"
    if newer.chance <= options.chance:
        return None
    # Whoever cures most of what there is and spoils nothing may only lack labels to show it.
    promising = 2 * newer.cured >= newer.mistakes_before and not newer.spoiled
    answer = Answer.TOO_FEW if promising else Answer.REFUSED
    return answer, f"{changes}: that may be chance ({newer.chance:.0%})"


def _losses(labels: Array, scores: Array) -> Array:
    kept = np.clip(scores, _CLIPPED, 1 - _CLIPPED)
    losses: Array = -np.log(np.where(labels == 1, kept, 1 - kept))
    return losses


def _changes(rises: Array, options: GateOptions) -> tuple[Change, Change]:
    """Return mean and interval of each column: percentiles of means over rows drawn again."""
    means = np.concatenate(list(_resampled(rises, options)))
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    mean = rises.mean(axis=0)
    first, second = (
        Change(float(mean[i]), float(low[i]), float(high[i])) for i in range(rises.shape[1])
    )
    return first, second


def _resampled(rises: Array, options: GateOptions) -> Iterator[Array]:
    random, count = np.random.default_rng(options.seed), len(rises)
    for start in range(0, options.draws, _DRAWS_AT_ONCE):
        draws = min(_DRAWS_AT_ONCE, options.draws - start)
        yield rises[random.integers(0, count, (draws, count))].mean(axis=1)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return round(value, 5) if isinstance(value, float) else value
