"""/status: the last 24 hours, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.commands.desk import Desk
from bot.commands.pausing import backlog_of, given_up_lines, pause_line
from bot.commands.request import Reply, Request
from bot.commands.texts import (
    NAME_LENGTH,
    and_more,
    bold,
    escape,
    fitting,
    moment,
    reason_word,
    state_of,
)
from bot.language import gettext as _
from bot.language import ngettext
from bot.model import Paused, Post, PostState, Reason, SourceState
from bot.render import one_line
from bot.retold import retold

MOST_REVIEWS = 20
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
    waiting = len(await desk.store.ledger.reviews(MOST_REVIEWS + 1))
    lines = [*_count_lines(counts, waiting), *fitting(await _queue_lines(desk), CHANNELS_ROOM)]
    known = [s for s in await desk.store.sources.states() if s.name in desk.routing.tags]
    return Reply("\n".join(fitting([*lines, *_source_lines(known)])))


def _count_lines(counts: dict[Reason, int], waiting: int) -> list[str]:
    reasons = {reason: n for reason, n in counts.items() if n and reason not in _NOT_REJECTED}
    told = ", ".join(f"{reason_word(reason)} {n}" for reason, n in reasons.items())
    most = _("more than {count}").format(count=MOST_REVIEWS)
    refused = _("Rejected: {count}").format(count=sum(reasons.values()))
    return [
        bold(_("The last 24 hours")),
        _("Accepted: {count}").format(count=counts.get(Reason.GOOD, 0)),
        refused + (f" ({told})" if told else ""),
        _("Waiting for review: {count}").format(count=most if waiting > MOST_REVIEWS else waiting),
    ]


async def _queue_lines(desk: Desk) -> list[str]:
    lines, paused = [bold(_("Channels"))], await desk.store.pauses.all(Paused.CHANNEL)
    for chat in desk.routing.wanted:
        pending = await desk.store.posts.pending(chat)
        waiting = ngettext(
            "{chat}: {count} post pending", "{chat}: {count} posts pending", len(pending)
        )
        lines.append(waiting.format(chat=escape(chat), count=len(pending)))
        if chat in paused:
            backlog = await backlog_of(desk, chat, paused[chat])
            lines += [pause_line(chat, paused), *given_up_lines(backlog)]
        troubled = [post for post in pending if post.error or post.state is PostState.UNCERTAIN]
        lines += map(_trouble_line, troubled[:MOST_TROUBLES])
        lines += _more(len(troubled) - MOST_TROUBLES)
    return lines


def _trouble_line(post: Post) -> str:
    told = _("item {number} {state}: {error}")
    error = escape(one_line(retold(post.error), ERROR_LENGTH))
    return "• " + told.format(number=post.item_id, state=escape(state_of(post)), error=error)


def _source_lines(states: Sequence[SourceState]) -> list[str]:
    failing = [state for state in states if state.failures]
    told = ngettext(
        "{count} source, {failing} failing", "{count} sources, {failing} failing", len(states)
    )
    lines = [bold(_("Sources")), told.format(count=len(states), failing=len(failing))]
    lines += map(_failing_line, failing[:MOST_SOURCES])
    return lines + _more(len(failing) - MOST_SOURCES)


def _failing_line(state: SourceState) -> str:
    times = ngettext(
        "failed once, next try {moment}",
        "failed {count} times in a row, next try {moment}",
        state.failures,
    ).format(count=state.failures, moment=moment(state.due_at))
    name, error = one_line(state.name, NAME_LENGTH), one_line(retold(state.error), ERROR_LENGTH)
    return f"• {escape(name)}: {escape(error)} ({times})"


def _more(left_out: int) -> list[str]:
    return [and_more(left_out)] if left_out > 0 else []
