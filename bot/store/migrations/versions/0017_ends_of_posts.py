"""The newest posts, and the highest ids, are found without reading all posts."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("posts_chat_floor_id", "posts", ["chat", "floor_id"])
    op.create_index("posts_sent_at", "posts", ["sent_at"])
