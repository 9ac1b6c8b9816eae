"""What may wait for an operator's word is found without reading all verdicts and posts."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unsure = sa.text("reason = 'unsure'")
    op.create_index(
        "verdicts_unsure", "verdicts", ["item_id"], sqlite_where=unsure, postgresql_where=unsure
    )
    held, wanted, barred = (sa.column(name, sa.Boolean) for name in ("held", "wanted", "barred"))
    held_back = sa.and_(held, sa.not_(wanted), sa.not_(barred))
    op.create_index(
        "posts_held_back", "posts", ["item_id"], sqlite_where=held_back, postgresql_where=held_back
    )
