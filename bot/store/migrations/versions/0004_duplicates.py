"""Signatures of texts, repeats and stories; identities as addresses are compared today."""

from collections import defaultdict
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from scrapers import canonical_url

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_items = sa.table("items", sa.column("id"), sa.column("identity"), sa.column("url"))
_posts = sa.table("posts", sa.column("item_id"))
_sightings = sa.table(
    "sightings",
    *(sa.column(name) for name in ("id", "item_id", "source", "url")),
    sa.column("seen_at", sa.DateTime(timezone=True)),
)
_repeats = sa.table("repeats", sa.column("item_id"), sa.column("first_id"))
_BATCH = 1000


def upgrade() -> None:
    op.create_table(
        "signatures",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="signatures_item_id_of"),
        sa.PrimaryKeyConstraint("place", name="signatures_key"),
        sa.UniqueConstraint("item_id", name="signatures_item_id_unique"),
        sqlite_autoincrement=True,
    )
    op.create_index("signatures_at", "signatures", ["at"])
    op.create_table(
        "repeats",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="repeats_item_id_of"),
        sa.ForeignKeyConstraint(["first_id"], ["items.id"], name="repeats_first_id_of"),
        sa.PrimaryKeyConstraint("item_id", name="repeats_key"),
    )
    op.create_index("repeats_first_id", "repeats", ["first_id"])
    op.create_table(
        "stories",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="stories_item_id_of"),
        sa.ForeignKeyConstraint(["other_id"], ["items.id"], name="stories_other_id_of"),
        sa.PrimaryKeyConstraint("item_id", "other_id", name="stories_key"),
    )
    op.create_index("stories_other_id", "stories", ["other_id"])
    _renew_identities(op.get_bind())


def _renew_identities(connection: sa.Connection) -> None:
    """Give each item the identity that its address has today.

    Where several items turn out to be one article, the one that was posted (or
    else the first) gets it, and knows from now on all sources that showed any of
    them, so that none of these looks new. The others stay as they are, with their
    verdicts, posts and labels, under an identity that no address has.
    """
    rows = connection.execute(sa.select(_items.c.id, _items.c.identity, _items.c.url)).all()
    posted = set(connection.scalars(sa.select(_posts.c.item_id).distinct()))
    same: dict[str, list[int]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.id not in posted, row.id)):
        same[_identity(canonical_url(row.url))].append(row.id)
    before = {row.id: row.identity for row in rows}
    renewed = {ids[0]: identity for identity, ids in same.items()}
    renewed |= {other: f"as {ids[0]}: {other}" for ids in same.values() for other in ids[1:]}
    changed = {item_id: it for item_id, it in renewed.items() if it != before[item_id]}
    # First out of each other's way: the new one of one item may be the old one of another.
    _write(connection, {item_id: f"was {item_id}" for item_id in changed})
    _write(connection, changed)
    for first, *others in same.values():
        for other in others:
            _join(connection, first, other)
    # They would be fetched again within a day anyway.
    connection.execute(sa.text("DELETE FROM dead_pages"))


def _write(connection: sa.Connection, identities: dict[int, str]) -> None:
    rows = [{"its_id": item_id, "new": identity} for item_id, identity in identities.items()]
    change = sa.update(_items).where(_items.c.id == sa.bindparam("its_id"))
    for start in range(0, len(rows), _BATCH):
        connection.execute(
            change.values(identity=sa.bindparam("new")), rows[start : start + _BATCH]
        )


def _join(connection: sa.Connection, first: int, other: int) -> None:
    connection.execute(sa.insert(_repeats).values(item_id=other, first_id=first))
    known = sa.select(_sightings.c.source).where(_sightings.c.item_id == first)
    columns = (_sightings.c.source, _sightings.c.url, _sightings.c.seen_at)
    seen = sa.select(sa.literal(first), *columns).where(
        _sightings.c.item_id == other, _sightings.c.source.not_in(known)
    )
    connection.execute(
        sa.insert(_sightings).from_select(["item_id", "source", "url", "seen_at"], seen)
    )


def _identity(address: str) -> str:
    return sha256(address.encode("utf-8", "surrogatepass")).hexdigest()
