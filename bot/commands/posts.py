"""The answers to a question card: a post is there, or is to be sent again."""

from __future__ import annotations

from bot.commands.desk import Desk, number
from bot.commands.request import Reply, Request
from bot.commands.texts import attempt_of, brief, escape, item_line, state_line
from bot.errors import CommandError
from bot.language import gettext as _
from bot.model import Post, PostState


async def posted(desk: Desk, request: Request) -> Reply:
    """Take an operator's word that an uncertain post is in its channel."""
    post = await _post_of(desk, request)
    if _is_asked_about(post, request):
        # Nobody has told its message id: should it be unwanted later, a person must remove it.
        await desk.store.posts.record_seen(post.id, attempt=post.sending_at, at=desk.now())
    return await _outcome(desk, post)


async def again(desk: Desk, request: Request) -> Reply:
    """Send an uncertain post again, on an operator's word that it is not in its channel."""
    post = await _post_of(desk, request)
    if _is_asked_about(post, request):
        await desk.store.posts.send_again(post.id, attempt=post.sending_at, at=desk.now())
        desk.wake()
    return await _outcome(desk, post)


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


async def _outcome(desk: Desk, post: Post) -> Reply:
    entry = await desk.entry(post.item_id)
    state = state_line(entry)
    return Reply(f"{item_line(entry)}\n{escape(state)}", brief(state), post.item_id)
