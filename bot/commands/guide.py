"""/start and /help."""

from __future__ import annotations

from collections.abc import Iterable

from bot.commands.desk import Desk
from bot.commands.request import Reply, Request
from bot.commands.texts import NAME_LENGTH, bold
from bot.errors import CommandError
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.render import one_line

MENU = {
    "status": gettext_noop("what happened in the last 24 hours, and what is wrong"),
    "last": gettext_noop("the newest posts"),
    "rejected": gettext_noop("the newest rejections; /rejected bad or a source shows only those"),
    "find": gettext_noop("items with these words, whatever became of them"),
    "sources": gettext_noop("how the sources are doing, with a button to pause each"),
    "source": gettext_noop("add a source: /source add gorod.example; or test or remove one"),
    "stats": gettext_noop("the last 7 days in figures and as a picture; /stats 30 for more"),
    "why": gettext_noop("what a verdict rests on, word by word"),
    "pause": gettext_noop("post nothing until /resume; removal goes on"),
    "resume": gettext_noop("post again"),
    "good": gettext_noop("label an item good: it is posted"),
    "bad": gettext_noop("label an item bad: its post is removed; /bad 12 ad says why"),
    "undo": gettext_noop("take back your last label"),
    "log": gettext_noop("what was asked of the bot, and by whom"),
    "reload": gettext_noop("read the settings again"),
    "retrain": gettext_noop("learn from the labels; what is better is used"),
    "model": gettext_noop("the model in use; /model rollback goes back"),
    "threshold": gettext_noop("what another threshold would change; then change it"),
    "rule": gettext_noop("rules for texts with a phrase, tried out before they count"),
    "replay": gettext_noop("the last 7 days as the model of now, or another, would decide"),
    "help": gettext_noop("this list"),
}
"""The commands as the bot's menu tells them, in English."""

GROUPS = {
    gettext_noop("What happened"): ("status", "last", "rejected", "find", "why", "stats"),
    gettext_noop("Corrections"): ("good", "bad", "undo"),
    gettext_noop("What decides"): ("threshold", "rule", "model", "replay", "retrain"),
    gettext_noop("At work"): ("pause", "resume", "sources", "source", "reload", "log", "help"),
}
"""The same as /help tells them: by what they are for."""


async def unknown(_desk: Desk, request: Request) -> Reply:
    """Say that a command is none, and where they are listed."""
    name = one_line(request.arguments[0], NAME_LENGTH)
    raise CommandError(_("I do not know {command}. /help lists what I do.").format(command=name))


async def talk(_desk: Desk, _request: Request) -> Reply:
    """Say that only commands are understood, and where they are listed."""
    raise CommandError(_("I only understand commands. /help lists what I do."))


async def start(_desk: Desk, request: Request) -> Reply:
    """Say who is here; what an invitation link carries is not looked at."""
    opening = _("I post the good news to the channel and keep a ledger of what I reject.")
    return Reply(f"{opening}\n\n{_help()}")


async def help_(_desk: Desk, _request: Request) -> Reply:
    """List the commands."""
    return Reply(_help())


def _help() -> str:
    how = _(
        "/good, /bad, /undo and /why take an item's id (<code>/bad 12</code>), or are written as a "
        "reply to a card, to a post forwarded from the channel, or under a post in the "
        "discussion group. /last, /rejected and /log take a number of lines, "
        "/sources a part of a name."
    )
    return "\n\n".join([*(_group(title, names) for title, names in GROUPS.items()), how])


def _group(title: str, names: Iterable[str]) -> str:
    lines = (f"/{name} — {_(MENU[name])}" for name in names)
    return "\n".join([bold(_(title)), *lines])
