"""How new items are related to earlier ones.

    batch ─▶ words ─▶ signatures ─▶ store (in one order for all processes)
                                      │
              index of the last days ◀┴─▶ candidates ─▶ compared word by word ─▶ Related

Nothing is in memory alone: after a restart the index is read from the store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.clock import utc_now
from bot.kinship import WINDOW, Recent, Trace, Words, is_reprint, read_words, sign
from bot.model import RecordedItem
from bot.store import Store


@dataclass(frozen=True, slots=True)
class Related:
    """The earlier items that an item is related to.

    Attributes:
        reprints: ids of those that are the same text, or nearly.
        stories: ids of other texts on the same event, of other sources, with their
            likeness (0…1), the likeliest first.
    """

    reprints: tuple[int, ...] = ()
    stories: tuple[tuple[int, float], ...] = ()


class Relations:
    """Relations between items.

    Args:
        store: an open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recent = Recent()
        self._place = 0

    async def find(self, batch: Sequence[RecordedItem]) -> dict[int, Related]:
        """Return how each of these items is related to those that came to be compared before it.

        Not to be called again before it has returned.
        """
        words = await asyncio.to_thread(_read_all, batch)
        signatures = await asyncio.to_thread(
            lambda: {item_id: sign(its) for item_id, its in words.items()}
        )
        traces = await self._store.signatures.add(signatures, since=utc_now() - WINDOW)
        await self._follow()
        alike = {trace.item_id: self._recent.find_alike(trace) for trace in traces}
        older = await self._store.items.get({i for found in alike.values() for i in found})
        return await asyncio.to_thread(self._compare, batch, words, traces, alike, older)

    async def _follow(self) -> None:
        """Take in what was stored since the last time, by whichever process."""
        since = utc_now() - WINDOW
        while fresh := await self._store.signatures.after(self._place, since=since):
            await asyncio.to_thread(self._recent.extend, fresh)
            self._place = fresh[-1].place

    def _compare(
        self,
        batch: Sequence[RecordedItem],
        words: dict[int, Words],
        traces: Sequence[Trace],
        alike: Mapping[int, Sequence[int]],
        older: Sequence[RecordedItem],
    ) -> dict[int, Related]:
        words = _read_all(one for one in older if one.id not in words) | words
        sources = {one.id: one.item.source for one in (*batch, *older)}
        related = {}
        for trace in traces:
            item_id = trace.item_id
            reprints = tuple(
                other
                for other in alike[item_id]
                if is_reprint(
                    words[other], words[item_id], one_source=sources[other] == sources[item_id]
                )
            )
            stories = self._recent.find_story(trace)
            others = tuple(link for link in stories if link[0] not in reprints)
            related[item_id] = Related(reprints, others)
        return related


def _read_all(recorded: Iterable[RecordedItem]) -> dict[int, Words]:
    return {one.id: read_words(one.item.title, one.item.text) for one in recorded}
