"""Premoderated channels, and what operators left as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "posts", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "premoderated",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chat", name="premoderated_key"),
    )
    op.create_table(
        "skips",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("operator_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="skips_item_id_of"),
        sa.PrimaryKeyConstraint("item_id", name="skips_key"),
    )
