"""What rules, plans and runs need: grace periods, linked groups, brakes, reading back, undo, and drift."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _columns()
    _group_links()
    _held_changes()
    _drift()
    _stakes()
    op.create_index("changes_account", "changes", ["target", "account_id"])
    op.create_index("changes_group", "changes", ["target", "group_name"])
    planned = sa.text("state = 'planned'")
    columns = ["run", "kind", "group_name", "user_id"]
    op.create_index("changes_planned", "changes", columns, sqlite_where=planned, postgresql_where=planned)
    op.create_index("accounts_email", "accounts", ["target", "email_key"])
    op.create_index("accounts_external_id", "accounts", ["target", "external_id"])
    undoing = sa.text("undoes IS NOT NULL")
    op.create_index("runs_undoing", "runs", ["target"], sqlite_where=undoing, postgresql_where=undoing)


def _columns() -> None:
    op.add_column("users", sa.Column("gone_at", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("missed_reads", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("links", sa.Column("is_new", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.add_column("accounts", sa.Column("external_id", sa.String(), nullable=True))
    op.add_column("accounts", sa.Column("email_key", sa.String(), nullable=True))
    op.execute("UPDATE accounts SET email_key = lower(email)")
    op.add_column("accounts", sa.Column("attributes", sa.LargeBinary(), nullable=True))
    op.add_column("target_groups", sa.Column("id", sa.String(), nullable=True))
    op.add_column("target_groups", sa.Column("members", sa.Integer(), nullable=True))
    op.add_column("runs", sa.Column("holds", sa.LargeBinary(), nullable=True))
    op.add_column("runs", sa.Column("to_read", sa.Integer(), nullable=True))
    op.add_column("runs", sa.Column("verified", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("differing", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("undoes", sa.Integer(), nullable=True))
    op.add_column("runs", sa.Column("seen", sa.BigInteger(), nullable=True))
    op.add_column("runs", sa.Column("released_at", sa.BigInteger(), nullable=True))
    op.add_column("changes", sa.Column("group_id", sa.String(36), nullable=True))


def _group_links() -> None:
    op.create_table(
        "group_links",
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("group_id", sa.String(36), nullable=False),
        sa.Column("group_key", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("target", "group_id", "group_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("group_links_key", "group_links", ["target", "group_key"])


def _held_changes() -> None:
    op.create_table(
        "held_changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
    )
    op.create_index("held_changes_key", "held_changes", ["run", "key", "place"], unique=True)


def _drift() -> None:
    op.create_table(
        "drift",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("group_key", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("kept_by", sa.String(), nullable=True),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("drift_open", "drift", ["target", "cleared_at"])
    op.create_index("drift_account", "drift", ["target", "account_id"])
    op.create_index("drift_group", "drift", ["target", "group_key"])


def _stakes() -> None:
    op.create_table(
        "stakes",
        sa.Column("conflict", sa.Integer(), nullable=False),
        sa.Column("stake", sa.String(), nullable=False),
        sa.Column("target", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("conflict", "stake"),
        sqlite_with_rowid=False,
    )
    op.create_index("stakes_stake", "stakes", ["target", "stake"])
