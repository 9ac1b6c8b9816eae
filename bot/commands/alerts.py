"""Alerts: the operators are told once when a source breaks, moves or works again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot
from telegram.constants import ParseMode

from bot.clock import utc_now
from bot.commands.conditions import MOST_IN_FULL, digest
from bot.errors import NotSent, PostError, Refused, Uncertain
from bot.store import Store
from bot.store.alerts import WaitingAlert
from bot.telegram.calls import chat_key, translated
from bot.telegram.channel import NO_PREVIEW
from bot.waiting import unless_stopped, wait_for_any
from scrapers.health import Condition

logger = logging.getLogger(__name__)

BURST = 6
"""So many messages go out as they come."""

REFILL = 600.0
"""Seconds after which one more may. What breaks meanwhile is told together: when a network
fails, hundreds of sources break within the hour."""

GATHER = 2.0
"""Seconds that the first of them is held back: what breaks with it is told with it."""

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 60.0
"""Seconds after which a chat that took no alert is tried again: doubling from the one on."""

Propose = Callable[[str], Awaitable["str | None"]]
"""Returns how the source of that name could be read from now on, as lines to copy, or None."""


class Alerts:
    """What waits to be told of sources, and the operators' chat.

    Attributes:
        propose: what finds proposals for sources whose layout changed; None: nothing does.
    """

    def __init__(
        self,
        bot: Bot,
        chat: str,
        store: Store,
        propose: Propose | None = None,
        *,
        gather: float = GATHER,
    ) -> None:
        self._gather = gather
        self._bot = bot
        self._chat = chat
        self._store = store
        self.propose = propose
        self._woken = asyncio.Event()
        # The moment when all that went out would be used up, had it come one per REFILL.
        self._used_up = 0.0

    def wake(self) -> None:
        """Say that there may be something to tell."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Tell what waits whenever woken, until ``stop`` is set."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            self._woken.clear()
            try:
                if await self._store.alerts.waiting():
                    await wait_for_any(stop, timeout=self._gather)
                    await self.tell(stop)
            except PostError as error:
                logger.warning("no alert told: %s", error, extra={"action": "alert_failed"})
                asked = error.retry_after if isinstance(error, NotSent) else None
                await wait_for_any(stop, timeout=asked or pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                await wait_for_any(stop, self._woken)

    async def tell(self, stop: asyncio.Event | None = None) -> None:
        """Tell all that waits.

        Raises:
            PostError: if the chat does not take it; it waits on.
        """
        stop = stop or asyncio.Event()
        while await self._store.alerts.waiting():
            await self._await_turn(stop)
            # What came while waiting is told as well.
            waiting = await self._proposed(await self._store.alerts.waiting(), stop)
            if stop.is_set():
                return
            await self._send(*digest(waiting))

    async def _send(self, html: str, ids: Sequence[int]) -> None:
        await self._store.alerts.begin_telling(ids, at=utc_now())
        try:
            with translated():
                await self._bot.send_message(
                    chat_key(self._chat),
                    html,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=NO_PREVIEW,
                )
        except Uncertain:
            # A source that stays silent for weeks is worse than a message that comes twice.
            raise
        except Refused as error:
            # It never will be taken; what it says stands in the log and in /sources.
            logger.error("an alert was refused: %s", error, extra={"action": "alert_refused"})
        except PostError:
            await self._store.alerts.record_not_told(ids)
            raise
        await self._store.alerts.record_told(ids, at=utc_now())
        logger.info("%d alerts told", len(ids), extra={"action": "alerts_told"})

    async def _proposed(
        self, waiting: Sequence[WaitingAlert], stop: asyncio.Event
    ) -> list[WaitingAlert]:
        """Return what waits, with proposals for the few that are told in full."""
        if self.propose is None or len(waiting) > MOST_IN_FULL:
            return list(waiting)
        for one in waiting:
            if one.proposal is None and one.alert.condition is Condition.LAYOUT_CHANGED:
                proposal = await unless_stopped(stop, self._proposal(one.alert.source))
                if proposal is not None:
                    await self._store.alerts.keep_proposal(one.id, proposal)
        return await self._store.alerts.waiting()

    async def _proposal(self, source: str) -> str:
        return "" if self.propose is None else await self.propose(source) or ""

    async def _await_turn(self, stop: asyncio.Event) -> None:
        now = asyncio.get_running_loop().time()
        self._used_up = max(self._used_up, now) + REFILL
        left = self._used_up - BURST * REFILL - now
        if left > 0:
            await wait_for_any(stop, timeout=left)
