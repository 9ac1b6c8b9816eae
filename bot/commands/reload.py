"""/reload: the settings are read again, as on SIGHUP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.commands.desk import Desk
from bot.commands.request import Reply, Request
from bot.commands.texts import NAME_LENGTH, and_more, bold, escape, fitting
from bot.errors import CommandError
from bot.language import gettext as _
from bot.language import ngettext
from bot.render import one_line
from bot.retold import retold
from config import ConfigError
from config.changes import Changes
from config.problems import shorten

MOST_NAMES = 10


async def reload(desk: Desk, request: Request) -> Reply:
    """Let the settings take effect as they are written now, or tell what is wrong with them."""
    if request.arguments:
        raise CommandError(_("Nothing may follow /reload."))
    if desk.reload is None:
        raise CommandError(_("The settings are read at the beginning of each pass anyway."))
    return Reply(await outcome_of(desk.reload))


async def outcome_of(reload: Callable[[], Awaitable[Changes]]) -> str:
    """Read the settings again; return what came of it as HTML."""
    try:
        changed = await reload()
    except ConfigError as error:
        return "\n".join(fitting(refusal_lines(error)))
    return "\n".join(fitting(change_lines(changed)))


def refusal_lines(error: ConfigError) -> list[str]:
    """Return what operators are told of settings that cannot be used, as lines of HTML."""
    opening = _("The settings stay as they were:")
    return [bold(opening), *(f"• {escape(shorten(retold(problem)))}" for problem in error.problems)]


def change_lines(changed: Changes) -> list[str]:
    """Return what has changed, as lines of HTML."""
    if not (changed or changed.waiting):
        return [_("The settings were read again: nothing has changed.")]
    lines = [bold(_("The new settings are in force:")), *_in_force(changed)] if changed else []
    if changed.waiting:
        lines.append(bold(_("This takes effect at the next start only:")))
        lines += [f"• {escape(key)}" for key in changed.waiting]
    return lines


def _in_force(changed: Changes) -> list[str]:
    lines = [f"• {escape(key)}" for key in changed.keys]
    added, removed, altered = (len(n) for n in (changed.added, changed.removed, changed.altered))
    told = (
        (changed.added, ngettext("{count} source added", "{count} sources added", added)),
        (changed.removed, ngettext("{count} source removed", "{count} sources removed", removed)),
        (changed.altered, ngettext("{count} source changed", "{count} sources changed", altered)),
    )
    return lines + [
        f"• {words.format(count=len(names))}: {_names(names)}" for names, words in told if names
    ]


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(escape(one_line(name, NAME_LENGTH)) for name in names[:MOST_NAMES])
    left_out = len(names) - MOST_NAMES
    return f"{shown} {and_more(left_out)}" if left_out > 0 else shown
