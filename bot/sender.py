"""The sender: brings what is in a channel in line with what is wanted there.

    queued & wanted ─▶ send ──▶ sent
                        ├ certainly not ──▶ queued, later
                        ├ refused ────────▶ failed
                        └ nobody knows ───▶ uncertain ─ quarantine ─▶ probe, else ask
    sent & not wanted ─▶ remove ──▶ removed
    removed & wanted ──▶ restore ─▶ sent
                          └ gone ─▶ queued

The intent is committed before the request, and one request is in flight per
channel. A process that dies in between leaves `sending` behind, which the next
start takes for uncertain: an uncertain post is never sent again blindly.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.channel import Channel, Message
from bot.errors import CannotProbe, ChannelClosed, NotSent, PostError, Refused, Uncertain
from bot.model import Entry, Post, PostState
from bot.pauses import pause_after
from bot.render import render_post
from bot.store import Store
from bot.waiting import wait_for_any

logger = logging.getLogger(__name__)

MOST_PROBES = 5
"""After so many failures in a row a person is asked whether a post is there."""

REMINDER = timedelta(days=1)
"""How long a question to the operators stands before it is asked again."""

LONGEST_SLEEP = 60.0
"""Seconds after which the clock is looked at again: it may have been set."""

Clock = Callable[[], datetime]
Ask = Callable[[Post, Entry], Awaitable[None]]
"""Asks the operators whether a post is in its channel; raises PostError."""
Settled = Callable[[], Awaitable[None]]
"""Is told when all that was due has been done."""


def utc_now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(timezone.utc)


@dataclass(frozen=True, slots=True)
class SenderOptions:
    """How posts go out.

    Attributes:
        per_minute: at most so many requests to one channel.
        quarantine: how long an uncertain post is left alone, so that a late
            commit on Telegram's side has come to an end.
        text_length: how much of an item's text to show, in UTF-16 units.
    """

    per_minute: float = 20
    quarantine: timedelta = timedelta(seconds=90)
    text_length: int = 800


async def recover(store: Store, options: SenderOptions, *, now: Clock = utc_now) -> list[Post]:
    """Make every post uncertain that a dead process left half sent; return them.

    To be called once, before any sender works.
    """
    posts = await store.posts.recover(not_before=now() + options.quarantine)
    for post in posts:
        _log(logging.WARNING, "post_interrupted", post, "was being sent when the process ended")
    return posts


class Sender:
    """Sends and removes the posts of one channel."""

    def __init__(
        self,
        channel: Channel,
        store: Store,
        options: SenderOptions | None = None,
        *,
        ask: Ask | None = None,
        settled: Settled | None = None,
        now: Clock = utc_now,
    ) -> None:
        self.chat = channel.chat
        self._channel = channel
        self._store = store
        self._options = options or SenderOptions()
        self._ask = ask
        self._settled = settled
        self._now = now
        self._woken = asyncio.Event()
        self._paused_until = now()
        self._next_turn = 0.0

    def wake(self) -> None:
        """Say that the store has something new."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is due whenever something is, until ``stop`` is set; what has begun is ended."""
        while not stop.is_set():
            self._woken.clear()
            await self.drain(stop)
            await wait_for_any(stop, self._woken, timeout=await self._idle_seconds())

    async def drain(self, stop: asyncio.Event | None = None) -> None:
        """Do all that is due now, at the channel's pace; stop early when ``stop`` is set."""
        done = 0
        while await self._do_next(stop or asyncio.Event()):
            done += 1
        if done and self._settled is not None:
            await self._settled()

    async def _do_next(self, stop: asyncio.Event) -> bool:
        """Do the one thing that is due next; False if there is none, or not now."""
        if await self._due() is None:
            return False
        await self._await_turn(stop)
        # Read again: an operator may have changed what is wanted during the wait.
        post = await self._due()
        if stop.is_set() or post is None:
            return False
        await self._settle(post)
        return True

    async def _due(self) -> Post | None:
        if self._now() < self._paused_until:
            return None
        return await self._store.posts.due(self.chat, self._now())

    async def _idle_seconds(self) -> float:
        moment = await self._store.posts.next_moment(self.chat)
        if moment is None:
            return LONGEST_SLEEP
        left = (max(moment, self._paused_until) - self._now()).total_seconds()
        return min(max(left, 0.05), LONGEST_SLEEP)

    async def _await_turn(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        left = self._next_turn - loop.time()
        if left > 0:
            await wait_for_any(stop, timeout=left)
        self._next_turn = loop.time() + 60 / self._options.per_minute

    async def _settle(self, post: Post) -> None:
        entry = await self._store.ledger.entry(post.item_id)
        if entry is None:
            raise LookupError(f"post {post.id} is of item {post.item_id}, which has no verdict")
        if not post.wanted and post.state in (PostState.SENT, PostState.REMOVED):
            await self._remove(post)
            return
        try:
            message = self._render(entry)
        except ValueError as error:
            await self._fail(post, error)
            return
        if post.state is PostState.UNCERTAIN:
            await self._resolve(post, entry, message)
        elif post.state is PostState.REMOVED and post.message_id is not None:
            await self._restore(post, post.message_id, message)
        else:
            await self._send(post, message)

    def _render(self, entry: Entry) -> Message:
        name = (entry.recorded.sources or (entry.recorded.item.source,))[0]
        return render_post(
            entry.recorded.item, source_name=name, text_length=self._options.text_length
        )

    async def _send(self, post: Post, message: Message) -> None:
        posts = self._store.posts
        floor_id = await posts.highest_message_id(self.chat)
        if not await posts.begin_sending(post.id, at=self._now(), floor_id=floor_id):
            return
        try:
            message_id = await self._channel.send(message)
        except (NotSent, ChannelClosed) as error:
            await posts.postpone(post.id, not_before=self._hold(post, error), error=str(error))
            _log(logging.WARNING, "post_postponed", post, error)
        except Refused as error:
            await self._fail(post, error)
        except Uncertain as error:
            not_before = self._now() + self._options.quarantine
            await posts.record_uncertain(post.id, not_before=not_before, error=str(error))
            _log(logging.WARNING, "post_uncertain", post, error)
        else:
            await posts.record_sent(post.id, message_id, at=self._now())
            _log(logging.INFO, "post_sent", post, f"is message {message_id}")

    async def _remove(self, post: Post) -> None:
        if post.message_id is None:
            # It is seen, and only a person can change that: it stays what it is.
            await self._store.posts.delay(
                post.id,
                state=post.state,
                not_before=self._now() + REMINDER,
                error="its message id is not known: remove it by hand",
            )
            _log(logging.ERROR, "post_unreachable", post, "must be removed by hand")
            return
        try:
            await self._channel.remove(post.message_id)
        except PostError as error:
            # Removing twice does no harm, so nothing here is uncertain.
            await self._delay(post, error)
        else:
            await self._store.posts.record_removed(post.id, at=self._now())
            _log(logging.INFO, "post_removed", post, f"was message {post.message_id}")

    async def _restore(self, post: Post, message_id: int, message: Message) -> None:
        """Write a post again where its removal left a notice; queue it if nothing is there."""
        if not await self._store.posts.begin_restoring(post.id, at=self._now()):
            return
        try:
            restored = await self._channel.restore(message_id, message)
        except Refused as error:
            _log(logging.WARNING, "post_not_restored", post, error)
            restored = False
        except PostError as error:
            # Writing it twice does no harm, so nothing here is uncertain.
            await self._delay(post, error)
            return
        if restored:
            await self._store.posts.record_restored(post.id, at=self._now())
            _log(logging.INFO, "post_restored", post, f"is message {message_id} again")
        else:
            await self._store.posts.requeue(post.id)

    async def _resolve(self, post: Post, entry: Entry, message: Message) -> None:
        posts = self._store.posts
        try:
            message_id = await self._channel.find(
                message,
                floor_id=post.floor_id,
                ceiling_id=await posts.highest_message_id(self.chat),
            )
        except (CannotProbe, ChannelClosed) as error:
            await self._ask_operators(post, entry, error)
        except PostError as error:
            if post.attempts < MOST_PROBES:
                await self._delay(post, error)
            else:
                await self._ask_operators(post, entry, error)
        else:
            await self._record_found(post, message_id)

    async def _record_found(self, post: Post, message_id: int | None) -> None:
        if message_id is None:
            await self._store.posts.requeue(post.id)
            _log(logging.INFO, "post_not_found", post, "was not posted and is queued again")
        else:
            await self._store.posts.record_sent(post.id, message_id, at=self._now())
            _log(logging.INFO, "post_found", post, f"was posted as message {message_id}")

    async def _ask_operators(self, post: Post, entry: Entry, why: PostError) -> None:
        _log(logging.WARNING, "post_unknown", post, f"may be posted, and nobody can tell: {why}")
        not_before, told = self._now() + REMINDER, f"waits for an operator: {why}"
        if self._ask is not None:
            try:
                await self._ask(post, entry)
            except PostError as error:
                # The operators' chat is out of reach, the channel need not be.
                not_before, told = self._now() + pause_after(error, post), str(error)
        await self._store.posts.delay(post.id, state=post.state, not_before=not_before, error=told)

    async def _delay(self, post: Post, error: PostError) -> None:
        not_before = self._hold(post, error)
        await self._store.posts.delay(
            post.id, state=post.state, not_before=not_before, error=str(error)
        )
        _log(logging.WARNING, "post_delayed", post, error)

    async def _fail(self, post: Post, reason: object) -> None:
        await self._store.posts.record_failed(post.id, str(reason))
        _log(logging.ERROR, "post_failed", post, reason)

    def _hold(self, post: Post, error: PostError) -> datetime:
        """Return when to try a post again; the others wait too if it is not the post's fault."""
        until = self._now() + pause_after(error, post)
        if isinstance(error, (NotSent, ChannelClosed)):
            self._paused_until = until
        return until


def _log(level: int, action: str, post: Post, what: object) -> None:
    logger.log(
        level,
        "post %d of item %d in %s: %s",
        post.id,
        post.item_id,
        post.chat,
        what,
        extra={"action": action, "post": post.id, "item": post.item_id, "channel": post.chat},
    )
