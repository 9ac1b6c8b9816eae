"""/sources: how the sources are doing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.conditions import LINE_LENGTH, words_of
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
    name, words = escape(one_line(state.name, NAME_LENGTH)), words_of(health)
    good_at = f", last good run {moment(health.good_at)}" if health.good_at else ""
    if health.standing.is_sound:
        news = f", last news {moment(health.news_at)}" if health.news_at else ""
        return f"• {name}: {words}{good_at}{news}"
    since = f" since {moment(health.since)}" if health.since else ""
    detail = escape(one_line(health.detail, LINE_LENGTH))
    return f"• <b>{name}: {words}</b>{since}{good_at or ', never read'}: {detail}"
