"""The main figures of /stats in words: what stands below the picture."""

from __future__ import annotations

from collections.abc import Mapping

from bot.audit import Audit
from bot.commands.texts import bold, escape, reason_word
from bot.figures import Checked, Figures
from bot.language import gettext as _
from bot.language import ngettext
from bot.model import REJECTIONS, Reason
from bot.written import between, number, period, score, share

LIMIT = 1024
"""UTF-16 units that Telegram takes below a picture."""


def caption(figures: Figures) -> str:
    """Return the main figures as Telegram HTML, well within LIMIT."""
    counts = figures.counts
    lines = [
        bold(escape(period(figures.first_day, figures.last_day))),
        _("Items: {count}").format(count=number(figures.judged)),
        _("Accepted: {count}").format(count=number(counts.get(Reason.GOOD, 0))),
        *_review_lines(counts.get(Reason.UNSURE, 0)),
        _rejected_line(counts),
        _("Posts: {count}").format(count=number(figures.posts)),
        *_checked_lines(figures.checked),
        *_rescued_lines(figures.rescued),
        *_audit_lines(figures.audit),
        *_threshold_lines(figures.thresholds),
        *_seeded_lines(figures.seeded),
    ]
    return "\n".join(lines)


def _review_lines(count: int) -> list[str]:
    return [_("For review: {count}").format(count=number(count))] if count else []


def _rejected_line(counts: Mapping[Reason, int]) -> str:
    reasons = {reason: n for reason, n in counts.items() if reason in REJECTIONS}
    reasons.pop(Reason.SEEDED, None)
    most_first = sorted(reasons.items(), key=lambda pair: -pair[1])
    told = ", ".join(f"{reason_word(reason)} {number(count)}" for reason, count in most_first)
    line = _("Rejected: {count}").format(count=number(sum(reasons.values())))
    return line + (f" ({told})" if told else "")


def _checked_lines(its: Checked) -> list[str]:
    if not its.accepted:
        return []
    told = _("Without objection: {unopposed} of {accepted}; labelled by you: {labelled}")
    line = told.format(
        unopposed=number(its.unopposed),
        accepted=number(its.accepted),
        labelled=number(its.labelled),
    )
    if its.share is not None and its.between is not None:
        told = _("good among those: {share} ({between})")
        line += ", " + told.format(share=share(its.share), between=between(its.between))
    if its.untimely:
        told = _("told before or old: {count}")
        line += "; " + told.format(count=number(its.untimely))
    return [line]


def _rescued_lines(count: int) -> list[str]:
    if not count:
        return []
    told = ngettext(
        "You called {count} rejected item good", "You called {count} rejected items good", count
    )
    return [told.format(count=number(count))]


def _audit_lines(audit: Audit) -> list[str]:
    if audit.share is None or audit.between is None or audit.thrown_away is None:
        return []
    told = _("Good news among the rejected: {share} ({between}), {answers}; {items}")
    line = told.format(
        share=share(audit.share),
        between=between(audit.between),
        answers=_answers(audit.answered, audit.drawn),
        items=_thrown_away(*audit.thrown_away),
    )
    return [line, *_doubts(audit)]


def _answers(answered: int, drawn: int) -> str:
    # Two figures, each with a word of its own that goes with it.
    told = ngettext("from {count} answer", "from {count} answers", answered)
    to = ngettext("to {count} drawn at random", "to {count} drawn at random", drawn)
    return f"{told.format(count=number(answered))} {to.format(count=number(drawn))}"


def _thrown_away(low: int, high: int) -> str:
    told = ngettext("so {low} to {count} item", "so {low} to {count} items", high)
    return told.format(low=number(low), count=number(high))


def _doubts(audit: Audit) -> list[str]:
    if not audit.may_mislead:
        return []
    return [_("Answer the bad ones, too: if only good ones get an answer, the share is too high.")]


def _threshold_lines(thresholds: tuple[float, ...]) -> list[str]:
    if not thresholds:
        return []
    *before, last = thresholds
    told = _("Threshold: {score}").format(score=score(last))
    if before:
        told += " " + _("(before: {scores})").format(scores="; ".join(map(score, before)))
    return [told]


def _seeded_lines(count: int) -> list[str]:
    told = ngettext(
        "Not counted: {count} item that was there when its source was added",
        "Not counted: {count} items that were there when their sources were added",
        count,
    )
    return [told.format(count=number(count))] if count else []
