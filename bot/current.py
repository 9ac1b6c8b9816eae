"""The model in use: the one that the settings name, or one that took its place.

    settings: classifier.model ─▶ start ─┐
    store: the top of its pile ──────────┴─▶ in use ─▶ Classifier

What is in use is looked up anew before each judging pass, so a switch by another process is
followed without a restart. A model that is named and cannot be read is never replaced silently.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from pathlib import Path

from bot.bundles import open_model
from bot.lineage import StoredModel
from bot.store import Store
from bot.store.engine import is_sqlite, parse_url, sqlite_path
from classifier import Classifier, ModelBundle, ModelError, default_bundle_path
from classifier.loading import fingerprint_at
from classifier.text import Cleaner
from config import Settings

logger = logging.getLogger(__name__)

CURE = "`newsieve model rollback` goes back to the model before"

# A one-file JSON holds lemmas as the lemmatizer writes them, with ё.
_CLEANER = Cleaner(yo=False)


@dataclass(frozen=True, slots=True)
class InUse:
    """Which model is in use.

    Attributes:
        path: its folder or file on this machine.
        start: fingerprint of the model that the settings name.
        stored: how it came into use; None: the settings name it.
    """

    path: Path
    start: str
    stored: StoredModel | None = None

    @property
    def key(self) -> int | None:
        """What tells it from the models before and after."""
        return None if self.stored is None else self.stored.id


def start_path(settings: Settings) -> Path:
    """Return where the model lies that the settings name; the bundled one if they name none."""
    return settings.classifier.model or default_bundle_path()


async def look_up(settings: Settings, store: Store) -> InUse:
    """Return which model is in use.

    Raises:
        ModelError: if there is none where the settings say.
        StoreError: if the database fails.
    """
    path = start_path(settings)
    start = await asyncio.to_thread(fingerprint_at, path)
    stored = await store.models.active(start)
    if stored is None:
        return InUse(path, start)
    return InUse(settings.classifier.models / stored.folder, start, stored)


async def look_up_if_stored(settings: Settings) -> InUse:
    """Return which model is in use; where there is no database yet, the settings say it."""
    address = parse_url(settings.store_url)
    if is_sqlite(address) and not sqlite_path(address).exists():
        path = start_path(settings)
        return InUse(path, await asyncio.to_thread(fingerprint_at, path))
    async with await Store.open(settings.store_url) as store:
        return await look_up(settings, store)


def load(
    in_use: InUse, settings: Settings, custom: Path | None = None, *, said_by: str | None = None
) -> ModelBundle:
    """Return the model in use.

    Args:
        in_use: which one that is.
        settings: name the file that registers its own layers.
        custom: another such file.
        said_by: how the user names that file, for the message if it is missing.

    Raises:
        ModelError: if it cannot be used, with the way back if the settings do not name it.
    """
    custom = custom or settings.classifier.custom
    try:
        bundle = open_model(
            in_use.path, custom, said_by=said_by or "classifier.custom", cleaner=_CLEANER
        )
    except ModelError as error:
        if in_use.stored is None:
            raise
        raise ModelError(f"{error}; this model is in use: {CURE}") from error
    if in_use.stored is not None and bundle.fingerprint != in_use.stored.fingerprint:
        raise ModelError(f"is not the model that came into use; {CURE}", path=in_use.path)
    return bundle


async def open_current(
    settings: Settings, custom: Path | None = None, *, said_by: str | None = None
) -> Classifier:
    """Return the classifier with the model in use, for a command that looks only once.

    Raises:
        ModelError: if it cannot be used; see ``load``.
        StoreError: if there is a database that fails.
    """
    in_use = await look_up_if_stored(settings)
    bundle = await asyncio.to_thread(load, in_use, settings, custom, said_by=said_by)
    return Classifier(bundle)


class CurrentModel:
    """The model in use in this process, which follows what the store says.

    Attributes:
        classifier: scores with it; another object after a switch.
        in_use: which one it is.
    """

    def __init__(
        self, settings: Settings, store: Store, in_use: InUse, bundle: ModelBundle
    ) -> None:
        self._settings = settings
        self._store = store
        self._failed: InUse | None = None
        # Two who follow at once must not both load the same.
        self._following = asyncio.Lock()
        self.in_use = in_use
        self.classifier = Classifier(bundle)

    @classmethod
    async def open(cls, settings: Settings, store: Store) -> CurrentModel:
        """Return the model in use, loaded.

        Raises:
            ModelError: if it cannot be used.
        """
        in_use = await look_up(settings, store)
        await _tell_abandoned(in_use, store)
        return cls(settings, store, in_use, await asyncio.to_thread(load, in_use, settings))

    async def follow(self) -> None:
        """Take the model that is in use now, if it is another.

        One that cannot be read here is told in the log, and what is loaded goes on; a start
        would be refused.
        """
        async with self._following:
            await self._follow()

    async def _follow(self) -> None:
        stored = await self._store.models.active(self.in_use.start)
        if (None if stored is None else stored.id) == self.in_use.key:
            return
        path = start_path(self._settings)
        if stored is not None:
            path = self._settings.classifier.models / stored.folder
        in_use = replace(self.in_use, path=path, stored=stored)
        try:
            classifier = Classifier(await asyncio.to_thread(load, in_use, self._settings))
        except ModelError as error:
            self._complain(in_use, error)
            return
        logger.info(
            "model %s takes the place of %s",
            classifier.model,
            self.classifier.model,
            extra={"action": "model_switched", "model": classifier.model},
        )
        self.in_use, self.classifier, self._failed = in_use, classifier, None

    def _complain(self, in_use: InUse, error: ModelError) -> None:
        if self._failed != in_use:
            logger.error(
                "%s goes on: %s",
                self.classifier.model,
                error,
                extra={"action": "model_not_switched"},
            )
        self._failed = in_use


async def _tell_abandoned(in_use: InUse, store: Store) -> None:
    idle = None if in_use.stored else await store.models.abandoned(in_use.start)
    if idle is not None:
        logger.warning(
            "model %s is not used: it descends from another model than the settings name now; "
            "`newsieve retrain` makes a new one",
            idle.name,
            extra={"action": "model_abandoned", "model": idle.name},
        )
