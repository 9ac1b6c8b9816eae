"""Rejections that were drawn for the operators' audit."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audits",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="audits_item_id_of"),
        sa.PrimaryKeyConstraint("item_id", name="audits_key"),
    )
