"""Updates from Telegram, each one confirmed only after it has been dealt with.

The updater of python-telegram-bot confirms what it has merely queued, so a
process that is killed loses commands, and a revoked token ends its task
unseen. Here an update that was not dealt with comes again after a restart;
commands are made to bear that.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.enduring import tell_busy
from bot.errors import StoreBusy
from bot.telegram.account import Application
from bot.telegram.failures import never_left, reason_of, seconds_of
from bot.waiting import unless_stopped, wait_for_any
from config import ConfigError

logger = logging.getLogger(__name__)

KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY)
"""The kinds of updates the bot asks for."""

LONG_POLL = timedelta(seconds=25)
LONGEST_PAUSE = 30.0
REMINDER = 3600.0
"""Seconds after which it is told again that another process polls with this token."""

CONFLICT = (
    "another process takes the updates of telegram.token, so commands are lost to it: "
    "stop it, or give one of the two a token of its own"
)


async def poll(application: Application, stop: asyncio.Event) -> None:
    """Hand updates to the handlers of ``application``, one after the other, until ``stop`` is set.

    Raises:
        ConfigError: if Telegram does not accept the token any more.
        Exception: what a handler did not foresee.
    """
    try:
        await _poll(application, stop)
    except InvalidToken:
        raise _not_accepted() from None


async def answer_waiting(application: Application) -> None:
    """Hand the updates that wait now to the handlers of ``application``, and return.

    Raises:
        ConfigError: if Telegram does not accept the token any more.
        Exception: what a handler did not foresee.
    """
    handling = _Handling(application)
    offset: int | None = None
    try:
        while updates := await _next_updates(application.bot, offset, wait=timedelta()):
            for update in updates:
                await handling.process(update)
                offset = update.update_id + 1
    except InvalidToken:
        raise _not_accepted() from None
    except TelegramError as error:
        _Failures().tell(error, 0)


def _not_accepted() -> ConfigError:
    return ConfigError(["telegram.token: Telegram does not accept it any more"])


async def _poll(application: Application, stop: asyncio.Event) -> None:
    handling, failures = _Handling(application), _Failures()
    offset: int | None = None
    pause, first = 0.0, True
    while not stop.is_set():
        try:
            updates = await unless_stopped(
                stop, _next_updates(application.bot, offset, first=first)
            )
            first = False
            for update in updates or ():
                await handling.process(update)
                offset = update.update_id + 1
                if stop.is_set():
                    break
            pause = 0.0
        except InvalidToken:
            raise
        except TelegramError as error:
            pause = _pause_after(error, pause)
            failures.tell(error, pause)
            await wait_for_any(stop, timeout=pause)
        except StoreBusy as error:
            # The update was not dealt with: it comes again.
            pause = _longer(pause)
            tell_busy(error, pause)
            await wait_for_any(stop, timeout=pause)
    await _confirm(application.bot, offset)


async def _next_updates(
    bot: Bot, offset: int | None, *, wait: timedelta = LONG_POLL, first: bool = True
) -> tuple[Update, ...]:
    if first:
        # A webhook set by whoever had this token before would keep updates away.
        await bot.delete_webhook()
    return await bot.get_updates(offset=offset, timeout=wait, allowed_updates=KINDS)


async def _confirm(bot: Bot, offset: int | None) -> None:
    """Let Telegram forget what was dealt with; what was not comes again."""
    if offset is None:
        return
    try:
        await bot.get_updates(offset=offset, limit=1, timeout=0)
    except TelegramError as error:
        _Failures().tell(error, 0)


def _pause_after(error: TelegramError, pause: float) -> float:
    """Return how many seconds to wait when the pause before was ``pause``."""
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    return _longer(pause)


def _longer(pause: float) -> float:
    return min(max(2 * pause, 1.0), LONGEST_PAUSE)


class _Failures:
    """Tells the log what went wrong; of a second process not each time that it interferes."""

    def __init__(self) -> None:
        self._conflict_told_at = -REMINDER

    def tell(self, error: TelegramError, pause: float) -> None:
        """Log that there were no updates, and that they are asked for again in ``pause`` s."""
        if not isinstance(error, Conflict):
            told = "no updates from Telegram, trying again in %.0f s: %s"
            logger.warning(told, pause, reason_of(error), extra={"action": "poll_failed"})
            return
        now = asyncio.get_running_loop().time()
        if now - self._conflict_told_at >= REMINDER:
            self._conflict_told_at = now
            logger.error(CONFLICT, extra={"action": "token_shared"})


class _Handling:
    """Hands updates over and learns what went wrong: an application only tells error handlers."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._errors: list[Exception] = []
        application.add_error_handler(self._keep)

    async def _keep(self, _update: object, context: Any) -> None:
        self._errors.append(context.error)

    async def process(self, update: Update) -> None:
        """Let the handlers do ``update``.

        Raises:
            TelegramError: if an answer certainly was not given, so that the update has to come
                once more.
            Exception: what a handler did not foresee.
        """
        self._errors.clear()
        await self._application.process_update(update)
        if not self._errors:
            return
        error = self._errors[0]
        if not isinstance(error, TelegramError) or never_left(error):
            raise error
        if isinstance(error, (RetryAfter, InvalidToken)):
            raise error
        logger.warning(
            "an answer could not be given: %s", reason_of(error), extra={"action": "answer_failed"}
        )
