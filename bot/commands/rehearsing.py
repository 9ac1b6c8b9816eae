"""What the commands with foresight share: a rehearsal, and buttons of an earlier time."""

from __future__ import annotations

from bot.commands.desk import Desk
from bot.commands.request import Request
from bot.errors import CommandError
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.rehearsal import Rehearsal, Standing

EARLIER = gettext_noop(
    "The threshold, the model or the rules have changed since this card: nothing was done. "
    "This is how it looks now."
)


def rehearsal_of(desk: Desk) -> Rehearsal:
    """Return what goes through the last days.

    Raises:
        CommandError: if nothing is decided here.
    """
    if desk.rehearsal is None:
        raise CommandError(_("Nothing is decided here that could be tried out."))
    return desk.rehearsal


def changed_since(request: Request, standing: Standing) -> bool:
    """Whether what decides has changed since the card was shown whose button was pressed."""
    return request.arguments[1:] != (str(standing.basis),)


async def was_done(desk: Desk, request: Request) -> bool:
    """Whether this very command was done before, and is delivered again."""
    return await desk.store.operators.outcome(request.update_id) is not None
