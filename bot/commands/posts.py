"""The buttons that speak of one post: it is there, send it again, it is gone, not for a channel."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.decisions import labelled
from bot.commands.desk import Desk, number
from bot.commands.request import Reply, Request
from bot.commands.states import state_buttons, state_line
from bot.commands.texts import attempt_of, brief, item_line
from bot.errors import CommandError
from bot.language import gettext as _
from bot.model import Post, PostState
from bot.render import plain_text


async def posted(desk: Desk, request: Request) -> Reply:
    """Take an operator's word that an uncertain post is in its channel."""
    post = await _post_of(desk, request)
    # Nobody has told its message id: should it be unwanted later, a person must remove it.
    changed = _is_asked_about(post, request) and await desk.store.posts.record_seen(
        post.id, attempt=post.sending_at, at=desk.now()
    )
    return await _outcome(desk, post, changed=changed)


async def again(desk: Desk, request: Request) -> Reply:
    """Send an uncertain post again, on an operator's word that it is not in its channel."""
    post = await _post_of(desk, request)
    changed = _is_asked_about(post, request) and await desk.store.posts.send_again(
        post.id, attempt=post.sending_at, at=desk.now()
    )
    desk.wake()
    return await _outcome(desk, post, changed=changed)


async def gone(desk: Desk, request: Request) -> Reply:
    """Take an operator's word that he has removed a post by hand."""
    post = await _post_of(desk, request)
    is_dropped = post.chat not in desk.routing.wanted
    changed = await desk.store.posts.record_removed_by_hand(post.id, is_dropped=is_dropped)
    return await _outcome(desk, post, changed=changed)


async def bar(desk: Desk, request: Request) -> Reply:
    """Keep an item from a channel where it waits for an operator's word; elsewhere it stays."""
    return await _bar(desk, request, barred=True)


async def allow(desk: Desk, request: Request) -> Reply:
    """Let an item into a channel again that an operator has kept it from."""
    return await _bar(desk, request, barred=False)


async def _bar(desk: Desk, request: Request, *, barred: bool) -> Reply:
    post = await _post_of(desk, request)
    await desk.store.premoderation.bar(
        post.id, request.operator, barred=barred, at=desk.now(), update_id=request.update_id
    )
    desk.wake()
    now = await _post_of(desk, request)
    if now.barred is not barred:
        opening = _("This was settled meanwhile: nothing was done.")
    elif barred:
        opening = _("Item {number} is not for {chat}.")
    else:
        opening = _("Item {number} is for {chat} again.")
    told = opening.format(number=post.item_id, chat=post.chat)
    reply = labelled(await desk.entry(post.item_id), told, changed=now.barred is barred)
    return replace(reply, about=post.chat)


def _is_asked_about(post: Post, request: Request) -> bool:
    """Tell whether the question still stands.

    A press delivered twice, or on an old card, must not settle a later attempt
    of which nobody has asked yet.
    """
    return post.state is PostState.UNCERTAIN and request.arguments[1:] == (str(attempt_of(post)),)


async def _post_of(desk: Desk, request: Request) -> Post:
    post = await desk.store.posts.get(number(request.arguments[0]))
    if post is None:
        raise CommandError(_("There is no such post."))
    return post


async def _outcome(desk: Desk, post: Post, *, changed: bool) -> Reply:
    entry = await desk.entry(post.item_id)
    state = state_line(entry)
    told = f"{item_line(entry)}\n{state}"
    buttons = state_buttons(entry)
    return Reply(told, brief(plain_text(state)), post.item_id, buttons, changed=changed)
