"""Which words made a score, as the model in use reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.current import InUse, load, look_up
from bot.store import Store
from classifier.explain import Explanation, explain
from config import Settings

MOST_LETTERS = 10_000
"""Of a text, its beginning: a network that adds nothing up scores it once for every word."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the model in use makes of a text.

    Attributes:
        explanation: the score and the words behind it.
        model: identity of that model.
        made_at: when it was made, as far as that is known.
    """

    explanation: Explanation
    model: str
    made_at: datetime | None


class Explainer:
    """Explains texts by the model in use, which is read anew each time: that is seldom asked."""

    def __init__(self, settings: Callable[[], Settings], store: Store) -> None:
        self._settings = settings
        self._store = store

    async def explain(self, text: str) -> Told:
        """Return why ``text`` has its score.

        Raises:
            ModelError: if the model cannot be read.
            StoreError: if the database fails.
        """
        settings = self._settings()
        in_use = await look_up(settings, self._store)
        return await asyncio.to_thread(_told, text, in_use, settings)


def _told(text: str, in_use: InUse, settings: Settings) -> Told:
    bundle = load(in_use, settings)
    made_at = _moment(bundle.provenance.get("created"))
    if made_at is None and in_use.stored is not None:
        made_at = in_use.stored.activated_at
    return Told(explain(bundle, text[:MOST_LETTERS]), bundle.identity, made_at)


def _moment(written: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        # Whoever imported the model has written something else there.
        return None
    return moment if moment.tzinfo else None
