"""What the whole SCIM service needs: paging and counting at constant cost, several addresses, OAuth, tolerances."""

import unicodedata
from collections.abc import Iterator

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_LIVE = sa.text("deleted_at IS NULL")
_LIVE_INACTIVE = sa.text("deleted_at IS NULL AND NOT active")


def upgrade() -> None:
    _tables()
    _indexes()
    _counts()
    emails = sa.table("user_emails", sa.column("email_key", sa.String), sa.column("user_key", sa.Integer))
    rows = [{"email_key": key, "user_key": user} for user, key in _several()]
    if rows:
        op.bulk_insert(emails, rows)


def _counts() -> None:
    columns = ("provider", "kind", "live", "removed")
    counts = sa.table("live_counts", *(sa.column(name) for name in columns))
    for kind, name in (("User", "users"), ("Group", "groups")):
        table = sa.table(name, sa.column("provider"), sa.column("deleted_at"))
        live = sa.select(table.c.provider, sa.literal(kind), sa.func.count(), sa.literal(0))
        live = live.where(table.c.deleted_at.is_(None)).group_by(table.c.provider)
        op.execute(counts.insert().from_select(columns, live))


def _tables() -> None:
    op.add_column("tokens", sa.Column("kind", sa.String(8), nullable=False, server_default="bearer"))
    op.add_column("tokens", sa.Column("client", sa.Integer(), nullable=True))
    op.create_table(
        "user_emails",
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("user_key", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("email_key", "user_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "live_counts",
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("live", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "kind"),
    )
    op.create_table(
        "tolerance_uses",
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("exchange", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "name"),
    )


def _indexes() -> None:
    op.create_index("user_emails_user", "user_emails", ["user_key"])
    op.create_index("users_live", "users", ["provider", "key"], sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_index("groups_live", "groups", ["provider", "key"], sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_index(
        "users_inactive", "users", ["provider", "key"], sqlite_where=_LIVE_INACTIVE, postgresql_where=_LIVE_INACTIVE
    )


def _several() -> Iterator[tuple[int, str]]:
    """Of every user with several addresses: row number, and each address in the form in which it is compared."""
    users = sa.table("users", *(sa.column(name) for name in ("key", "email", "email_key", "document")))
    several = sa.select(users.c.key, users.c.document).where(users.c.email.is_not(None), users.c.email_key.is_(None))
    for user, document in op.get_bind().execute(several):
        values = {email.get("value") for email in orjson.loads(document).get("emails") or []}
        for key in sorted({_folded(value) for value in values if value is not None}):
            yield user, key


def _folded(value: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).lower())
