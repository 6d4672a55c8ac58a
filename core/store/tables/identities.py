"""What the IdP gave: users, groups, memberships, and what is counted of them."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, text
from sqlmodel import Field, SQLModel

_LIVE = text("deleted_at IS NULL")
_LIVE_INACTIVE = text("deleted_at IS NULL AND NOT active")


class User(SQLModel, table=True):
    """A user as the IdP gave it. `id` is our SCIM id: never changed, never used again."""

    __tablename__ = "users"
    __table_args__ = (
        Index("users_user_name", "provider", "user_name_key", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("users_external_id", "provider", "external_id"),
        Index("users_email", "provider", "email_key"),
        Index("users_display_name", "provider", "display_name_key"),
        Index("users_modified", "provider", "modified_at"),
        Index("users_live", "provider", "key", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("users_inactive", "provider", "key", sqlite_where=_LIVE_INACTIVE, postgresql_where=_LIVE_INACTIVE),
    )
    key: int | None = Field(default=None, primary_key=True)
    """Row number, for compact references between tables and a stable order of listing."""
    id: str = Field(max_length=36, unique=True)
    provider: str = Field(max_length=32)
    external_id: str | None = None
    user_name: str
    user_name_key: str
    display_name: str | None = None
    display_name_key: str | None = None
    email: str | None = None
    """The work address, else the primary, else the first one."""
    email_key: str | None = None
    """Empty beside an address: the user has several, and they are in `user_emails`."""
    active: bool = True
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The resource as JSON, without `id`, `meta` and `groups`."""
    version: int = 1
    created_at: int = Field(sa_type=BigInteger)
    modified_at: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)
    """The tombstone: a deleted user stays known, so that its account can still be deactivated and explained."""
    exchange: int | None = Field(default=None, sa_type=BigInteger)
    """The inbound exchange that last changed it."""
    gone_at: int | None = Field(default=None, sa_type=BigInteger)
    """Since when it is inactive, deleted or missing; a grace period runs from here."""
    missed_reads: int = Field(sa_column=Column(Integer, nullable=False, server_default="0"))
    """Complete reads in a row that did not have it (providers that are read)."""


class Group(SQLModel, table=True):
    """A group as the IdP gave it, without its members."""

    __tablename__ = "groups"
    __table_args__ = (
        Index(
            "groups_display_name",
            "provider",
            "display_name_key",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("groups_external_id", "provider", "external_id"),
        Index("groups_modified", "provider", "modified_at"),
        Index("groups_live", "provider", "key", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )
    key: int | None = Field(default=None, primary_key=True)
    id: str = Field(max_length=36, unique=True)
    provider: str = Field(max_length=32)
    external_id: str | None = None
    display_name: str
    display_name_key: str
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    version: int = 1
    created_at: int = Field(sa_type=BigInteger)
    modified_at: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)
    exchange: int | None = Field(default=None, sa_type=BigInteger)


class Membership(SQLModel, table=True):
    """One member of one group. A member is a user or, nested, a group."""

    __tablename__ = "memberships"
    __table_args__ = (Index("memberships_member", "member_key", "nested"), {"sqlite_with_rowid": False})
    group_key: int = Field(primary_key=True)
    nested: bool = Field(primary_key=True)
    """True where the member is a group."""
    member_key: int = Field(primary_key=True)
    display: str | None = None
    """What the IdP called the member; where it gave nothing, the member's own name is shown."""
    exchange: int | None = Field(default=None, sa_type=BigInteger)
    """The inbound exchange that added it."""


class UserEmail(SQLModel, table=True):
    """One of several addresses of a user; one who has a single address has none here, but `users.email_key`."""

    __tablename__ = "user_emails"
    __table_args__ = (Index("user_emails_user", "user_key"), {"sqlite_with_rowid": False})
    email_key: str = Field(primary_key=True)
    user_key: int = Field(primary_key=True)


class LiveCount(SQLModel, table=True):
    """How many resources of one kind a provider has, so that a page of a list counts nothing."""

    __tablename__ = "live_counts"
    provider: str = Field(primary_key=True, max_length=32)
    kind: str = Field(primary_key=True, max_length=5)
    """`User` or `Group`."""
    live: int = 0
    removed: int = 0
    """How many were removed so far: while it stays, whoever is at a place in the order of creation stays there."""


class ToleranceUse(SQLModel, table=True):
    """How often a provider took one liberty with SCIM (`core.scim.tolerances`), and when it last did."""

    __tablename__ = "tolerance_uses"
    provider: str = Field(primary_key=True, max_length=32)
    name: str = Field(primary_key=True, max_length=40)
    uses: int = Field(default=0, sa_type=BigInteger)
    last_at: int = Field(sa_type=BigInteger)
    exchange: int = Field(sa_type=BigInteger)
    """The inbound exchange that took it last."""
