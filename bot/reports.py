"""What came of a retraining, in plain English. Pure."""

from __future__ import annotations

from bot.model import StoredModel
from classifier.training.gate import Change, GateOptions, Paired
from classifier.training.retrain import RetrainReport

_GATE = GateOptions()


def outcome_lines(
    report: RetrainReport, stored: StoredModel | None, *, dry_run: bool = False
) -> list[str]:
    """Return the lines that tell an operator what came of a retraining.

    Args:
        report: of the gate.
        stored: the candidate, if it came into use.
        dry_run: nothing was to come into use.
    """
    lines = [f"{report.answer.value.capitalize()}: {report.reason}."]
    if stored is not None:
        lines.append(f"{stored.name} takes the place of {stored.replaced}.")
    else:
        lines.append("A dry run: nothing was changed." if dry_run else "The model in use stays.")
    if report.newer is not None and report.reference is not None:
        lines += [
            _learned(report),
            _told("Newer labels", report.newer) + f", {_chance(report.newer.chance)} by chance",
            _told("Reference set", report.reference)
            + f"; the upper ends may be +{_points(_GATE.error_margin)} and +{_GATE.loss_margin:g}",
        ]
    return lines


def _learned(report: RetrainReport) -> str:
    imported = f" and {_counted(report.imported, 'imported text')}" if report.imported else ""
    return (
        f"Learned from {_counted(report.learned, 'label')}{imported} beside "
        f"{_counted(report.base, 'row')} of base data, {_counted(report.epochs, 'epoch')} "
        f"in {report.seconds:.1f} s, {report.way:.0%} of the way; "
        f"{_counted(report.left_out, 'label')} left out."
    )


def _told(name: str, paired: Paired) -> str:
    return (
        f"{name}, {_counted(paired.rows, 'text')}: {paired.mistakes_before} mistakes before, "
        f"{paired.mistakes_after} after ({paired.cured} cured, {paired.spoiled} new); "
        f"share of mistakes {_change(paired.errors, 100, 1)} points, "
        f"loss {_change(paired.loss, 1, 3)}"
    )


def _change(change: Change, scale: float, digits: int) -> str:
    mean, low, high = (
        f"{scale * value:+.{digits}f}" for value in (change.mean, change.low, change.high)
    )
    return f"{mean} (95 %: {low} to {high})"


def _points(share: float) -> str:
    return f"{100 * share:g} points"


def _chance(chance: float) -> str:
    return "less than 0.1 %" if chance < 0.001 else f"{100 * chance:.1f} %"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
