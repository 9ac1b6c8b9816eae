"""A channel that does not let the bot in is looked at again: another one may bear its name now."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.arrivals import recognise
from bot.errors import PostError
from bot.identity import Told, named_twice, presumed
from bot.slices import telegram_chats
from bot.store import Store
from bot.telegram import Application, TelegramChannel, standing
from config import Settings

logger = logging.getLogger(__name__)


class Lookout:
    """Recognises channels while newsieve runs.

    Only for the sender of a channel, while it does nothing else there.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        store: Store,
        telegram: Application,
        note: Callable[[str], None],
    ) -> None:
        """Make it; ``note`` tells the operators."""
        self._settings = settings
        self._store = store
        self._telegram = telegram
        self._note = note

    async def look(self, channel: TelegramChannel) -> bool:
        """Find out which chat a channel is by now, and let what is kept of it follow.

        A chat that bears its name and does not let the bot post is not taken for it. Returns
        False if Telegram cannot be asked.
        """
        try:
            found = await standing(self._telegram.bot, channel.chat)
        except PostError as error:
            told = "%s could not be checked: %s"
            logger.warning(told, channel.chat, error, extra={"action": "check_failed"})
            return False
        if found.problem is None and found.told is not None:
            await self._take(channel, found.told)
        return True

    async def _take(self, channel: TelegramChannel, told: Told) -> None:
        settings, known = self._settings(), await self._store.chats.known()
        others = {chat: presumed(chat, known) for chat in telegram_chats(settings)}
        now = {chat: one for chat, one in {**others, channel.chat: told}.items() if one}
        if twice := named_twice(now):
            logger.error("%s", "; ".join(twice), extra={"action": "channel_named_twice"})
            return
        recognised = await recognise(settings, self._store, self._telegram, {channel.chat: told})
        channel.pin(told.id)
        for note in recognised.notes:
            self._note(note)
