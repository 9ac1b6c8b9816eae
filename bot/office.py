"""What the bot puts before its operators by itself, in their chat."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from telegram.constants import ParseMode

from bot.commands import Alerts, Cards, Reply
from bot.commands.cards import keyboard
from bot.commands.notes import Notes
from bot.doorkeeper import Doorkeeper
from bot.errors import NotSent, PostError
from bot.outlets import Operators
from bot.reminders import Reminders
from bot.routing import Routing
from bot.store import Store
from bot.telegram import Application
from bot.telegram.calls import chat_key, translated
from bot.telegram.channel import NO_PREVIEW
from config import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """The operators' chat.

    Attributes:
        cards: of items and posts.
        alerts: of sources.
        notes: of all else.
        doors: of channels that do not let the bot in, by a note.
        reminders: of what stays wrong, by a note.
    """

    cards: Cards
    alerts: Alerts
    notes: Notes
    doors: Doorkeeper
    reminders: Reminders

    @classmethod
    def of(cls, settings: Settings, store: Store, telegram: Application | None) -> Office | None:
        """Return the chat that the settings name, or None if there is none to write to."""
        chat = settings.operator_chat
        if telegram is None or chat is None:
            return None
        bot = telegram.bot
        notes = Notes(bot, chat)
        cards = Cards(bot, chat, store, routing=Routing.from_settings(settings))
        alerts = Alerts(bot, chat, store)
        return cls(cards, alerts, notes, Doorkeeper(store, notes), Reminders(store, notes))

    def operators(self) -> Operators:
        """Return how the other parts reach the operators."""
        return Operators(
            ask=self.cards.ask,
            judged=self.cards.wake,
            alerted=self.alerts.wake,
            note=self.notes.add,
            remind=self.reminders.tell,
            door=self.doors.tell,
        )

    async def show(self, stop: asyncio.Event) -> None:
        """Show what waits to be shown; what Telegram does not take waits on."""
        try:
            await self.notes.tell()
        except NotSent as error:
            logger.warning("no note told: %s", error, extra={"action": "not_told"})
        try:
            await self.alerts.tell(stop)
        except PostError as error:
            logger.warning("no alert told: %s", error, extra={"action": "alert_failed"})
        try:
            await self.cards.show_reviews()
        except PostError as error:
            logger.warning("no card shown: %s", error, extra={"action": "card_failed"})


async def show(telegram: Application, chat: int | str, card: Reply) -> None:
    """Write to a chat, with the buttons of ``card`` below.

    Raises:
        PostError: if the chat does not take it.
    """
    with translated():
        await telegram.bot.send_message(
            chat_key(str(chat)),
            card.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard(card),
        )


async def tell(telegram: Application, chat: str, told: str) -> None:
    """Write HTML to a chat; what it is told stands in the log and the store as well."""
    try:
        await show(telegram, chat, Reply(told))
    except PostError as error:
        logger.warning("%s was not told: %s", chat, error, extra={"action": "not_told"})
