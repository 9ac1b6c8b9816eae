"""How items and posts are told to operators. Pure."""

from __future__ import annotations

import html
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from bot.commands.objections import in_brackets, objection_buttons
from bot.commands.request import Button, Reply, data_of
from bot.commands.scores import score_of
from bot.language import gettext as _
from bot.language import local, ngettext, pgettext
from bot.model import Decision, Entry, Operator, Post, PostState, Reason, Truth, Verdict
from bot.render import LIMIT, link, one_line, plain, plain_text, trim, utf16_length
from bot.retold import retold

TITLE_LENGTH = 120
NAME_LENGTH = 60
TEXT_LENGTH = 600
BRIEF_LENGTH = 200
MORE_LENGTH = 30
"""UTF-16 units kept for the line that tells what was left out."""

_MEASURED = (Reason.STALE, Reason.SHORT, Reason.LANGUAGE, Reason.SEEDED)
"""Their details are measures, no words that go on."""


def item_line(entry: Entry) -> str:
    """Return an item in one line of HTML: id, score, why, title, source."""
    verdict, item = entry.verdict, entry.recorded.item
    title = (
        one_line(item.title, TITLE_LENGTH) or one_line(item.text, TITLE_LENGTH) or _("(no title)")
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


def state_of(post: Post) -> str:
    """Return in plain words where a post stands."""
    if post.state in (PostState.FAILED, PostState.EXPIRED):
        told = _("not posted in {chat}: {error}")
        return told.format(chat=post.chat, error=one_line(retold(post.error), TITLE_LENGTH))
    words = {
        (PostState.QUEUED, True): _("queued for {chat}"),
        (PostState.QUEUED, False): _("kept back from {chat}"),
        (PostState.SENDING, True): _("being sent to {chat}"),
        (PostState.SENDING, False): _("being sent to, then removed from {chat}"),
        (PostState.SENT, True): _("posted in {chat}"),
        (PostState.SENT, False): _("being removed from {chat}"),
        (PostState.UNCERTAIN, True): _("perhaps posted in {chat}"),
        (PostState.UNCERTAIN, False): _("perhaps posted in, then removed from {chat}"),
        (PostState.REMOVED, True): _("queued again for {chat}"),
        (PostState.REMOVED, False): _("removed from {chat}"),
    }
    return words[post.state, post.wanted].format(chat=post.chat)


def state_line(entry: Entry) -> str:
    """Return in plain words what is known of an item: its label and its posts."""
    return "; ".join([_label_words(entry), *map(state_of, entry.posts)])


def _label_words(entry: Entry) -> str:
    if entry.label is None:
        return _("no label")
    told = {
        Truth.GOOD: _("labelled good by {operator}"),
        Truth.BAD: _("labelled bad by {operator}"),
    }
    who = name_of(entry.label.operator)
    return told[entry.label.truth].format(operator=who) + in_brackets(entry.label)


def labelled(entry: Entry, opening: str) -> Reply:
    """Return the answer to a label: what was done, what is so now, and the way back."""
    item_id = entry.recorded.id
    undo = ((_("Undo"), data_of(Button.UNDO, item_id)),) if entry.label else choice(item_id)
    lines = [escape(opening), item_line(entry), escape(state_line(entry))]
    buttons = (*objection_buttons(entry.label), *undo)
    return Reply("\n".join(lines), brief(opening), item_id, buttons)


def choice(item_id: int) -> tuple[tuple[str, str], ...]:
    """Return the buttons that label an item."""
    return (
        (pgettext("button", "Good"), data_of(Button.GOOD, item_id)),
        (pgettext("button", "Bad"), data_of(Button.BAD, item_id)),
    )


def review_choice(item_id: int) -> tuple[tuple[str, str], ...]:
    """Return the buttons that label an item for review, or leave it as it is."""
    return (*choice(item_id), (pgettext("button", "Skip"), data_of(Button.SKIP, item_id)))


def review_card(entry: Entry) -> Reply:
    """Return the card of an item that waits for a label."""
    text = trim(plain(entry.recorded.item.text), TEXT_LENGTH)
    item_id = entry.recorded.id
    parts = [_question_of(entry), item_line(entry), escape(text)]
    why = (pgettext("button", "Why?"), data_of(Button.WHY, item_id))
    return Reply("\n\n".join(filter(None, parts)), "", item_id, (*review_choice(item_id), why))


def summary(count: int) -> Reply:
    """Return the message that tells how many items wait behind the cards that are shown."""
    told = ngettext(
        "{count} more item waits for review. It comes once the cards above are answered or "
        "skipped.",
        "{count} more items wait for review. They come as the cards above are answered or skipped.",
        count,
    )
    return Reply(told.format(count=count))


def _question_of(entry: Entry) -> str:
    waiting = ", ".join(escape(post.chat) for post in entry.posts if post.awaits_operator)
    if entry.verdict.decision is Decision.REJECT:
        return _("Rejected, and drawn at random for you to look at. Is it good or bad?")
    if not waiting:
        return _("For review:")
    return _("To be posted in {chats}, if you say good:").format(chats=waiting)


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
    told = f"{asked.format(chat=escape(post.chat))}\n\n{item_line(entry)}"
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
