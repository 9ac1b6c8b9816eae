"""/status: the last 24 hours, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.chat_links import chat_link
from bot.commands.channels import Channels, channel_line, channels_of, waiting_words
from bot.commands.conditions import count_words, words_of
from bot.commands.desk import Desk
from bot.commands.dropped import by_hand_words, dropped_line
from bot.commands.pausing import backlog_of, given_up_lines
from bot.commands.request import Reply, Request
from bot.commands.states import state_of
from bot.commands.texts import (
    NAME_LENGTH,
    and_more,
    bold,
    escape,
    fitting,
    moment,
    reason_word,
)
from bot.language import gettext as _
from bot.language import ngettext
from bot.model import Post, PostState, Reason, SourceState
from bot.render import link, one_line
from bot.retold import retold
from bot.whereabouts import is_stranded

MOST_SOURCES = 10
MOST_TROUBLES = 3
ERROR_LENGTH = 120
CHANNELS_ROOM = 1800
"""UTF-16 units of /status for what the channels tell, so that some are left for the sources."""

DAY = timedelta(days=1)
_NOT_REJECTED = (Reason.GOOD, Reason.UNSURE)


async def status(desk: Desk, _request: Request) -> Reply:
    """Show the last 24 hours in numbers, the queue, and what is wrong."""
    counts = await desk.store.ledger.counts(desk.now() - DAY)
    waiting = await desk.store.ledger.waiting()
    lines = [*_count_lines(counts, waiting), *fitting(await _queue_lines(desk), CHANNELS_ROOM)]
    known = [s for s in await desk.store.sources.states() if s.name in desk.routing.tags]
    return Reply("\n".join(fitting([*lines, *_source_lines(known)])))


def _count_lines(counts: dict[Reason, int], waiting: int) -> list[str]:
    reasons = {reason: n for reason, n in counts.items() if n and reason not in _NOT_REJECTED}
    told = ", ".join(f"{reason_word(reason)} {n}" for reason, n in reasons.items())
    refused = _("Rejected: {count}").format(count=sum(reasons.values()))
    return [
        bold(_("The last 24 hours")),
        _("Accepted: {count}").format(count=counts.get(Reason.GOOD, 0)),
        refused + (f" ({told})" if told else ""),
        _("Waiting for review: {count}").format(count=waiting),
    ]


async def _queue_lines(desk: Desk) -> list[str]:
    lines, channels = [bold(_("Channels"))], await channels_of(desk)
    sent = await desk.store.posts.sent_by_chat(desk.now() - DAY)
    for chat in desk.routing.wanted:
        pending = await desk.store.posts.pending(chat)
        lines.append(_channel_line(chat, sent.get(chat, 0), pending, channels))
        if chat in channels.paused:
            backlog = await backlog_of(desk, chat, channels.paused[chat])
            lines += [channel_line(chat, channels), *given_up_lines(backlog)]
        troubled = [post for post in pending if post.error or post.state is PostState.UNCERTAIN]
        lines += [await _trouble_line(desk, post) for post in troubled[:MOST_TROUBLES]]
        lines += _more(len(troubled) - MOST_TROUBLES)
        lines += await _lost_lines(desk, chat)
    for chat in await desk.dropped():
        lines += await _dropped_lines(desk, chat)
    return lines


async def _dropped_lines(desk: Desk, chat: str) -> list[str]:
    """Return what waits in a channel that is no longer in the settings, where nobody sees to it."""
    pending = await desk.store.posts.pending(chat)
    if not pending:
        return []
    in_doubt = [one for one in pending if one.state is not PostState.QUEUED]
    shown = [await _trouble_line(desk, post) for post in in_doubt[:MOST_TROUBLES]]
    return [dropped_line(chat, pending), *shown, *_more(len(in_doubt) - MOST_TROUBLES)]


def _channel_line(chat: str, sent: int, pending: Sequence[Post], channels: Channels) -> str:
    """Return how many posts went out, are on their way, and wait for somebody to do something."""
    stranded = sum(map(is_stranded, pending))
    words = [
        _sent_words(sent),
        _pending_words(len(pending) - stranded),
        by_hand_words(stranded),
        waiting_words(chat, channels),
    ]
    return f"{link(chat_link(chat), chat)}: {' '.join(filter(None, words))}"


def _sent_words(count: int) -> str:
    return ngettext("{count} posted.", "{count} posted.", count).format(count=count)


def _pending_words(count: int) -> str:
    return ngettext("{count} post pending.", "{count} posts pending.", count).format(count=count)


async def _lost_lines(desk: Desk, chat: str) -> list[str]:
    """Return which posts will not be seen unless somebody asks for them."""
    lost = await desk.store.posts.lost(chat, desk.now() - DAY)
    if not lost:
        return []
    told = ngettext(
        "{count} could not be posted; /good with its id tries again:",
        "{count} could not be posted; /good with an id tries again:",
        len(lost),
    ).format(count=len(lost))
    shown = [await _trouble_line(desk, post) for post in lost[:MOST_TROUBLES]]
    return [told, *shown, *_more(len(lost) - MOST_TROUBLES)]


async def _trouble_line(desk: Desk, post: Post) -> str:
    entry = await desk.entry(post.item_id)
    return f"• <b>#{post.item_id}</b> {state_of(entry, post)}"


def _source_lines(states: Sequence[SourceState]) -> list[str]:
    failing = [s for s in states if s.failures or s.health.standing.is_broken]
    lines = [bold(_("Sources")), count_words(states)]
    lines += map(_failing_line, failing[:MOST_SOURCES])
    return lines + _more(len(failing) - MOST_SOURCES)


def _failing_line(state: SourceState) -> str:
    name = escape(one_line(state.name, NAME_LENGTH))
    if not state.failures:
        # It answers, and there is no news in what it answers.
        return f"• {name}: {words_of(state.health)}"
    times = ngettext(
        "failed once, next try {moment}",
        "failed {count} times in a row, next try {moment}",
        state.failures,
    ).format(count=state.failures, moment=moment(state.due_at))
    error = escape(one_line(retold(state.error), ERROR_LENGTH))
    return f"• {name}: {error} ({times})"


def _more(left_out: int) -> list[str]:
    return [and_more(left_out)] if left_out > 0 else []
