"""How an act is played: what happens in it, and newsieve that deals with it and is killed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from tests.emulator import Fault
from tests.store.samples import CHANNEL
from tests.storm.life import Life
from tests.storm.newsroom import Newsroom
from tests.storm.scene import Setting

PROMPT = timedelta(minutes=5)

Happen = Callable[[Newsroom], Awaitable[None]]


@dataclass(frozen=True)
class Trouble:
    """What one call of a method runs into, if it concerns this chat."""

    method: str
    fault: Fault
    chat: str = CHANNEL

    def concerns(self, parameters: Mapping[str, object]) -> bool:
        """Tell whether a call is about the chat."""
        return str(parameters["chat_id"]) == self.chat


@dataclass(frozen=True)
class Act:
    """Something that happens.

    Attributes:
        happen: what newsieve is to deal with.
        troubles: what fails then.
        during: what happens while a call of this method waits for Telegram.
        meanwhile: what happens before a killed newsieve is started anew, if one is.
        is_deaf: what operators answer to a newsieve that is killed over it never arrives again.
        prompt: a channel that has all that it is to have within PROMPT.
        is_thorough: newsieve is killed at each of its steps, and not only where something outside
            has changed.
    """

    happen: Happen
    troubles: tuple[Trouble, ...] = ()
    during: tuple[str, Happen] | None = None
    meanwhile: Happen | None = None
    is_deaf: bool = False
    prompt: str | None = None
    is_thorough: bool = False


@dataclass(frozen=True)
class Play:
    """Acts in a setting."""

    setting: Setting
    acts: Mapping[str, Act]


async def perform(
    newsroom: Newsroom, act: Act, *last_steps: int, known: set[str] | None = None
) -> Life:
    """Let newsieve do what ``act`` has left to do, killed at these steps of its lives; count up.

    Returns the last life, which lasts until everything has come to rest.

    Args:
        known: how things may stand after the first kill, if all has come to rest from there
            before: what comes then is known. Once it has, this is added.
    """
    _set_about(newsroom, act)
    began, fates, meanwhile, left = newsroom.now, iter([*last_steps, None]), act.meanwhile, ""
    while not (await newsroom.start(Life(next(fates))) and await newsroom.rest()):
        await newsroom.clear_away()
        if meanwhile is not None:
            await meanwhile(newsroom)
            meanwhile = None
        if known is not None and not left:
            left = newsroom.digest()
            if left in known:
                return newsroom.life
    await newsroom.clear_away()
    await newsroom.count_up()
    if act.prompt is not None:
        assert newsroom.rested[act.prompt] - began <= PROMPT
    if known is not None and left:
        known.add(left)
    return newsroom.life


def _set_about(newsroom: Newsroom, act: Act) -> None:
    newsroom.is_deaf = act.is_deaf
    for trouble in act.troubles:
        newsroom.telegram.inject(trouble.method, trouble.fault, when=trouble.concerns)
    if act.during is not None:
        method, happening = act.during
        first = Trouble(method, newsroom.while_asked(happening))
        newsroom.telegram.inject(method, first.fault, when=first.concerns)
