"""Which post goes out first."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What waits now goes out after what comes, in the order in which it was queued.
    op.add_column(
        "posts", sa.Column("urgency", sa.Float(), nullable=False, server_default=sa.text("0"))
    )
    op.create_index("posts_chat_wanted_state", "posts", ["chat", "wanted", "state"])
