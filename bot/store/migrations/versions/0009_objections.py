"""What operators have against the items that they label bad."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("labels", "labelled_texts"):
        op.add_column(table, sa.Column("objection", sa.String(length=16), nullable=True))
