"""How items are told to operators. Pure."""

from __future__ import annotations

import html
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from bot.commands.request import Button, Reply, data_of
from bot.commands.scores import score_of
from bot.language import gettext as _
from bot.language import local, ngettext, pgettext
from bot.model import Entry, Operator, Post, Reason, Truth, Verdict
from bot.render import LIMIT, link, one_line, plain_text, utf16_length
from bot.retold import retold
from scrapers import names_day_alone

TITLE_LENGTH = 120
NAME_LENGTH = 60
TEXT_LENGTH = 600
BRIEF_LENGTH = 200
MORE_LENGTH = 30
"""UTF-16 units kept for the line that tells what was left out."""

_MEASURED = (Reason.STALE, Reason.SHORT, Reason.LANGUAGE, Reason.SEEDED)
"""Their details are measures, no words that go on."""


def item_line(entry: Entry, title_length: int = TITLE_LENGTH) -> str:
    """Return an item in one line of HTML: id, score, why, title, source."""
    verdict, item = entry.verdict, entry.recorded.item
    title = (
        one_line(item.title, title_length) or one_line(item.text, title_length) or _("(no title)")
    )
    told = f"<b>#{entry.recorded.id}</b> · {score_of(verdict)} · {escape(why_of(verdict))} · "
    return f"{told}{link(item.url, title)} ({escape(one_line(item.source, NAME_LENGTH))})"


def why_of(verdict: Verdict) -> str:
    """Return why a verdict is as it is, and what that rests on."""
    if not verdict.detail:
        return reason_word(verdict.reason)
    between = ": " if verdict.reason in _MEASURED else " "
    return reason_word(verdict.reason) + between + retold(verdict.detail)


def reason_word(reason: Reason) -> str:
    """Return why a verdict is as it is, in a word."""
    return {
        Reason.GOOD: pgettext("reason", "good"),
        Reason.UNSURE: pgettext("reason", "unsure"),
        Reason.BAD: pgettext("reason", "bad"),
        Reason.DUPLICATE: pgettext("reason", "duplicate"),
        Reason.STALE: pgettext("reason", "stale"),
        Reason.SHORT: pgettext("reason", "short"),
        Reason.LANGUAGE: pgettext("reason", "language"),
        Reason.RULE: pgettext("reason", "rule"),
        Reason.SEEDED: pgettext("reason", "seeded"),
    }[reason]


def attempt_of(post: Post) -> int:
    """Return what tells one attempt to send a post from the next: its second."""
    return int(post.sending_at.timestamp()) if post.sending_at else 0


def question_card(post: Post, entry: Entry) -> Reply:
    """Return the card that asks whether a post is in its channel."""
    asked = _("Is this in {chat}? I cannot tell, and will not send it twice.")
    buttons = (
        (_("It is posted"), data_of(Button.POSTED, post.id, attempt_of(post))),
        (_("Send again"), data_of(Button.AGAIN, post.id, attempt_of(post))),
    )
    or_else = _("If it is, you may as well forward it to me, and reply to that with /why.")
    told = f"{asked.format(chat=escape(post.chat))}\n\n{item_line(entry)}\n\n{or_else}"
    return Reply(told, "", entry.recorded.id, buttons)


def fitting(lines: Sequence[str], room: int = LIMIT) -> list[str]:
    """Return as many of these lines of HTML as ``room`` UTF-16 units hold once they are parsed.

    If that is not all of them, one more tells how many are left out.
    """
    ends = list(accumulate(utf16_length(plain_text(line)) + len("\n") for line in lines))
    if not ends or ends[-1] <= room:
        return list(lines)
    shown = bisect_right(ends, room - MORE_LENGTH)
    return [*lines[:shown], and_more(len(lines) - shown)]


def and_more(left_out: int) -> str:
    """Return the line that tells how many lines are left out."""
    return ngettext("… and {count} more", "… and {count} more", left_out).format(count=left_out)


def brief(text: str) -> str:
    """Return ``text`` in the length of an answer to a pressed button."""
    return one_line(text, BRIEF_LENGTH)


def moment(at: datetime) -> str:
    """Return a moment of these days for people, in their zone; UTC is named."""
    return _in_zone(_("{date:%d %b %H:%M}"), at)


def dated(at: datetime) -> str:
    """Return a moment that may be long ago for people, as above."""
    return _in_zone(_("{date:%d %b %Y %H:%M}"), at)


def published_on(published: datetime) -> str:
    """Return when an item came out for people: the moment as above, or the day alone."""
    if names_day_alone(published):
        return str(_("{date:%d %b}").format(date=published))
    return moment(published)


def _in_zone(form: str, at: datetime) -> str:
    date = local(at)
    # Plain words: a moment that the log keeps could not be put into its form once more.
    told = str(form.format(date=date))
    return f"{told} UTC" if date.tzname() == "UTC" else told


def truth_of(entry: Entry) -> Truth | None:
    """Return the label in force, or None."""
    return entry.label.truth if entry.label else None


def bold(text: str) -> str:
    """Return HTML as HTML in bold."""
    return f"<b>{text}</b>"


def escape(text: str) -> str:
    """Return plain text as HTML."""
    return html.escape(text, quote=False)


def name_of(operator: Operator) -> str:
    """Return what an operator is called, which may be nothing in Telegram."""
    return one_line(operator.name, NAME_LENGTH) or _("an operator")
