"""What came of a retraining, in plain words. Pure."""

from __future__ import annotations

from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.lineage import StoredModel
from bot.retold import retold
from classifier.training.gate import Answer, Change, GateOptions, Paired
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
    lines = [_verdict(report)]
    if stored is not None:
        told = _("{model} takes the place of {replaced}.")
        lines.append(told.format(model=stored.name, replaced=stored.replaced))
    else:
        stays = _("The model in use stays.")
        lines.append(_("A dry run: nothing was changed.") if dry_run else stays)
    if report.newer is not None and report.reference is not None:
        lines += [_learned(report), _newer(report.newer), _reference(report.reference)]
    return lines


def answer_word(answer: str) -> str:
    """Return what the gate said, in the language that is spoken."""
    return {
        Answer.ACCEPTED.value: pgettext("training", "accepted"),
        Answer.REFUSED.value: pgettext("training", "refused"),
        Answer.TOO_FEW.value: pgettext("training", "too few to tell"),
        "failed": pgettext("training", "failed"),
    }[answer]


def _verdict(report: RetrainReport) -> str:
    word = answer_word(report.answer.value)
    return f"{word[0].upper()}{word[1:]}: {retold(report.reason)}."


def _learned(report: RetrainReport) -> str:
    told = _(
        "Learned from {labels} beside {rows} of base data, {epochs} in {seconds} s, "
        "{way} of the way; {left_out} left out."
    )
    return told.format(
        labels=_taught(report),
        rows=ngettext("{count} row", "{count} rows", report.base).format(count=report.base),
        epochs=ngettext("{count} epoch", "{count} epochs", report.epochs).format(
            count=report.epochs
        ),
        seconds=f"{report.seconds:.1f}",
        way=f"{report.way:.0%}",
        left_out=_labels(report.left_out),
    )


def _taught(report: RetrainReport) -> str:
    if not report.imported:
        return _labels(report.learned)
    told = ngettext(
        "{labels} and {count} imported text",
        "{labels} and {count} imported texts",
        report.imported,
    )
    return told.format(labels=_labels(report.learned), count=report.imported)


def _labels(number: int) -> str:
    return ngettext("{count} label", "{count} labels", number).format(count=number)


def _newer(paired: Paired) -> str:
    told = ngettext("Newer labels, {count} text", "Newer labels, {count} texts", paired.rows)
    chance = _("less than 0.1 %") if paired.chance < 0.001 else f"{100 * paired.chance:.1f} %"
    by_chance = _("{chance} by chance").format(chance=chance)
    return f"{told.format(count=paired.rows)}: {_compared(paired)}, {by_chance}"


def _reference(paired: Paired) -> str:
    told = ngettext("Reference set, {count} text", "Reference set, {count} texts", paired.rows)
    margins = _("the upper ends may be +{share} points and +{loss}").format(
        share=f"{100 * _GATE.error_margin:g}", loss=f"{_GATE.loss_margin:g}"
    )
    return f"{told.format(count=paired.rows)}: {_compared(paired)}; {margins}"


def _compared(paired: Paired) -> str:
    told = _(
        "{before} mistakes before, {after} after ({cured} cured, {spoiled} new); "
        "share of mistakes {share} points, loss {loss}"
    )
    return told.format(
        before=paired.mistakes_before,
        after=paired.mistakes_after,
        cured=paired.cured,
        spoiled=paired.spoiled,
        share=_change(paired.errors, 100, 1),
        loss=_change(paired.loss, 1, 3),
    )


def _change(change: Change, scale: float, digits: int) -> str:
    mean, low, high = (
        f"{scale * value:+.{digits}f}" for value in (change.mean, change.low, change.high)
    )
    return _("{mean} (95 %: {low} to {high})").format(mean=mean, low=low, high=high)
