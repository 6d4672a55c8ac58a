"""What pulling from Microsoft Graph needs: the mirror of the directory, and how far its feeds were read."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_DIRTY = sa.text("dirty = 1")
_DIRTY_ON_POSTGRESQL = sa.text("dirty")
_LINKED = sa.text("identity IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "graph_feeds",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("feed", sa.String(6), primary_key=True),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("next_link", sa.String(), nullable=True),
        sa.Column("delta_link", sa.String(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("full_round", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
    )
    op.create_table(
        "graph_objects",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("properties", sa.LargeBinary(), nullable=False),
        sa.Column("manager", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("dirty", sa.Boolean(), nullable=False),
        sa.Column("identity", sa.String(36), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("exchange", sa.BigInteger(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "graph_objects_dirty",
        "graph_objects",
        ["provider", "kind"],
        sqlite_where=_DIRTY,
        postgresql_where=_DIRTY_ON_POSTGRESQL,
    )
    op.create_index("graph_objects_state", "graph_objects", ["provider", "state", "kind"])
    op.create_index(
        "graph_objects_identity", "graph_objects", ["identity"], sqlite_where=_LINKED, postgresql_where=_LINKED
    )
    op.create_index("graph_objects_manager", "graph_objects", ["manager", "provider"])
    op.create_table(
        "graph_members",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("group", sa.String(), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("dirty", sa.Boolean(), nullable=False),
        sa.Column("exchange", sa.BigInteger(), nullable=True),
        sqlite_with_rowid=False,
    )
    op.create_index("graph_members_member", "graph_members", ["member", "provider"])
    op.create_index(
        "graph_members_dirty",
        "graph_members",
        ["provider", "group"],
        sqlite_where=_DIRTY,
        postgresql_where=_DIRTY_ON_POSTGRESQL,
    )
    op.create_table(
        "graph_assignments",
        sa.Column("provider", sa.String(32), primary_key=True),
        sa.Column("principal", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
