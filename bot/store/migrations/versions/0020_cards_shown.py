"""When a card was last shown: not when its item was judged."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cards", sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True))
    # Of the cards that are there nobody knows: they count as they have counted.
    op.execute(
        "UPDATE cards SET shown_at = "
        "(SELECT decided_at FROM verdicts WHERE verdicts.item_id = cards.item_id)"
    )
