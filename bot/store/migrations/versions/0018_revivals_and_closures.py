"""What an operator's word has revived; which channels are known to be shut."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revivals",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="revivals_post_id_of"),
        sa.PrimaryKeyConstraint("post_id", name="revivals_key"),
    )
    op.create_table(
        "closures",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("by_post", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("chat", name="closures_key"),
    )
