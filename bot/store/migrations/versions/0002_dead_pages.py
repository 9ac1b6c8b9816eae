"""Pages of listings that gave nothing; addresses of sources."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("url", sa.Text(), nullable=True))
    op.add_column(
        "sources", sa.Column("seeded", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(sa.text("UPDATE sources SET seeded = (runs > 0)"))
    op.create_table(
        "dead_pages",
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("identity", name="dead_pages_key"),
    )
    op.create_index("dead_pages_until", "dead_pages", ["until"])
