"""What is done for one post: sent, removed, brought back, looked for."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channel import Channel, Message, Span
from bot.clock import Clock
from bot.errors import CannotProbe, ChannelClosed, NotSent, PostError, Refused, Uncertain
from bot.model import Entry, Post, PostState
from bot.sending.appearance import Appearance
from bot.sending.options import SenderOptions
from bot.sending.pace import Pace
from bot.sending.pauses import pause_after
from bot.sending.telling import tell
from bot.store import Store

MOST_PROBES = 8
"""After so many failures in a row, ten minutes or so, a person is asked whether a post is there."""

MOST_PICTURES = 2
"""After so many sends of unknown end, a post that is not there is sent without its picture: an
upload may be what breaks off each time."""

MOST_DOUBTS = 6
"""After so many, a person is asked before it is sent again, although it is not there."""

MOST_REMOVALS = 8
"""After so many failures in a row, ten minutes or so, a person is to remove what Telegram keeps."""

REMINDER = timedelta(days=1)
"""How long a question to the operators stands before it is asked again."""

Ask = Callable[[Post, Entry], Awaitable[None]]
"""Asks the operators whether a post is in its channel; raises PostError."""

ByHand = Callable[[Post, Entry], None]
"""Tells the operators of a post that only they can remove; raises nothing."""


def _nobody(_post: Post, _entry: Entry) -> None:
    """Tell nobody."""


class Carrier:
    """Does what is due in one channel, and records each step before the next.

    Attributes:
        by_hand: is told of posts that only a person can remove.
    """

    def __init__(
        self,
        channel: Channel,
        store: Store,
        appearance: Appearance,
        options: SenderOptions,
        pace: Pace,
        *,
        ask: Ask | None,
        now: Clock,
    ) -> None:
        self._channel = channel
        self._store = store
        self._appearance = appearance
        self._options = options
        self._pace = pace
        self._ask = ask
        self.by_hand: ByHand = _nobody
        self._now = now

    def adopt(self, options: SenderOptions, appearance: Appearance) -> None:
        """Carry what is due from now on otherwise."""
        self._options, self._appearance = options, appearance

    async def carry(self, post: Post) -> None:
        """Do what is due for ``post``.

        Raises:
            LookupError: if its item has no verdict: the store has never let that happen.
        """
        entry = await self._store.ledger.entry(post.item_id)
        if entry is None:
            raise LookupError(f"post {post.id} is of item {post.item_id}, which has no verdict")
        if not post.wanted and post.state in (PostState.SENT, PostState.REMOVED):
            await self._remove(post, entry)
            return
        try:
            message = self._appearance.render(entry)
        except ValueError as error:
            await self._fail(post, error)
            return
        if post.state is PostState.UNCERTAIN:
            await self._resolve(post, entry, message)
        elif post.state is PostState.REMOVED and post.message_id is not None:
            source = entry.recorded.item.source
            await self._restore(post, post.message_id, message, source)
        else:
            await self._send(post, entry, message)

    async def _send(self, post: Post, entry: Entry, message: Message) -> None:
        # Before the intent is committed: a process that dies here leaves nothing in doubt.
        if post.doubts < MOST_PICTURES:
            source = entry.recorded.item.source
            message = await self._appearance.illustrate(message, source)
        posts = self._store.posts
        silent = self._options.is_silent(self._now())
        floor_id = await posts.highest_message_id(post.chat)
        if not await posts.begin_sending(post.id, at=self._now(), floor_id=floor_id):
            return
        try:
            message_id = await self._channel.send(replace(message, silent=silent))
        except (NotSent, ChannelClosed) as error:
            not_before = self._pace.hold(error)
            await posts.postpone(post.id, not_before=not_before, error=str(error))
            tell(logging.WARNING, "post_postponed", post, error)
        except Refused as error:
            await self._fail(post, error)
        except Uncertain as error:
            self._pace.hold(error)
            await posts.record_uncertain(
                post.id, not_before=self._quarantine_end(), error=str(error)
            )
            tell(logging.WARNING, "post_uncertain", post, error)
        else:
            self._pace.release()
            self._pace.door.find_open()
            await posts.record_sent(post.id, message_id, at=self._now())
            tell(logging.INFO, "post_sent", post, f"is message {message_id}")

    async def _remove(self, post: Post, entry: Entry) -> None:
        if post.message_id is None:
            await self._leave_to_people(post, entry)
            return
        # A process that dies before it records the end leaves this: it is removed once more, or
        # brought back.
        if not await self._store.posts.begin_removing(post.id, at=self._now()):
            return
        try:
            is_gone = await self._channel.remove(post.message_id)
        except PostError as error:
            await self._remove_later(post, entry, error)
        else:
            self._pace.release()
            await self._store.posts.record_removed(post.id, at=self._now(), struck_out=not is_gone)
            tell(logging.INFO, "post_removed", post, f"was message {post.message_id}")

    async def _leave_to_people(self, post: Post, entry: Entry) -> None:
        """Let a post stay what it is that is seen, and that only a person can remove."""
        told, later = "its message id is not known: remove it by hand", self._now() + REMINDER
        # Unless an operator has told meanwhile which message it is.
        if await self._store.posts.delay(
            post.id, state=post.state, not_before=later, error=told, unplaced=True
        ):
            tell(logging.ERROR, "post_unreachable", post, "must be removed by hand")
            if post.attempts == 0:
                self.by_hand(post, entry)

    async def _remove_later(self, post: Post, entry: Entry, error: PostError) -> None:
        """Put a removal off, which may be made twice; tell the operators if that is no use."""
        tell(logging.WARNING, "post_delayed", post, error)
        is_in_vain = isinstance(error, (Refused, ChannelClosed))
        if is_in_vain and post.attempts + 1 >= MOST_REMOVALS:
            # Each day anew, until it is gone: readers see what they should not.
            self.by_hand(post, entry)
            not_before = self._now() + REMINDER
        else:
            not_before = self._pause_end(post, error)
        if isinstance(error, Uncertain) or post.state is PostState.REMOVED:
            removing = replace(post, state=PostState.REMOVED)
            await self._delay(removing, str(error), not_before)
        else:
            await self._store.posts.record_not_removed(
                post.id, not_before=not_before, error=str(error)
            )

    async def _restore(self, post: Post, message_id: int, message: Message, source: str) -> None:
        """Write a post again where its removal left a notice; queue it if nothing is there."""
        # Its removal may have covered its picture.
        message = await self._appearance.illustrate(message, source)
        if not await self._store.posts.begin_restoring(post.id, at=self._now()):
            return
        try:
            restored = await self._channel.rewrite(message_id, message)
        except Refused as error:
            self._pace.release()
            await self._not_restored(post, error)
            return
        except PostError as error:
            # Writing it twice does no harm, so nothing here is uncertain.
            await self._delay(post, str(error), self._pause_end(post, error))
            tell(logging.WARNING, "post_delayed", post, error)
            return
        self._pace.release()
        if restored:
            await self._store.posts.record_restored(post.id, at=self._now())
            tell(logging.INFO, "post_restored", post, f"is message {message_id} again")
        else:
            await self._store.posts.requeue(post.id)

    async def _not_restored(self, post: Post, error: Refused) -> None:
        """Queue a post anew that does not come back in its place; first find out if it is there.

        It may be, if its removal or an earlier try to bring it back never had an answer.
        """
        tell(logging.WARNING, "post_not_restored", post, error)
        if post.sending_at is None:
            await self._store.posts.requeue(post.id)
        else:
            await self._store.posts.doubt_removal(
                post.id, not_before=self._quarantine_end(), error=str(error)
            )

    async def _resolve(self, post: Post, entry: Entry, message: Message) -> None:
        known_ids = await self._store.posts.known_ids(post.chat, post.floor_id)
        if post.floor_id is None and not known_ids and await self._will_know_more(post):
            await self._delay(post, "no post of this channel is known yet", self._quarantine_end())
            return
        try:
            message_id = await self._channel.find(message, _span_of(post, known_ids))
        except (CannotProbe, ChannelClosed) as error:
            await self._ask_operators(post, entry, error)
        except PostError as error:
            if post.attempts < MOST_PROBES:
                # The trouble may be that of the chat to look in: the channel need not wait.
                not_before = self._now() + pause_after(error, post.attempts)
                await self._delay(post, str(error), not_before)
                tell(logging.WARNING, "probe_failed", post, error)
            else:
                await self._ask_operators(post, entry, error)
        else:
            if message_id is None and post.doubts >= MOST_DOUBTS:
                told = f"was sent {post.doubts} times, and is not there"
                await self._ask_operators(post, entry, CannotProbe(told))
            else:
                await self._record_found(post, message_id)

    async def _will_know_more(self, post: Post) -> bool:
        """Tell whether another post may soon show where in the channel to look."""
        return post.attempts < MOST_PROBES and await self._store.posts.has_queued(post.chat)

    async def _record_found(self, post: Post, message_id: int | None) -> None:
        if message_id is None:
            await self._store.posts.requeue(post.id)
            tell(logging.INFO, "post_not_found", post, "is not there and is queued again")
        else:
            await self._store.posts.record_sent(post.id, message_id, at=self._now())
            tell(logging.INFO, "post_found", post, f"was posted as message {message_id}")

    async def _ask_operators(self, post: Post, entry: Entry, why: PostError) -> None:
        tell(logging.WARNING, "post_unknown", post, f"may be posted, and nobody can tell: {why}")
        not_before, told = self._now() + REMINDER, f"waits for an operator: {why}"
        if self._ask is not None:
            try:
                await self._ask(post, entry)
            except PostError as error:
                # The operators' chat is out of reach, the channel need not be.
                not_before, told = self._now() + pause_after(error, post.attempts), str(error)
        await self._delay(post, told, not_before)

    def _pause_end(self, post: Post, error: PostError) -> datetime:
        """Return when to try again what may be done twice.

        The channel waits too if Telegram is out of reach, and not where the bot lacks a right: to
        post may still be among those it has.
        """
        if isinstance(error, NotSent):
            return self._pace.hold(error)
        return self._now() + pause_after(error, post.attempts)

    async def _delay(self, post: Post, told: str, not_before: datetime) -> None:
        await self._store.posts.delay(post.id, state=post.state, not_before=not_before, error=told)

    def _quarantine_end(self) -> datetime:
        return self._now() + self._options.quarantine

    async def _fail(self, post: Post, reason: object) -> None:
        await self._store.posts.record_failed(post.id, str(reason))
        tell(logging.ERROR, "post_failed", post, reason)


def _span_of(post: Post, known_ids: Sequence[int]) -> Span:
    if post.message_id is not None:
        # It was there, and was not seen to go.
        return Span(post.floor_id, only_id=post.message_id)
    return Span(post.floor_id, tuple(known_ids))
