"""Where a post is and what becomes of it, in one word: what people are told rests on this. Pure."""

from __future__ import annotations

from enum import Enum

from bot.model import Decision, Entry, Post, PostState


class Whereabouts(str, Enum):
    """What a post's state means together with what is wanted of it."""

    WAITING = "waiting"
    """An operator has to say whether it goes out."""

    BARRED = "barred"
    """An operator has said that it is not for this channel."""

    WITHHELD = "withheld"
    QUEUED = "queued"
    RESTING = "resting"
    """Queued for a channel that is paused."""

    SENDING = "sending"
    RECALLED = "recalled"
    """Being sent, and to be removed then."""

    POSTED = "posted"
    LEAVING = "leaving"
    """Being removed."""

    STRANDED = "stranded"
    """To be removed by hand: nobody has told which message it is."""

    UNCERTAIN = "uncertain"
    UNCERTAIN_UNWANTED = "uncertain-unwanted"
    RETURNING = "returning"
    """Removed, and to be seen again."""

    REMOVED = "removed"
    STRUCK_OUT = "struck-out"
    """Telegram keeps the message; in it stands that the post was removed."""

    FAILED = "failed"
    EXPIRED = "expired"


_WANTED = {
    PostState.QUEUED: Whereabouts.QUEUED,
    PostState.SENDING: Whereabouts.SENDING,
    PostState.SENT: Whereabouts.POSTED,
    PostState.UNCERTAIN: Whereabouts.UNCERTAIN,
    PostState.REMOVED: Whereabouts.RETURNING,
    PostState.FAILED: Whereabouts.FAILED,
    PostState.EXPIRED: Whereabouts.EXPIRED,
}
_UNWANTED = {
    **_WANTED,
    PostState.QUEUED: Whereabouts.WITHHELD,
    PostState.SENDING: Whereabouts.RECALLED,
    PostState.SENT: Whereabouts.LEAVING,
    PostState.UNCERTAIN: Whereabouts.UNCERTAIN_UNWANTED,
    PostState.REMOVED: Whereabouts.REMOVED,
}

SEEN = frozenset({Whereabouts.POSTED, Whereabouts.SENDING, Whereabouts.UNCERTAIN})
"""Readers see it, or soon will."""

COMING = frozenset({Whereabouts.QUEUED, Whereabouts.RESTING, Whereabouts.RETURNING})
"""It is to be seen."""


def whereabouts(entry: Entry, post: Post) -> Whereabouts:
    """Return where a post of the item of ``entry`` is."""
    if post.wanted:
        found = _WANTED[post.state]
        rests = found in (Whereabouts.QUEUED, Whereabouts.RETURNING) and post.chat in entry.paused
        return Whereabouts.RESTING if rests else found
    if _waits(entry, post):
        return Whereabouts.WAITING
    return _unwanted(post)


def _unwanted(post: Post) -> Whereabouts:
    if post.state is PostState.REMOVED and post.sending_at is not None:
        # Its removal has begun, and nobody knows yet what came of it.
        return Whereabouts.LEAVING
    found = _UNWANTED[post.state]
    if found is Whereabouts.WITHHELD and post.barred:
        return Whereabouts.BARRED
    if is_stranded(post):
        return Whereabouts.STRANDED
    if found is Whereabouts.REMOVED and post.struck_out:
        return Whereabouts.STRUCK_OUT
    return found


def is_stranded(post: Post) -> bool:
    """Tell whether a post is to leave, and only a person can find its message."""
    return post.state is PostState.SENT and not post.wanted and post.message_id is None


def chats_of(entry: Entry, *places: Whereabouts) -> list[str]:
    """Return the channels in which the item is at one of ``places``."""
    return [post.chat for post in entry.posts if whereabouts(entry, post) in places]


def asks(entry: Entry) -> bool:
    """Tell whether the item waits for an operator's word."""
    if entry.label is not None or entry.skipped:
        return False
    is_unsure = entry.verdict.decision is Decision.REVIEW
    return is_unsure or entry.drawn or bool(chats_of(entry, Whereabouts.WAITING))


def _waits(entry: Entry, post: Post) -> bool:
    """Tell whether a post of a premoderated channel goes out as soon as an operator says so.

    What he has called good and taken back waits again, though it was seen meanwhile.
    """
    open_ = entry.label is None and not entry.skipped
    asked = post.held and not post.barred and entry.verdict.decision is not Decision.REJECT
    return open_ and asked and post.state in (PostState.QUEUED, PostState.REMOVED)
