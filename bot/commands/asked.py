"""What was asked, as the log tells it. Pure.

A command is told as it was typed, a button as the command that would ask for the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.commands import pausing, sources, threshold
from bot.commands.objections import at_place
from bot.commands.request import Button, Reply, Request
from bot.sought import MOST_LETTERS

LENGTH = len("find ") + MOST_LETTERS
"""What was looked for is kept whole: the pages behind the first one are found by it."""


def asked(request: Request, reply: Reply, *, pressed: bool) -> str:
    """Return what was asked, with what it turned out to speak of."""
    words = " ".join((request.command, *request.arguments))
    if pressed and request.command in _BUTTONS:
        words = _BUTTONS[request.command](tuple(map(int, request.arguments)))
        words = f"{words} {reply.about}".strip()
    told = words[:LENGTH]
    if reply.item_id is None or str(reply.item_id) in told.split():
        return told
    return f"{told} (#{reply.item_id})"


def _because(numbers: tuple[int, ...]) -> str:
    objection = at_place(numbers[1]) if len(numbers) > 1 else None
    return f"because {objection.value}" if objection else "because"


def _rests(pause: int) -> Callable[[tuple[int, ...]], str]:
    return lambda numbers: "pause" if numbers[0] & pause else "resume"


def _page(command: str) -> Callable[[tuple[int, ...]], str]:
    return lambda numbers: f"{command}: before #{numbers[0]}" if numbers[0] else command


_BUTTONS: Mapping[str, Callable[[tuple[int, ...]], str]] = {
    Button.BECAUSE.value: _because,
    Button.GOOD.value: lambda numbers: f"good {numbers[0]}",
    Button.BAD.value: lambda numbers: f"bad {numbers[0]}",
    Button.ANYWAY.value: lambda numbers: f"good {numbers[0]} all the same",
    Button.UNDO.value: lambda numbers: f"undo {numbers[0]}",
    Button.LAST.value: _page("last"),
    Button.REJECTED.value: _page("rejected"),
    Button.FIND.value: _page("find"),
    Button.SOURCE.value: _rests(sources.PAUSE),
    Button.SOURCES.value: lambda numbers: f"sources: page {numbers[0] + 1}",
    Button.CHANNEL.value: _rests(pausing.PAUSE),
    Button.POSTED.value: lambda _numbers: "it is posted",
    Button.AGAIN.value: lambda _numbers: "send again",
    Button.GONE.value: lambda _numbers: "removed by hand",
    Button.BAR.value: lambda _numbers: "not for",
    Button.ALLOW.value: lambda _numbers: "for",
    Button.THRESHOLD.value: lambda numbers: f"threshold {numbers[0] / threshold.PARTS:g}",
    Button.UNSET.value: lambda _numbers: "threshold undo",
    Button.RULE.value: lambda numbers: f"rule {numbers[0]} apply",
    Button.UNRULE.value: lambda numbers: f"rule remove {numbers[0]}",
    Button.RULES.value: _page("rule"),
    Button.MODEL.value: lambda _numbers: "model",
    Button.ADD.value: lambda _numbers: "source add",
    Button.LEAVE.value: lambda _numbers: "source not added",
}
"""By what a button asks for, how that is told with the numbers of its callback data."""
