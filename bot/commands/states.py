"""How it is told where an item and its posts stand, and the buttons that change it. Pure."""

from __future__ import annotations

from bot.chat_links import post_link
from bot.commands.dropped import LEFT_BEHIND, dropped_state
from bot.commands.objections import in_brackets
from bot.commands.request import Button, data_of
from bot.commands.texts import TITLE_LENGTH, escape, item_line, moment, name_of
from bot.language import gettext as _
from bot.language import pgettext
from bot.model import Entry, Post, Truth
from bot.render import link, one_line
from bot.retold import retold
from bot.whereabouts import Whereabouts, whereabouts

LISTED_LENGTH = 90
"""So long is a title where many are listed: twenty fit into one message."""

_UNTROUBLED = frozenset(
    {Whereabouts.FAILED, Whereabouts.EXPIRED, Whereabouts.STRANDED, Whereabouts.RESTING}
)
"""Their own words tell the trouble, or there is none while they last."""


def state_line(entry: Entry) -> str:
    """Return in a line of HTML what is known of an item: its label and its posts."""
    states = [state_of(entry, post) for post in entry.posts]
    if not states and entry.label is not None and entry.label.truth is Truth.GOOD:
        states = [_("posted nowhere, as no channel carries its source")]
    return "; ".join([escape(label_words(entry)), *states])


def posted_line(entry: Entry) -> str:
    """Return as HTML an item of the list of posts, and below it where it is posted, and when."""
    return f"{item_line(entry, LISTED_LENGTH)}\n↳ {_brief_state(entry)}"


def rejected_line(entry: Entry) -> str:
    """Return as HTML an item of the list of rejections: when, and what became of it since."""
    line = f"{item_line(entry, LISTED_LENGTH)} · {moment(entry.decided_at)}"
    since = _brief_state(entry)
    return f"{line}\n↳ {since}" if since else line


def _brief_state(entry: Entry) -> str:
    """Return as ``state_line`` does what is known of an item; that it has no label is not told."""
    label = [escape(label_words(entry))] if entry.label else []
    return "; ".join([*(state_of(entry, post) for post in entry.posts), *label])


def state_of(entry: Entry, post: Post) -> str:
    """Return as HTML where a post of the item is, linked, with what troubles it."""
    where = whereabouts(entry, post)
    if post.chat in entry.dropped:
        return dropped_state(where, post)
    error = escape(one_line(retold(post.error), TITLE_LENGTH))
    at = moment(post.sent_at) if post.sent_at else ""
    words = _words(where, is_dated=bool(at))
    told = words.format(chat=link(post_link(post), post.chat), error=error, moment=at)
    return f"{told}: {error}" if error and where not in _UNTROUBLED else told


def _words(where: Whereabouts, *, is_dated: bool) -> str:
    if where is Whereabouts.POSTED and is_dated:
        return _("posted in {chat}, {moment}")
    return {
        Whereabouts.WAITING: _("waits for your word for {chat}"),
        Whereabouts.BARRED: _("not for {chat}"),
        Whereabouts.WITHHELD: _("kept back from {chat}"),
        Whereabouts.QUEUED: _("queued for {chat}"),
        Whereabouts.RESTING: _("queued for {chat}, which is paused"),
        Whereabouts.SENDING: _("being sent to {chat}"),
        Whereabouts.RECALLED: _("being sent to, then removed from {chat}"),
        Whereabouts.POSTED: _("posted in {chat}"),
        Whereabouts.LEAVING: _("being removed from {chat}"),
        Whereabouts.STRANDED: _(
            "to be removed from {chat} by hand, as I do not know which message it is"
        ),
        Whereabouts.UNCERTAIN: _("perhaps posted in {chat}"),
        Whereabouts.UNCERTAIN_UNWANTED: _("perhaps posted in, then removed from {chat}"),
        Whereabouts.RETURNING: _("queued again for {chat}"),
        Whereabouts.REMOVED: _("removed from {chat}"),
        Whereabouts.STRUCK_OUT: _("struck out in {chat}, as Telegram did not delete it"),
        Whereabouts.FAILED: _("not posted in {chat}: {error}"),
        Whereabouts.EXPIRED: _("not posted in {chat}: {error}"),
    }[where]


def label_words(entry: Entry) -> str:
    """Return in plain words who has labelled an item, and how."""
    if entry.label is None:
        return _("no label")
    told = {
        Truth.GOOD: _("labelled good by {operator}"),
        Truth.BAD: _("labelled bad by {operator}"),
    }
    who = name_of(entry.label.operator)
    return told[entry.label.truth].format(operator=who) + in_brackets(entry.label)


def state_buttons(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Return the buttons that change where single posts of an item are."""
    found = (_button(entry, post) for post in entry.posts)
    return tuple(button for button in found if button is not None)


def _button(entry: Entry, post: Post) -> tuple[str, str] | None:
    where = whereabouts(entry, post)
    is_dropped = post.chat in entry.dropped
    if where is Whereabouts.STRANDED or (is_dropped and where in LEFT_BEHIND):
        return pgettext("button", "Removed by hand"), data_of(Button.GONE, post.id)
    if is_dropped:
        return None
    if where is Whereabouts.WAITING and len(entry.posts) > 1:
        caption = pgettext("button", "Not for {chat}")
        return caption.format(chat=post.chat), data_of(Button.BAR, post.id)
    is_bad = entry.label is not None and entry.label.truth is Truth.BAD
    if where is Whereabouts.BARRED and not is_bad:
        caption = pgettext("button", "For {chat} after all")
        return caption.format(chat=post.chat), data_of(Button.ALLOW, post.id)
    return None
