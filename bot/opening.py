"""What is looked up once, when newsieve begins to work."""

from __future__ import annotations

import logging

from bot.app import App
from bot.decide import blind_spot
from bot.errors import PostError
from bot.telegram import Application, chat_title
from config import PREVIEW

logger = logging.getLogger(__name__)


async def check_band(app: App) -> None:
    """Warn of a review band beside the threshold.

    Raises:
        StoreError: if the database fails.
    """
    unseen = blind_spot(await app.rules())
    if unseen:
        logger.warning("%s", unseen, extra={"action": "band_aside"})


async def name_feeds(app: App, telegram: Application) -> None:
    """Let the RSS files bear the titles of their channels, as far as Telegram tells them."""
    for chat, feed in app.outlets.by_chat():
        if chat == PREVIEW:
            continue
        try:
            title = await chat_title(telegram.bot, chat)
        except PostError as error:
            told = "the title of %s is not known: %s"
            logger.warning(told, chat, error, extra={"action": "title_unknown"})
        else:
            if title:
                feed.name(title)
