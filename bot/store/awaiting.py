"""What waits for an operator's word, as the database finds it: the same as ``bot.whereabouts``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, literal, not_, select, union_all

from bot.model import REJECTIONS, PostState, Reason
from bot.store.schema import audits, labels, posts, skips, verdicts

WAITING_STATES = (PostState.QUEUED, PostState.REMOVED)
"""Not seen by readers, and not on the way to them."""

# The indexes of schema.py name the same conditions; a parameter would keep them from being used.
_HELD_BACK = posts.c.held & not_(posts.c.wanted) & not_(posts.c.barred)
_UNSURE = verdicts.c.reason == literal(Reason.UNSURE, verdicts.c.reason.type, literal_execute=True)


def post_waits() -> ColumnElement[bool]:
    """Return the condition on a post and its verdict: it goes out as soon as somebody says so."""
    return _may_go_out() & is_open()


def item_waits() -> ColumnElement[bool]:
    """Return the condition on a verdict: its item waits for a label."""
    drawn = _is_in(audits.c.item_id)
    held = exists().where(posts.c.item_id == verdicts.c.item_id, _may_go_out())
    return _may_wait() & (_UNSURE | held | drawn) & is_open()


def _may_wait() -> ColumnElement[bool]:
    """Return what narrows verdicts to those few that may wait, each kind found by an index."""
    unsure = select(verdicts.c.item_id).where(_UNSURE)
    held_back = select(posts.c.item_id).where(_HELD_BACK)
    return verdicts.c.item_id.in_(union_all(unsure, held_back, select(audits.c.item_id)))


def is_open() -> ColumnElement[bool]:
    """Return the condition on a verdict: its item is neither labelled nor skipped."""
    labelled = exists().where(labels.c.item_id == verdicts.c.item_id, labels.c.undone_at.is_(None))
    return not_(labelled) & not_(_is_in(skips.c.item_id))


def _may_go_out() -> ColumnElement[bool]:
    return _HELD_BACK & posts.c.state.in_(WAITING_STATES) & verdicts.c.reason.not_in(REJECTIONS)


def _is_in(item_id: Any) -> ColumnElement[bool]:
    return exists().where(item_id == verdicts.c.item_id)
