"""How often nobody knew whether a post had been sent; since when one is too old to be."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("doubts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("posts", sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True))
