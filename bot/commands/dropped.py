"""How it is told of channels that are no longer in the settings: nobody sees to them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat_links import chat_link, post_link
from bot.language import gettext as _
from bot.language import ngettext
from bot.model import Post, PostState
from bot.render import link
from bot.whereabouts import Whereabouts

LEFT_BEHIND = frozenset(
    {
        Whereabouts.LEAVING,
        Whereabouts.STRANDED,
        Whereabouts.RECALLED,
        Whereabouts.UNCERTAIN_UNWANTED,
    }
)
"""What readers see there, or may see, and should not: a person has to remove it."""

_UNSEEN = frozenset({Whereabouts.REMOVED, Whereabouts.STRUCK_OUT})
_PERHAPS = frozenset({Whereabouts.SENDING, Whereabouts.UNCERTAIN})


def dropped_state(where: Whereabouts, post: Post) -> str:
    """Return as HTML where a post of such a channel is; by hand it is removed at its address."""
    told = _words(where).format(chat=link(post_link(post), post.chat))
    address = post_link(post) if where in LEFT_BEHIND else ""
    return f"{told}: {link(address, address)}" if address else told


def _words(where: Whereabouts) -> str:
    if where is Whereabouts.POSTED:
        return _("posted in {chat}, which is no longer in the settings")
    if where in _PERHAPS:
        return _("perhaps posted in {chat}, which is no longer in the settings")
    if where is Whereabouts.UNCERTAIN_UNWANTED:
        return _(
            "perhaps posted in {chat}, which is no longer in the settings; if so, remove it by hand"
        )
    if where in LEFT_BEHIND:
        return _("stays in {chat}, which is no longer in the settings; remove it by hand")
    if where in _UNSEEN:
        return _("removed from {chat}")
    return _("not posted in {chat}, which is no longer in the settings")


def dropped_line(chat: str, pending: Sequence[Post]) -> str:
    """Return how many posts there wait in vain to be posted, looked for or removed."""
    unwanted = sum(not post.wanted for post in pending)
    in_doubt = sum(post.wanted and post.state is PostState.UNCERTAIN for post in pending)
    opening = _("{chat} is no longer in the settings: I post and remove nothing there.")
    words = [
        opening.format(chat=link(chat_link(chat), chat)),
        _unsent_words(len(pending) - unwanted - in_doubt),
        _doubtful_words(in_doubt),
        by_hand_words(unwanted),
    ]
    return " ".join(filter(None, words))


def by_hand_words(count: int) -> str:
    """Return how many posts a person has to remove; empty if it is none."""
    told = ngettext("{count} to be removed by hand.", "{count} to be removed by hand.", count)
    return told.format(count=count) if count else ""


def _unsent_words(count: int) -> str:
    told = ngettext("{count} post waits in vain.", "{count} posts wait in vain.", count)
    return told.format(count=count) if count else ""


def _doubtful_words(count: int) -> str:
    told = ngettext("{count} perhaps posted.", "{count} perhaps posted.", count)
    return told.format(count=count) if count else ""
