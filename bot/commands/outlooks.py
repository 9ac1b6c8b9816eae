"""How operators are told what would be decided otherwise. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.scores import decimal, digits_between
from bot.commands.texts import NAME_LENGTH, TITLE_LENGTH, escape, truth_of, why_of
from bot.figures import SCORED
from bot.foresight import Flip, Outlook
from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.model import Decision, Entry, Truth, Verdict
from bot.render import link, one_line

QUOTE_LENGTH = 60


def outlook_lines(outlook: Outlook) -> list[str]:
    """Return lines of HTML: how many would turn from what to what, and some of them."""
    if not outlook.items:
        return [_("Nothing was decided in the last 7 days: there is nothing to try it on.")]
    lines = [_summary(outlook), *map(_turn_line, outlook.turns.items())]
    if outlook.right or outlook.wrong:
        told = _("Of those with a label of yours, {right} would go where it says, {wrong} not.")
        lines.append(told.format(right=outlook.right, wrong=outlook.wrong))
    examples = [_flip_line(flip, outlook.quotes) for flip in outlook.examples]
    return [*lines, *([""] if examples else []), *examples, *_unmoved_lines(outlook)]


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


def _unmoved_lines(outlook: Outlook) -> list[str]:
    if not outlook.unmoved:
        return []
    lines = [_item_line(entry, "", outlook.quotes) for entry in outlook.unmoved]
    return ["", _("Found here, too, where nothing would change:"), *lines]


def _flip_line(flip: Flip, quotes: Mapping[int, str]) -> str:
    label = truth_of(flip.entry)
    change = f"{_told(flip.before, flip)} → {_told(flip.after, flip)}"
    if label is not None:
        told = {Truth.GOOD: _("labelled good"), Truth.BAD: _("labelled bad")}
        change += f", {told[label]}"
    return _item_line(flip.entry, change, quotes)


def _item_line(entry: Entry, change: str, quotes: Mapping[int, str]) -> str:
    item, number = entry.recorded.item, entry.recorded.id
    title = one_line(item.title or item.text, TITLE_LENGTH) or _("(no title)")
    quote = one_line(quotes.get(number, ""), QUOTE_LENGTH)
    source = escape(one_line(item.source, NAME_LENGTH))
    parts = [
        f"<b>#{number}</b>",
        escape(change),
        f"«{escape(quote)}»" if quote else "",
        f"{link(item.url, title)} ({source})",
    ]
    return " · ".join(filter(None, parts))


def _told(verdict: Verdict, flip: Flip) -> str:
    """Return a verdict with its score if that has decided, so that both scores can be told apart.

    They are as exact as it takes to see on which side of its threshold each lies.
    """
    if verdict.detail or verdict.reason not in SCORED:
        return why_of(verdict)
    both = (flip.before, flip.after)
    digits = max(digits_between(one.score, one.threshold) for one in both)
    return f"{why_of(verdict)} {decimal(verdict.score, digits)}"
