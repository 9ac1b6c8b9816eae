"""What waits for an operator's word, as the database finds it: the same as ``bot.whereabouts``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, not_

from bot.model import REJECTIONS, PostState, Reason
from bot.store.schema import audits, labels, posts, skips, verdicts

WAITING_STATES = (PostState.QUEUED, PostState.REMOVED)
"""Not seen by readers, and not on the way to them."""

_HELD_BACK = posts.c.held & not_(posts.c.wanted) & not_(posts.c.barred)


def post_waits() -> ColumnElement[bool]:
    """Return the condition on a post and its verdict: it goes out as soon as somebody says so."""
    return _may_go_out() & is_open()


def item_waits() -> ColumnElement[bool]:
    """Return the condition on a verdict: its item waits for a label."""
    drawn = _is_in(audits.c.item_id)
    held = exists().where(posts.c.item_id == verdicts.c.item_id, _may_go_out())
    return ((verdicts.c.reason == Reason.UNSURE) | held | drawn) & is_open()


def is_open() -> ColumnElement[bool]:
    """Return the condition on a verdict: its item is neither labelled nor skipped."""
    labelled = exists().where(labels.c.item_id == verdicts.c.item_id, labels.c.undone_at.is_(None))
    return not_(labelled) & not_(_is_in(skips.c.item_id))


def _may_go_out() -> ColumnElement[bool]:
    return _HELD_BACK & posts.c.state.in_(WAITING_STATES) & verdicts.c.reason.not_in(REJECTIONS)


def _is_in(item_id: Any) -> ColumnElement[bool]:
    return exists().where(item_id == verdicts.c.item_id)
