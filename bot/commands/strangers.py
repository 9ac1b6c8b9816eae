"""What the bot says to people who are not its operators."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.desk import Desk
from bot.commands.outcomes import REFUSED, WELCOMED
from bot.commands.request import Reply, Request
from bot.commands.texts import NAME_LENGTH
from bot.language import gettext as _
from bot.render import link, one_line
from bot.telegram.faces import Face

MOST_CHANNELS = 20


async def turned_away(desk: Desk, request: Request) -> tuple[Reply, str]:
    """Tell a stranger who begins what the channel is, and any other one only that he may not.

    Returns the answer, and what came of it.
    """
    faces = await desk.faces() if request.command == "start" else ()
    if faces:
        return Reply(_welcome(faces[:MOST_CHANNELS])), WELCOMED
    told = _("Sorry, I only work for the operators of this channel.")
    return Reply(told, told), REFUSED


def _welcome(faces: Sequence[Face]) -> str:
    links = [link(face.link, one_line(face.title, NAME_LENGTH)) for face in faces]
    if len(links) == 1:
        return _("I post good news in the channel {channel}. Read it there!").format(
            channel=links[0]
        )
    return "\n".join([_("I post good news in these channels. Read them there!"), *links])
