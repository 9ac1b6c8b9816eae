"""The tables. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    and_,
    false,
    not_,
    text,
)

from bot.model import Objection, Paused, PostState, Reason
from bot.store.columns import Moment, PlainText, Span, TruthColumn, ZonedMoment, choice

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "fk": "%(table_name)s_%(column_0_N_name)s_of",
        "pk": "%(table_name)s_key",
    }
)


def _item_key(*, primary_key: bool = False, index: bool = False) -> Column[int]:
    return Column(
        "item_id", ForeignKey("items.id"), primary_key=primary_key, index=index, nullable=False
    )


sources = Table(
    "sources",
    metadata,
    Column("name", PlainText, primary_key=True),
    # None until the settings have told it.
    Column("url", PlainText),
    Column("added_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("last_run_at", Moment),
    Column("last_success_at", Moment),
    Column("runs", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("error", PlainText, nullable=False, default=""),
    Column("etag", PlainText),
    Column("last_modified", PlainText),
    # What was there when the source was added has been seen.
    Column("seeded", Boolean, nullable=False, default=False),
    # Its own, as it has settled; None until a run has told something of it.
    Column("interval", Span),
    # A digest of how the settings say that it is read.
    Column("reading", String(64)),
)

items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    # A digest of the canonical address: an address may be longer than an index takes.
    Column("identity", String(64), nullable=False, unique=True),
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("source", PlainText, nullable=False),
    Column("url", PlainText, nullable=False),
    Column("title", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Column("published", ZonedMoment),
    Column("image", PlainText),
    Column("seen_at", Moment, nullable=False),
    Column("seeding", Boolean, nullable=False),
    Column("judged", Boolean, nullable=False, default=False),
)
# What waits for a verdict is found without reading all that has one.
Index(
    "items_unjudged",
    items.c.id,
    sqlite_where=items.c.judged == false(),
    postgresql_where=not_(items.c.judged),
)

# Pages of listings that gave no item, and until when they are not fetched again.
dead_pages = Table(
    "dead_pages",
    metadata,
    Column("identity", String(64), primary_key=True),
    Column("url", PlainText, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    _item_key(),
    Column("source", PlainText, nullable=False),
    Column("url", PlainText, nullable=False),
    Column("seen_at", Moment, nullable=False),
    UniqueConstraint("item_id", "source"),
)

verdicts = Table(
    "verdicts",
    metadata,
    _item_key(primary_key=True),
    Column("reason", choice(Reason), nullable=False),
    Column("score", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("model", PlainText, nullable=False),
    Column("detail", PlainText, nullable=False),
    Column("decided_at", Moment, nullable=False, index=True),
)

# What operators may be asked about is found without reading all verdicts.
_unsure = verdicts.c.reason == Reason.UNSURE
Index("verdicts_unsure", verdicts.c.item_id, sqlite_where=_unsure, postgresql_where=_unsure)

# What is compared of each text, in the order in which the texts came to be compared.
signatures = Table(
    "signatures",
    metadata,
    Column("place", Integer, primary_key=True),
    Column("item_id", ForeignKey("items.id"), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("sketch", LargeBinary, nullable=False),
    Column("terms", LargeBinary, nullable=False),
    # A place is never given twice: whoever has read up to one has missed nothing.
    sqlite_autoincrement=True,
)

# Items that were recorded or judged as the same text as an earlier one.
repeats = Table(
    "repeats",
    metadata,
    _item_key(primary_key=True),
    Column("first_id", ForeignKey("items.id"), nullable=False, index=True),
)

# Other texts on the same event: each pair once, from the later item to the earlier one.
stories = Table(
    "stories",
    metadata,
    _item_key(primary_key=True),
    Column("other_id", ForeignKey("items.id"), primary_key=True, index=True),
    Column("likeness", Float, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    _item_key(),
    Column("chat", PlainText, nullable=False),
    Column("state", choice(PostState), nullable=False),
    Column("wanted", Boolean, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("message_id", BigInteger),
    Column("floor_id", BigInteger),
    Column("sending_at", Moment),
    Column("sent_at", Moment),
    Column("not_before", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", PlainText, nullable=False, default=""),
    # The highest one goes out first.
    Column("urgency", Float, nullable=False, server_default=text("0")),
    # Its channel is premoderated: it is wanted by an operator's label only.
    Column("held", Boolean, nullable=False, server_default=false()),
    # An operator has said that the item is not for this channel.
    Column("barred", Boolean, nullable=False, server_default=false()),
    # It was removed, and Telegram keeps the message with a notice in it.
    Column("struck_out", Boolean, nullable=False, server_default=false()),
    # How often in a row nobody knew whether it had been sent.
    Column("doubts", Integer, nullable=False, server_default=text("0")),
    # When it was first found too old to be sent.
    Column("overdue_at", Moment),
    UniqueConstraint("item_id", "chat"),
    Index(None, "chat", "state"),
    Index(None, "chat", "wanted", "state"),
    Index(None, "chat", "message_id"),
    Index(None, "chat", "floor_id"),
    Index(None, "chat", "sent_at"),
    Index(None, "sent_at"),
)

_held_back = and_(posts.c.held, not_(posts.c.wanted), not_(posts.c.barred))
Index("posts_held_back", posts.c.item_id, sqlite_where=_held_back, postgresql_where=_held_back)

# The channels to which nothing goes before an operator says so, as the settings have it.
premoderated = Table(
    "premoderated",
    metadata,
    Column("chat", PlainText, primary_key=True),
)

# Rejections that were drawn at random, for the operators to look at.
audits = Table("audits", metadata, _item_key(primary_key=True))

# What operators were asked about, and left as it is.
skips = Table(
    "skips",
    metadata,
    _item_key(primary_key=True),
    Column("operator_id", BigInteger, nullable=False),
    Column("operator_name", PlainText, nullable=False),
    Column("at", Moment, nullable=False),
)

labels = Table(
    "labels",
    metadata,
    Column("id", Integer, primary_key=True),
    _item_key(index=True),
    Column("truth", TruthColumn, nullable=False),
    Column("reason", choice(Reason)),
    Column("operator_id", BigInteger, nullable=False, index=True),
    Column("operator_name", PlainText, nullable=False),
    Column("created_at", Moment, nullable=False),
    # A label without this is active.
    Column("undone_at", Moment),
    Column("objection", choice(Objection)),
)

labelled_texts = Table(
    "labelled_texts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("title", PlainText, nullable=False),
    Column("text", PlainText, nullable=False),
    Column("label", TruthColumn, nullable=False),
    Column("reason", choice(Reason)),
    Column("operator", PlainText, nullable=False),
    Column("at", Moment),
    Column("objection", choice(Objection)),
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    # None for the command line; unique, so that one command is done once.
    Column("update_id", BigInteger, unique=True),
    Column("operator_id", BigInteger, nullable=False),
    Column("operator_name", PlainText, nullable=False),
    Column("chat_id", BigInteger),
    Column("command", PlainText, nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("outcome", PlainText, nullable=False),
    Column("at", Moment, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    _item_key(index=True),
    # When it last told how things stand.
    Column("shown_at", Moment),
)

# What operators told to rest: sources that are not fetched, channels to which nothing is sent.
pauses = Table(
    "pauses",
    metadata,
    Column("kind", choice(Paused), primary_key=True),
    Column("name", PlainText, primary_key=True),
    Column("operator_id", BigInteger, nullable=False),
    Column("operator_name", PlainText, nullable=False),
    Column("at", Moment, nullable=False),
)
