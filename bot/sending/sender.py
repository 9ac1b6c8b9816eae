"""The sender of one channel: one post after the other, whatever is due next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone

from bot.channel import Channel
from bot.clock import Clock, utc_now
from bot.model import Post, PostState
from bot.sending.appearance import Appearance
from bot.sending.carrier import REMINDER, Ask, ByHand, Carrier
from bot.sending.editor import Editor
from bot.sending.options import SenderOptions
from bot.sending.pace import Pace
from bot.sending.telling import tell
from bot.store import Amendment, Store
from bot.waiting import wait_for_any

Settled = Callable[[], Awaitable[None]]
"""Is told when all that was due has been done."""

Look = Callable[[], Awaitable[bool]]
"""Finds out which chat a channel is by now, and lets its posts follow; False: nobody can tell."""

LONGEST_SLEEP = 60.0
"""Seconds after which the clock is looked at again: it may have been set."""

SURE = timedelta(hours=1)
"""So long a post must be found too old before it is given up: the clock may be wrong."""

EARLIEST = datetime.fromtimestamp(0, timezone.utc)
"""Nothing was queued before it."""


async def recover(
    store: Store, options: SenderOptions, *, chat: str | None = None, now: Clock = utc_now
) -> list[Post]:
    """Make every post uncertain that was left half sent; return them.

    To be called before any sender works, or that of ``chat`` for its own posts.
    """
    posts = await store.posts.recover(not_before=now() + options.quarantine, chat=chat)
    for post in posts:
        tell(logging.WARNING, "post_interrupted", post, "nobody has recorded whether it was sent")
    return posts


def _nobody() -> None:
    """Tell nobody."""


async def _look_nowhere() -> bool:
    """Take the channel for what it is."""
    return True


class Sender:
    """Sends, removes and edits the posts of one channel.

    Attributes:
        changed: is called whenever what readers see may have changed.
        door: whether the channel lets the bot in.
        resting: set while it runs, has done all that was due, and nothing has woken it since.
        look: is called before more is done in a channel that has not let the bot in.
    """

    def __init__(
        self,
        channel: Channel,
        store: Store,
        options: SenderOptions | None = None,
        *,
        appearance: Appearance | None = None,
        ask: Ask | None = None,
        settled: Settled | None = None,
        now: Clock = utc_now,
    ) -> None:
        self.chat = channel.chat
        self._store = store
        self._options = options or SenderOptions()
        self._pace = Pace(self._options.per_minute, now)
        self.door = self._pace.door
        looks = appearance or Appearance()
        self._carrier = Carrier(channel, store, looks, self._options, self._pace, ask=ask, now=now)
        self._editor = Editor(channel, store, looks, self._pace, now=now)
        self._settled = settled
        self.changed: Callable[[], None] = _nobody
        self.look: Look = _look_nowhere
        self._now = now
        self._woken = asyncio.Event()
        self.resting = asyncio.Event()

    def adopt(self, options: SenderOptions, appearance: Appearance) -> None:
        """Send otherwise from now on; what is on its way arrives as it was."""
        self._options = options
        self._pace.adopt(options.per_minute)
        self._carrier.adopt(options, appearance)
        self._editor.adopt(appearance)

    def tell_by_hand(self, by_hand: ByHand) -> None:
        """Let ``by_hand`` be told from now on of posts that only a person can remove."""
        self._carrier.by_hand = by_hand

    def wake(self) -> None:
        """Say that the store has something new."""
        self.resting.clear()
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is due whenever something is, until ``stop`` is set; what has begun is ended.

        May be run again after a failure of the store.
        """
        await recover(self._store, self._options, chat=self.chat, now=self._now)
        while not stop.is_set():
            self._woken.clear()
            self.resting.clear()
            await self.drain(stop)
            idle = await self._idle_seconds()
            if not self._woken.is_set():
                self.resting.set()
            await wait_for_any(stop, self._woken, timeout=idle)

    async def drain(self, stop: asyncio.Event | None = None) -> None:
        """Do all that is due now, at the channel's pace; stop early when ``stop`` is set."""
        await self._give_up_old()
        await self._mend_waits()
        done = 0
        while await self._do_next(stop or asyncio.Event()):
            done += 1
            self.changed()
        # Operators may have told of a post that it is there.
        self.changed()
        if done and self._settled is not None:
            await self._settled()

    async def _do_next(self, stop: asyncio.Event) -> bool:
        """Do the one thing that is due next; False if there is none, or not now."""
        due = await self._due()
        if due is not None and self.door.in_doubt:
            self.door.in_doubt = not await self.look()
            due = await self._due()
        if due is not None and await self._pace.take_turn(stop):
            # Read again: an operator may have changed what is wanted during the wait.
            due = await self._due()
        if stop.is_set() or due is None:
            return False
        if isinstance(due, Amendment):
            await self._editor.edit(due)
        elif self._is_old(due):
            await self._give_up_old()
        else:
            await self._carrier.carry(due)
        return True

    async def _due(self) -> Post | Amendment | None:
        """Return what to do next; a post is edited when nothing else is to be done."""
        if self._pace.held_until is not None:
            return None
        now = self._now()
        post = await self._store.posts.due(self.chat, now)
        if post is not None or not self._options.also:
            return post
        return await self._store.mentions.due(self.chat, now=now, sources=self._options.sources)

    async def _idle_seconds(self) -> float:
        moment = await self._store.posts.next_moment(self.chat)
        if moment is None:
            return LONGEST_SLEEP
        left = (max(moment, self._pace.held_until or moment) - self._now()).total_seconds()
        return min(max(left, 0.05), LONGEST_SLEEP)

    def _is_old(self, post: Post) -> bool:
        limit = self._options.expire
        waits = post.state is PostState.QUEUED and post.sent_at is None
        return limit is not None and waits and post.queued_at < self._now() - limit

    async def _give_up_old(self) -> None:
        limit, now = self._options.expire, self._now()
        hours = limit.total_seconds() / 3600 if limit else 0
        told = f"could not be posted for {hours:g} hours"
        for post in await self._store.posts.expire(
            self.chat,
            queued_before=now - limit if limit else EARLIEST,
            at=now,
            sure=SURE,
            error=told,
        ):
            tell(logging.WARNING, "post_expired", post, told)

    async def _mend_waits(self) -> None:
        """Let nothing wait for a moment that was reckoned by a wrong clock."""
        now = self._now()
        for post in await self._store.posts.shorten(
            self.chat, longest=now + REMINDER, instead=now + self._options.quarantine
        ):
            tell(logging.WARNING, "clock_set_back", post, "was to wait too long")
