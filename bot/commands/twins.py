"""A good label that would show readers the same text twice: it takes a second tap."""

from __future__ import annotations

from bot.commands.decisions import buttons, data_for
from bot.commands.desk import Desk
from bot.commands.request import Button, Reply
from bot.commands.states import state_of
from bot.commands.texts import brief, escape, fitting, item_line, truth_of
from bot.language import gettext as _
from bot.language import pgettext
from bot.model import Entry, Post, Truth
from bot.whereabouts import COMING, SEEN, chats_of, whereabouts

_THERE = COMING | SEEN


async def asked_again(desk: Desk, entry: Entry) -> Reply | None:
    """Return the question whether a text is to be posted once more where it is seen already.

    None if it would be seen nowhere twice, or if it is labelled good anyway.
    """
    if truth_of(entry) is Truth.GOOD:
        return None
    queued = {post.chat for post in entry.posts} & desk.routing.wanted.keys()
    chats = queued.union(desk.routing.chats(entry.recorded.sources))
    twins = await _twins(desk, entry, chats - set(chats_of(entry, *_THERE)))
    return _question(entry, twins) if twins else None


async def _twins(desk: Desk, entry: Entry, chats: set[str]) -> list[tuple[Entry, Post]]:
    """Return the posts in ``chats`` of other items with the same text."""
    same = await desk.store.items.repeats(entry.recorded.id)
    entries = [await desk.store.ledger.entry(one.id) for one in same]
    return [
        (twin, post)
        for twin in entries
        if twin is not None
        for post in twin.posts
        if post.chat in chats and whereabouts(twin, post) in _THERE
    ]


def _question(entry: Entry, twins: list[tuple[Entry, Post]]) -> Reply:
    item_id = entry.recorded.id
    opening = _("The same text is there already: nothing was done yet.")
    lines = [escape(opening), item_line(entry)]
    for twin, post in twins:
        lines.append(f"• <b>#{twin.recorded.id}</b>: {state_of(twin, post)}")
    anyway = (pgettext("button", "Post it all the same"), data_for(Button.ANYWAY, entry))
    good = data_for(Button.GOOD, entry)
    others = (button for button in buttons(entry) if button[1] != good)
    told = "\n".join(fitting(lines))
    return Reply(told, brief(opening), item_id, (anyway, *others), changed=False)
