"""Retraining beside everything else: when an operator asks for it, and on a schedule."""

from __future__ import annotations

import asyncio
import html
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.clock import utc_now
from bot.current import CurrentModel, InUse, look_up
from bot.errors import BotError
from bot.language import gettext as _
from bot.language import speaking, spoken
from bot.lineage import StoredModel, Training
from bot.model import Operator
from bot.reports import outcome_lines
from bot.retold import retold
from bot.retraining import Outcome, retrain_model, roll_back
from bot.store import Store
from bot.waiting import unless_stopped, wait_for_any
from classifier import ModelError
from classifier.training.gate import Answer
from config import Settings

logger = logging.getLogger(__name__)

Tell = Callable[[str, str], Awaitable[None]]
"""Sends a chat some HTML."""

SCHEDULE = Operator(0, "schedule")
LONGEST_WAIT = timedelta(hours=1)
"""After which what the store says of the last training is read again."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who wants a training, and in which chat and language he is told of it."""

    operator: Operator
    chat: str | None
    language: str = field(default_factory=spoken)


class Trainer:
    """Retrains the model, one training at a time; posts and commands go on meanwhile."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        model: CurrentModel,
        tell: Tell | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._model = model
        self._tell = tell
        self._asked: _Asked | None = None
        self._woken = asyncio.Event()

    def adopt(self, settings: Settings) -> None:
        """Go on by other settings, which may name another time for the next training."""
        self._settings = settings
        self._woken.set()

    def ask(self, operator: Operator, chat: str) -> bool:
        """Ask for a training; false if one is under way or waits already."""
        if self._asked is not None:
            return False
        self._asked = _Asked(operator, chat)
        self._woken.set()
        return True

    @property
    def loaded(self) -> str:
        """Identity of the model that scores in this process."""
        return self._model.classifier.model

    async def in_use(self) -> InUse:
        """Return which model is in use.

        Raises:
            ModelError, StoreError: if that cannot be found out.
        """
        return await look_up(self._settings, self._store)

    async def roll_back(
        self, operator: Operator, update_id: int | None
    ) -> tuple[StoredModel, InUse] | None:
        """Take the model in use out of it and follow at once; see ``bot.retraining``."""
        gone = await roll_back(self._settings, self._store, operator, update_id=update_id)
        await self._model.follow()
        return gone

    async def run(self, stop: asyncio.Event) -> None:
        """Train when asked and when it is time, until ``stop`` is set; then break off."""
        while not stop.is_set():
            await self.work_off(stop)
            wait = min(await self._due_in() or LONGEST_WAIT, LONGEST_WAIT)
            await wait_for_any(stop, self._woken, timeout=wait.total_seconds())

    async def work_off(self, stop: asyncio.Event) -> None:
        """Train if someone asked for it, or if it is time."""
        self._woken.clear()
        due = await self._due_in()
        if self._asked is None and due is not None and due <= timedelta():
            self._asked = _Asked(SCHEDULE, self._settings.operator_chat)
        if self._asked is None:
            return
        try:
            with speaking(self._asked.language):
                await unless_stopped(stop, self._train(self._asked))
        finally:
            self._asked = None

    async def _train(self, asked: _Asked) -> None:
        try:
            outcome = await retrain_model(self._settings, self._store, asked.operator)
        except (BotError, ModelError) as error:
            await self._record_failure(asked, error)
            return
        _log(outcome)
        await self._model.follow()
        if asked.operator is not SCHEDULE or outcome.report.answer is not Answer.TOO_FEW:
            await self._say(asked, outcome_lines(outcome.report, outcome.stored))

    async def _record_failure(self, asked: _Asked, error: Exception) -> None:
        """A training on a schedule that cannot be done is not tried again before its time."""
        logger.error("no training: %s", error, extra={"action": "training_failed"})
        training = Training(utc_now(), "failed", str(error), None, asked.operator)
        await self._store.models.record_training(training, {})
        told = _("The model was not retrained: {error}.")
        await self._say(asked, [told.format(error=retold(str(error)))])

    async def _say(self, asked: _Asked, lines: list[str]) -> None:
        if self._tell is not None and asked.chat is not None:
            await self._tell(asked.chat, html.escape("\n".join(lines), quote=False))

    async def _due_in(self) -> timedelta | None:
        """Return how long it is until the next training; None if there is no schedule."""
        every = self._settings.classifier.retrain_every
        if every is None:
            return None
        last = await self._store.models.last_training()
        return timedelta() if last is None else last.at + every - utc_now()


def _log(outcome: Outcome) -> None:
    logger.info(
        "training: %s: %s",
        outcome.report.answer.value,
        outcome.report.reason,
        extra={"action": "model_trained", "model": outcome.report.model},
    )
