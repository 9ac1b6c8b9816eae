"""From the labels in the store to another model in use.

    labels ─▶ lessons ─▶ candidate and gate (a thread) ─▶ folder of the candidate ─▶ one row: in use

The folder is complete before the row is written, and the row is one transaction: whatever ends
this in between leaves the old model in use.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.clock import utc_now
from bot.current import InUse, load, look_up, start_path
from bot.errors import BotError
from bot.lessons import lessons_of
from bot.lineage import Origin, StoredModel, Training
from bot.model import Operator
from bot.model_folders import copy_model, folder_of, write_model
from bot.store import NewModel, Store, Work, hold
from classifier.training.dataset import read_dataset
from classifier.training.fit import Epoch
from classifier.training.gate import Answer
from classifier.training.lessons import Lesson
from classifier.training.retrain import Retrained, RetrainReport, retrain
from config import Settings

logger = logging.getLogger(__name__)


class Stopped(BotError):
    """The process ends; the training was broken off."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt to retrain the model.

    Attributes:
        report: of the gate.
        stored: the candidate, if it came into use.
    """

    report: RetrainReport
    stored: StoredModel | None


async def retrain_model(
    settings: Settings,
    store: Store,
    operator: Operator,
    *,
    data: Path | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Let the model in use learn from the labels; what the gate accepts takes its place.

    If this is cancelled the training ends after the epoch it is in, and nothing changes.

    Args:
        settings: say where models lie, and the threshold.
        store: holds the labels.
        operator: who asks for it.
        data: a labelled file to take in place of base data.
        dry_run: only tell what would come of it; nothing is written.

    Raises:
        ModelError: if the model cannot be retrained here, or ``data`` cannot be used.
        StoreError: if another process does so, or the database fails.
        BotError: if the model in use was replaced meanwhile.
    """
    in_use = await look_up(settings, store)
    root = await _root(in_use, settings, store)
    lessons = lessons_of(*await store.labels.texts())
    chosen = await store.thresholds.current(settings.classifier.threshold)
    threshold = settings.classifier.threshold if chosen is None else chosen.value
    attempt = _Attempt(settings, in_use, root, lessons, data, dry_run, threshold)
    retrained, folder = await _in_thread(attempt)
    report = retrained.report
    if dry_run:
        return Outcome(report, None)
    stored = None
    if folder is not None and retrained.candidate is not None:
        new = NewModel(
            folder=folder,
            name=retrained.candidate.identity,
            fingerprint=retrained.candidate.fingerprint,
            start=in_use.start,
            origin=Origin.RETRAINED,
            root=root.key,
            replaced=attempt.replaced,
        )
        stored = await _activate(store, new, operator, in_use)
    training = Training(utc_now(), report.answer.value, report.reason, report.model, operator)
    await store.models.record_training(training, report.as_json())
    return Outcome(report, stored)


async def install_model(
    settings: Settings, store: Store, source: Path, operator: Operator
) -> StoredModel:
    """Copy the model at ``source`` to where models lie, and bring it into use.

    Raises:
        ModelError: if it cannot be used, or does not answer as was recorded.
        StoreError: if another process makes a model, or the database fails.
        BotError: if the model in use was replaced meanwhile.
    """
    in_use = await look_up(settings, store)
    bundle = await asyncio.to_thread(copy_model, settings, source)
    if in_use.stored is not None and in_use.stored.fingerprint == bundle.fingerprint:
        raise BotError(f"{bundle.identity} is in use already")
    new = NewModel(
        folder=folder_of(bundle),
        name=bundle.identity,
        fingerprint=bundle.fingerprint,
        start=in_use.start,
        origin=Origin.INSTALLED,
        root=None,
        replaced=await replaced_name(settings, in_use),
    )
    return await _activate(store, new, operator, in_use)


async def roll_back(
    settings: Settings, store: Store, operator: Operator, *, update_id: int | None = None
) -> tuple[StoredModel, InUse] | None:
    """Take the model in use out of it; return it, and the one that is in use now.

    Returns None if there is none to go back to, or the command of this update was done before.

    Raises:
        StoreError: if the database fails.
        ModelError: if there is no model where the settings say.
    """
    in_use = await look_up(settings, store)
    withdrawn = await store.models.withdraw(
        in_use.start, operator, at=utc_now(), update_id=update_id
    )
    if withdrawn is None:
        return None
    return withdrawn, await look_up(settings, store)


async def replaced_name(settings: Settings, in_use: InUse) -> str:
    """Return the identity of the model in use, also if it is damaged and cannot be loaded."""
    if in_use.stored is not None:
        return in_use.stored.name
    return (await asyncio.to_thread(load, in_use, settings)).identity


@dataclass(eq=False, slots=True)
class _Attempt:
    """One training, as the thread does it."""

    settings: Settings
    in_use: InUse
    root: InUse
    lessons: Sequence[Lesson]
    data: Path | None
    dry_run: bool
    threshold: float | None
    replaced: str = ""

    def make(self, stop: threading.Event) -> tuple[Retrained, str | None]:
        """Return what came of it, and the name of the candidate's folder if it was accepted."""

        def go_on(epoch: Epoch) -> None:
            logger.debug("epoch, loss %.4f", epoch.loss, extra={"action": "epoch_trained"})
            if stop.is_set():
                raise Stopped("the training was broken off; the model in use stays")

        with hold(self.settings.store_url, Work.MODELS):
            active = load(self.in_use, self.settings)
            first = active if self.root == self.in_use else load(self.root, self.settings)
            self.replaced = active.identity
            retrained = retrain(
                first,
                active,
                self.lessons,
                data=None if self.data is None else read_dataset(self.data),
                threshold=self.threshold,
                on_epoch=go_on,
            )
            candidate = retrained.candidate
            accepted = retrained.report.answer is Answer.ACCEPTED and candidate is not None
            if self.dry_run or candidate is None or not accepted:
                return retrained, None
            return retrained, folder_of(write_model(candidate, self.settings.classifier.models))


async def _in_thread(attempt: _Attempt) -> tuple[Retrained, str | None]:
    """Make it in a thread of its own; when cancelled, wait for it to see that it must stop."""
    stop = threading.Event()
    work = asyncio.ensure_future(asyncio.to_thread(attempt.make, stop))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.gather(work, return_exceptions=True)
        raise


async def _root(in_use: InUse, settings: Settings, store: Store) -> InUse:
    """Return the model where learning begins: the newest that was not retrained."""
    stored = in_use.stored
    if stored is None or stored.origin is Origin.INSTALLED:
        return in_use
    root = None if stored.root is None else await store.models.get(stored.root)
    if root is None:
        return InUse(start_path(settings), in_use.start)
    return InUse(settings.classifier.models / root.folder, in_use.start, root)


async def _activate(store: Store, new: NewModel, operator: Operator, in_use: InUse) -> StoredModel:
    stored = await store.models.activate(new, operator, at=utc_now(), before=in_use.key)
    if stored is None:
        raise BotError("the model in use was replaced meanwhile: nothing was changed, try again")
    return stored
