"""/status, /last and /rejected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.commands.desk import Desk, number
from bot.commands.request import Reply, Request
from bot.commands.texts import counted, escape, fitting, item_line, moment, state_of
from bot.errors import CommandError
from bot.model import Entry, PostState, Reason, SourceState
from bot.render import one_line

LINES = 10
MOST_LINES = 20
MOST_SOURCES = 10
MOST_TROUBLES = 3
CHANNELS_ROOM = 1800
"""UTF-16 units of /status for what the channels tell, so that some are left for the sources."""

DAY = timedelta(days=1)
_NOT_REJECTED = (Reason.GOOD, Reason.UNSURE)


async def last(desk: Desk, request: Request) -> Reply:
    """Show the newest posts."""
    entries = await desk.store.ledger.posted(_lines(request))
    return _list("The newest posts:", "Nothing is posted yet.", entries)


async def rejected(desk: Desk, request: Request) -> Reply:
    """Show the newest rejections with their reasons."""
    entries = await desk.store.ledger.rejections(_lines(request))
    return _list("The newest rejections:", "Nothing was rejected yet.", entries)


async def status(desk: Desk, _request: Request) -> Reply:
    """Show the last 24 hours in numbers, the queue, and what is wrong."""
    counts = await desk.store.ledger.counts(desk.now() - DAY)
    waiting = len(await desk.store.ledger.reviews(MOST_LINES + 1))
    lines = [*_count_lines(counts, waiting), *fitting(await _queue_lines(desk), CHANNELS_ROOM)]
    known = [s for s in await desk.store.sources.states() if s.name in desk.routing.tags]
    return Reply("\n".join(fitting([*lines, *_source_lines(known)])))


def _lines(request: Request) -> int:
    if not request.arguments:
        return LINES
    asked = number(request.arguments[0])
    if not 1 <= asked <= MOST_LINES:
        raise CommandError(f"I can show 1 to {MOST_LINES} lines.")
    return asked


def _list(opening: str, nothing: str, entries: Sequence[Entry]) -> Reply:
    return Reply("\n".join(fitting([opening, *map(item_line, entries)])) if entries else nothing)


def _count_lines(counts: dict[Reason, int], waiting: int) -> list[str]:
    reasons = {reason: n for reason, n in counts.items() if n and reason not in _NOT_REJECTED}
    told = ", ".join(f"{reason.value} {n}" for reason, n in reasons.items())
    review = f"more than {MOST_LINES}" if waiting > MOST_LINES else str(waiting)
    return [
        "<b>The last 24 hours</b>",
        f"Accepted: {counts.get(Reason.GOOD, 0)}",
        f"Rejected: {sum(reasons.values())}" + (f" ({told})" if told else ""),
        f"Waiting for review: {review}",
    ]


async def _queue_lines(desk: Desk) -> list[str]:
    lines = ["<b>Channels</b>"]
    for chat in desk.routing.wanted:
        pending = await desk.store.posts.pending(chat)
        lines.append(f"{escape(chat)}: {counted(len(pending), 'post')} pending")
        troubled = [post for post in pending if post.error or post.state is PostState.UNCERTAIN]
        lines += [
            f"• item {post.item_id} {escape(state_of(post))}: {escape(one_line(post.error, 120))}"
            for post in troubled[:MOST_TROUBLES]
        ]
        lines += _more(len(troubled) - MOST_TROUBLES)
    return lines


def _source_lines(states: Sequence[SourceState]) -> list[str]:
    failing = [state for state in states if state.failures]
    lines = ["<b>Sources</b>", f"{counted(len(states), 'source')}, {len(failing)} failing"]
    lines += [
        f"• {escape(one_line(state.name, 60))}: {escape(one_line(state.error, 120))} "
        f"(failed {_times(state.failures)}, next try {moment(state.due_at)})"
        for state in failing[:MOST_SOURCES]
    ]
    return lines + _more(len(failing) - MOST_SOURCES)


def _more(left_out: int) -> list[str]:
    return [f"… and {left_out} more"] if left_out > 0 else []


def _times(failures: int) -> str:
    return "once" if failures == 1 else f"{failures} times in a row"
