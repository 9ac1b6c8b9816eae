"""Sent posts that are edited: to name who else tells their story, or no longer does."""

from __future__ import annotations

import logging

from bot.channel import Channel
from bot.clock import Clock
from bot.errors import NotSent, PostError, Refused
from bot.model import Post
from bot.sending.appearance import Appearance
from bot.sending.pace import Pace
from bot.sending.pauses import pause_after
from bot.sending.telling import tell
from bot.store import Amendment, Store


class Editor:
    """Edits the posts of one channel, and records each step before the next."""

    def __init__(
        self, channel: Channel, store: Store, appearance: Appearance, pace: Pace, *, now: Clock
    ) -> None:
        self._channel = channel
        self._store = store
        self._appearance = appearance
        self._pace = pace
        self._now = now

    def adopt(self, appearance: Appearance) -> None:
        """Show posts otherwise from now on; what was sent before stays until it is edited."""
        self._appearance = appearance

    async def edit(self, amendment: Amendment) -> None:
        """Let a post name whom it is to name; give it up if it cannot be edited.

        Raises:
            LookupError: if its item has no verdict: the store has never let that happen.
        """
        post = amendment.post
        entry = await self._store.ledger.entry(post.item_id)
        if entry is None:
            raise LookupError(f"post {post.id} is of item {post.item_id}, which has no verdict")
        # A process that dies before it records the end leaves this: it is edited again.
        if not await self._store.mentions.begin(post.id):
            return
        try:
            message = self._appearance.render(entry, amendment.also)
            is_there = await self._channel.rewrite(amendment.message_id, message)
        except (ValueError, Refused) as error:
            await self._give_up(post, error)
        except PostError as error:
            # Editing twice does no harm, so nothing here is uncertain.
            await self._try_later(amendment, error)
        else:
            self._pace.release()
            if is_there:
                await self._record(amendment)
            else:
                await self._give_up(post, "is not in the channel any more")

    async def _record(self, amendment: Amendment) -> None:
        also = amendment.also
        await self._store.mentions.record_edited(amendment.post.id, also, at=self._now())
        told = ", ".join(mention.source for mention in also.named) or "nobody"
        tell(logging.INFO, "post_edited", amendment.post, f"names {told}")

    async def _try_later(self, amendment: Amendment, error: PostError) -> None:
        """Put it off; the channel waits too if Telegram asks for it or is out of reach.

        It does not where the bot may not edit: it may still post there.
        """
        not_before = self._now() + pause_after(error, amendment.attempts)
        if isinstance(error, NotSent):
            not_before = self._pace.hold(error)
        await self._store.mentions.delay(
            amendment.post.id, attempts=amendment.attempts + 1, not_before=not_before
        )
        tell(logging.WARNING, "edit_delayed", amendment.post, error)

    async def _give_up(self, post: Post, why: object) -> None:
        await self._store.mentions.give_up(post.id)
        tell(logging.WARNING, "edit_given_up", post, why)
