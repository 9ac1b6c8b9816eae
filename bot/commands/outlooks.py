"""How operators are told what would be decided otherwise. Pure."""

from __future__ import annotations

from bot.commands.scores import decimal, digits_between
from bot.commands.texts import NAME_LENGTH, TITLE_LENGTH, escape, truth_of, why_of
from bot.figures import SCORED
from bot.foresight import Flip, Outlook
from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.model import Decision, Truth, Verdict
from bot.render import link, one_line


def outlook_lines(outlook: Outlook) -> list[str]:
    """Return lines of HTML: how many would turn from what to what, and some of them."""
    if not outlook.items:
        return [_("Nothing was decided in the last 7 days: there is nothing to try it on.")]
    lines = [_summary(outlook), *map(_turn_line, outlook.turns.items())]
    if outlook.right or outlook.wrong:
        told = _("Of those with a label of yours, {right} would go where it says, {wrong} not.")
        lines.append(told.format(right=outlook.right, wrong=outlook.wrong))
    return [*lines, *([""] if outlook.examples else []), *map(_flip_line, outlook.examples)]


def from_now_on() -> str:
    """Return what a change does not do."""
    return _(
        "It counts for what is decided from then on: what is posted stays posted, "
        "what was rejected stays rejected."
    )


def decision_word(decision: Decision) -> str:
    """Return what is decided, as of one item."""
    return {
        Decision.ACCEPT: pgettext("decision", "accepted"),
        Decision.REVIEW: pgettext("decision", "for review"),
        Decision.REJECT: pgettext("decision", "rejected"),
    }[decision]


def _summary(outlook: Outlook) -> str:
    among = ngettext(
        "{count} item of the last 7 days", "{count} items of the last 7 days", outlook.items
    )
    if outlook.is_cut:
        among = ngettext(
            "the newest {count} item of the last 7 days",
            "the newest {count} items of the last 7 days",
            outlook.items,
        )
    told = _("Would be decided otherwise: <b>{flips}</b> of {among}.")
    return told.format(flips=outlook.flips, among=among.format(count=outlook.items))


def _turn_line(turned: tuple[tuple[Decision, Decision], int]) -> str:
    (before, after), count = turned
    return f"• {decision_word(before)} → {decision_word(after)}: {count}"


def _flip_line(flip: Flip) -> str:
    item, label = flip.entry.recorded.item, truth_of(flip.entry)
    title = one_line(item.title or item.text, TITLE_LENGTH) or _("(no title)")
    change = f"{_told(flip.before, flip)} → {_told(flip.after, flip)}"
    if label is not None:
        told = {Truth.GOOD: _("labelled good"), Truth.BAD: _("labelled bad")}
        change += f", {told[label]}"
    source = escape(one_line(item.source, NAME_LENGTH))
    number = flip.entry.recorded.id
    return f"<b>#{number}</b> · {escape(change)} · {link(item.url, title)} ({source})"


def _told(verdict: Verdict, flip: Flip) -> str:
    """Return a verdict with its score if that has decided, so that both scores can be told apart.

    They are as exact as it takes to see on which side of its threshold each lies.
    """
    if verdict.detail or verdict.reason not in SCORED:
        return why_of(verdict)
    both = (flip.before, flip.after)
    digits = max(digits_between(one.score, one.threshold) for one in both)
    return f"{why_of(verdict)} {decimal(verdict.score, digits)}"
