"""/start and /help."""

from __future__ import annotations

from bot.commands.desk import Desk
from bot.commands.request import Reply, Request
from bot.commands.texts import NAME_LENGTH
from bot.errors import CommandError
from bot.render import one_line

MENU = {
    "status": "what happened in the last 24 hours, and what is wrong",
    "last": "the newest posts",
    "rejected": "the newest rejections, with their reasons",
    "sources": "how the sources are doing",
    "good": "label an item good: it is posted",
    "bad": "label an item bad: its post is removed",
    "undo": "take back your last label",
    "retrain": "learn from the labels; what is better is used",
    "model": "the model in use; /model rollback goes back",
    "help": "this list",
}
"""The commands as the bot's menu tells them."""

_HELP = (
    "\n".join(f"/{name} — {what}" for name, what in MENU.items())
    + "\n\n/good, /bad and /undo take an item's id (<code>/bad 12</code>), or are written as a "
    "reply to a card, to a post forwarded from the channel, or under a post in the "
    "discussion group. /last and /rejected take a number of lines, "
    "/sources a part of a name."
)


async def unknown(_desk: Desk, request: Request) -> Reply:
    """Say that a command is none, and where they are listed."""
    name = one_line(request.arguments[0], NAME_LENGTH)
    raise CommandError(f"I do not know {name}. /help lists what I do.")


async def talk(_desk: Desk, _request: Request) -> Reply:
    """Say that only commands are understood, and where they are listed."""
    raise CommandError("I only understand commands. /help lists what I do.")


async def start(_desk: Desk, request: Request) -> Reply:
    """Say who is here; what an invitation link carries is not looked at."""
    return Reply(
        "I post the good news to the channel and keep a ledger of what I reject.\n\n" + _HELP
    )


async def help_(_desk: Desk, _request: Request) -> Reply:
    """List the commands."""
    return Reply(_HELP)
