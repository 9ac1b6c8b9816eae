"""/pause and /resume: a channel rests until an operator says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.commands.channels import channel_line, channels_of
from bot.commands.desk import Desk
from bot.commands.request import Button, Reply, Request, data_of, key_of
from bot.commands.texts import (
    NAME_LENGTH,
    and_more,
    bold,
    brief,
    escape,
    item_line,
)
from bot.errors import CommandError
from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.model import Entry, Paused
from bot.render import one_line
from bot.store.pauses import Pause
from bot.store.post_queries import Backlog

RESUME, PAUSE = 0, 1
MOST_GIVEN_UP = 5


async def pause(desk: Desk, request: Request) -> Reply:
    """Send nothing to a channel from now on; of several, ask which one."""
    return await _begin(desk, request, PAUSE)


async def resume(desk: Desk, request: Request) -> Reply:
    """Send to a channel again; of several, ask which one."""
    return await _begin(desk, request, RESUME)


async def turn(desk: Desk, request: Request) -> Reply:
    """Pause or resume the channel that a button names."""
    wanted, key = (*map(int, request.arguments), 0)[:2]
    chat = next((chat for chat in desk.routing.wanted if key_of("channel", chat) == key), None)
    if chat is None or wanted not in (RESUME, PAUSE):
        raise CommandError(_("This channel is no longer in the settings."))
    return await _change(desk, request, chat, wanted)


async def _begin(desk: Desk, request: Request, wanted: int) -> Reply:
    chats = list(desk.routing.wanted)
    if request.arguments:
        chats = [_named(chats, " ".join(request.arguments))]
    if len(chats) == 1:
        return await _change(desk, request, chats[0], wanted)
    channels = await channels_of(desk)
    buttons = tuple(_button(chat, channels.paused) for chat in chats)
    told = [channel_line(chat, channels) for chat in chats]
    return Reply("\n".join([_("Which channel?"), *told]), buttons=buttons, changed=False)


def _named(chats: list[str], written: str) -> str:
    wanted = written.casefold().removeprefix("@")
    for chat in chats:
        if chat.casefold().removeprefix("@") == wanted:
            return chat
    told = _("No channel of the settings is called {words}. There are: {chats}.")
    words = one_line(written, NAME_LENGTH)
    raise CommandError(told.format(words=words, chats=", ".join(chats)))


async def _change(desk: Desk, request: Request, chat: str, wanted: int) -> Reply:
    pauses = desk.store.pauses
    before = await pauses.all(Paused.CHANNEL)
    change = pauses.pause if wanted == PAUSE else pauses.resume
    changed = await change(
        Paused.CHANNEL, chat, request.operator, at=desk.now(), update_id=request.update_id
    )
    gathered = await _gathered(desk, chat, before.get(chat))
    desk.wake()
    channels = await channels_of(desk)
    paused = channels.paused
    if not changed and (chat in paused) != (wanted == PAUSE):
        # The command was delivered again, after somebody has said otherwise.
        opening = _("This was done already.")
    elif changed:
        opening = _opening(wanted).format(chat=chat)
    else:
        opening = _unchanged(wanted).format(chat=chat)
    lines = [bold(escape(opening)), channel_line(chat, channels), *gathered]
    buttons = (_button(chat, paused),)
    return Reply("\n".join(lines), brief(opening), buttons=buttons, about=chat, changed=changed)


async def _gathered(desk: Desk, chat: str, its: Pause | None) -> list[str]:
    """Return what has become of the posts of a channel that rests, or rested until now."""
    if its is None:
        return []
    backlog = await backlog_of(desk, chat, its)
    told = ngettext("{count} post waits.", "{count} posts wait.", backlog.waiting)
    shown = [await desk.store.ledger.entry(one) for one in backlog.given_up[:MOST_GIVEN_UP]]
    lost = given_up_lines(backlog, [entry for entry in shown if entry is not None])
    return [told.format(count=backlog.waiting), *lost]


async def backlog_of(desk: Desk, chat: str, its: Pause) -> Backlog:
    """Return what has gathered for a channel since its pause began."""
    return await desk.store.posts.backlog(chat, since=its.at, now=desk.now(), expire=desk.expire)


def given_up_lines(backlog: Backlog, shown: Sequence[Entry] = ()) -> list[str]:
    """Return how many posts were given up during a pause, with some of their items, as HTML."""
    count = len(backlog.given_up)
    if not count:
        return []
    told = ngettext(
        "{count} post waited too long during the pause and is given up; /good with its id posts "
        "it all the same.",
        "{count} posts waited too long during the pause and are given up; /good with an id posts "
        "one all the same.",
        count,
    )
    lines = [told.format(count=count), *map(item_line, shown)]
    return [*lines, and_more(count - len(shown))] if shown and count > len(shown) else lines


def _opening(wanted: int) -> str:
    return {
        PAUSE: _("{chat} is paused now."),
        RESUME: _("{chat} goes on now."),
    }[wanted]


def _unchanged(wanted: int) -> str:
    return {
        PAUSE: _("{chat} is paused already."),
        RESUME: _("{chat} is not paused."),
    }[wanted]


def _button(chat: str, paused: Mapping[str, Pause]) -> tuple[str, str]:
    if chat in paused:
        caption, wanted = pgettext("channel", "Resume {chat}"), RESUME
    else:
        caption, wanted = pgettext("channel", "Pause {chat}"), PAUSE
    return caption.format(chat=chat), data_of(Button.CHANNEL, wanted, key_of("channel", chat))
