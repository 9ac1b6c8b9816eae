"""Where a post is, in one word, by all that is known of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.model import Entry, Label, Post, PostState, Reason, RecordedItem, Truth
from bot.whereabouts import Whereabouts, asks, whereabouts
from tests.store.samples import ANNA, CHANNEL, NOW, item, verdict


def entry_with(reason: Reason, truth: Truth | None = None, **post: Any) -> Entry:
    told: dict[str, Any] = {"state": PostState.QUEUED, "wanted": False, "queued_at": NOW, **post}
    label = None if truth is None else Label(1, 1, truth, ANNA, NOW, reason)
    recorded = RecordedItem(1, item(), NOW, seeding=False, sources=("gazeta",))
    return Entry(recorded, verdict(reason), NOW, label, (Post(1, 1, CHANNEL, **told),))


def where(entry: Entry) -> Whereabouts:
    return whereabouts(entry, *entry.posts)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (entry_with(Reason.GOOD, held=True), "waiting"),
        (entry_with(Reason.GOOD, held=True, state=PostState.REMOVED), "waiting"),
        (entry_with(Reason.GOOD, Truth.BAD, held=True), "withheld"),
        (entry_with(Reason.BAD, held=True), "withheld"),
        (entry_with(Reason.GOOD, held=True, barred=True), "barred"),
        (entry_with(Reason.GOOD, wanted=True), "queued"),
        (entry_with(Reason.GOOD, Truth.BAD, state=PostState.SENT, message_id=4), "leaving"),
        (
            entry_with(Reason.GOOD, Truth.BAD, state=PostState.REMOVED, sending_at=NOW),
            "leaving",
        ),
        (entry_with(Reason.GOOD, Truth.BAD, state=PostState.SENT), "stranded"),
        (entry_with(Reason.GOOD, Truth.BAD, state=PostState.REMOVED), "removed"),
        (
            entry_with(Reason.GOOD, Truth.BAD, state=PostState.REMOVED, struck_out=True),
            "struck-out",
        ),
        (entry_with(Reason.GOOD, wanted=True, state=PostState.REMOVED), "returning"),
    ],
)
def test_a_post_is_somewhere(entry: Entry, expected: str) -> None:
    assert where(entry).value == expected


def test_what_is_queued_for_a_paused_channel_rests() -> None:
    entry = replace(entry_with(Reason.GOOD, wanted=True), paused=frozenset({CHANNEL}))
    assert where(entry) is Whereabouts.RESTING
    assert where(replace(entry, paused=frozenset({"@other"}))) is Whereabouts.QUEUED


def test_what_is_skipped_is_asked_about_no_more() -> None:
    entry = entry_with(Reason.GOOD, held=True)
    assert asks(entry)
    assert not asks(replace(entry, skipped=True))
    assert where(replace(entry, skipped=True)) is Whereabouts.WITHHELD


def test_a_drawn_rejection_is_asked_about_until_it_has_a_label() -> None:
    assert asks(replace(entry_with(Reason.BAD), drawn=True))
    assert not asks(replace(entry_with(Reason.BAD, Truth.BAD), drawn=True))
    assert not asks(entry_with(Reason.BAD))
