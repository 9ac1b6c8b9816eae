"""Cards: what the bot puts before its operators by itself, with buttons to decide."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode

from bot.clock import Clock, utc_now
from bot.commands.decisions import review_card, summary
from bot.commands.request import Reply
from bot.commands.texts import question_card
from bot.errors import NotSent, PostError, Refused
from bot.model import Entry, Post
from bot.routing import Routing
from bot.store import Store
from bot.store.summaries import Summary
from bot.telegram.calls import chat_key, translated
from bot.telegram.channel import NO_PREVIEW
from bot.waiting import wait_for_any

logger = logging.getLogger(__name__)

PACE = 3.0
"""Seconds between two cards: Telegram lets a bot write 20 messages a minute to a group."""

PAUSE = 60.0
"""Seconds after which a chat that took no card is tried again."""

BATCH = 20

MOST_OPEN = 20
"""So many cards wait for an answer at a time; of the rest one message tells how many they are."""

GIVEN_UP = timedelta(days=1)
"""A card that nobody answers for so long holds up no other."""

IN_A_ROW = 3
"""So many buttons stand side by side: on a telephone their captions are still read."""


class Cards:
    """The cards in the operators' chat."""

    def __init__(
        self,
        bot: Bot,
        chat: str,
        store: Store,
        *,
        routing: Routing | None = None,
        pace: float = PACE,
        most_open: int = MOST_OPEN,
        now: Clock = utc_now,
    ) -> None:
        self._bot = bot
        self._chat = chat
        self._store = store
        self._routing = routing
        self._pace = pace
        self._most_open = most_open
        self._now = now
        self._chat_id: int | None = None
        self._next_turn = 0.0
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Say that there may be something to review."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Show what waits for review whenever woken, until ``stop`` is set."""
        while not stop.is_set():
            self._woken.clear()
            try:
                await self.show_reviews(stop)
            except PostError as error:
                logger.warning("no card shown: %s", error, extra={"action": "card_failed"})
                asked = error.retry_after if isinstance(error, NotSent) else None
                await wait_for_any(stop, timeout=asked or PAUSE)
            else:
                await wait_for_any(stop, self._woken)

    async def show_reviews(self, stop: asyncio.Event | None = None) -> None:
        """Send a card for each item that waits for review and has none yet.

        As long as too many have one and no answer, the others wait, and one message says so.

        Raises:
            PostError: if the chat does not take one; the rest is left for later.
        """
        stop = stop or asyncio.Event()
        chat_id, ledger = await self._id(), self._store.ledger
        while room := await self._room():
            waiting = await ledger.reviews_without_card(chat_id, min(BATCH, room))
            shown = 0
            for entry in waiting:
                await self._await_turn(stop)
                if stop.is_set():
                    return
                shown += await self._try_to_show(entry)
            if not shown:
                return

    async def _room(self) -> int:
        """Return how many cards may be shown now; if more than that wait, one message tells."""
        since = self._now() - GIVEN_UP
        is_open, waiting = await self._store.ledger.waiting_counts(await self._id(), since=since)
        room = max(0, self._most_open - is_open)
        await self._sum_up(waiting, anew=room == 0)
        return room

    async def _sum_up(self, waiting: int, *, anew: bool) -> None:
        """Let the one message tell how many wait; once none does, it says so for the last time.

        If there is none in the chat, it is written if it is to be written ``anew``.
        """
        chat_id = await self._id()
        told = await self._store.summaries.of(chat_id)
        if told is None and anew and waiting:
            message_id = await self._show(summary(waiting))
        elif told is not None and told.waiting != waiting:
            message_id = told.message_id
            await self._edit(message_id, summary(waiting))
        else:
            return
        await self._store.summaries.record(chat_id, Summary(message_id, waiting))

    async def _try_to_show(self, entry: Entry) -> bool:
        """Show one card; one that the chat refuses for good holds up no other."""
        try:
            marked = self._routing.marked(entry) if self._routing else entry
            await self._show(review_card(marked))
        except Refused as error:
            logger.error(
                "no card for item %d: %s",
                entry.recorded.id,
                error,
                extra={"action": "card_refused", "item": entry.recorded.id},
            )
            return False
        return True

    async def ask(self, post: Post, entry: Entry) -> None:
        """Ask whether a post is in its channel.

        Raises:
            PostError: if the chat does not take the card.
        """
        await self._show(question_card(post, entry))

    async def _await_turn(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        left = self._next_turn - loop.time()
        if left > 0:
            await wait_for_any(stop, timeout=left)
        self._next_turn = loop.time() + self._pace

    async def _show(self, card: Reply) -> int:
        """Send a card; return its message id."""
        with translated():
            sent = await self._bot.send_message(
                chat_key(self._chat),
                card.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard(card),
            )
        if card.item_id is not None:
            await self._store.operators.record_card(
                sent.chat_id, sent.message_id, card.item_id, at=self._now()
            )
        return sent.message_id

    async def _edit(self, message_id: int, card: Reply) -> None:
        """Let a message tell something else; one that somebody has deleted stays away."""
        try:
            with translated():
                await self._bot.edit_message_text(
                    card.html, chat_key(self._chat), message_id, parse_mode=ParseMode.HTML
                )
        except Refused as error:
            told = "the summary was not edited: %s"
            logger.warning(told, error, extra={"action": "summary_not_edited"})

    async def _id(self) -> int:
        if self._chat_id is None:
            key = chat_key(self._chat)
            with translated():
                self._chat_id = key if isinstance(key, int) else (await self._bot.get_chat(key)).id
        return self._chat_id


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """Return the buttons of ``reply``, three in a row, or None if it has none."""
    if not reply.buttons:
        return None
    row = [InlineKeyboardButton(caption, callback_data=data) for caption, data in reply.buttons]
    return InlineKeyboardMarkup([row[at : at + IN_A_ROW] for at in range(0, len(row), IN_A_ROW)])
