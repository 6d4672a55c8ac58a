"""Pulls as they run, what is known of the directory itself, roles of assignments, and a narrower way to what is new."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_DIRTY = sa.text("dirty = 1")
_DIRTY_ON_POSTGRESQL = sa.text("dirty")


def upgrade() -> None:
    op.create_table(
        "graph_pulls",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("waiting_until", sa.BigInteger(), nullable=True),
        sa.Column("waiting_for", sa.String(), nullable=True),
    )
    op.create_table(
        "graph_facts",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "graph_moved",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("user_key", sa.Integer(), primary_key=True),
        sa.Column("exchange", sa.BigInteger(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.add_column("graph_assignments", sa.Column("roles", sa.LargeBinary(), nullable=True))
    op.drop_index("graph_members_dirty", "graph_members")
    op.create_index(
        "graph_members_dirty",
        "graph_members",
        ["provider", "dirty", "group"],
        sqlite_where=_DIRTY,
        postgresql_where=_DIRTY_ON_POSTGRESQL,
    )
