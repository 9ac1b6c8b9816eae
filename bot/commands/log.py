"""/log: what was asked of the bot, by whom, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import outcomes
from bot.commands.desk import Desk, is_id, number
from bot.commands.request import Button, Reply, Request, data_of
from bot.commands.texts import escape, moment, name_of
from bot.errors import CommandError
from bot.language import gettext as _
from bot.language import pgettext
from bot.render import one_line
from bot.store.operators import UNCHANGED, Action

LINES = 10
MOST_LINES = 20
WHO_LENGTH = 30
COMMAND_LENGTH = 60
OUTCOME_LENGTH = 50
"""So that a page of MOST_LINES always fits a message: none of its lines may be left out."""

QUESTIONS = (
    *("start", "help", "status", "last", "rejected", "find", "sources", "stats", "why", "replay"),
    *("talk", "unknown"),
)
"""What changes nothing is told only to who asks for all."""

_EVERY = ("all", "все", "всё")
_LINES_ROOM = 100
"""A button has one number for how many lines, and whether they tell questions."""

NEWEST = 0
"""In place of an id: the page begins with the newest."""


async def log(desk: Desk, request: Request) -> Reply:
    """Show the newest of what was asked, by operators and strangers."""
    arguments = request.arguments
    every = arguments[:1] != () and arguments[0].casefold() in _EVERY
    first, *more = arguments[every:] or (str(LINES),)
    if more or not is_id(first):
        raise CommandError(_ask_for_lines())
    return await _page(desk, NEWEST, number(first), every=every)


async def turn(desk: Desk, request: Request) -> Reply:
    """Show the page that a button names: what was asked before an action, so many lines."""
    before, packed = (*map(number, request.arguments), LINES)[:2]
    every, lines = divmod(packed, _LINES_ROOM)
    return await _page(desk, before, lines, every=bool(every))


async def _page(desk: Desk, before: int, lines: int, *, every: bool) -> Reply:
    if not 1 <= lines <= MOST_LINES:
        raise CommandError(_ask_for_lines())
    # One more than is shown tells whether there is another page.
    without = () if every else QUESTIONS
    found = await desk.store.operators.actions(lines + 1, before=before or None, without=without)
    shown = found[:lines]
    packed = every * _LINES_ROOM + lines
    buttons = []
    if before != NEWEST:
        buttons.append((pgettext("button", "Newest"), data_of(Button.LOG, NEWEST, packed)))
    if len(found) > lines:
        buttons.append((pgettext("button", "Older"), data_of(Button.LOG, shown[-1].id, packed)))
    return Reply(_told(shown, every=every), buttons=tuple(buttons))


def _told(actions: Sequence[Action], *, every: bool) -> str:
    if not actions:
        nothing = _("Nothing was done yet. /log all tells questions, too.")
        return _("Nothing was asked yet.") if every else nothing
    asked = _("What was asked, the newest first:")
    done = _("What was done, the newest first (/log all tells questions, too):")
    return "\n".join([asked if every else done, *map(_line, actions)])


def _line(action: Action) -> str:
    who = escape(one_line(name_of(action.operator), WHO_LENGTH))
    asked = escape(one_line(action.command, COMMAND_LENGTH))
    line = f"{moment(action.at)} · <b>{who}</b> · {asked}"
    if not action.allowed:
        refused, welcomed = _("refused: not an operator"), _("not an operator: told of the channel")
        told = welcomed if action.outcome == outcomes.WELCOMED else refused
        return f"{line} · {told} ({action.operator.id})"
    if action.outcome == outcomes.DONE:
        return line
    if action.outcome == UNCHANGED:
        unchanged = _("nothing was changed")
        return f"{line} · {unchanged}"
    return f"{line} · {escape(one_line(outcomes.told(action.outcome), OUTCOME_LENGTH))}"


def _ask_for_lines() -> str:
    return _("I can show 1 to {most} lines.").format(most=MOST_LINES)
