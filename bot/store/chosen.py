"""The tables of what operators choose to decide with, and of what they are proposed.

A change here needs a migration, as one of ``bot.store.schema`` does.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Integer, String, Table

from bot.lineage import Origin
from bot.model import Decision
from bot.store.columns import Moment, PlainText, choice
from bot.store.schema import metadata

# The newest one that was not withdrawn is in use, among those with the start of the settings.
models = Table(
    "models",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("folder", PlainText, nullable=False),
    Column("name", PlainText, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("start", String(64), nullable=False, index=True),
    Column("origin", choice(Origin), nullable=False),
    Column("root", ForeignKey("models.id")),
    Column("replaced", PlainText, nullable=False),
    Column("operator_id", BigInteger, nullable=False),
    Column("operator_name", PlainText, nullable=False),
    Column("activated_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
)

trainings = Table(
    "trainings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("answer", PlainText, nullable=False),
    Column("reason", PlainText, nullable=False),
    Column("model", PlainText),
    Column("report", PlainText, nullable=False),
    Column("operator_id", BigInteger, nullable=False),
    Column("operator_name", PlainText, nullable=False),
)

# As with models: the newest one that was not withdrawn, among those with the settings' base.
thresholds = Table(
    "thresholds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("value", Float, nullable=False),
    # None: the settings say nothing.
    Column("base", Float),
    Column("operator_id", BigInteger, nullable=False),
    Column("operator_name", PlainText, nullable=False),
    Column("chosen_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
)

# A rule is drafted, then applied, perhaps removed, perhaps applied again.
phrase_rules = Table(
    "phrase_rules",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("phrase", PlainText, nullable=False),
    Column("exact", Boolean, nullable=False),
    Column("decision", choice(Decision), nullable=False),
    Column("operator_id", BigInteger, nullable=False),
    Column("operator_name", PlainText, nullable=False),
    Column("drafted_at", Moment, nullable=False),
    Column("applied_at", Moment),
    Column("removed_at", Moment),
)

# Sources as they were proposed to operators who asked for them.
proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    # The keys of a [[source]] block, as JSON.
    Column("declaration", PlainText, nullable=False),
    Column("operator_id", BigInteger, nullable=False),
    Column("operator_name", PlainText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("added_at", Moment),
)
