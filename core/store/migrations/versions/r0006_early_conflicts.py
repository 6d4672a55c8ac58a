"""What finding conflicts early needs: names given up, changes made again and again, and more of each account."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from core.planning.names import account_key, display_key

revision = "0006"
down_revision = "0005"

_GIVEN_UP = sa.text(
    "SELECT target, account, account_id, user_id, kind, run, finished_at FROM changes "
    "WHERE state = 'done' AND kind IN ('delete-account', 'rename-account') AND user_id IS NOT NULL "
    "AND account IS NOT NULL ORDER BY id"
)
_PART = 500


def upgrade() -> None:
    released = op.create_table(
        "released_names",
        sa.Column("target", sa.String(32), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "repeats",
        sa.Column("target", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("account_id", sa.String(), primary_key=True),
        sa.Column("group_key", sa.String(), primary_key=True),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("repeats_account", "repeats", ["target", "account_id"])
    op.add_column("accounts", sa.Column("directory", sa.String(), nullable=True))
    op.add_column("accounts", sa.Column("read_only", sa.Boolean(), nullable=True))
    op.add_column("accounts", sa.Column("hides", sa.LargeBinary(), nullable=True))
    op.add_column("accounts", sa.Column("display_key", sa.String(), nullable=True))
    op.create_index("accounts_display", "accounts", ["target", "display_key"])
    rows = list(_released())
    for start in range(0, len(rows), _PART):
        op.bulk_insert(released, rows[start : start + _PART])
    _fold_display_names()


def _released() -> Iterator[dict[str, object]]:
    """What was given up before, the last of each name."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for row in op.get_bind().execute(_GIVEN_UP):
        found[row.target, account_key(row.account)] = {
            "target": row.target,
            "key": account_key(row.account),
            "name": row.account,
            "user_id": row.user_id,
            "account_id": row.account_id or "",
            "how": "renamed" if row.kind == "rename-account" else "deleted",
            "run": row.run,
            "at": row.finished_at or 0,
        }
    yield from found.values()


def _fold_display_names() -> None:
    bind = op.get_bind()
    named = sa.text("SELECT target, id, display_name FROM accounts WHERE display_name IS NOT NULL")
    keyed = sa.text("UPDATE accounts SET display_key = :key WHERE target = :target AND id = :id")
    rows = [
        {"target": each.target, "id": each.id, "key": display_key(each.display_name)} for each in bind.execute(named)
    ]
    if rows:
        bind.execute(keyed, rows)
