"""/sources: how the sources are doing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.conditions import LINE_LENGTH, name_of
from bot.commands.desk import Desk
from bot.commands.request import Reply, Request
from bot.commands.texts import NAME_LENGTH, counted, escape, fitting, moment
from bot.errors import CommandError
from bot.model import SourceState
from bot.render import one_line


async def sources(desk: Desk, request: Request) -> Reply:
    """Show how the sources are doing, the broken ones first; with words, those named like them."""
    states = await desk.store.sources.states(list(desk.routing.tags))
    wanted = " ".join(request.arguments).casefold()
    shown = [state for state in states if wanted in state.name.casefold()]
    if wanted and not shown:
        raise CommandError(f"No source has {one_line(wanted, NAME_LENGTH)} in its name.")
    return Reply("\n".join(fitting([_opening(shown), *map(_line, sorted(shown, key=_worst))])))


def _opening(states: Sequence[SourceState]) -> str:
    broken = sum(state.health.standing.is_broken for state in states)
    return f"<b>{counted(len(states), 'source')}, {broken} broken</b>"


def _worst(state: SourceState) -> tuple[bool, bool, str]:
    standing = state.health.standing
    return not standing.is_broken, standing.is_sound, state.name.casefold()


def _line(state: SourceState) -> str:
    health = state.health
    name = escape(one_line(state.name, NAME_LENGTH))
    good_at = f"last good run {moment(health.good_at)}" if health.good_at else "never read"
    if health.standing.is_sound and state.last_run_at is None:
        return f"• {name}: not read yet"
    if health.standing.is_sound:
        news = f", last news {moment(health.news_at)}" if health.news_at else ""
        # A run that failed is no reason to worry before the next one fails, too.
        failed = "" if health.condition.is_sound else f" ({name_of(health.condition)} just now?)"
        return f"• {name}: {name_of(health.standing)}{failed}, {good_at}{news}"
    since = f" since {moment(health.since)}" if health.since else ""
    detail = escape(one_line(health.detail, LINE_LENGTH))
    return f"• <b>{name}: {name_of(health.standing)}</b>{since}, {good_at}: {detail}"
