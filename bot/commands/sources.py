"""/sources: how the sources are doing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.commands.conditions import LINE_LENGTH, words_of
from bot.commands.desk import Desk
from bot.commands.request import Reply, Request
from bot.commands.texts import NAME_LENGTH, bold, escape, fitting, moment
from bot.errors import CommandError
from bot.language import gettext as _
from bot.language import ngettext
from bot.model import SourceState
from bot.render import one_line
from bot.retold import retold


async def sources(desk: Desk, request: Request) -> Reply:
    """Show how the sources are doing, the broken ones first; with words, those named like them."""
    states = await desk.store.sources.states(list(desk.routing.tags))
    wanted = " ".join(request.arguments).casefold()
    shown = [state for state in states if wanted in state.name.casefold()]
    if wanted and not shown:
        told = _("No source has {words} in its name.")
        raise CommandError(told.format(words=one_line(wanted, NAME_LENGTH)))
    return Reply("\n".join(fitting([_opening(shown), *map(_line, sorted(shown, key=_worst))])))


def _opening(states: Sequence[SourceState]) -> str:
    broken = sum(state.health.standing.is_broken for state in states)
    told = ngettext(
        "{count} source, {broken} broken", "{count} sources, {broken} broken", len(states)
    )
    return bold(told.format(count=len(states), broken=broken))


def _worst(state: SourceState) -> tuple[bool, bool, str]:
    standing = state.health.standing
    return not standing.is_broken, standing.is_sound, state.name.casefold()


def _line(state: SourceState) -> str:
    health = state.health
    name, words = escape(one_line(state.name, NAME_LENGTH)), words_of(health)
    good_at = _at(_("last good run {moment}"), health.good_at)
    if health.standing.is_sound:
        known = [f"• {name}: {words}", good_at, _at(_("last news {moment}"), health.news_at)]
        return ", ".join(filter(None, known))
    good_at = good_at or _("never read")
    opening = " ".join(
        filter(None, [bold(f"{name}: {words}"), _at(_("since {moment}"), health.since)])
    )
    detail = escape(one_line(retold(health.detail), LINE_LENGTH))
    return f"• {opening}, {good_at}: {detail}"


def _at(told: str, at: datetime | None) -> str:
    return told.format(moment=moment(at)) if at else ""
