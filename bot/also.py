"""Who else tells a story: what a post says beside its item. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Truth

MOST = 5
"""So many other sources are named, the others counted."""

WORTHWHILE = timedelta(hours=48)
"""A post that was sent longer ago is left as it is: hardly anybody reads it any more."""

REST = timedelta(minutes=5)
"""A post is not edited again so soon, unless somebody must no longer be named in it."""

LONGEST_WAIT = timedelta(days=1)
"""Nothing waits longer, unless the clock was wrong when it began."""


@dataclass(frozen=True, slots=True)
class Telling:
    """An item as one of those that tell a story.

    Attributes:
        text: id of the first item with its text; its own id if it repeats none.
        repeats: it was rejected because it is that text again.
        wanted: it should be seen itself, by its label or else by its verdict.
        truth: what operators call it, or None.
    """

    item_id: int
    source: str
    url: str
    text: int
    repeats: bool
    wanted: bool
    truth: Truth | None = None

    @property
    def may_be_named(self) -> bool:
        """Whether a reader may be sent there, if its text is good."""
        return self.truth is not Truth.BAD and (self.wanted or self.repeats)


@dataclass(frozen=True, slots=True)
class Mention:
    """Another source that tells the story, and where."""

    item_id: int
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Also:
    """The other sources that tell the story of a post, in the order in which they came.

    Attributes:
        named: the first of them.
        more: how many are not named.
    """

    named: tuple[Mention, ...] = ()
    more: int = 0

    @property
    def ids(self) -> tuple[int, ...]:
        """The items that are linked to."""
        return tuple(mention.item_id for mention in self.named)


NOBODY = Also()
"""Nobody else tells it."""


def who_else(
    own: Telling,
    others: Iterable[Telling],
    *,
    held: bool = False,
    sources: Collection[str] | None = None,
) -> Also:
    """Return which other sources a post names, each once.

    Its own text may be named wherever it stands. Another text on the event may be if it
    is good news itself: then it, and where it is reprinted.

    Args:
        own: the posted item.
        others: all that tell its story.
        held: the channel is premoderated: another text is good if an operator says so.
        sources: those that the channel carries; None: all.
    """
    told = sorted(others, key=lambda one: one.item_id)
    good = {one.text for one in told if one.wanted and (one.truth is Truth.GOOD or not held)}
    mentions: dict[str, Mention] = {}
    for one in told:
        carried = one.source != own.source and (sources is None or one.source in sources)
        if carried and one.may_be_named and one.text in {own.text, *good}:
            mentions.setdefault(one.source, Mention(one.item_id, one.source, one.url))
    every = tuple(mentions.values())
    return Also(every[:MOST], len(every[MOST:]))


@dataclass(frozen=True, slots=True)
class Written:
    """What is known of how a post names others as it is seen now.

    Attributes:
        ids: the items that it links to.
        more: how many it counts beside them.
        edited_at: when it was edited last, or None.
        unclear: an edit was begun, and nobody knows yet what came of it.
        not_before: no edit is tried before this moment.
        attempts: how often an edit has failed in a row.
    """

    ids: tuple[int, ...] = ()
    more: int = 0
    edited_at: datetime | None = None
    unclear: bool = False
    not_before: datetime | None = None
    attempts: int = 0


AS_SENT = Written()
"""A post goes out without any names: by its links it is recognised if the answer is lost."""


def is_due(should: Also, written: Written, now: datetime) -> bool:
    """Tell whether a post is to be edited now, so that it names whom it ``should``."""
    if _is_ahead(written.not_before, now, LONGEST_WAIT):
        return False
    if written.unclear or not set(written.ids) <= set(should.ids):
        return True
    rested = written.edited_at is None or not _is_ahead(written.edited_at + REST, now, REST)
    return rested and (should.ids, should.more) != (written.ids, written.more)


def _is_ahead(moment: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Tell whether ``moment`` is still to come; what is too far off tells of a wrong clock."""
    return moment is not None and now < moment <= now + longest
