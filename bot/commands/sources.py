"""/sources: how the sources are doing, and which of them are not to be fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.commands.conditions import LINE_LENGTH, count_words, words_of
from bot.commands.desk import Desk, number
from bot.commands.request import Button, Reply, Request, data_of, key_of
from bot.commands.texts import NAME_LENGTH, bold, brief, escape, fitting, moment, name_of
from bot.errors import CommandError
from bot.language import gettext as _
from bot.language import ngettext, pgettext
from bot.model import Paused, SourceState
from bot.render import one_line
from bot.retold import retold
from bot.store.pauses import Pause

PAGE = 10
"""So many sources a message always holds; so many of those like some words have a button."""

CAPTION_LENGTH = 24

PAUSE, ALONE = 1, 2
"""Bits of a button's first number: what it does, and whether its source was shown alone."""

_BITS_ROOM = 4
"""Above them stands on which page it was shown."""


async def sources(desk: Desk, request: Request) -> Reply:
    """Show how the sources are doing, the broken ones first; with words, those named like them.

    Those come all at once, as far as a message holds them: other words tell fewer.
    """
    wanted = " ".join(request.arguments).casefold()
    states = await desk.store.sources.states(list(desk.routing.tags))
    shown = [state for state in states if wanted in state.name.casefold()]
    if wanted and not shown:
        told = _("No source has {words} in its name.")
        raise CommandError(told.format(words=one_line(wanted, NAME_LENGTH)))
    paused = await desk.store.pauses.all(Paused.SOURCE)
    return _listed(shown, paused, ALONE if wanted else 0)


async def turn_page(desk: Desk, request: Request) -> Reply:
    """Show the page of sources that a button names."""
    states = await desk.store.sources.states(list(desk.routing.tags))
    paused = await desk.store.pauses.all(Paused.SOURCE)
    return _listed(states, paused, page=number(request.arguments[0]))


async def turn(desk: Desk, request: Request) -> Reply:
    """Pause or resume the source that a button names, and show the list as it is now."""
    packed, key = (*map(int, request.arguments), 0)[:2]
    page, bits = divmod(packed, _BITS_ROOM)
    name = next((one for one in desk.routing.tags if key_of("source", one) == key), None)
    if name is None:
        raise CommandError(_("This source is no longer in the settings."))
    change = desk.store.pauses.pause if bits & PAUSE else desk.store.pauses.resume
    changed = await change(
        Paused.SOURCE, name, request.operator, at=desk.now(), update_id=request.update_id
    )
    paused = await desk.store.pauses.all(Paused.SOURCE)
    if name not in paused:
        desk.fetch(name)
    states = await desk.store.sources.states([name] if bits & ALONE else list(desk.routing.tags))
    told = _("{name} is paused.") if name in paused else _("{name} is fetched.")
    opening = told.format(name=one_line(name, NAME_LENGTH))
    listed = _listed(states, paused, bits & ALONE, opening, page=page)
    return replace(listed, about=name, changed=changed)


def _listed(
    states: Sequence[SourceState],
    paused: Mapping[str, Pause],
    alone: int = 0,
    opening: str = "",
    *,
    page: int = 0,
) -> Reply:
    ordered = sorted(states, key=_worst)
    # Since a button was shown there may be fewer.
    last = 0 if alone else max(len(ordered) - 1, 0) // PAGE
    page = min(page, last)
    shown = ordered[page * PAGE :][: None if alone else PAGE]
    resting = sum(state.name in paused for state in states)
    told = fitting([_opening(states, resting), *(_line(state, paused) for state in shown)])
    flags = page * _BITS_ROOM | alone
    buttons = [_button(state.name, paused, flags) for state in shown[:PAGE]]
    if page:
        buttons.append((pgettext("button", "First page"), data_of(Button.SOURCES, 0)))
    if page < last:
        buttons.append((pgettext("button", "Next page"), data_of(Button.SOURCES, page + 1)))
    return Reply("\n".join(told), brief(opening), buttons=tuple(buttons))


def _button(name: str, paused: Mapping[str, Pause], flags: int) -> tuple[str, str]:
    sign, bits = ("▶", flags) if name in paused else ("⏸", flags | PAUSE)
    caption = f"{sign} {one_line(name, CAPTION_LENGTH)}"
    return caption, data_of(Button.SOURCE, bits, key_of("source", name))


def _opening(states: Sequence[SourceState], resting: int) -> str:
    opening = count_words(states)
    if resting:
        opening += ", " + ngettext("{count} paused", "{count} paused", resting).format(
            count=resting
        )
    return bold(opening)


def _worst(state: SourceState) -> tuple[bool, bool, str]:
    # Whether it is paused is no matter here: what was just pressed stays where it is.
    standing = state.health.standing
    return not standing.is_broken, standing.is_sound, state.name.casefold()


def _line(state: SourceState, paused: Mapping[str, Pause]) -> str:
    health, resting = state.health, _pause_words(paused.get(state.name))
    name, words = escape(one_line(state.name, NAME_LENGTH)), words_of(health)
    good_at = _at(_("last good run {moment}"), health.good_at)
    if health.standing.is_sound:
        news_at = _at(_("last news {moment}"), health.news_at)
        known = [f"• {name}: {resting}{words}", good_at, news_at]
        return ", ".join(filter(None, known))
    good_at = good_at or _("never read")
    opening = " ".join(
        filter(None, [bold(f"{name}: {resting}{words}"), _at(_("since {moment}"), health.since)])
    )
    detail = escape(one_line(retold(health.detail), LINE_LENGTH))
    return f"• {opening}, {good_at}: {detail}"


def _pause_words(pause: Pause | None) -> str:
    if pause is None:
        return ""
    told = _("paused by {operator}, {moment}; ")
    return told.format(operator=escape(name_of(pause.operator)), moment=moment(pause.at))


def _at(told: str, at: datetime | None) -> str:
    return told.format(moment=moment(at)) if at else ""
