"""The records that travel through the pipeline and rest in the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, IntEnum

from bot.health import Health
from scrapers import Item


class Decision(str, Enum):
    """What becomes of an item."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"


class Reason(str, Enum):
    """Why a verdict is what it is."""

    GOOD = "good"
    UNSURE = "unsure"
    BAD = "bad"
    DUPLICATE = "duplicate"
    STALE = "stale"
    SHORT = "short"
    LANGUAGE = "language"
    RULE = "rule"
    SEEDED = "seeded"


_DECISION_OF = {Reason.GOOD: Decision.ACCEPT, Reason.UNSURE: Decision.REVIEW}
REJECTIONS = frozenset(Reason) - frozenset(_DECISION_OF)
"""The reasons of a rejection."""

BY_RULE = "by rule "
"""With what the detail of a verdict begins when a phrase rule has accepted the item."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about an item and why.

    Attributes:
        reason: decides the decision; there is no verdict without one.
        score: probability that the item is bad, 0…1.
        threshold: an item is bad when its score is above this.
        model: identity of the model that scored.
        detail: what the reason rests on, for people ("of item 12", "4 words").
    """

    reason: Reason
    score: float
    threshold: float
    model: str
    detail: str = ""

    @property
    def decision(self) -> Decision:
        """Accept, review or reject."""
        return _DECISION_OF.get(self.reason, Decision.REJECT)


class Truth(IntEnum):
    """A label's value, as in the training data."""

    GOOD = 0
    BAD = 1


class Objection(str, Enum):
    """What an operator has against an item, in the order of the buttons."""

    AD = "ad"
    OFF_TOPIC = "off-topic"
    DUPLICATE = "duplicate"
    OLD = "old"
    OTHER = "other"

    @property
    def is_about_text(self) -> bool:
        """Whether the text itself shows it: a text told twice, or too late, is no worse for it."""
        return self not in (Objection.DUPLICATE, Objection.OLD)


@dataclass(frozen=True, slots=True)
class Operator:
    """An allow-listed person.

    Attributes:
        id: Telegram user id; 0 stands for the command line.
        name: what to show people.
    """

    id: int
    name: str


class Paused(str, Enum):
    """What an operator may tell to rest: a source from being fetched, a channel from posts."""

    SOURCE = "source"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Label:
    """An operator's truth for an item.

    Attributes:
        reason: why the item had its verdict when it was labelled: a good text
            rejected as duplicate teaches the model nothing.
        objection: what the operator has against it, if that was said.
    """

    id: int
    item_id: int
    truth: Truth
    operator: Operator
    created_at: datetime
    reason: Reason | None
    objection: Objection | None = None


class PostState(str, Enum):
    """What is known of a post in its channel.

    queued → sending → sent → removed; an unclear ending makes it uncertain, a
    refusal failed, waiting too long expired.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    REMOVED = "removed"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Post:
    """An item in one channel: what is wanted and what is known.

    The sender brings ``state`` in line with ``wanted``; nobody else talks to
    the channel.

    Attributes:
        chat: the channel, as configured.
        wanted: whether the item should be seen in the channel.
        queued_at: when it was queued, by the pipeline or last by an operator.
        message_id: of the message in the channel, once known.
        floor_id: highest message id known in the channel when sending began.
        attempts: how often sending (or probing, when uncertain) has failed in a row.
        not_before: nothing is tried before this moment.
        error: the last failure in one line, or empty.
        urgency: of the posts that wait, the one with the highest number goes out first.
        held: its channel is premoderated: without an operator's good label it is not wanted.
        barred: an operator has said that it is not for this channel: it is never wanted.
        struck_out: it was removed, and its message is still there, with a notice in it.
        doubts: how often in a row nobody knew whether it had been sent.
        overdue_at: when it was found to have waited too long: it is about to be given up.
    """

    id: int
    item_id: int
    chat: str
    state: PostState
    wanted: bool
    queued_at: datetime
    message_id: int | None = None
    floor_id: int | None = None
    sending_at: datetime | None = None
    sent_at: datetime | None = None
    not_before: datetime | None = None
    attempts: int = 0
    error: str = ""
    urgency: float = 0.0
    held: bool = False
    barred: bool = False
    struck_out: bool = False
    doubts: int = 0
    overdue_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordedItem:
    """An item with its place in the store.

    Attributes:
        seen_at: when it was first seen.
        seeding: it was first seen on its source's first run.
        sources: names of all sources it was seen at, the first one first.
    """

    id: int
    item: Item
    seen_at: datetime
    seeding: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: an item, its latest verdict, label and posts.

    Attributes:
        paused: the channels of its posts that rest.
        drawn: it is a rejection that was drawn for the audit.
        skipped: an operator was asked about it, and left it as it is.
        dropped: the channels of its posts that the settings no longer name: nobody posts or
            removes anything there.
    """

    recorded: RecordedItem
    verdict: Verdict
    decided_at: datetime
    label: Label | None
    posts: tuple[Post, ...]
    paused: frozenset[str] = frozenset()
    drawn: bool = False
    skipped: bool = False
    dropped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between its runs.

    Attributes:
        runs: how many runs have succeeded.
        seeded: what was there when the source was added has been seen; until then
            every run counts as the first.
        failures: how many runs have failed in a row.
        error: the last failure in one line, or empty.
        etag, last_modified: validators for the next conditional request.
        reading: a digest of how the settings say that it is read, or None before that is known.
        interval: how often it is fetched, as that has settled; None before its first run.
        health: how it is doing.
    """

    name: str
    added_at: datetime
    due_at: datetime
    last_run_at: datetime | None = None
    last_success_at: datetime | None = None
    runs: int = 0
    failures: int = 0
    error: str = ""
    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None
    seeded: bool = False
    reading: str | None = None
    interval: timedelta | None = None
    health: Health = field(default_factory=Health)
