"""A store whose operators have labelled what the tests of retraining invent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.model import Reason, Truth
from bot.store import Judged, Store
from classifier.training.lessons import Lesson
from tests.store.samples import ANNA, HOUR, NOW, item, verdict


async def teach(store: Store, lessons: Sequence[Lesson], *, first: int = 1) -> list[int]:
    """Record each text as an item that was accepted, and its label; return their ids, in order.

    ``first`` is the number of the first item: no two have the same.
    """
    items = [item(number, title="", text=one.text) for number, one in enumerate(lessons, first)]
    # Pages begin with what is newest.
    new = await store.sources.record_run("gazeta", items[::-1], at=NOW, due_at=NOW + HOUR)
    ids = [recorded.id for recorded in new]
    await store.ledger.record_verdicts(
        [Judged(item_id, verdict(Reason.GOOD), [], None) for item_id in ids], at=NOW
    )
    by_url = {recorded.item.url: recorded.id for recorded in new}
    labelled = [by_url[one.url] for one in items]
    for item_id, lesson in zip(labelled, lessons, strict=True):
        at = lesson.at or NOW + timedelta(minutes=item_id)
        await store.labels.add(item_id, Truth(lesson.label), ANNA, chats=[], at=at)
    return labelled
