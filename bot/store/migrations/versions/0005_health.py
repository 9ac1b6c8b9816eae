"""The health of sources and their own intervals; alerts to the operators."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("interval", sa.Float(), nullable=True))
    op.add_column("sources", sa.Column("reading", sa.String(length=64), nullable=True))
    op.create_table(
        "health",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("condition", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("news_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Float(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("titles", sa.Float(), nullable=False),
        sa.Column("texts", sa.Float(), nullable=False),
        sa.Column("barren", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.name"], name="health_source_of"),
        sa.PrimaryKeyConstraint("source", name="health_key"),
    )
    # What was known of sources until now: when the last good run was.
    op.execute(
        sa.text(
            "INSERT INTO health (source, condition, detail, streak, since, standing, good_at,"
            " runs, shown, articles, titles, texts, barren)"
            " SELECT name, 'fine', '', 0, NULL, 'fine', last_success_at, 0, 0, 0, 1, 1, 0"
            " FROM sources WHERE last_success_at IS NOT NULL"
        )
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("condition", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="alerts_key"),
    )
    op.create_index("alerts_source", "alerts", ["source"])
