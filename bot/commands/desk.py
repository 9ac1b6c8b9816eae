"""What the commands work with, and how they find the item that is meant."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, timezone, tzinfo

from bot.clock import Clock, utc_now
from bot.commands.errands import Errands
from bot.commands.request import Request, Target
from bot.errors import CommandError
from bot.explaining import Explainer
from bot.identity import dropped
from bot.language import gettext as _
from bot.model import Entry
from bot.rehearsal import Rehearsal
from bot.routing import Routing
from bot.scouting import Scout
from bot.store import Store
from bot.telegram.faces import Face
from bot.trainer import Trainer
from config.changes import Changes
from scrapers import canonical_url

# Nine digits fit every database's integers.
_ID = re.compile(r"#?([0-9]{1,9})", re.ASCII)


def _nothing_to_fetch(_name: str) -> None:
    pass


def _nothing_follows() -> None:
    pass


async def _nothing_known() -> Sequence[Face]:
    return ()


@dataclass(slots=True)
class Desk:
    """Where requests are worked on; what the settings say of it may change.

    Attributes:
        operators: Telegram user ids of those who may ask for anything.
        routing: which channels an item goes to.
        wake: tells the senders that the store has something new.
        answered: is called when somebody has his answer, which may be a card.
        fetch: has a source of this name fetched soon, whenever it is due.
        trainer: retrains the model; None where there is none to change.
        rehearsal: tries out what would change; None where nothing is decided.
        explainer: tells which words made a score; None where there is no model.
        reload: reads the settings again; None where they are read anew anyway.
        scout: looks at sites, and changes the list of sources; None where nobody can.
        errands: what takes longer than an answer; None where nothing does.
        zone: whose days are counted.
        expire: what could not be posted for so long is given up; None: nothing is.
        faces: returns the channels that anybody may know of.
    """

    store: Store
    operators: frozenset[int]
    routing: Routing
    wake: Callable[[], None]
    now: Clock = field(default=utc_now)
    trainer: Trainer | None = None
    rehearsal: Rehearsal | None = None
    explainer: Explainer | None = None
    zone: tzinfo = timezone.utc
    expire: timedelta | None = None
    fetch: Callable[[str], None] = _nothing_to_fetch
    answered: Callable[[], None] = _nothing_follows
    reload: Callable[[], Awaitable[Changes]] | None = None
    scout: Scout | None = None
    errands: Errands | None = None
    faces: Callable[[], Awaitable[Sequence[Face]]] = _nothing_known

    async def entry_of(self, request: Request) -> Entry:
        """Return the ledger's line for the item that ``request`` speaks of.

        Raises:
            CommandError: if it names none, or none that is known.
        """
        if request.arguments:
            return await self.entry(only_number(request))
        if not request.targets:
            raise CommandError(
                _(
                    "Which item? Write /{command} and its id, "
                    "or reply with /{command} to its card or post."
                ).format(command=request.command)
            )
        for target in request.targets:
            item_id = await self._item_of(target)
            if item_id is not None:
                return await self.entry(item_id)
        raise CommandError(
            _(
                "The message you reply to is no card or post of mine. "
                "If it has only just appeared, ask again in a minute."
            )
        )

    async def entry(self, item_id: int) -> Entry:
        """Return the ledger's line for an item.

        Raises:
            CommandError: if there is none.
        """
        entry = await self.store.ledger.entry(item_id)
        if entry is None:
            raise CommandError(_("There is no item {number} in the ledger.").format(number=item_id))
        return self.routing.marked(entry)

    async def dropped(self) -> list[str]:
        """Return the channels that have had posts and are no longer in the settings."""
        return dropped(await self.store.chats.known(), self.routing.wanted)

    async def _item_of(self, target: Target) -> int | None:
        item_id = await self.store.operators.item_of_card(target.chat_id, target.message_id)
        if item_id is not None:
            return item_id
        chats = [*self.routing.wanted, *await self.dropped()]
        for chat in filter(target_is(target), chats):
            post = await self.store.posts.by_message(chat, target.message_id)
            if post is not None:
                return post.item_id
            item_id = await self._item_found_at(chat, target)
            if item_id is not None:
                return item_id
        return None

    async def _item_found_at(self, chat: str, target: Target) -> int | None:
        """Return the item of a post that is there without anybody knowing which message it is.

        Its forwarded message tells that: from now on it is known.
        """
        links = set(map(canonical_url, target.links))
        for post, url in await self.store.posts.unplaced(chat) if links else ():
            if canonical_url(url) in links:
                await self.store.posts.place(post.id, target.message_id, at=self.now())
                self.wake()
                return post.item_id
        return None


def number(text: str) -> int:
    """Return the id that ``text`` names, as ``12`` or ``#12``.

    Raises:
        CommandError: if it names none.
    """
    match = _ID.fullmatch(text)
    if match is None:
        raise CommandError(_("An id is a number, like 12."))
    return int(match.group(1))


def is_id(text: str) -> bool:
    """Tell whether ``text`` names an id, as ``12`` or ``#12``."""
    return _ID.fullmatch(text) is not None


def only_number(request: Request) -> int:
    """Return the id that ``request`` names.

    Raises:
        CommandError: if something else follows the command, or more than one id.
    """
    first, *more = request.arguments
    if more:
        told = _("One item at a time, and nothing behind it: /{command} 12.")
        raise CommandError(told.format(command=request.command))
    return number(first)


def target_is(target: Target) -> Callable[[str], bool]:
    """Return whether a configured chat, a number or an @name, is the chat of ``target``."""
    names = {str(target.chat_id)} | ({f"@{target.name}".lower()} if target.name else set())
    return lambda chat: chat.lower() in names
